"""Finds headings that name a part of their section: those that come again below its neighbours ("Pros", "Steps")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from backmail.article.concepts import cleaned, counted, named
from backmail.article.signals import is_order
from backmail.model.article import Unit, UnitKind

__all__ = ["part_headings"]

_PART_WORDS = 6  # of a heading that names a part
_MOST_PARTS = 8  # of a section in a text that marks no levels
_SECTION_WORDS = 450  # of a whole section: the parts of longer ones are sections of their own
_DEEP = 4  # a heading of this level below one of the third is a part of what that one opens
_SAYS = 8  # words that a section whose text stands in its parts has above them
_DIVIDED_WORDS = 250  # of a section of the third level that is divided, in Markdown
_LIST, _THING_WORDS = 3, 60  # things that a heading lists, and words about each
_WORD = re.compile(r"\w+")
_STEP = re.compile(r"(?P<word>[^\W\d_]{3,12})\s?(?:no\.?|nr\.?|#)?\s?\d{1,2}\W?", re.IGNORECASE)
# Not "exercise", "week", "option": each of these is a thing of its own.
_STEP_NAMES = frozenset({"step", "trin", "skridt", "steg", "schritt", "paso", "étape", "etape", "passo", "stap"})
_STEPS, _STEP_WORDS = 3, 60  # in a row, and words of each
_ENTRY = re.compile(r"(?:#|№|n[o°º]\.?)\s?\d", re.IGNORECASE)
# What these head is read apart, however often it comes.
_APART = ("faq", "questions", "sources", "conclusion", "related", "toc", "chrome")


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading, where it stands, and the words of what stands between it and the next one."""

    place: int
    unit: Unit
    name: str
    words: int


def part_headings(units: Sequence[Unit], language: str) -> frozenset[int]:
    """Return the places of the headings that open no section of their own.

    Arguments:
        units: of a whole text, in order.
        language: the article's.
    """
    headings = _headings(units)
    steps = frozenset(_bare_steps(headings))
    if not headings or any(not each.unit.marked for each in headings):
        return steps | frozenset(_flat(headings, language))
    found = frozenset(_nested(headings, language)) or frozenset(_flat(headings, language))
    return found | steps | frozenset(_deep(headings, language)) | frozenset(_labels(headings, units, language))


def _headings(units: Sequence[Unit]) -> list[_Heading]:
    places = [place for place, unit in enumerate(units) if unit.kind is UnitKind.HEADING]
    return [
        _Heading(start, units[start], _name(units[start].text), sum(unit.words for unit in units[start:stop]))
        for start, stop in pairwise([*places, len(units)])
    ]


def _name(heading: str) -> str:
    """Return a heading's words alone: "2. How to practice:" and "How to Practice" are one name."""
    return " ".join(_WORD.findall(cleaned(heading).casefold()))


def _nested(headings: Sequence[_Heading], language: str) -> Iterable[int]:
    """Yield the headings below others: all those in a section where one comes again below a neighbour of it."""
    below = _below(headings)
    for siblings in below.values():
        for host in _hosts(siblings, below, headings, language):
            for number in _descendants(host, below):
                yield headings[number].place


def _below(headings: Sequence[_Heading]) -> Mapping[int, Sequence[int]]:
    """Return the numbers of the headings right below each heading; those below none stand at -1."""
    found: dict[int, list[int]] = {}
    for number, parent in enumerate(_parents(headings)):
        found.setdefault(parent, []).append(number)
    return found


def _parents(headings: Sequence[_Heading]) -> list[int]:
    """Return, for each heading, the number of the one of a higher level above it, or -1."""
    parents, above = [], list[int]()
    for number, heading in enumerate(headings):
        while above and headings[above[-1]].unit.level >= heading.unit.level:
            above.pop()
        parents.append(above[-1] if above else -1)
        above.append(number)
    return parents


def _hosts(
    siblings: Sequence[int], below: Mapping[int, Sequence[int]], headings: Sequence[_Heading], language: str
) -> list[int]:
    """Return those of some neighbouring sections whose headings are their parts."""
    names = Counter(name for each in siblings for name in {headings[number].name for number in below.get(each, ())})
    again = _again(names, headings, below, siblings, language)
    hosts = [each for each in siblings if any(headings[number].name in again for number in below.get(each, ()))]
    if not hosts:
        return []
    # "5. Crow" in a row of "4. Eagle" has the same parts, whatever they are called there.
    labels = {counted(headings[each].unit.raw) for each in hosts} - {None}
    hosts += [
        each for each in siblings if each in below and each not in hosts and counted(headings[each].unit.raw) in labels
    ]
    sizes = [headings[each].words + sum(headings[n].words for n in _descendants(each, below)) for each in hosts]
    return hosts if median(sizes) <= _SECTION_WORDS else []


def _again(
    names: Counter[str],
    headings: Sequence[_Heading],
    below: Mapping[int, Sequence[int]],
    siblings: Sequence[int],
    language: str,
) -> set[str]:
    """Return the names that come again: three times, or two of them twice, or one twice below numbered headings."""
    inside = [headings[number] for each in siblings for number in below.get(each, ())]
    again = {name for name, count in names.items() if count > 1 and _names_part(name, language)} - _entries(inside)
    numbered = sum(counted(headings[each].unit.raw) is not None for each in siblings if each in below) > 1
    return again if numbered or len(again) > 1 or any(names[name] > 2 for name in again) else set()


def _names_part(name: str, language: str) -> bool:
    return 0 < len(name.split()) <= _PART_WORDS and not any(named(each, name, language) for each in _APART)


