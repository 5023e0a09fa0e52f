"""outline.yaml: what the marketer decided about the article, and how each of its blocks was understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from backmail.campaign.kinds import Address, Language, SomeLine
from backmail.campaign.schema import FileModel
from backmail.errors import CampaignError, Place
from backmail.markup import fold
from backmail.model.article import Article, Block, Kind, Override, Remembered
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
# `overrides` always win. Each names a block by its first words, and one of: kind, merge_with, split_at, week, drop,
# heading, product. `key` is written by backmail, to find the block again when the article changes.
"""
_BLOCKS = """
# From here on: how each block of the article was understood. `backmail outline` writes this part anew each time.
"""
_REMEMBERED = """
# The blocks that you decided about, as they were then: this is how they are found again when the article changes.
"""
_FIRST_WORDS = 6
_MOST_WORDS = 24


@dataclass(frozen=True, slots=True)
class Outline:
    """What was decided about an article. `weeks` None: the number that is proposed.

    `language` is "" where the article's own is found; `adapt` is "all" or "none"; `without_safety` is the reason why
    exercises go out without a safety text; `added_safety` is the file of a safety text that was added to the article.
    `source_url` is where an article stands on the web that was added to a series; campaign.yaml says it of the first.
    """

    weeks: int | None = None
    overrides: tuple[Override, ...] = ()
    without_safety: str = ""
    adapt: str = "none"
    added_safety: str = ""
    language: str = ""
    source_url: str = ""


class OverrideFile(FileModel):
    """One entry of `overrides`."""

    block: SomeLine = Field(description="the first words of the block")
    key: Line = Field("", description="written by backmail: tells the block from others, also when the article changes")
    kind: (
        Literal["intro", "exercise", "how-to", "safety", "faq", "product", "sources", "conclusion", "other"] | None
    ) = Field(None, description="what the block is")
    merge_with: SomeLine | None = Field(None, description="the first words of the block that joins it")
    split_at: Annotated[int, Field(ge=1)] | SomeLine | None = Field(
        None, description="where a new block begins: a line of the article, or the first words of a paragraph"
    )
    heading: SomeLine | None = Field(None, description="its heading in the mails")
    product: SomeLine | None = Field(
        None, description="the sku of the product that it is about; `none`: it is about none"
    )
    week: int | None = Field(None, ge=1, description="the mail that it stands in")
    drop: SomeLine | None = Field(None, description="leave it out of all mails, because ...")

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [self.kind, self.merge_with, self.split_at, self.week, self.drop, self.heading, self.product]
        if sum(value is not None for value in given) != 1:
            names = "kind, merge_with, split_at, week, drop, heading, product"
            raise ValueError(f"an override says exactly one of: {names}")
        if isinstance(self.split_at, str) and self.split_at.lstrip("-").isdecimal():
            raise ValueError("split_at takes a line of the article, 1 or more, or the first words of a paragraph")
        return self

    def override(self, remembered: Sequence[RememberedFile]) -> Override:
        """Return it as the model has it, with what is remembered of its block."""
        made = Override(
            fold(self.block),
            Kind(self.kind) if self.kind else None,
            self.merge_with,
            self.split_at,
            self.week,
            self.drop,
            self.heading,
            self.product,
            self.key,
        )
        fitting = list(dict.fromkeys(each.known() for each in remembered if each.fits(made)))
        return replace(made, known=fitting[0]) if len(fitting) == 1 else made


class RememberedFile(FileModel):
    """One entry of `remembered`."""

    block: Line = Field(description="the first words in the decision")
    key: Line = Field(description="the key of the block")
    at: int | Line = Field("", description="where it is split, or what joins it")
    under: list[Line] = Field(default_factory=list, description="the headings above it")
    heading: Line = Field("", description="its heading in the article")
    text: str = Field(description="its text in one line")
    other: str = Field("", description="the text of the paragraph where it is split, or of what joins it")

    def fits(self, override: Override) -> bool:
        """Whether it is of the block that an override is about: what somebody changed there by hand is newer."""
        same = fold(self.block) == override.block and override.key in ("", self.key)
        return same and (self.at or None) == _at(override)

    def known(self) -> Remembered:
        """Return it as the model has it."""
        return Remembered(self.text, self.heading, tuple(self.under), self.other)


