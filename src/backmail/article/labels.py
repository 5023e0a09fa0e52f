"""Finds label lines ("Weight: 4 kg", "Pros") and the short lines that a label has below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backmail.article.concepts import named
from backmail.article.lexicon import lexicon
from backmail.article.prices import is_tag
from backmail.model.article import Unit, UnitKind

__all__ = ["PARTS", "Label", "label_of", "listed", "with_lists"]

# What a product's own section is divided into, as [headings] of the word lists name it.
PARTS = ("pros", "cons", "details")
_LISTS = ("pros", "cons")
_LABEL_WORDS = 5
_ENTRY_WORDS = 12
_LABELLED = re.compile(r"\W{0,4}(?P<label>[^\W\d_][^:.!?]{0,40}?)\s?:\W{0,3}(?P<value>\S.*)?$")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)]*$")
_AROUND = " :*+–-✓✔✗✘✅❌👍👎"


@dataclass(frozen=True, slots=True)
class Label:
    """What a line names ("Weight"), and what it says of it ("4 kg"), which is empty for a label alone."""

    name: str
    value: str


def label_of(line: str) -> Label:
    """Return label and value of a line; the whole of a few words without a colon is a label; both empty for prose."""
    found = _LABELLED.match(line)
    name = (found["label"] if found else line).strip(_AROUND)
    if not name or len(name.split()) > _LABEL_WORDS:
        return Label("", "")
    return Label(name, (found["value"] or "").strip() if found else "")


def listed(units: Sequence[Unit], language: str) -> frozenset[int]:
    """Return the places of the labels of pros and cons, with the short lines below each.

    A plain text has no bullets: there a list ends where a line has a longer one below it, for that is a heading, or
    with a sentence behind the price or button that closes it.
    """
    found: set[int] = set()
    inside = sold = False
    for place, unit in enumerate(units):
        if _is_list_label(unit, language):
            found.add(place)
            inside, sold = not label_of(unit.text).value, False
        elif inside and _is_entry(units, place) and not (sold and _SENTENCE_END.search(unit.text)):
            found.add(place)
            sold = sold or is_tag(unit.text, language) or bool(lexicon(language).find("phrases.buy", unit.text))
        else:
            inside = False
    return frozenset(found)


def with_lists(units: Sequence[Unit], language: str) -> list[Unit]:
    """Return the units with labels and entries of such lists as paragraphs, where they were guessed to be headings."""
    inside = listed(units, language)
    return [
        replace(unit, kind=UnitKind.PARAGRAPH, level=0) if place in inside and _is_guessed(unit) else unit
        for place, unit in enumerate(units)
    ]


def _is_guessed(unit: Unit) -> bool:
    """Say whether a unit was taken for a heading though its source only has a line, or a line in bold."""
    return unit.kind is UnitKind.HEADING and (not unit.marked or unit.raw.lstrip().startswith(("**", "__")))


def _is_list_label(unit: Unit, language: str) -> bool:
    if unit.kind is not UnitKind.PARAGRAPH and not _is_guessed(unit):
        return False
    name = label_of(unit.text).name
    return bool(name) and any(named(each, name, language) for each in _LISTS)


def _is_entry(units: Sequence[Unit], place: int) -> bool:
    unit = units[place]
    if unit.kind is UnitKind.ITEM:
        return True
    words = len(unit.text.split())
    if (unit.kind is not UnitKind.PARAGRAPH and not _is_guessed(unit)) or words > _ENTRY_WORDS:
        return False
    below = units[place + 1] if place + 1 < len(units) else None
    return below is None or below.kind is not UnitKind.PARAGRAPH or len(below.text.split()) <= _ENTRY_WORDS
