"""Markdown that was saved from a web site: its menus, breadcrumbs and footers, told apart from the article."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.drafts import Draft
from backmail.article.elsewhere import leading_away, linked_share
from backmail.article.signals import is_link
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["page_drafts", "with_regions"]

_FEWEST = 4  # links of a menu: fewer are the article's own
_SHORT = 8  # words of a line that a page shows around its links: "Choose a region:", "You are here:"
_PROSE = 20  # words of a line that tells something
_STEPS = 8  # units below the title in which a breadcrumb and links to share may stand
_LINE_WORDS = 12
_HERE = re.compile(r"\]\(#")


def with_regions(units: Sequence[Unit], language: str, *, page: bool) -> tuple[tuple[Unit, ...], Mapping[int, str]]:
    """Return the units of a text with the region of those that are not the article's, and why, by their first line.

    Lines that lead to other articles are found in any text. With `page` (Markdown) it may be a saved web page, too:
    that is one that begins with a menu.
    """
    done = list(units)
    if page:
        _saved_page(done, language)
    reasons: dict[int, str] = {}
    for place, (region, reason) in leading_away(done, language).items():
        if not done[place].region:
            done[place] = _marked(done[place], region)
            reasons[done[place].start] = reason
    return tuple(done), reasons


def _saved_page(done: list[Unit], language: str) -> None:
    """Mark the menus of a saved page, and what readers click on any page."""
    top = _title(done)
    saved = top > 0 and _is_menu(done[:top])
    if saved:
        done[:top] = [_marked(unit) for unit in done[:top]]
        _below_title(done, top, language)
    _controls(done, top, language)
    if saved:
        _foot(done, top, language)


def page_drafts(units: Sequence[Unit], why: Mapping[int, str]) -> list[Draft]:
    """Return the drafts of what is not the article: neighbours with one region are one.

    Arguments:
        units: of the whole text.
        why: for what is no menu: the named reason, by its first line.
    """
    drafts = []
    for region, group in itertools.groupby(units, key=lambda unit: unit.region):
        if region:
            aside = tuple(group)
            menu = "chrome.links-only" if region == "chrome" else "related.behind-the-end"
            reasons = tuple(dict.fromkeys(why.get(unit.start, menu) for unit in aside))
            drafts.append(Draft(aside, kind=Kind.OTHER, role=region, reasons=reasons))
    return drafts


def _title(units: Sequence[Unit]) -> int:
    """Return where the article's title stands: the heading that nothing but menus stands above, else 0.

    A page that has a name in front of its menus says it again above the article; then the second one is meant.
    """
    tops = [place for place, unit in enumerate(units) if unit.kind is UnitKind.HEADING and unit.level == 1]
    for place in reversed(tops):
        told = sum(_tells(unit) for unit in units[:place])
        if place and not told:
            return place
    return 0


def _tells(unit: Unit) -> bool:
    """Say whether a unit is text that is there to be read, and not a link or a line between links."""
    return unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE) and (
        unit.kind is UnitKind.QUOTE or (len(unit.text.split()) >= _PROSE and linked_share(unit) < 0.5)
    )


def _is_menu(units: Sequence[Unit]) -> bool:
    """Say whether some units are a menu: several lines of links alone, and hardly anything else but short lines."""
    told = [unit for unit in units if unit.text and unit.kind is not UnitKind.RULE]
    links = sum(_is_linked_line(unit) for unit in told)
    return links >= _FEWEST and links * 2 >= len(told) - sum(len(unit.text.split()) <= _SHORT for unit in told)


def _below_title(done: list[Unit], top: int, language: str) -> None:
    """Mark the lines below the title of a saved page that only lead elsewhere, or say who wrote it and when."""
    for place in range(top + 1, min(top + 1 + _STEPS, len(done))):
        unit = done[place]
        if unit.kind is UnitKind.HEADING or _tells(unit):
            return
        spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM) and len(unit.text.split()) <= _LINE_WORDS
        stops = unit.text.endswith((".", "!", "?"))
        if spoken and (_is_linked_line(unit) or (not stops and named("byline", unit.text, language))):
            done[place] = _marked(unit)


def _controls(done: list[Unit], top: int, language: str) -> None:
    """Mark the lines that readers of a page click: links to places on it, to share and to print."""
    for place in range(top, len(done)):
        unit = done[place]
        few = unit.kind is UnitKind.PARAGRAPH and 0 < len(unit.text.split()) <= _LINE_WORDS
        if not few or unit.region:
            continue
        inside = is_link(unit) and _HERE.search(unit.raw) is not None
        if inside or (linked_share(unit) > 0.5 and named("chrome", unit.text, language)):
            done[place] = _marked(unit)


def _foot(done: list[Unit], top: int, language: str) -> None:
    """Mark what stands below the last words of the article: a menu, with the headings and short lines in it."""
    last = len(done)
    while last > top + 1 and _may_follow(done[last - 1]):
        last -= 1
    tail = done[last:]
    if any(unit.kind is UnitKind.HEADING and named("sources", unit.text, language) for unit in tail):
        return
    if _is_menu(tail) and sum(unit.kind is UnitKind.HEADING or not _is_linked_line(unit) for unit in tail):
        done[last:] = [_marked(unit, "related") for unit in tail]


def _may_follow(unit: Unit) -> bool:
    """Say whether a unit may stand behind the end of an article: a link, a picture, a rule, a short line."""
    if unit.kind in (UnitKind.RULE, UnitKind.IMAGE) or _is_linked_line(unit):
        return True
    if unit.kind is UnitKind.HEADING:
        return len(unit.text.split()) <= _SHORT and not unit.text.endswith("?")
    short = len(unit.text.split()) <= _SHORT and not unit.text.endswith((".", "!", "?", ":"))
    return unit.kind is UnitKind.PARAGRAPH and short


def _is_linked_line(unit: Unit) -> bool:
    """Say whether a line is a link, or hardly more than one."""
    spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.HEADING)
    return spoken and "](" in unit.raw and linked_share(unit) >= 0.8


def _marked(unit: Unit, region: str = "chrome") -> Unit:
    return replace(unit, region=region)
