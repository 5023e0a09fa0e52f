"""Finds the tables of a page that are made of boxes: amounts and names, times, nutrition facts, properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from backmail.article.html.dom import Dom, class_words
from backmail.article.html.walk import Run

__all__ = ["grids", "rows_of"]

_FEWEST = 6  # runs
_TERMS = 4  # runs of a list of terms, each with a value
_CELL_WORDS = 8  # of a cell
_LONG = 0.2  # share of the cells that may have more
_PROSE = 20  # words of what is no cell any more
_NUMBERS = 0.4  # share of the cells that are amounts
_MOST_WORDS = 600
_ROW = 5  # cells of a row, where its box says nothing else: "Fat | 11 | g | 17 | %"
_AMOUNT = re.compile(
    r"[~≈<>≤≥±*]?\s?(?:ca\.?|approx\.?|env\.?|à|a)?\s?[\d½⅓⅔¼¾⅛–-]|(?:[µm]?g|kg|[mcd]?l|kcal|kJ|%|[mc]m|min|h)\.?\Z"
)
_TABLES = frozenset({"table", "tabelle", "tableau", "tabla", "tabell", "tabel", "tabella", "datatable"})
_NOT_TABLES = frozenset({"contents", "content", "toc", "of"})
# What a table of boxes never holds, or holds as cells of its own kind.
_OTHERS = frozenset({"h1", "h2", "h3", "table", "li", "pre", "blockquote", "figcaption", "form", "details", "summary"})
_BOXES = frozenset({"div", "dl", "section", "ul", "span", "article"})


class _Held:
    """What an element holds: runs of text, amounts and long ones among them, whether one is anything but a cell."""

    __slots__ = ("amounts", "long", "other", "runs", "terms", "words")

    def __init__(self) -> None:
        self.runs = self.amounts = self.long = self.terms = self.words = 0
        self.other = False


def grids(dom: Dom, runs: Iterable[Run], root: HtmlElement) -> Mapping[HtmlElement, HtmlElement]:
    """Return, for each element in a table that is made of boxes, that table: the largest element of which it is true.

    Arguments:
        dom: of the page.
        runs: of the whole page.
        root: the element that holds the article; only what stands in it is looked at.
    """
    first, last = dom.place(root), dom.end(root)
    held: dict[HtmlElement, _Held] = {}
    for run in runs:
        if first <= dom.place(run.element) <= last and (text := run.text):
            _note(held.setdefault(run.element, _Held()), text, run.element)
    inside = dom.elements[first : last + 1]
    for element in reversed(inside):
        _add_to_parent(element, held)
    found: dict[HtmlElement, HtmlElement] = {}
    for element in inside:
        parent = element.getparent()
        if parent in found:
            found[element] = found[parent]
        elif element is not root and element in held and _is_grid(element, held[element]):
            found[element] = element
    return found


def _note(held: _Held, text: str, element: HtmlElement) -> None:
    count = len(text.split())
    held.runs += 1
    held.words += count
    held.amounts += _AMOUNT.match(text) is not None
    held.long += count > _CELL_WORDS
    held.terms += element.tag in ("dt", "dd")
    held.other = held.other or count > _PROSE


def _add_to_parent(element: HtmlElement, held: dict[HtmlElement, _Held]) -> None:
    """Add what an element holds to the one around it; the elements behind it have been added."""
    own = held.get(element)
    parent = element.getparent()
    if own is None or parent is None:
        return
    above = held.setdefault(parent, _Held())
    above.runs += own.runs
    above.amounts += own.amounts
    above.words += own.words
    above.long += own.long
    above.terms += own.terms
    above.other = above.other or own.other or element.tag in _OTHERS


def _is_grid(element: HtmlElement, held: _Held) -> bool:
    """Say whether an element is a table: short cells alone, of which many are amounts, or as its class says."""
    if element.tag not in _BOXES or held.words > _MOST_WORDS:
        return False
    if held.terms == held.runs >= _TERMS and not held.long and not held.other:
        return True
    if held.runs < _FEWEST:
        return False
    if any(_TABLES & set(words) and not _NOT_TABLES & set(words) for words in class_words(element)):
        return held.words <= held.runs * _CELL_WORDS
    return not held.other and held.long <= held.runs * _LONG and held.amounts >= held.runs * _NUMBERS


def rows_of(group: Sequence[Run], grid: HtmlElement) -> Iterator[list[Run]]:
    """Yield the runs of a table of boxes by rows: the largest boxes in it that hold no more than a row's cells."""
    chains = [list(_up_to(run.element, grid)) for run in group]
    counts: dict[HtmlElement, int] = {}
    for chain in chains:
        for element in chain:
            counts[element] = counts.get(element, 0) + 1
    row: list[Run] = []
    box: HtmlElement | None = None
    for run, chain in zip(group, chains, strict=True):
        own = next((each for each in reversed(chain) if counts[each] <= _ROW), None)
        if row and run.element.tag != "dd" and (own is None or own is not box):
            yield row
            row = []
        row.append(run)
        box = own
    if row:
        yield row


def _up_to(element: HtmlElement, grid: HtmlElement) -> Iterator[HtmlElement]:
    """Yield an element and those around it, inside the table."""
    around: HtmlElement | None = element
    while around is not None and around is not grid:
        yield around
        around = around.getparent()
