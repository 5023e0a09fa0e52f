"""outline.yaml: what the marketer decided about the article, and how each of its blocks was understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from backmail.campaign.kinds import Language, SomeLine
from backmail.campaign.schema import FileModel
from backmail.errors import CampaignError
from backmail.markup import fold
from backmail.model.article import Article, Block, Kind, Override
from backmail.yamlfile import (
    bind,
    dump,
    line_end,
    modeline,
    parse,
    read_text,
    unified,
    with_entries,
    with_section,
    with_value,
)
from backmail.yamlfile.fields import Line

FILE = "outline.yaml"

_HEAD = """\
# How the article became this series. This first part is yours: change it with `backmail outline`, or by hand.
# `overrides` always win. Each names a block by its first words, and one of: kind, merge_with, split_at, week, drop.
"""
_BLOCKS = """
# From here on: how each block of the article was understood. `backmail outline` writes this part anew each time.
"""
_FIRST_WORDS = 6
_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Outline:
    """What was decided about an article. `weeks` None: the number that is proposed.

    `language` is "" where the article's own is found; `adapt` is "all" or "none"; `without_safety` is the reason why
    exercises go out without a safety text; `added_safety` is the file of a safety text that was added to the article.
    """

    weeks: int | None = None
    overrides: tuple[Override, ...] = ()
    without_safety: str = ""
    adapt: str = "none"
    added_safety: str = ""
    language: str = ""


class OverrideFile(FileModel):
    """One entry of `overrides`."""

    block: SomeLine = Field(description="the first words of the block")
    kind: (
        Literal["intro", "exercise", "how-to", "safety", "faq", "product", "sources", "conclusion", "other"] | None
    ) = Field(None, description="what the block is")
    merge_with: SomeLine | None = Field(None, description="the first words of the block that joins it")
    split_at: int | None = Field(None, ge=1, description="the line of the article where a new block begins")
    week: int | None = Field(None, ge=1, description="the mail that it stands in")
    drop: SomeLine | None = Field(None, description="leave it out of all mails, because ...")

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [self.kind, self.merge_with, self.split_at, self.week, self.drop]
        if sum(value is not None for value in given) != 1:
            raise ValueError("an override says exactly one of: kind, merge_with, split_at, week, drop")
        return self

    def override(self) -> Override:
        """Return it as the model has it."""
        kind = Kind(self.kind) if self.kind else None
        return Override(fold(self.block), kind, self.merge_with, self.split_at, self.week, self.drop)


class OutlineFile(FileModel):
    """outline.yaml."""

    weeks: int | None = Field(None, ge=1, description="the number of mails")
    language: Language | None = Field(None, description="the article's language, if it was not found right")
    adapt: Literal["all", "none"] = Field("none", description="whether the proposed changes of wording are made")
    without_safety: Line = Field("", description="why exercises go out without a safety text")
    safety: Line = Field("", description="the file in this folder with a safety text that the article lacks")
    overrides: list[OverrideFile] = Field(default_factory=list, description="what you decided about blocks")
    blocks: list[dict[str, Any]] = Field(default_factory=list, description="how each block was understood")


def read_outline(folder: Path) -> Outline:
    """Return what the outline.yaml of a campaign's folder says; all defaults where there is none.

    Raises:
        InputError: the file cannot be used.
    """
    path = folder / FILE
    return outline_of(read_text(path), str(path)) if path.exists() else Outline()


@lru_cache(maxsize=32)  # half the time that a campaign takes to be read, and seldom changed
def outline_of(text: str, name: str) -> Outline:
    """Return what the text of an outline.yaml says; `name` is what errors call the file.

    Raises:
        InputError: the text cannot be used.
    """
    file = bind(parse(text, name), OutlineFile, CampaignError)
    return Outline(
        weeks=file.weeks,
        overrides=tuple(each.override() for each in file.overrides),
        without_safety=file.without_safety,
        adapt=file.adapt,
        added_safety=file.safety,
        language=file.language or "",
    )


def outline_standing(folder: Path) -> str:
    """Return the text of a campaign's outline.yaml as it stands, with its own line ends; "" where there is none.

    Raises:
        InputError: the file cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return ""
    read_text(path)  # says in plain words why it cannot be read
    return path.read_bytes().decode("utf-8")


