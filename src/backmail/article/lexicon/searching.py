"""Searches a text for a list of patterns, and tries of these only the ones whose letters the text holds.

A sentence holds none of the words of most patterns of a list, and to see that a word is missing takes a hundredth of
the time of a pattern. What is found is what the list, joined to one pattern, would find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

__all__ = [
    "CLOSING",
    "OPENING",
    "Prepared",
    "Search",
    "first",
    "joined",
    "needed_pieces",
    "prepared",
    "search",
    "straighten",
]

# Around the alternatives of a list: they are found between word bounds.
OPENING, CLOSING = r"(?<!\w)(?:", r")(?!\w)"
_APOSTROPHES = "'‘ʼ´`"
_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<open>\(\?(?:-i)?:|\((?!\?))|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<count>(?:[*+?]|\{\d*,?\d*\})[?+]?)"
    r"|(?P<other>\[\^?\]?(?:\\.|[^\]\\])*\]|\\[wWdDsSbB]|[.^$])|\\(?P<sign>[^\w\s])|(?P<letter>[^\\(\[])",
    re.DOTALL,
)
_AT_LEAST_ONCE = ("+", "{1", "{2", "{3", "{4", "{5", "{6", "{7", "{8", "{9")
# The signs that a pattern takes in the two cases that `str.lower` makes one, and in no other form but for the odd
# ones: `re` takes these for an i or an s (_EXTRA_CASES in re/_casefix.py of CPython).
_PLAIN = re.compile(r"[ -~’à-öø-ÿœ]")
_ODD = "ıſİ"
_SHORTEST = 2  # letters; a shorter piece stands in nearly every text
_LONG_ENOUGH = 4  # letters; a longer piece tells no more
_MOST_SETS = 2
# In a heading or a line of a list the joined pattern is done before the letters are looked at; in a text that is longer
# than a paragraph it stops at the first piece, where each alternative alone would go on to the end.
_WORTH_A_LOOK = range(60, 1001)
_SHORT_TEXT = 1000  # signs of a text that is remembered: a sentence is searched by many rules, and again after an edit

_Sets = tuple[frozenset[str], ...]


def straighten(text: str) -> str:
    """Return `text` with every kind of apostrophe as ’; it keeps its length, so that places in it stay true."""
    for sign in _APOSTROPHES:  # much faster than str.translate, and every search comes through here
        text = text.replace(sign, "’")
    return text


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text made ready for many searches: `straight` keeps its places, `small` is in lower case."""

    straight: str
    small: str
    odd: bool  # it holds a sign that lower case does not tell about

    def holds(self, needed: _Sets, seen: dict[frozenset[str], bool]) -> bool:
        """Say whether it holds a piece of each set; `seen` keeps the answers for the sets of other patterns."""
        if self.odd:
            return True
        for pieces in needed:
            if (answer := seen.get(pieces)) is None:
                small = self.small
                answer = seen[pieces] = any(map(small.__contains__, pieces))
            if not answer:
                return False
        return True


def prepared(text: str) -> Prepared:
    """Return a text made ready for searches."""
    return _remembered(text) if len(text) <= _SHORT_TEXT else _prepared(text)


def _prepared(text: str) -> Prepared:
    straight = straighten(text)
    return Prepared(straight, straight.lower(), any(sign in text for sign in _ODD))


_remembered = lru_cache(maxsize=2048)(_prepared)


class _UnreadableError(Exception):
    """A pattern has a construct that is not looked into."""


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None:
            raise _UnreadableError
        yield token
        place = token.end()


def needed_pieces(pattern: str) -> _Sets:
    """Return sets of pieces in lower case: a text in which `pattern` finds something holds one of each set.

    None come back where the pattern needs no letters, or has a construct that is not looked into.
    """
    try:
        return _needed(_tokens(pattern))
    except _UnreadableError:
        return ()


def _needed(tokens: Iterator[re.Match[str]]) -> _Sets:
    """Read the tokens up to the end of the group that they are in, and return what it needs."""
    branches: list[list[frozenset[str]]] = [[]]
    run = ""  # letters that stand side by side
    added = 0  # sets of the group that has just ended
    for token in tokens:
        kind = token.lastgroup
        if kind in ("letter", "sign") and _PLAIN.fullmatch(letter := token[kind].lower()):
            run, added = run + letter, 0
            continue
        if kind == "count" and not token[0].startswith(_AT_LEAST_ONCE):
            run = run[:-1]
            del branches[-1][len(branches[-1]) - added :]
        branches[-1].append(frozenset({run}))
        run, added = "", 0
        if kind == "close":
            break
        if kind == "bar":
            branches.append([])
        elif kind == "look":
            _needed(tokens)
        elif kind == "open":
            inner = _needed(tokens)
            branches[-1].extend(inner)
            added = len(inner)
    branches[-1].append(frozenset({run}))
    told = [_telling(sets) for sets in branches]
    if len(told) == 1:
        return told[0]
    return _telling([frozenset().union(*(sets[0] for sets in told))]) if all(told) else ()


