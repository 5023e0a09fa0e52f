"""`backmail outline`: an article as it was understood, as data for programs; and corrections of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backmail import campaign as campaigns
from backmail.campaign import Outline
from backmail.campaign.outline import FILE, first_words, outline_text, outline_text_in
from backmail.config import Project
from backmail.desk import new, saving, schemas, workshop
from backmail.desk.changes import Changes, changes
from backmail.desk.fetch import Web, is_address
from backmail.desk.given import given
from backmail.desk.lexicons import own
from backmail.errors import ArticleError, Fault, Place, PlanRefused, SafetyStop, UnknownName, did_you_mean
from backmail.markup import fold
from backmail.model.article import NO_PRODUCT, Article, Block, Caution, Kind, Override, Unit
from backmail.model.campaign import Campaign, Catalog


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person corrected: pairs of first words and kind, first words of blocks to merge, and so on.

    `splits` are source lines, or the first words of paragraphs. `forgotten`: the first words of blocks about which
    nothing is decided any longer.
    """

    kinds: tuple[tuple[str, str], ...] = ()
    merges: tuple[tuple[str, str], ...] = ()
    splits: tuple[int | str, ...] = ()
    weeks: tuple[tuple[str, int], ...] = ()
    drops: tuple[tuple[str, str], ...] = ()
    headings: tuple[tuple[str, str], ...] = ()
    products: tuple[tuple[str, str], ...] = ()
    forgotten: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A campaign's article under corrections: as it is understood, what is decided, and what would change by it."""

    understood: workshop.Understood
    outline: Outline
    changes: Changes


def outlined(name: str, project: Project, web: Web | None = None) -> tuple[workshop.Understood, Campaign | None]:
    """Return the article of a file or an address, or that of a campaign (a name, its folder), as it is understood.

    Args:
        name: which.
        project: with the catalogue, and the campaigns.
        web: what addresses are read from; without one they are names like any other.

    Raises:
        InputError: there is neither, or it cannot be used.
    """
    if Path(name).is_file() or (web is not None and is_address(name)):
        source = given(name, web).source
        return workshop.understand(source, Outline(), workshop.catalog_of(project), lexicons=own(project)), None
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


def tried(campaign: Campaign, project: Project, understood: workshop.Understood, corrections: Corrections) -> Corrected:
    """Return what corrections make of a campaign's article, and what they would change; nothing is written.

    Args:
        campaign: whose article.
        project: what it belongs to.
        understood: its article, as it is understood so far.
        corrections: what a person corrected.

    Raises:
        ArticleError, CampaignError: blocks, lines, products or decisions that are not there; a file cannot be used.
        PlanRefused, SafetyStop: the corrected outline gives no series.
    """
    new.of_one_article(campaign)
    made = overrides(corrections, understood.article, understood.catalog)
    outline = without(understood.outline, corrections.forgotten, understood.article)
    outline = corrected(outline, made, understood.article)
    after = workshop.article_of(campaign, project, outline)
    see_that_they_do(made, after.article)
    files = new.anew(after, campaign, project)
    try:
        before = understood.plan(campaign.source_url)
    except (PlanRefused, SafetyStop):  # what made no series may be corrected
        before = None
    changed = changes(campaign.folder, files.files, (understood.article, before), (after.article, files.plan))
    return Corrected(after, outline, changed)


def keep(campaign: Campaign, project: Project, outline: Outline, before: str) -> None:
    """Write what was decided into a campaign's outline.yaml, with the blocks as they are understood then.

    All else in the file, and every mail, stays as it is.

    Args:
        campaign: whose outline.
        project: what it belongs to.
        outline: what was decided.
        before: the text of outline.yaml that the decision was made from, see `campaign.outline_standing`.

    Raises:
        CampaignError: a file of the campaign cannot be used, or was saved by somebody else at this moment.
        OSError: the file is not ours to write to.
    """
    new.of_one_article(campaign)
    article = workshop.article_of(campaign, project, outline).article
    path = campaign.folder / FILE
    if before:
        text = outline_text_in(before, outline, article, str(path))
    else:
        text = outline_text(outline, article, schemas.folder_from(campaign.folder, project.root))
    new.still(campaign.folder, before)
    saving.put(path, text.encode("utf-8"))


