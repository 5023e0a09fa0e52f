"""`backmail outline`: an article as it was understood, as data for programs; and corrections of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backmail import campaign as campaigns
from backmail.campaign import Outline
from backmail.campaign.chapters import home_of
from backmail.campaign.outline import FILE, first_words, outline_text, outline_text_in
from backmail.config import Project
from backmail.desk import new, saving, schemas, workshop
from backmail.desk.changes import Changes, changes
from backmail.desk.fetch import Web, is_address
from backmail.desk.given import given
from backmail.desk.lexicons import own
from backmail.desk.summary import counted
from backmail.errors import (
    ArticleError,
    CampaignError,
    Fault,
    Place,
    PlanRefused,
    SafetyStop,
    UnknownName,
    did_you_mean,
)
from backmail.markup import fold
from backmail.model.article import NO_PRODUCT, Article, Block, Caution, Kind, Override, Unit
from backmail.model.campaign import Campaign, Catalog
from backmail.model.plan import Ahead


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
    """An article of a campaign under corrections.

    Attributes:
        of: its number, from 1.
        understood: as it is understood with them.
        outline: what is decided.
        before: the text of its outline.yaml that this was made from, see `campaign.outline_standing`.
    """

    of: int
    understood: workshop.Understood
    outline: Outline
    before: str


def outlined(
    name: str, project: Project, web: Web | None = None
) -> tuple[tuple[workshop.Understood, ...], Campaign | None]:
    """Return the article of a file or an address, or those of a campaign (a name, its folder), as they are understood.

    Args:
        name: which.
        project: with the catalogue, and the campaigns.
        web: what addresses are read from; without one they are names like any other.

    Raises:
        InputError: there is neither, or it cannot be used.
    """
    if Path(name).is_file() or (web is not None and is_address(name)):
        source = given(name, web).source
        return (workshop.understand(source, Outline(), workshop.catalog_of(project), lexicons=own(project)),), None
    try:
        campaign = campaigns.read(campaigns.folder_of(name, project), project=project)
    except UnknownName as unknown:
        hint = unknown.faults[0].hint
        raise UnknownName(
            Fault("there is neither an article nor a campaign of that name", Place(name), hint)
        ) from unknown
    if not campaign.article:
        raise ArticleError(Fault("this campaign was not made from an article", Place(str(campaign.folder))))
    return workshop.articles_of(campaign, project), campaign


def tried(
    campaign: Campaign,
    project: Project,
    articles: Sequence[workshop.Understood],
    corrections: Corrections,
    of: int | None = None,
) -> Corrected:
    """Return what corrections make of a campaign's article; nothing is written.

    Args:
        campaign: whose article.
        project: what it belongs to.
        articles: all of its articles, as they are understood so far.
        corrections: what a person corrected.
        of: the number of the article, from 1; None for the one that has the blocks.

    Raises:
        ArticleError, CampaignError: blocks, lines, products or decisions that are not there, or that several articles
            have; a file cannot be used.
    """
    of = _which(campaign, articles, corrections) if of is None else there(campaign, of)
    understood = articles[of - 1]
    standing = campaigns.outline_standing(campaign.folder / home_of(of))
    outline, made = _decided(understood, corrections)
    after = workshop.articles_of(campaign, project, outlines={of: outline})[of - 1]
    see_that_they_do(made, after.article)
    return Corrected(of, after, outline, standing)


def changed_by(
    done: Corrected, campaign: Campaign, project: Project, articles: Sequence[workshop.Understood]
) -> Changes:
    """Return what corrections would change in a campaign's folder.

    Args:
        done: the corrected article.
        campaign: whose it is.
        project: what that belongs to.
        articles: all of its articles, as they are understood without the corrections.

    Raises:
        ArticleError, CampaignError: a file cannot be used.
        PlanRefused, SafetyStop: the corrected outline gives no series.
    """
    texts = _written(campaign, project, done)
    ahead = _ahead(campaign, articles[: done.of - 1])
    understood = articles[done.of - 1]
    try:
        before = replace(understood, ahead=ahead).plan(campaign.source_url)
    except (PlanRefused, SafetyStop):  # what made no series may be corrected
        before = None
    plan = replace(done.understood, ahead=ahead).plan(campaign.source_url)
    return changes(campaign.folder, texts, (understood.article, before), (done.understood.article, plan))


def _decided(understood: workshop.Understood, corrections: Corrections) -> tuple[Outline, tuple[Override, ...]]:
    """Return what is decided about an article with corrections, and these as overrides."""
    made = overrides(corrections, understood.article, understood.catalog)
    outline = without(understood.outline, corrections.forgotten, understood.article)
    return corrected(outline, made, understood.article), made


def _written(campaign: Campaign, project: Project, done: Corrected) -> Mapping[str, str]:
    """Return the files of a campaign with a corrected article, as they would be if nobody had edited or got a mail."""
    if not campaign.added:
        return new.anew(done.understood, campaign, project).files
    from backmail.desk.resplit.resplitting import as_generated  # it is made of what stands here

    return as_generated(campaign, project, done.of, done.outline)


def _ahead(campaign: Campaign, articles: Sequence[workshop.Understood]) -> Ahead:
    """Return what stands ahead of an article by the plans of those ahead of it."""
    ahead = Ahead()
    for each in articles:
        plan = replace(each, ahead=ahead).plan(campaign.source_url)
        ahead = workshop.following(ahead, each.article, plan)
    return ahead


def there(campaign: Campaign, of: int) -> int:
    """Return the number of an article.

    Raises:
        CampaignError: the campaign has no article of that number.
    """
    if not 0 < of <= len(campaign.articles):
        message = f"there is no article {of}: this series is made from {counted(len(campaign.articles), 'article')}"
        raise CampaignError(Fault(message, Place(str(campaign.folder)), numbers_hint(campaign)))
    return of


def numbers_hint(campaign: Campaign) -> str:
    """Return how a person names each article of a campaign."""
    return ", ".join(f"--of {number}: {name}" for number, name in enumerate(campaign.articles, 1))


def _which(campaign: Campaign, articles: Sequence[workshop.Understood], corrections: Corrections) -> int:
    """Return the number of the one article that has all that is corrected.

    Raises:
        ArticleError: none has, and what the one that comes nearest to it lacks; or several have.
    """
    fitting: list[int] = []
    refused: list[ArticleError] = []
    for number, each in enumerate(articles, 1):
        try:
            _decided(each, corrections)
            fitting.append(number)
        except ArticleError as error:
            refused.append(error)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise min(refused, key=lambda error: (len(error.faults), not any(fault.hint for fault in error.faults)))
    message = f"{len(fitting)} articles of this series have what this corrects: say which of them is meant"
    raise ArticleError(Fault(message, Place(str(campaign.folder)), numbers_hint(campaign)))


def keep(campaign: Campaign, project: Project, outline: Outline, before: str, of: int = 1) -> None:
    """Write what was decided into the outline.yaml of a campaign's article, with the blocks as understood then.

    All else in the file, and every mail, stays as it is.

    Args:
        campaign: whose outline.
        project: what it belongs to.
        outline: what was decided.
        before: the text of outline.yaml that the decision was made from, see `campaign.outline_standing`.
        of: the number of the article, from 1.

    Raises:
        CampaignError: a file of the campaign cannot be used, or was saved by somebody else at this moment.
        OSError: the file is not ours to write to.
    """
    article = workshop.articles_of(campaign, project, outlines={of: outline})[of - 1].article
    home = campaign.folder / home_of(of)
    path = home / FILE
    if before:
        text = outline_text_in(before, outline, article, str(path))
    else:
        text = outline_text(outline, article, schemas.folder_from(home, project.root))
    new.still(home, before)
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