def _telling(sets: list[frozenset[str]]) -> _Sets:
    """Return the sets that rule out most texts: their pieces are long, and few."""
    long = [pieces for pieces in sets if min(map(len, pieces)) >= _SHORTEST]
    long.sort(key=lambda pieces: (-min(_LONG_ENOUGH, *map(len, pieces)), len(pieces)))
    return tuple(dict.fromkeys(_without_longer(pieces) for pieces in long[:_MOST_SETS]))


def _without_longer(pieces: frozenset[str]) -> frozenset[str]:
    """Return the pieces without those that hold another one."""
    return frozenset(piece for piece in pieces if not any(other in piece for other in pieces if other != piece))


def _alternatives(pattern: str) -> list[str]:
    """Return the patterns of a list that was joined to one, in their order."""
    if pattern.startswith(OPENING) and pattern.endswith(CLOSING):
        inner = _split(pattern[len(OPENING) : -len(CLOSING)])
        if inner:
            return [f"{OPENING}{each}{CLOSING}" for each in inner]
    parts = _split(pattern)
    return [each for part in parts for each in _alternatives(part)] if len(parts) > 1 else [pattern]


def _split(pattern: str) -> list[str]:
    """Return the pieces between the bars that stand in no group, or none where a group ends that did not begin."""
    pieces, start, depth = [], 0, 0
    for token in _tokens(pattern):
        depth += (token.lastgroup in ("open", "look")) - (token.lastgroup == "close")
        if depth < 0:
            return []
        if token.lastgroup == "bar" and depth == 0:
            pieces.append(pattern[start : token.start()])
            start = token.end()
    return [*pieces, pattern[start:]]


@dataclass(frozen=True)
class _Alternative:
    pattern: str
    needed: _Sets

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return joined(self.pattern)


@dataclass(frozen=True, slots=True)
class Search:
    """A pattern made ready to search many texts; it finds what the pattern itself finds, in any case."""

    alternatives: tuple[_Alternative, ...]

    def _possible(self, text: Prepared) -> list[re.Pattern[str]]:
        seen: dict[frozenset[str], bool] = {}
        return [each.compiled for each in self.alternatives if text.holds(each.needed, seen)]

    def may_find(self, text: Prepared) -> bool:
        """Say whether the text has the letters that the pattern needs."""
        seen: dict[frozenset[str], bool] = {}
        return any(text.holds(each.needed, seen) for each in self.alternatives)

    def first(self, text: Prepared) -> tuple[int, int] | None:
        """Return where the first piece begins and ends that the pattern finds."""
        found = (each.search(text.straight) for each in self._possible(text))
        # Of two that begin at one place, that of the earlier pattern counts, as in one that has both.
        return min((each.span() for each in found if each), key=lambda span: span[0], default=None)

    def all(self, text: Prepared) -> Iterator[tuple[int, int]]:
        """Yield where each piece begins and ends that the pattern finds; none reaches into another."""
        straight = text.straight
        coming = [(each, found) for each in self._possible(text) if (found := each.search(straight))]
        while coming:
            start, end = min((found.span() for _, found in coming), key=lambda span: span[0])
            yield start, end
            # Each pattern goes over the text once: only what lies behind is looked for anew.
            after = ((each, found if found.start() >= end else each.search(straight, end)) for each, found in coming)
            coming = [(each, found) for each, found in after if found]


@lru_cache(maxsize=4096)  # all languages have a third of that
def search(pattern: str) -> Search:
    """Return a pattern made ready to search many texts."""
    try:
        patterns = _alternatives(pattern)
    except _UnreadableError:
        patterns = [pattern]
    return Search(tuple(_Alternative(each, needed_pieces(each)) for each in patterns))


@lru_cache(maxsize=8192)  # all languages, with the alternatives that articles use
def joined(pattern: str) -> re.Pattern[str]:
    """Return a pattern compiled as it is."""
    return re.compile(pattern, re.IGNORECASE)


def first(pattern: str, text: str) -> tuple[int, int] | None:
    """Return where the first piece of `text` begins and ends that `pattern` finds, in any case."""
    if len(text) in _WORTH_A_LOOK:
        return _first(pattern, text)
    found = joined(pattern).search(straighten(text))
    return found.span() if found else None


@lru_cache(maxsize=8192)
def _first(pattern: str, text: str) -> tuple[int, int] | None:
    return search(pattern).first(_remembered(text))