def overrides(corrections: Corrections, article: Article, catalog: Catalog) -> tuple[Override, ...]:
    """Return the corrections as overrides.

    Raises:
        ArticleError: blocks, lines, kinds or products that are not there; all of them at once.
    """
    faults: list[Fault] = []
    made: list[Override] = []
    pairs: Iterable[tuple[str, object]] = (
        *corrections.kinds, *corrections.weeks, *corrections.drops, *corrections.headings, *corrections.products,
    )  # fmt: skip
    words = [*(word for word, _ in pairs), *(word for pair in corrections.merges for word in pair)]
    for word in dict.fromkeys(words):
        faults += _unknown(word, article)
    for word, kind in corrections.kinds:
        if kind not in list(Kind):
            faults.append(Fault(f"{kind!r} is no kind: {', '.join(Kind)}", hint=did_you_mean(kind, Kind)))
        else:
            made.append(Override(word, kind=Kind(kind)))
    made += [Override(first, merge_with=second) for first, second in corrections.merges]
    for at in corrections.splits:
        split = _split(at, article)
        if isinstance(split, Fault):
            faults.append(split)
        else:
            made.append(split)
    made += [Override(word, week=week) for word, week in corrections.weeks]
    made += [Override(word, drop_because=reason) for word, reason in corrections.drops]
    made += [Override(word, heading=heading) for word, heading in corrections.headings]
    skus = [NO_PRODUCT, *(product.sku for product in catalog.products)]
    for word, sku in corrections.products:
        if sku not in skus:
            hint = did_you_mean(sku, skus) or f"write {NO_PRODUCT!r} for a block that is about no product"
            faults.append(Fault(f"the catalogue has no product {sku!r}", hint=hint))
        made.append(Override(word, product=sku))
    if faults:
        raise ArticleError(faults)
    return tuple(made)


def see_that_they_do(made: Sequence[Override], article: Article) -> None:
    """See that each correction does what it says.

    Args:
        made: the corrections.
        article: as it is understood with them.

    Raises:
        ArticleError: one does nothing, such as a merge of blocks that are no neighbours; all of them at once.
    """
    words = {(each.block, each.said) for each in made}
    idle = [each for each in article.decisions if each.stale and (each.override.block, each.override.said) in words]
    if idle:
        raise ArticleError([Fault(each.complaint, Place(article.source.name)) for each in idle])


def corrected(outline: Outline, made: Iterable[Override], article: Article) -> Outline:
    """Return an outline with corrections; one of a block's kind, week or absence takes the place of its former one.

    Args:
        outline: what was decided so far.
        made: the corrections.
        article: as it is understood under `outline`.
    """
    kept = list(zip(outline.overrides, _about(outline, article), strict=True))
    for override in made:
        block = _named(override, article)
        kept = [each for each in kept if not block or each[1] != block or not _gives_way(each[0], override)]
        kept.append((override, block))
    return replace(outline, overrides=tuple(override for override, _ in kept))


def without(outline: Outline, forgotten: Sequence[str], article: Article) -> Outline:
    """Return an outline without what was decided about the blocks that begin with some words.

    Args:
        outline: what was decided so far.
        forgotten: the first words of blocks, or of decisions that fit no block any more.
        article: as it is understood under `outline`.

    Raises:
        ArticleError: nothing was decided about one of them; all of them at once.
    """
    faults, going, homes = [], [], _about(outline, article)
    for words in forgotten:
        wanted = " ".join(words.split()).casefold()
        about = {block.id for block in article.blocks if begins(block, words)}
        found = [
            number
            for number, each in enumerate(outline.overrides)
            if homes[number] in about or fold(each.block).casefold().startswith(wanted)
        ]
        if not found or not wanted:
            hint = did_you_mean(words, [each.block for each in outline.overrides])
            faults.append(Fault(f"nothing was decided about {words!r}", Place(article.source.name), hint))
        going += found
    if faults:
        raise ArticleError(faults)
    return replace(outline, overrides=tuple(each for n, each in enumerate(outline.overrides) if n not in going))


def _about(outline: Outline, article: Article) -> list[str]:
    """Return the id of the block that each override of an outline is about, "" for none."""
    if len(article.decisions) == len(outline.overrides):
        return [decision.block for decision in article.decisions]
    return [_named(override, article) for override in outline.overrides]


