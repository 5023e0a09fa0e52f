"""Units -> drafts: sections by their headings, with teasers, opening, FAQ and references taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.drafts import Draft, section
from backmail.article.ending import ended
from backmail.article.faq import paired
from backmail.article.labels import with_lists
from backmail.article.leads import with_named_exercises
from backmail.article.offers import offered, with_award_headings
from backmail.article.opening import opened
from backmail.article.recommending import recommended
from backmail.article.signals import Signals, is_link, is_reference
from backmail.article.subheadings import part_headings
from backmail.article.teasers import Teaser, find_teasers
from backmail.model.article import Kind, Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["drafted"]

# Words of prose, and of each entry: a section called "Related" that says more is a part of the article.
_PAGE_WORDS = 40
_ENTRY_WORDS = 12
_CONTENTS = 3  # entries of a table of contents


def drafted(
    units: Sequence[Unit], language: str, catalog: Catalog, reasons: Mapping[int, str], *, title: str
) -> list[Draft]:
    """Return the drafts that the units make, in their order; each unit is in exactly one.

    Arguments:
        units: of the text below the front matter.
        language: the article's.
        catalog: the shop's products.
        reasons: why a line that nothing marks was taken for a heading, by its number.
        title: as the front matter or the page names it, or an empty string.
    """
    definitions = len(units)
    while definitions and units[definitions - 1].kind is UnitKind.LINK_DEFINITION:
        definitions -= 1
    body = with_award_headings(with_lists(units[:definitions], language), language)
    sections = list(_sections(body, find_teasers(body, language, catalog), part_headings(body, language)))
    sections = [replace(each, reasons=_why(each, reasons)) for each in sections]
    sections = _with_ingredients(sections, language)
    sections = ended(paired(opened(sections, language, title=title), language), language)
    sections = recommended(offered(sections, language, catalog), language)
    sections = with_named_exercises(sections, language)
    headings = frozenset(each.heading.casefold() for each in sections if each.heading)
    done = [_page_part(each, language, headings) for each in _with_references(sections, language)]
    if definitions < len(units):
        tail = tuple(units[definitions:])
        done.append(Draft(tail, kind=Kind.OTHER, role="link-definitions", reasons=("link-definitions.last",)))
    return done


def _why(draft: Draft, reasons: Mapping[int, str]) -> tuple[str, ...]:
    """Return a draft's reasons behind the one for which its first line is a heading."""
    found = reasons.get(draft.start, "") if draft.units[0].kind is UnitKind.HEADING else ""
    return (found, *draft.reasons) if found else draft.reasons


def _sections(units: Sequence[Unit], teasers: Mapping[int, Teaser], parts: frozenset[int]) -> Iterator[Draft]:
    """Yield a draft for each heading with what stands below it, and one for each product teaser.

    What goes on below a teaser without a heading continues the section above it. Behind a rule a new part begins.
    The headings at the places `parts` open nothing.
    """
    host: Draft | None = None  # the section that a teaser may cut in two
    held: list[Unit] = []
    resumes = False  # whether `held` goes on with `host`
    written = False  # whether `held` has more than rules
    index = 0
    while index < len(units):
        unit, teaser = units[index], teasers.get(index)
        part = index in parts and bool(held)
        after_rule = bool(held) and held[-1].kind is UnitKind.RULE and written and unit.kind is not UnitKind.RULE
        if held and (teaser or ((unit.kind is UnitKind.HEADING or after_rule) and not part)):
            draft = _closed(held, host if resumes else None)
            yield draft
            host = host if resumes else draft
            held, resumes, written = [], False, False
        if teaser:
            yield _product(units[index : index + teaser.count], teaser)
            resumes = host is not None
            index += teaser.count
            continue
        if (unit.kind is UnitKind.HEADING and index not in parts) or after_rule:
            resumes = False
        held.append(unit)
        written = written or unit.kind is not UnitKind.RULE
        index += 1
    if held:
        yield _closed(held, host if resumes else None)


def _closed(units: Sequence[Unit], host: Draft | None) -> Draft:
    """Return the draft of a section, or of what goes on with `host`."""
    if host is None:
        return section(units)
    reasons = ("continuation.after-product",)
    return Draft(tuple(units), level=host.level, role="continuation", reasons=reasons, continues=host.start)


def _product(units: Sequence[Unit], teaser: Teaser) -> Draft:
    """Return the draft of a product teaser; its name is its heading."""
    name = units[teaser.name]
    shown = tuple(
        replace(unit, kind=UnitKind.HEADING, level=unit.level or 3) if unit is name else unit for unit in units
    )
    return Draft(shown, name.text, 0, Kind.PRODUCT, None, teaser.reasons, language=teaser.language)


