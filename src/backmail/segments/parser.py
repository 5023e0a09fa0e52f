"""One line -> the tree of a segment: `not` binds before `and`, `and` before `or`; all faults are told at once."""

from __future__ import annotations

from backmail.errors import Fault, InputError, Place
from backmail.segments.tree import All, And, Not, Or, Segment
from backmail.segments.words import Role, Word, Words
from backmail.yamlfile.document import Text

MAX_DEPTH = 20  # of `not` and parentheses within each other
MAX_CONDITIONS = 100  # SQLite takes expressions up to a depth of 1000, and a person reads fewer

_HOW = "such as tag:backpain, field:language=da, finished:stronger-back or all"


def parse(text: str, *, file: str = "segment") -> Segment:
    """Return the tree of a segment written in one line: `tag:backpain and not (finished:back or field:language=da)`.

    Args:
        text: conditions `all`, `tag:x`, `field:name=value`, `finished:slug`, joined by `not`, `and`, `or`, parentheses;
            a value with spaces stands in quotes.
        file: what errors call the place where the text stands.

    Raises:
        InputError: with every fault, each with its column.
    """
    tree, found = _read(Text(file, text))
    if found:
        raise InputError(found)
    return tree


def faults(text: str, place: Place, source: str = "") -> tuple[Fault, ...]:
    """Return what is wrong with a segment that stands in a file, each fault at its own column there.

    Args:
        text: the segment, as it was read from the file.
        place: where the value begins in the file.
        source: that line of the file. Where the text does not stand in it as it is (a folded value, escapes), faults
            point at the place itself.
    """
    start = source.find(text, (place.column or 1) - 1) if text.strip() else -1
    return tuple(
        Fault(
            fault.message,
            place if start < 0 or not fault.place else Place(place.file, place.line, start + (fault.place.column or 1)),
            fault.hint,
            source,
        )
        for fault in _read(Text(place.file, text))[1]
    )


def _read(text: Text) -> tuple[Segment, list[Fault]]:
    words = Words(text)
    tree = _Parser(words).whole()
    return tree, sorted(words.faults, key=lambda fault: _position(fault.place))


def _position(place: Place | None) -> tuple[int, int]:
    return (place.line or 0, place.column or 0) if place else (0, 0)


class _Parser:
    """Descends by precedence; where a word is missing it is noted, and reading goes on as if it stood there."""

    def __init__(self, words: Words) -> None:
        self._words = list(words)
        self._note = words.note
        self._next = 0
        self._depth = 0
        self._too_deep = False

    def whole(self) -> Segment:
        """Return the tree of all words."""
        asked = [word for word in self._words if word.role == "condition"]
        if len(asked) > MAX_CONDITIONS:
            self._note(f"more than {MAX_CONDITIONS} conditions", asked[MAX_CONDITIONS].at)
        tree = self._or()
        while self._word.role == ")":
            self._note("this parenthesis closes none", self._word.at)
            self._next += 1
            if self._took("and") or self._took("or") or self._word.role not in (")", "end"):
                self._or()
        return tree

    @property
    def _word(self) -> Word:
        return self._words[self._next]

    def _took(self, role: Role) -> bool:
        """Step over the next word if it has that part in the sentence; return whether it had."""
        taken = self._word.role == role
        self._next += taken
        return taken

    def _or(self) -> Segment:
        parts = [self._and()]
        while self._took("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Segment:
        parts = [self._one()]
        while self._took("and") or self._lacks_join():
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _lacks_join(self) -> bool:
        lacks = self._word.role in ("not", "condition", "(")
        if lacks:
            self._note("'and' or 'or' is missing before this", self._word.at)
        return lacks

    def _one(self) -> Segment:
        """Read one condition, one `not` with what it is about, or one pair of parentheses."""
        word = self._word
        if word.role == "condition":
            self._next += 1
            return word.condition or All()
        if word.role not in ("not", "("):
            self._missing(word)
            return All()
        self._next += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._note(f"more than {MAX_DEPTH} levels deep", word.at)
            self._too_deep = True
            self._next = len(self._words) - 1
            tree: Segment = All()
        elif word.role == "not":
            tree = Not(self._one())
        else:
            tree = self._or()
            if not self._took(")") and not self._too_deep:
                self._note("the parenthesis that opens here is never closed", word.at)
        self._depth -= 1
        return tree

    def _missing(self, word: Word) -> None:
        before = self._words[self._next - 1].text if self._next else ""
        if word.role != "end":
            self._note(f"a condition is missing before {word.text!r}", word.at, _HOW)
        elif before:
            self._note(f"a condition is missing after {before!r}", word.at, _HOW)
        else:
            self._note("this says nothing", word.at, _HOW)