def outline_text(outline: Outline, article: Article, schemas: str = "") -> str:
    """Return the text of outline.yaml: the marketer's part first, then the blocks of `article`.

    `schemas` is the folder of the schemas as seen from the file, "" where there is none: see `yamlfile.modeline`.
    """
    own: dict[str, Any] = {"weeks": outline.weeks} if outline.weeks else {}
    if outline.language:
        own["language"] = outline.language
    own["adapt"] = outline.adapt
    if outline.without_safety:
        own["without_safety"] = outline.without_safety
    if outline.added_safety:
        own["safety"] = outline.added_safety
    own["overrides"] = [_override(each) for each in outline.overrides]
    line = modeline("outline", schemas) if schemas else ""
    return line + _HEAD + dump(own) + _BLOCKS + dump({"blocks": list(_blocks(article.blocks, outline))})


def outline_text_in(before: str, outline: Outline, article: Article, file: str = "") -> str:
    """Return the text of an outline.yaml with what is decided now, and the blocks of `article`.

    All else of the first part stays as somebody wrote it: comments, order, line ends, and decisions that still stand.

    Args:
        before: the text as it is; "" for a file that there is none of.
        outline: what was decided.
        article: as it is understood under `outline`.
        file: the name that errors show.

    Raises:
        InputError: the text cannot be used, or cannot be changed without a person.
    """
    former = outline_of(unified(before), file)
    text = before
    for name, old, new in _settings(former, outline):
        if old != new:
            known = f"\n{name}:" in f"\n{unified(text)}"
            if known:
                text = with_value(text, (name,), new or None, file=file)
            else:
                text = with_section(text, name, new, above="blocks", file=file)
    without, added = _decided(former.overrides, outline.overrides)
    if without or added:
        text = with_entries(text, "overrides", without, [_override(each) for each in added], above="blocks", file=file)
    blocks = list(_blocks(article.blocks, outline))
    if "\nblocks:" not in f"\n{unified(text)}":
        text += ("" if text.endswith(("\n", "\r")) else line_end(text)) + _BLOCKS.replace("\n", line_end(text))
    return with_section(text, "blocks", blocks, file=file)


def _settings(former: Outline, outline: Outline) -> Iterator[tuple[str, str | int, str | int]]:
    """Give the settings of one value: what they are called, what they were and what they are, 0 and "" for none."""
    yield "weeks", former.weeks or 0, outline.weeks or 0
    yield "language", former.language, outline.language
    yield "adapt", former.adapt, outline.adapt
    yield "without_safety", former.without_safety, outline.without_safety
    yield "safety", former.added_safety, outline.added_safety


def _decided(before: Sequence[Override], now: Sequence[Override]) -> tuple[list[int], Sequence[Override]]:
    """Return the positions of the decisions that went, and the decisions that came behind those that stay."""
    without, kept = [], 0
    for number, each in enumerate(before):
        if kept < len(now) and now[kept] == each:
            kept += 1
        else:
            without.append(number)
    return without, now[kept:]


def _override(override: Override) -> dict[str, Any]:
    """Return an override as the file has it."""
    said: dict[str, Any] = {
        "block": override.block,
        "kind": override.kind and str(override.kind),
        "merge_with": override.merge_with,
        "split_at": override.split_at,
        "week": override.week,
        "drop": override.drop_because,
    }
    return {key: value for key, value in said.items() if value is not None}


def _blocks(blocks: Sequence[Block], outline: Outline) -> Iterator[dict[str, Any]]:
    """Give what the file says of each block."""
    for block in blocks:
        said: dict[str, Any] = {"id": block.id, "words": first_words(block, blocks), "kind": str(block.kind)}
        if block.role:
            said["role"] = block.role
        if block.continues:
            said["continues"] = block.continues
        if block.file:
            said["file"] = outline.added_safety
        said["lines"] = f"{block.start}-{block.end}"
        said["confidence"] = round(block.confidence, 2)
        if block.runner_up:
            said["or_else"] = str(block.runner_up)
        said["reasons"] = "; ".join(block.reasons)
        yield said


def first_words(block: Block, blocks: Sequence[Block]) -> str:
    """Return the first words of a block: enough of them to tell it from the others, if that is possible."""
    words = fold(block.text).split(" ")
    others = [fold(other.text).casefold() for other in blocks if other is not block]
    for count in range(min(_FIRST_WORDS, len(words)), min(_MOST_WORDS, len(words)) + 1):
        start = " ".join(words[:count])
        if not any(other.startswith(start.casefold()) for other in others):
            return start
    return " ".join(words[:_MOST_WORDS])
