"""Which of its files a picture of a page is taken from: many are named, for screens of all sizes and for scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

__all__ = ["source_of"]

_SETS = ("data-srcset", "srcset")
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
# One of a set (HTML, 4.8.4.2.1): an address, which may have commas in it but not at its end; then how wide that file
# is, or how dense, up to a comma. Each part takes all that it can, so that a set of any length takes linear time.
_CANDIDATE = re.compile(r"[\s,]*+(\S++)([^,]*+)")
_SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)([wx])\s*")
_WANTED = {"w": 1040.0, "x": 2.0}  # twice the width that a mail shows a picture in: dense screens show so many


def source_of(element: HtmlElement) -> str:
    """Return the address of the file of an <img> that suits a mail best, "" where it names none.

    Where sizes are named, that is the smallest of those that are wide enough, or else the widest. The file that a
    script would load counts more than the one that holds its place.
    """
    for name in _SETS:
        if source := _best(element.get(name) or ""):
            return source
    for name in (*_LAZY, "src"):
        plain: str = (element.get(name) or "").strip()
        if plain and not plain.startswith("data:"):
            return plain
    return ""


def _best(candidates: str) -> str:
    """Return the best of a set of files; "" where there is none."""
    found = [each for each in _sized(candidates) if not each[2].startswith("data:")]
    enough = [each for each in found if each[0] >= _WANTED[each[1]]]
    if enough:
        return min(enough)[2]
    return max(found)[2] if found else ""


def _sized(candidates: str) -> Iterator[tuple[float, str, str]]:
    """Yield size, unit and address of each file of a set; one without a size is the usual one, 1x."""
    at = 0
    while found := _CANDIDATE.match(candidates, at):
        at = found.end()
        source = found[1].rstrip(",")
        if source != found[1]:  # the comma ends it, and no size follows
            at = found.end(1)
        size = _SIZE.fullmatch(found[2]) if source == found[1] else None
        if source:
            yield (float(size[1]), size[2], source) if size else (1.0, "x", source)