def _with_references(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with a bibliography that ends the article, without a heading of its own, as a draft."""
    done = list(drafts)
    last = len(done) - 1
    while last >= 0 and done[last].kind is Kind.OTHER:
        last -= 1
    if last < 0 or named("sources", done[last].heading, language):
        return done
    draft = done[last]
    count = 0
    while count < len(draft.body) and is_reference(draft.body[-1 - count].text):
        count += 1
    if count < 2 or count == len(draft.body):
        return done
    tail = Draft(draft.units[-count:], kind=Kind.SOURCES, reasons=(f"sources.references {count}",), confidence=0.8)
    done[last : last + 1] = [replace(draft, units=draft.units[:-count]), tail]
    return done


def _with_ingredients(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Join the parts of a list of ingredients ("For the dough", "For the filling") to the heading above them."""
    done: list[Draft] = []
    top: Draft | None = None
    for draft in drafts:
        listed = bool(draft.prose) and all(unit.kind is UnitKind.ITEM and not unit.ordered for unit in draft.prose)
        part = draft.kind is None and draft.continues is None and bool(draft.heading) and listed
        if top is not None and part and _is_below(draft, top):
            done[-1] = replace(done[-1], units=(*done[-1].units, *draft.units))
            continue
        done.append(draft)
        only = all(unit.kind is UnitKind.ITEM for unit in draft.prose)
        names = bool(draft.heading) and draft.kind is None and named("ingredients", draft.heading, language) is not None
        top = draft if names and only else None
    return done


def _is_below(part: Draft, top: Draft) -> bool:
    """Say whether a section is a part of the one above it: a deeper heading, or a label where nothing marks them."""
    return part.level > top.level or (not part.units[0].marked and part.units[0].text.endswith(":"))


def _page_part(draft: Draft, language: str, headings: frozenset[str]) -> Draft:
    """Settle a draft that belongs to the page and not to the article: contents, links, comments, nothing to read.

    Arguments:
        draft: one section.
        language: the article's.
        headings: of the article, in small letters; a list of links that are called so is its contents.
    """
    if draft.kind is not None or draft.continues is not None:
        return draft
    if not draft.heading and not draft.prose:
        pictures = any(unit.kind is UnitKind.IMAGE for unit in draft.units)
        role = "media" if pictures else "chrome"
        return replace(draft, kind=Kind.OTHER, role=role, reasons=("other.nothing-to-read",))
    if _is_contents(draft, headings):
        return replace(draft, kind=Kind.OTHER, role="toc", reasons=(*draft.reasons, "toc.links-to-headings"))
    if not draft.heading and Signals(draft, language).links == len(draft.prose):
        return replace(draft, kind=Kind.OTHER, role="chrome", reasons=("chrome.links-only",))
    return _named_part(draft, language)


def _named_part(draft: Draft, language: str) -> Draft:
    """Settle a draft that its heading names as a part of the page, unless it says more than such a part does."""
    prose = sum(unit.words for unit in draft.prose if unit.kind is UnitKind.PARAGRAPH)
    items = [unit.words for unit in draft.prose if unit.kind is UnitKind.ITEM]
    if not draft.heading or prose > _PAGE_WORDS or sum(items) > _ENTRY_WORDS * len(items):
        return draft
    for role in ("toc", "related", "chrome"):
        if not (hit := named(role, draft.heading, language)):
            continue
        if role == "related" and _refers(draft):
            reasons = (*draft.reasons, f"sources.heading:{hit}")
            return replace(draft, kind=Kind.SOURCES, reasons=reasons, confidence=0.7)
        return replace(draft, kind=Kind.OTHER, role=role, reasons=(*draft.reasons, f"{role}.heading:{hit}"))
    return draft


def _is_contents(draft: Draft, headings: frozenset[str]) -> bool:
    """Say whether a section is nothing but links, most of them called like headings of the article."""
    known = [unit.text.casefold() in headings for unit in draft.prose if is_link(unit)]
    return len(known) >= _CONTENTS and len(known) == len(draft.prose) and sum(known) * 2 > len(known)


def _refers(draft: Draft) -> bool:
    """Say whether most entries of a list of further reading are works with a year, not pages of the site."""
    entries = [unit for unit in draft.prose if not is_link(unit)]
    return sum(is_reference(unit.text) for unit in entries) * 2 > len(draft.prose)
