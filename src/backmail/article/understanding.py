"""Source -> Article: units, blocks with kind and reasons, title, language and cautions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backmail.article.cautions import cautions_of
from backmail.article.cutting import cut
from backmail.article.dose import dose_of
from backmail.article.drafts import Draft, section
from backmail.article.frontmatter import front_matter_date, front_matter_drafts, front_matter_end, front_matter_title
from backmail.article.headings import guess, guess_between_blanks, is_unmarked
from backmail.article.language import language_of
from backmail.article.lexicon import Lexicons, base_language
from backmail.article.markdown import markdown_units
from backmail.article.overrides import decided, overridden
from backmail.article.pictures import placed
from backmail.article.pieces import Piece
from backmail.article.placing import judged_in_place
from backmail.article.roles import introduced, sections, with_roles
from backmail.article.rules import Verdict
from backmail.article.saved import page_drafts, with_regions
from backmail.article.signals import safety_phrases
from backmail.article.structure import drafted
from backmail.article.text import text_units
from backmail.article.title import guessed_title
from backmail.model.article import Article, Block, Caution, Kind, Override, Source, Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["understand"]

_SPOKEN = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE, UnitKind.FRONT_MATTER)
_TITLE_WORDS = 20


@dataclass(frozen=True, slots=True)
class _Page:
    """What is read off a source before its blocks are judged; `language` is the key of its word lists."""

    language: str
    title: str
    front: list[Draft]
    body: list[Draft]
    around: Sequence[Draft] = ()  # what of a web page is not the article, wherever it stands
    published: str = ""


def understand(
    source: Source,
    *,
    catalog: Catalog | None = None,
    overrides: Iterable[Override] = (),
    language: str | None = None,
    added_safety: Source | None = None,
    lexicons: Lexicons | None = None,
) -> Article:
    """Return the article that a source holds: every non-blank line of it stands in exactly one block.

    Arguments:
        source: as `read` returns it; its pictures get the addresses of their copies.
        catalog: the shop's products; a name in it makes a teaser a product.
        overrides: what a marketer decided; it wins over every rule. One that fits no block is a caution, not an error.
        language: of the article (ISO 639-1); None: told from its words.
        added_safety: a safety text from another file; its blocks stand last and name that file.
        lexicons: the project's own word lists.
    """
    page = _page(source, catalog or Catalog(), language, lexicons or Lexicons())
    drafts = [*page.front, *page.body]
    told = any(draft.kind is Kind.INTRO for draft in page.front)
    pieces = cut(judged_in_place(drafts, page.language, introduced=told))
    pieces = sorted([*pieces, *judged_in_place(page.around, page.language, introduced=True)], key=_start)
    pieces, applied = overridden(pieces, tuple(overrides), page.language, catalog or Catalog())
    pieces = with_roles(pieces, page.language)
    added = _added(added_safety, (lexicons or Lexicons()).keys) if added_safety else []
    blocks = (*_blocks(pieces, page.language, "b"), *_blocks(added, page.language, "s", file=added_safety))
    title = page.title or _written_title(blocks)
    guessed = not title
    title = title or guessed_title(blocks, page.language, source.name)
    decisions, stale = decided(applied, blocks)
    spoken = base_language(page.language)
    article = Article(
        source, title, guessed, spoken, blocks, decisions=decisions, published=page.published, lexicon=page.language
    )
    return placed(replace(article, cautions=_sorted([*stale, *cautions_of(article, page.language)])), source.places)


def _start(piece: Piece) -> int:
    return piece.draft.start


def _page(source: Source, catalog: Catalog, language: str | None, lexicons: Lexicons) -> _Page:
    """Return what the source holds, read by its format."""
    if source.by_element:
        return _web_page(source, catalog, language, lexicons)
    lines = source.lines
    end = front_matter_end(lines) if source.format == "md" else 0
    below = "\n".join(["" if number < end else line for number, line in enumerate(lines)])
    units = markdown_units(below) if source.format == "md" else text_units(below)
    if language is None:
        language = language_of((unit.text for unit in units if unit.kind in _SPOKEN), lexicons.keys)
    language = lexicons.key(language)
    reasons: Mapping[int, str] = {}
    if source.format == "txt":
        units, reasons = guess(units, language)
    elif is_unmarked(units):
        units, reasons = guess_between_blanks(units, language)
    title = front_matter_title(lines[:end]) if end else ""
    front = front_matter_drafts(lines[:end], language) if end else []
    units, elsewhere = with_regions(units, language, page=source.format == "md")
    around = page_drafts(units, elsewhere)
    body = drafted([unit for unit in units if not unit.region], language, catalog, reasons, title=title)
    return _Page(language, title, front, body, around, front_matter_date(lines[:end], language) if end else "")


def _web_page(source: Source, catalog: Catalog, language: str | None, lexicons: Lexicons) -> _Page:
    """Return what a source holds whose places are elements: a web page, or a Word document."""
    from backmail.article.html import article_drafts, other_drafts, web_page

    page = web_page(source, lexicons.keys)
    language = lexicons.key(language or page.language)
    drafts = article_drafts(page, language, catalog)
    return _Page(language, page.title, [], drafts, other_drafts(page), page.published)


def _added(source: Source, own: tuple[str, ...]) -> list[Piece]:
    """Return the blocks of a safety text from another file: one for each of its headings, all of them safety."""
    units = _plain_units(source, own)
    groups: list[list[Unit]] = []
    for unit in units:
        only_headings = bool(groups) and all(each.kind is UnitKind.HEADING for each in groups[-1])
        if not groups or (unit.kind is UnitKind.HEADING and not only_headings):
            groups.append([])
        groups[-1].append(unit)
    reasons = ("safety.added",)
    drafts = [replace(section(group), kind=Kind.SAFETY, reasons=reasons) for group in groups]
    return [Piece(draft, Verdict(Kind.SAFETY, 1.0, None, reasons)) for draft in drafts]


def _plain_units(source: Source, own: tuple[str, ...]) -> Sequence[Unit]:
    """Return the units of a text that is no article, read by its format."""
    if source.by_element:
        from backmail.article.html import web_page

        return [unit for unit in web_page(source, own).units if not unit.region]
    if source.format == "md":
        return markdown_units(source.text)
    units = text_units(source.text)
    return guess(units, language_of((unit.text for unit in units), own))[0]


def _blocks(pieces: Sequence[Piece], language: str, letter: str, file: Source | None = None) -> tuple[Block, ...]:
    """Return the blocks of the pieces with their ids, which count in the order of the source."""
    leads = introduced(pieces)
    digits = max(2, len(str(len(pieces))))
    ids = [f"{letter}{number:0{digits}d}" for number in range(1, len(pieces) + 1)]
    starts = {piece.draft.start: each for piece, each in zip(pieces, ids, strict=True)}
    numbers = sections(pieces, leads)
    blocks = []
    for place, piece in enumerate(pieces):
        draft, verdict = piece.draft, piece.verdict
        blocks.append(
            Block(
                id=ids[place],
                kind=verdict.kind,
                units=draft.units,
                heading=draft.heading if piece.heading is None else piece.heading,
                role=draft.role,
                language=draft.language or base_language(language),
                continues=starts.get(draft.continues) if draft.continues is not None else None,
                lead_for=tuple(ids[each] for each in leads.get(place, ())),
                safety_relevant=_is_relevant(piece, language),
                confidence=verdict.confidence,
                runner_up=verdict.runner_up,
                dose=dose_of(draft.body, language, verdict.kind, draft.role),
                reasons=tuple(dict.fromkeys((*draft.reasons, *verdict.reasons))),
                section=numbers[place],
                locked_week=piece.week,
                dropped_because=piece.dropped_because,
                file=file.name if file else "",
                renamed=piece.heading is not None,
                sku=piece.sku,
            )
        )
    return tuple(blocks)


def _is_relevant(piece: Piece, language: str) -> bool:
    """Say whether a block tells to stop or to ask a doctor; a product's text is no advice."""
    silent = piece.kind in (Kind.PRODUCT, Kind.SOURCES) or piece.draft.role in ("front-matter", "link-definitions")
    return not silent and bool(safety_phrases(" ".join(unit.text for unit in piece.draft.units), language))


def _written_title(blocks: Sequence[Block]) -> str:
    """Return the title that stands in the text, or an empty string."""
    return next((block.heading for block in blocks if block.role == "title"), "")


def _sorted(cautions: Sequence[Caution]) -> tuple[Caution, ...]:
    return tuple(sorted(cautions, key=lambda each: (each.start, each.id, each.text)))
