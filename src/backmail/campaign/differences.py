"""How a text as it stands now differs from what the article says, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

NUMBER = re.compile(r"\d+(?:[.,:/–-]\d+)*")
# A text of which less than this share of words is found again is another text.
SAME_TEXT = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """A word and the file's line that it stands on."""

    text: str
    line: int


class What(StrEnum):
    """What happened to some words."""

    NUMBER = "number-changed"
    CHANGED = "text-changed"
    MISSING = "text-missing"
    ADDED = "text-added"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words `before` that stand as `after` now, near `line`."""

    what: What
    before: str
    after: str
    line: int


def differences(expected: Sequence[str], found: Sequence[Word], start: int, end: int) -> Iterator[Difference]:
    """Give what differs, in order; `start` and `end` are the lines between which the text has its place."""
    for tag, one, other, first, last in _matcher(expected, found).get_opcodes():
        if tag == "equal":
            continue
        here = found[first].line if first < last else _between(found, first, start, end)
        before = " ".join(expected[one:other])
        after = " ".join(word.text for word in found[first:last])
        yield _difference(before, after, here)


def _between(found: Sequence[Word], at: int, start: int, end: int) -> int:
    """Return the line in the middle between the words before and behind a place where some are missing."""
    before = found[at - 1].line if at else start
    behind = found[at].line if at < len(found) else end
    return (before + behind) // 2


def _difference(before: str, after: str, line: int) -> Difference:
    """Name one difference: numbers count most, they may be a dose."""
    if not after:
        return Difference(What.MISSING, before, after, line)
    if not before:
        return Difference(What.ADDED, before, after, line)
    numbers, now = NUMBER.findall(before), NUMBER.findall(after)
    if numbers != now:
        return Difference(What.NUMBER, " ".join(numbers) or before, " ".join(now) or after, line)
    return Difference(What.CHANGED, before, after, line)


def nearest(expected: Sequence[str], words: Sequence[Word]) -> tuple[int, int] | None:
    """Return the part (from, behind) of `words` that is `expected` with changes, or None where it is not there.

    Only what lies around the longest run of equal words is looked at: single words meet anywhere.
    """
    if not expected or not words:
        return None
    longest = _matcher(expected, words).find_longest_match()
    room = max(6, len(expected) // 2)
    low = max(0, longest.b - longest.a - room)
    high = min(len(words), longest.b + len(expected) - longest.a + room)
    equal = [block for block in _matcher(expected, words[low:high]).get_matching_blocks() if block.size]
    if sum(block.size for block in equal) < SAME_TEXT * len(expected):
        return None
    first, last = equal[0], equal[-1]  # words changed at the very ends are no equal ones: take as many as are expected
    start = max(low, low + first.b - first.a)
    return start, min(high, low + last.b + len(expected) - last.a)


def _matcher(expected: Sequence[str], found: Sequence[Word]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, expected, [word.text for word in found], autojunk=False)
