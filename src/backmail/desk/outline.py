"""`backmail outline`: an article as it was understood, as data for programs; and corrections of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backmail import article as articles
from backmail import campaign as campaigns
from backmail.campaign import Outline
from backmail.campaign.outline import first_words
from backmail.config import Project
from backmail.desk import workshop
from backmail.errors import ArticleError, Fault, Place, UnknownName, did_you_mean
from backmail.markup import fold
from backmail.model.article import Article, Block, Caution, Kind, Override
from backmail.model.campaign import Campaign


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person corrected: pairs of first words and kind, first words of blocks to merge, and so on."""

    kinds: tuple[tuple[str, str], ...] = ()
    merges: tuple[tuple[str, str], ...] = ()
    splits: tuple[int, ...] = ()
    weeks: tuple[tuple[str, int], ...] = ()
    drops: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.merges or self.splits or self.weeks or self.drops)


def outlined(name: str, project: Project) -> tuple[workshop.Understood, Campaign | None]:
    """Return the article of a file, or that of a campaign (a name, or its folder), as it is understood.

    Raises:
        InputError: there is neither, or it cannot be used.
    """
    if Path(name).is_file():
        source = articles.read(Path(name))
        return workshop.understand(source, Outline(), workshop.catalog_of(project)), None
    try:
        campaign = campaigns.read(campaigns.folder_of(name, project), project=project)
    except UnknownName as unknown:
        hint = unknown.faults[0].hint
        raise UnknownName(
            Fault("there is neither an article nor a campaign of that name", Place(name), hint)
        ) from unknown
    if not campaign.article:
        raise ArticleError(Fault("this campaign was not made from an article", Place(str(campaign.folder))))
    return workshop.article_of(campaign, project), campaign


def overrides(corrections: Corrections, article: Article) -> tuple[Override, ...]:
    """Return the corrections as overrides.

    Raises:
        ArticleError: blocks or lines that are not there; all of them at once.
    """
    faults: list[Fault] = []
    made: list[Override] = []
    words = [
        *(word for word, _ in corrections.kinds),
        *(word for pair in corrections.merges for word in pair),
        *(word for word, _ in corrections.weeks),
        *(word for word, _ in corrections.drops),
    ]
    for word in dict.fromkeys(words):
        faults += _unknown(word, article)
    for word, kind in corrections.kinds:
        if kind not in list(Kind):
            faults.append(Fault(f"{kind!r} is no kind: {', '.join(Kind)}", hint=did_you_mean(kind, Kind)))
        else:
            made.append(Override(word, kind=Kind(kind)))
    made += [Override(first, merge_with=second) for first, second in corrections.merges]
    for line in corrections.splits:
        block = next((block for block in article.blocks if block.start < line <= block.end and not block.file), None)
        if block is None:
            message = f"no block can be split at line {line}: it is outside the article, or a block begins there"
            faults.append(Fault(message, Place(article.source.name)))
        else:
            made.append(Override(first_words(block, article.blocks), split_at=line))
    made += [Override(word, week=week) for word, week in corrections.weeks]
    made += [Override(word, drop_because=reason) for word, reason in corrections.drops]
    if faults:
        raise ArticleError(faults)
    return tuple(made)


def corrected(outline: Outline, made: Iterable[Override], article: Article) -> Outline:
    """Return an outline with corrections; one of a block's kind, week or absence takes the place of its former one.

    Args:
        outline: what was decided so far.
        made: the corrections.
        article: as it is understood under `outline`.
    """
    kept = list(outline.overrides)
    for override in made:
        blocks = named(override, article)
        kept = [each for each in kept if what(each) != what(override) or not _alone(each, override, blocks, article)]
        kept.append(override)
    return replace(outline, overrides=tuple(kept))


def what(override: Override) -> str:
    """Return what an override decides: the name of its setting in outline.yaml."""
    settings = {"kind": override.kind, "merge_with": override.merge_with, "split_at": override.split_at}
    settings |= {"week": override.week}
    return next((name for name, value in settings.items() if value is not None), "drop")


def named(override: Override, article: Article) -> list[Block]:
    """Return the block that an override is about, or none: the first with its words as heading, else as beginning."""
    wanted = fold(override.block).casefold()
    headed = [block for block in article.blocks if fold(block.heading).casefold() == wanted and not block.file]
    begun = [block for block in article.blocks if begins(block, override.block) and not block.file]
    return [*headed, *begun][:1]


def _alone(former: Override, override: Override, blocks: list[Block], article: Article) -> bool:
    """Whether two overrides decide the same of one block; merges and splits stand beside one another."""
    return what(override) in ("kind", "week", "drop") and named(former, article) == blocks != []


def _unknown(words: str, article: Article) -> list[Fault]:
    """Return the fault of words that begin no block, or several."""
    found = [block for block in article.blocks if begins(block, words)]
    if len(found) == 1:
        return []
    if found:
        lines = ", ".join(str(block.start) for block in found)
        message = f"{len(found)} blocks begin with {words!r} (lines {lines}): write more of the words"
        return [Fault(message, Place(article.source.name))]
    firsts = [" ".join(block.text.split()[: len(words.split())]) for block in article.blocks]
    return [Fault(f"no block begins with {words!r}", Place(article.source.name), did_you_mean(words, firsts))]


def begins(block: Block, words: str) -> bool:
    """Whether a block's text begins with some words, in any case and spacing."""
    return " ".join(block.text.split()).casefold().startswith(" ".join(words.split()).casefold())


def as_json(article: Article) -> dict[str, Any]:
    """Return an article as the JSON of `outline --json`."""
    return {
        "schema": 1,
        "title": article.title,
        "title_guessed": article.title_guessed,
        "language": article.language,
        "format": article.source.format,
        "words": article.words,
        "blocks": [_block(block) for block in article.blocks],
        "warnings": [_warning(caution) for caution in article.cautions],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "id": block.id,
        "kind": str(block.kind),
        "heading": block.heading,
        "role": block.role,
        "language": block.language,
        "start": block.start,
        "end": block.end,
        "continues": block.continues,
        "safety_relevant": block.safety_relevant,
        "confidence": round(block.confidence, 2),
        "runner_up": block.runner_up and str(block.runner_up),
        "dose": {name: {"text": found.text, "start": found.start} for name, found in block.dose.items()},
        "reasons": list(block.reasons),
        "units": [{"start": unit.start, "end": unit.end, "text": unit.text} for unit in block.units],
    }


def _warning(caution: Caution) -> dict[str, Any]:
    return {"id": caution.id, "start": caution.start, "message": caution.message, "proposal": caution.proposal}
