"""Finds the lines between an article's paragraphs that only lead away from it: to read on, to share, to sign up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backmail.article.concepts import named
from backmail.article.signals import is_reference
from backmail.model.article import Unit, UnitKind

__all__ = ["leading_away", "linked_share"]

_READ_ON_WORDS = 30  # of a line that is a link to another article
_LABEL_WORDS = 5  # in front of it: "Read also:"
_TITLE_WORDS = range(2, 15)  # of an article that a line names without a link
_CONTROL_WORDS = 9  # of a line to click: "Share this article!"
_TAIL = 8  # entries of a list without bullets at the end of a text
_LAST = 4  # units from the end in which the tags of an article stand
_MOSTLY = 0.5
_LEADING = 0.4  # share of a line that is the link; before it stands a label
_ALL = 0.8  # of a line that has no label before its link
_LABEL = re.compile(r"\s*[:：»>→]\s*|\s+[-–—]\s+")
_ANSWERED = re.compile(r":\s*\w")  # a label with its value
_LINKED = re.compile(r"!?\[((?:[^\[\]]|\\.){0,200})\]\([^()]{0,600}\)")
_WORDS = re.compile(r"\w+")
_STOP = re.compile(r"[.…][\"”’»)]*$")
_SPOKEN = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE)


def leading_away(units: Sequence[Unit], language: str) -> dict[int, tuple[str, str]]:
    """Return the places of the units that lead away from a text or Markdown: for each a region and a named reason.

    A line that only mentions another article inside a sentence is the article's own.
    """
    found: dict[int, tuple[str, str]] = {}
    last = range(len(units) - _LAST, len(units))  # "Category: Standing" tells of an exercise, save at the end
    for place, unit in enumerate(units):
        if place in found or unit.region or not unit.text:
            continue
        if _reads_on(unit, language):
            found[place] = ("related", "related.read-also")
        elif stop := _listed_below(units, place, language):
            found.update(dict.fromkeys(range(place, stop), ("related", "related.read-also")))
        elif _is_control(unit, language) and (place in last or not _ANSWERED.search(unit.text)):
            found[place] = ("chrome", "chrome.share")
    return found | dict.fromkeys(_tail(units, language), ("related", "related.behind-the-end"))


def linked_share(unit: Unit) -> float:
    """Return the share of a unit's words that are links in its Markdown."""
    words = len(_WORDS.findall(unit.text))
    linked = sum(len(_WORDS.findall(found)) for found in _LINKED.findall(unit.raw))
    return linked / words if words else float("](" in unit.raw)


def _reads_on(unit: Unit, language: str) -> bool:
    """Say whether a line is no more than a label such as "Read also" and what it leads to, with or without a link."""
    if unit.kind not in (*_SPOKEN, UnitKind.HEADING) or len(unit.text.split()) > _READ_ON_WORDS:
        return False
    label, *rest = _LABEL.split(unit.text, maxsplit=1)
    if len(label.split()) > _LABEL_WORDS and rest:
        return False
    if "](" in unit.raw:
        share = linked_share(unit)
        parted = bool(rest) and share >= _LEADING  # "Read more about X." without a sign is a sentence of the article's
        return (parted or (share >= _ALL and not _STOP.search(unit.text))) and _names_others(label, language)
    title = rest[0].split() if rest else []
    plain = unit.kind in _SPOKEN and len(title) in _TITLE_WORDS and not _STOP.search(unit.text)
    return plain and ":" in unit.text and not is_reference(unit.text) and _names_others(label, language)


def _names_others(label: str, language: str) -> bool:
    return named("related", label, language) is not None and named("sources", label, language) is None


def _listed_below(units: Sequence[Unit], place: int, language: str) -> int:
    """Return where the list of links ends that a line such as "Read also:" stands above, or 0 where it is no such line.

    Such a line as a heading opens a section, which is judged by what else it says.
    """
    unit = units[place]
    if unit.kind is not UnitKind.PARAGRAPH or len(unit.text.split()) > _CONTROL_WORDS or _STOP.search(unit.text):
        return 0
    stop = place + 1
    while stop < len(units) and units[stop].kind is UnitKind.ITEM and linked_share(units[stop]) >= _MOSTLY:
        stop += 1
    return stop if stop > place + 1 and _names_others(unit.text, language) else 0


def _is_control(unit: Unit, language: str) -> bool:
    """Say whether a line is there to be clicked: to share, to print, to sign up; in a text its link is gone."""
    few = unit.kind is UnitKind.PARAGRAPH and len(unit.text.split()) <= _CONTROL_WORDS
    if not few or _STOP.search(unit.text):
        return False
    return named("chrome", unit.text, language) is not None


def _tail(units: Sequence[Unit], language: str) -> range:
    """Return the places of the titles of other articles that end a text without markup, with the line above them."""
    told = [place for place, unit in enumerate(units) if unit.text and not unit.region]
    for count, place in enumerate(reversed(told[-_TAIL - 1 :])):
        unit = units[place]
        if unit.marked or unit.kind not in (UnitKind.PARAGRAPH, UnitKind.HEADING) or _STOP.search(unit.text):
            return range(0)
        if count and _names_others(unit.text, language):
            return range(place, len(units))
        if len(unit.text.split()) not in _TITLE_WORDS:
            return range(0)
    return range(0)
