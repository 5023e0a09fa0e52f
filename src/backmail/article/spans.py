"""Finds the source line on which a piece of a unit's text stands."""

from __future__ import annotations

from backmail.markup import fold, plain
from backmail.model.article import Unit

__all__ = ["line_of"]


def line_of(unit: Unit, piece: str) -> int:
    """Return the source line (from 1) on which `piece`, a verbatim part of the unit's text, begins.

    A piece may run over a line's end, and the raw lines may hold Markdown signs that the text has not.
    """
    if unit.start == unit.end:
        return unit.start
    lines = unit.raw.split("\n")
    wanted = fold(piece)
    words = wanted.split(" ")
    for number, line in enumerate(lines):
        if wanted in fold(line) or wanted in fold(plain(line)):
            return unit.start + number
    for number in range(len(lines) - 1):
        if wanted in fold(plain("\n".join(lines[number : number + 2]))):
            return unit.start + number + (words[0] not in fold(lines[number]))
    for number, line in enumerate(lines):
        if fold(line).endswith(words[0]) or " ".join(words[:2]) in fold(line):
            return unit.start + number
    return unit.start
