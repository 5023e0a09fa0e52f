"""A web page -> drafts: the article's units as those of any article, and the page around it as what it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from backmail.article.concepts import cleaned
from backmail.article.drafts import Draft
from backmail.article.html.page import WebPage
from backmail.article.structure import drafted
from backmail.model.article import Kind, Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["article_drafts", "other_drafts"]

_ROLES = {"comments": "chrome"}  # region -> role, where they have other names
_REASONS = 4
_PROSE = 20  # words


def article_drafts(page: WebPage, language: str, catalog: Catalog) -> list[Draft]:
    """Return the drafts of a page's article, its title first; each of its units is in exactly one.

    What stands in the middle of a section without belonging to it does not cut it: the section's draft skips it.
    """
    body = drafted(page.article, language, catalog, {}, title=page.title if page.title_unit > 0 else "")
    return [*_title(page), *(part for draft in body for part in _parted(draft, page))]


def _without_card(draft: Draft) -> list[Draft]:
    """Return an opening in two where it begins with a table of facts, and the first prose stands below that."""
    prose = next((place for place, unit in enumerate(draft.units) if _is_prose(unit)), 0)
    above = draft.units[:prose]
    if draft.heading or not any(unit.kind is UnitKind.TABLE for unit in above):
        return [draft]
    return [Draft(above), replace(draft, units=draft.units[prose:])]


def _is_prose(unit: Unit) -> bool:
    return unit.kind is UnitKind.PARAGRAPH and len(unit.text.split()) >= _PROSE


def _parted(draft: Draft, page: WebPage) -> list[Draft]:
    """Return a section in two where a box with a heading of its own stands in it, or where its list ends.

    What is below is a new part.
    """
    if not draft.heading and len(card := _without_card(draft)) > 1:
        return card
    for number, (above, below) in enumerate(itertools.pairwise(draft.units), 1):
        between = page.units[above.end : below.start - 1]
        closed = any(_closes(unit, draft.level) for unit in between) or _is_behind_list(draft.units[0], below)
        if closed and draft.kind is None and draft.continues is None and below.kind is not UnitKind.HEADING:
            return [replace(draft, units=draft.units[:number]), *_parted(Draft(draft.units[number:]), page)]
    return [draft]


def _closes(unit: Unit, level: int) -> bool:
    """Say whether a unit that is no part of the article ends the section above it: a heading as high as its own."""
    return unit.kind is UnitKind.HEADING and unit.region in ("related", "comments") and unit.level <= level


def _is_behind_list(heading: Unit, unit: Unit) -> bool:
    """Say whether a section is an item of a list that begins with its heading, and a paragraph stands behind the list.

    In Markdown and Word nothing says where a list ends; a page does.
    """
    around, item, _ = heading.path.rpartition("/li[")
    outside = not unit.path.startswith(f"{around}/") or around.rpartition("/")[2][:2] not in ("ul", "ol")
    return bool(item) and heading.kind is UnitKind.HEADING and unit.kind is UnitKind.PARAGRAPH and outside


def other_drafts(page: WebPage) -> list[Draft]:
    """Return the drafts of what is not the article: neighbours with one role are one."""
    drafts = []
    for role, group in itertools.groupby(page.units, key=_role):
        units = tuple(group)
        if role:
            reasons = dict.fromkeys(page.reasons.get(unit.start, "") for unit in units)
            told = tuple(reason for reason in reasons if reason)[:_REASONS]
            drafts.append(Draft(units, kind=Kind.OTHER, role=role, reasons=told))
    return drafts


def _title(page: WebPage) -> Iterator[Draft]:
    if page.title_unit:
        unit = page.units[page.title_unit - 1]
        yield Draft((unit,), cleaned(unit.text), unit.level, Kind.OTHER, "title", ("title.of-the-page",))


def _role(unit: Unit) -> str:
    return _ROLES.get(unit.region, unit.region)