def _entries(headings: Sequence[_Heading]) -> set[str]:
    """Return the names of the headings that count things in a list, as "#1 Blocks" does: these are no parts."""
    return {each.name for each in headings if _ENTRY.match(each.unit.text)}


def _descendants(host: int, below: Mapping[int, Sequence[int]]) -> Iterable[int]:
    for number in below.get(host, ()):
        yield number
        yield from _descendants(number, below)


def _deep(headings: Sequence[_Heading], language: str) -> Iterable[int]:
    """Yield the headings of the fourth level and below that divide a section of the third.

    These are the things that a heading orders to be got ready, and in Markdown the headings in a short section. On web
    pages such headings are as often sections in small print.
    """
    below = _below(headings)
    for number, heading in enumerate(headings):
        inside = list(_descendants(number, below))
        if heading.unit.level != _DEEP - 1 or not inside:
            continue
        if any(headings[each].unit.text.endswith("?") for each in inside):
            continue
        size = heading.words + sum(headings[each].words for each in inside)
        alone = heading.words <= heading.unit.words + _SAYS
        short = not alone and not heading.unit.path and size <= _DIVIDED_WORDS
        if short or (alone and _lists(heading, [headings[each] for each in inside], language)):
            for each in inside:
                yield headings[each].place


def _labels(headings: Sequence[_Heading], units: Sequence[Unit], language: str) -> Iterable[int]:
    """Yield the bold lines that end in a colon right above a list, in a section whose heading is written with signs.

    They name a part of the section ("With a band:"), unless what they name is read apart or done ("Ingredients:").
    """
    hosts = {place: [heading] for place, heading in enumerate(headings) if heading.unit.raw.lstrip().startswith("#")}
    host = -1
    for number, heading in enumerate(headings):
        if number in hosts:
            host = number
        elif host >= 0:
            hosts[host].append(heading)
    for heading, *inside in hosts.values():
        own = [each for each in inside if _is_label(each, units, language)]
        sized = heading.words + sum(each.words for each in inside) <= _SECTION_WORDS
        if heading.unit.level > 1 and own == inside and sized and not named("exercises", heading.unit.text, language):
            for each in own:
                yield each.place


def _is_label(heading: _Heading, units: Sequence[Unit], language: str) -> bool:
    """Say whether a bold line ends in a colon, touches the list below it, and names nothing that is read apart."""
    raw = heading.unit.raw.strip()
    below = units[heading.place + 1] if heading.place + 1 < len(units) else None
    listed = below is not None and below.kind is UnitKind.ITEM and below.start - heading.unit.end == 1
    bold = raw.startswith(("**", "__")) and raw.rstrip("*_ ").endswith(":")
    concepts = (*_APART, "ingredients", "how_to", "safety", "avoid", "exercises")
    return bold and listed and not any(named(each, heading.unit.text, language) for each in concepts)


def _bare_steps(headings: Sequence[_Heading]) -> Iterable[int]:
    """Yield the headings that only count the steps of one text ("Step 2", "Step 3"), each of a few words.

    The first of them opens the section. On pages alone: a site writes so below each of its pictures, while who writes
    such headings by hand parts his text.
    """
    for (label, _), group in groupby(headings, key=lambda each: (_step_word(each.unit.text), each.unit.level)):
        row = list(group)
        if label and row[0].unit.path and len(row) >= _STEPS and median(each.words for each in row) <= _STEP_WORDS:
            for each in row[1:]:
                yield each.place


def _step_word(heading: str) -> str:
    """Return the word of a heading that has nothing but it and a number: "step" of "Step 2:"; else ""."""
    found = _STEP.fullmatch(heading.strip())
    word = found["word"].casefold() if found else ""
    return word if word in _STEP_NAMES else ""


def _lists(heading: _Heading, inside: Sequence[_Heading], language: str) -> bool:
    """Say whether a heading orders something and those below it are the things ("Payslips", "Tax returns")."""
    things = not any(is_order(each.unit.text, language) or counted(each.unit.raw) for each in inside)
    few = median(each.words for each in inside) <= _THING_WORDS
    return len(inside) >= _LIST and things and few and is_order(heading.unit.text, language)


def _flat(headings: Sequence[_Heading], language: str) -> Iterable[int]:
    """Yield the headings of a text without levels that come again behind different ones ("Pros", "Cons", "Pros" ...).

    What stands above a row of them is the heading of the section whose parts they name.
    """
    names = Counter(heading.name for heading in headings)
    again = {name for name, count in names.items() if count > 1 and _names_part(name, language)} - _entries(headings)
    rows = _rows(headings, again)
    counts = Counter(headings[number].name for row in rows for number in row[1:])
    twice = {name for name, count in counts.items() if count > 1}
    if len(rows) < 2 or not (len(twice) > 1 or any(counts[name] > 2 for name in twice)):
        return
    if median([sum(headings[number].words for number in row) for row in rows]) > _SECTION_WORDS:
        return
    for row in rows:
        for number in row[1:]:
            yield headings[number].place


def _rows(headings: Sequence[_Heading], again: set[str]) -> list[list[int]]:
    """Return each heading with those behind it that come again, of its own level or a deeper one, as numbers."""
    rows: list[list[int]] = []
    for number, heading in enumerate(headings):
        if heading.name not in again:
            rows.append([number])
        elif rows and heading.unit.level >= headings[rows[-1][0]].unit.level:
            rows[-1].append(number)
    return [row for row in rows if 1 < len(row) <= _MOST_PARTS + 1]
