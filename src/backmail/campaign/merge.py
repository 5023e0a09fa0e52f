"""Three-way merge of texts: what the marketer changed and what backmail changed, over what both began with."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

__all__ = ["MINE", "NEW", "Clash", "marked_lines", "merge", "merge_order", "merge_text"]

# How every tool that knows conflicts writes them; the words behind the signs say whose each side is.
MINE = "<<<<<<< yours"
_BETWEEN = "======="
NEW = ">>>>>>> generated anew"
_MARKER = re.compile(r"<{7}(?= |$)|={7}$|>{7}(?= |$)")

_SENTENCE = re.compile(r".+?(?:[.!?…][\"'”’»)\]]*\s+|$)")

Token = TypeVar("Token", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Clash(Generic[Token]):
    """A place that both changed, each in another way."""

    base: tuple[Token, ...]
    ours: tuple[Token, ...]
    theirs: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class _Same:
    """A stretch that is the same in all three: where it begins in each, and how long it is."""

    base: int
    ours: int
    theirs: int
    length: int


def merge(base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token]) -> list[Token | Clash[Token]]:
    """Return `base` with the changes of both sides; where they differ about one place, a clash stands for it.

    What one side alone changed is taken, and so is what both changed alike. (The algorithm of diff3: Khanna, Kunal and
    Pierce, A Formal Investigation of Diff3, 2007.)
    """
    made: list[Token | Clash[Token]] = []
    at = _Same(0, 0, 0, 0)
    for same in _common(base, ours, theirs):
        made += _settled(base[at.base : same.base], ours[at.ours : same.ours], theirs[at.theirs : same.theirs])
        made += base[same.base : same.base + same.length]
        length = same.length
        at = _Same(same.base + length, same.ours + length, same.theirs + length, 0)
    return made


def _common(base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token]) -> Iterator[_Same]:
    """Give what stands in all three, in order; the last is empty, and stands behind everything."""
    mine = SequenceMatcher(None, base, ours, autojunk=False).get_matching_blocks()
    new = SequenceMatcher(None, base, theirs, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(mine) and j < len(new):
        one, other = mine[i], new[j]
        start, end = max(one.a, other.a), min(one.a + one.size, other.a + other.size)
        if start < end:
            yield _Same(start, one.b + start - one.a, other.b + start - other.a, end - start)
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1
    yield _Same(len(base), len(ours), len(theirs), 0)


def _settled(base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token]) -> Sequence[Token | Clash[Token]]:
    """Return what becomes of a stretch that is not the same in all three."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    return _smallest(tuple(base), tuple(ours), tuple(theirs))


def _smallest(
    base: tuple[Token, ...], ours: tuple[Token, ...], theirs: tuple[Token, ...]
) -> Sequence[Token | Clash[Token]]:
    """Return a clash without what both sides begin and end with."""
    shortest = min(len(ours), len(theirs))
    head = next((n for n in range(shortest) if ours[n] != theirs[n]), shortest)
    rest = shortest - head
    tail = next((n for n in range(rest) if ours[-1 - n] != theirs[-1 - n]), rest)
    clash = Clash(base, ours[head : len(ours) - tail], theirs[head : len(theirs) - tail])
    return [*ours[:head], clash, *ours[len(ours) - tail :]]


def merge_text(base: str, ours: str, theirs: str) -> tuple[str, int]:
    """Return a text merged line by line, sentence by sentence within a line, and the number of conflicts marked in it.

    The lines end in \\n. A side that is "" has taken the whole text away.
    """
    conflicts = 0
    made: list[str] = []
    for each in merge(_lines(base), _lines(ours), _lines(theirs)):
        if isinstance(each, str):
            made.append(each)
            continue
        line = _one_line(each)
        if line is not None:
            made.append(line)
            continue
        conflicts += 1
        made += [MINE, *each.ours, _BETWEEN, *each.theirs, NEW]
    return "\n".join(made), conflicts


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _one_line(clash: Clash[str]) -> str | None:
    """Return the line that three forms of one line make, when the sides changed other sentences of it; else None."""
    if not len(clash.base) == len(clash.ours) == len(clash.theirs) == 1:
        return None
    sides = [_SENTENCE.findall(side[0]) for side in (clash.base, clash.ours, clash.theirs)]
    if len({len(side) for side in sides}) > 1:
        merged = merge(*sides)
    else:  # the same number of sentences: each is held against the one in its place
        merged = [each for three in zip(*sides, strict=True) for each in merge(*([one] for one in three))]
    if not all(isinstance(each, str) for each in merged):
        return None
    parts = [each for each in merged if isinstance(each, str)]
    apart = (each if each[-1:].isspace() or each is parts[-1] else f"{each} " for each in parts)
    return "".join(apart).rstrip()


def merge_order(
    base: Sequence[Token], ours: Sequence[Token], theirs: Sequence[Token], wanted: Sequence[Token]
) -> list[Token]:
    """Return those that are wanted in an order: the new one, and where the marketer made another, hers.

    Args:
        base: the order that both began with.
        ours: the marketer's.
        theirs: the new one.
        wanted: those that are to stand in the result, each once. What is in neither order comes last.
    """
    among = set(wanted)
    leading, following = (theirs, ours) if list(ours) == list(base) else (ours, theirs)
    made = [each for each in leading if each in among]
    for order in (following, wanted):
        for at, each in enumerate(order):
            if each in among and each not in made:
                before = [other for other in order[:at] if other in made]
                made.insert(made.index(before[-1]) + 1 if before else 0, each)
    return made


def marked_lines(text: str) -> Iterator[tuple[int, str]]:
    """Give each line of a text that marks a conflict, counted from 0, with its sign: <, = or >.

    A line of seven = counts only between the two others: Markdown underlines headings with it.
    """
    inside = False
    for number, line in enumerate(text.split("\n")):
        found = _MARKER.match(line.rstrip("\r"))
        sign = found[0][0] if found else ""
        if sign == "=" and not inside:
            continue
        inside = sign == "<" or (inside and sign != ">")
        if sign:
            yield number, sign