class OutlineFile(FileModel):
    """outline.yaml."""

    weeks: int | None = Field(None, ge=1, description="the number of mails")
    language: Language | None = Field(None, description="the article's language, if it was not found right")
    adapt: Literal["all", "none"] = Field("none", description="whether the proposed changes of wording are made")
    without_safety: Line = Field("", description="why exercises go out without a safety text")
    safety: Line = Field("", description="the file in this folder with a safety text that the article lacks")
    source_url: Address = Field("", description="where an article that was added to a series stands on the web")
    overrides: list[OverrideFile] = Field(default_factory=list, description="what you decided about blocks")
    blocks: list[dict[str, Any]] = Field(default_factory=list, description="how each block was understood")
    remembered: list[RememberedFile] = Field(
        default_factory=list, description="what the blocks were like that you decided about"
    )


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
        overrides=tuple(each.override(file.remembered) for each in file.overrides),
        without_safety=file.without_safety,
        adapt=file.adapt,
        added_safety=file.safety,
        language=file.language or "",
        source_url=file.source_url,
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
    if outline.source_url:
        own["source_url"] = outline.source_url
    overrides = renewed(outline, article)
    own["overrides"] = [_override(each) for each in overrides]
    line = modeline("outline", schemas) if schemas else ""
    text = line + _HEAD + dump(own) + _BLOCKS + dump({"blocks": list(_blocks(article, outline))})
    remembered = list(_remembered(overrides, overrides))
    return text + (_REMEMBERED + dump({"remembered": remembered}) if remembered else "")


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
    now = renewed(outline, article)
    without, added = _decided(former.overrides, outline.overrides)
    kept = len(now) - len(added)
    stay = [number for number in range(len(former.overrides)) if number not in without]
    written = [*(_still(former.overrides[number], now[place]) for place, number in enumerate(stay)), *now[kept:]]
    for place, number in enumerate(stay):
        for name, value in _override(written[place]).items():
            if value != _override(former.overrides[number]).get(name):
                text = with_value(text, ("overrides", number, name), value, file=file)
    if without or added:
        entries = [_override(each) for each in written[kept:]]
        text = with_entries(text, "overrides", without, entries, above="blocks", file=file)
    blocks = list(_blocks(article, outline))
    if "\nblocks:" not in f"\n{unified(text)}":
        text += _parted(text) + _BLOCKS.replace("\n", line_end(text))
    text = with_section(text, "blocks", blocks, file=file)
    return _with_remembered(text, list(_remembered(written, now)), file)


def renewed(outline: Outline, article: Article) -> tuple[Override, ...]:
    """Return the overrides of an outline with the words, keys and texts that their blocks have in its article."""
    if len(article.decisions) != len(outline.overrides):  # it was understood under other decisions, or none
        return outline.overrides
    return tuple(each.override for each in article.decisions)


def override_places(folder: Path) -> list[Place]:
    """Return where each override stands in the outline.yaml of a campaign's folder, in their order.

    Raises:
        InputError: the file cannot be used.
    """
    path = folder / FILE
    document = parse(read_text(path), str(path)) if path.exists() else parse("", str(path))
    return [document.place(("overrides", number)) for number in range(len(read_outline(folder).overrides))]


def _still(former: Override, now: Override) -> Override:
    """Return an override as it is to stand in the file: one without a key was written by hand, and gets none."""
    return now if former.key else replace(now, key="")


def _at(override: Override) -> int | str | None:
    return override.merge_with if override.split_at is None else override.split_at


def _remembered(written: Sequence[Override], now: Sequence[Override]) -> Iterator[dict[str, Any]]:
    """Give what is remembered of the blocks that were decided about, each once."""
    given: list[dict[str, Any]] = []
    for override, each in zip(written, now, strict=True):
        known = each.known
        if known is None:
            continue
        said: dict[str, Any] = {"key": each.key, "block": override.block}
        optional = {"at": _at(override), "under": list(known.under), "heading": known.heading}
        said |= {name: value for name, value in optional.items() if value}
        said["text"] = known.text
        if known.other:
            said["other"] = known.other
        if said not in given:
            given.append(said)
            yield said


def _with_remembered(text: str, remembered: Sequence[Mapping[str, Any]], file: str) -> str:
    """Return the text of an outline.yaml with what is remembered at its end, or without that part."""
    ends = line_end(text)
    head = _REMEMBERED.replace("\n", ends)
    there = "\nremembered:" in f"\n{unified(text)}"
    if not remembered:
        return with_value(text, ("remembered",), None, file=file).replace(head, "") if there else text
    if not there:
        text += _parted(text) + head
    return with_section(text, "remembered", list(remembered), file=file)


def _parted(text: str) -> str:
    return "" if text.endswith(("\n", "\r")) else line_end(text)


def _settings(former: Outline, outline: Outline) -> Iterator[tuple[str, str | int, str | int]]:
    """Give the settings of one value: what they are called, what they were and what they are, 0 and "" for none."""
    yield "weeks", former.weeks or 0, outline.weeks or 0
    yield "language", former.language, outline.language
    yield "adapt", former.adapt, outline.adapt
    yield "without_safety", former.without_safety, outline.without_safety
    yield "safety", former.added_safety, outline.added_safety
    yield "source_url", former.source_url, outline.source_url


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
        "heading": override.heading,
        "product": override.product,
        "week": override.week,
        "drop": override.drop_because,
        "key": override.key or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _blocks(article: Article, outline: Outline) -> Iterator[dict[str, Any]]:
    """Give what the file says of each block."""
    for block in article.blocks:
        said: dict[str, Any] = {"id": block.id, "words": first_words(block, article.blocks), "kind": str(block.kind)}
        if block.role:
            said["role"] = block.role
        if block.continues:
            said["continues"] = block.continues
        if block.file:
            said["file"] = outline.added_safety
        said["elements" if article.source.by_element else "lines"] = f"{block.start}-{block.end}"
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