def _named(override: Override, article: Article) -> str:
    """Return the id of the first block with an override's words as its heading, else as its beginning; "" for none."""
    wanted = fold(override.block).casefold()
    headed = [block.id for block in article.blocks if fold(block.heading).casefold() == wanted and not block.file]
    begun = [block.id for block in article.blocks if begins(block, override.block) and not block.file]
    return next(iter([*headed, *begun]), "")


def _gives_way(former: Override, override: Override) -> bool:
    """Whether of two overrides of one block the later one alone stands; merges and splits stand beside one another."""
    if override.decides in ("merge_with", "split_at"):
        return False
    return former.decides == override.decides or {former.decides, override.decides} == {"kind", "product"}


def _split(at: int | str, article: Article) -> Override | Fault:
    """Return the override that begins a new block at a source line, or at the paragraph with these first words."""
    place = Place(article.source.name)
    inside = [(block, unit) for block in article.blocks if not block.file for unit in block.units[1:]]
    if isinstance(at, int):
        block = next((block for block in article.blocks if block.start < at <= block.end and not block.file), None)
        if block is None:
            where = article.source.where(at)
            message = f"no block can be split at {where}: it is outside the article, or a block begins there"
            return Fault(message, place)
        begun = [unit for unit in block.units[1:] if unit.start == at]
        if not begun:
            lines = ", ".join(str(unit.start) for unit in block.units[1:])
            hint = f"in {block.id} paragraphs begin at {lines}" if lines else f"{block.id} is one paragraph"
            return Fault(f"no paragraph begins at {at}", place, hint)
        return Override(first_words(block, article.blocks), split_at=at)
    wanted = fold(at).casefold()
    fitting = [each for each in inside if fold(each[1].text).casefold().startswith(wanted)] if wanted else []
    if len(fitting) == 1:
        return Override(first_words(fitting[0][0], article.blocks), split_at=at)
    if fitting:
        return Fault(f"{len(fitting)} paragraphs begin with {at!r}: write more of the words", place)
    firsts = [" ".join(unit.text.split()[: len(at.split())]) for _, unit in inside]
    return Fault(f"no paragraph within a block begins with {at!r}", place, did_you_mean(at, firsts))


def _unknown(words: str, article: Article) -> list[Fault]:
    """Return the fault of words that begin no block, or several."""
    found = [block for block in article.blocks if begins(block, words)]
    if len(found) == 1:
        return []
    if found:
        places = ", ".join(str(block.start) for block in found)
        noun = "elements" if article.source.by_element else "lines"
        message = f"{len(found)} blocks begin with {words!r} ({noun} {places}): write more of the words"
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
        "blocks": [_block(block, lined=not article.source.by_element) for block in article.blocks],
        "warnings": [_warning(caution, lined=not article.source.by_element) for caution in article.cautions],
    }


def series_as_json(articles: Sequence[Article]) -> dict[str, Any]:
    """Return the articles of a series as the JSON of `outline --json`: the first, and those that were added in it."""
    first, *added = (as_json(article) for article in articles)
    return first | ({"added": added} if added else {})


def _block(block: Block, *, lined: bool) -> dict[str, Any]:
    """Return a block; places in a source without lines (HTML, Word) are null."""
    return {
        "id": block.id,
        "kind": str(block.kind),
        "heading": block.heading,
        "role": block.role,
        "language": block.language,
        "start": block.start if lined else None,
        "end": block.end if lined else None,
        "continues": block.continues,
        "safety_relevant": block.safety_relevant,
        "confidence": round(block.confidence, 2),
        "runner_up": block.runner_up and str(block.runner_up),
        "dose": {
            name: {"text": found.text, "start": found.start if lined else None} for name, found in block.dose.items()
        },
        "reasons": list(block.reasons),
        "units": [each for unit in block.units for each in _unit(unit, lined=lined)],
    }


def _unit(unit: Unit, *, lined: bool) -> Iterator[dict[str, Any]]:
    """Give a unit; of one that is made of several texts (the cells of a table) each of them."""
    if lined:
        yield {"start": unit.start, "end": unit.end, "text": unit.text}
        return
    for text in unit.parts or (unit.text,):
        yield {"start": None, "end": None, "text": text}


def _warning(caution: Caution, *, lined: bool) -> dict[str, Any]:
    start = caution.start if lined else None
    return {"id": caution.id, "start": start, "message": caution.message, "proposal": caution.proposal}
