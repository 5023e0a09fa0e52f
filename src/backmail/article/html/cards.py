"""Finds the boxes of a page that offer one product each: a name, a link to the shop, often a price and a picture."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from backmail.article.html.dom import HEADINGS, Dom, class_words
from backmail.article.html.walk import Run
from backmail.article.prices import PRICE
from backmail.article.selling import leads_to_shop

__all__ = ["cards"]

_MOST_WORDS = 70
_FEWEST_NAMED = 2  # words of a name
_BUTTON_WORDS = 8  # of a line that is a link to a shop
_BESIDE = 3  # words that stand in that line beside the link and the price
_ROW = 2  # boxes of one build: with a price and a link each they need no link that pays
_PRICE_WORDS = 1  # beside a price: "from $ 9"; "$ 2 a serving" is what a thing costs to make
_TAGS = frozenset({"div", "section", "article", "aside", "figure", "li"})
# A box never reaches over these: what stands in them is a list, a table, a quote, a text.
_BORDERS = frozenset({"ul", "ol", "table", "td", "th", "tr", "blockquote", "details", "form", "nav", "footer", "body"})
# Buttons to share a page have the signs of a partner's number in their addresses.
_SHARE = re.compile(
    r"(?:https?:)?//(?:[\w-]{1,20}\.)?(?:facebook|twitter|x|pinterest|linkedin|reddit|tumblr|telegram|whatsapp|flipboard)\.\w",
    re.IGNORECASE,
)
_SHOP = frozenset({"affiliate", "affiliated", "affiliatelink", "buybutton"})


@dataclass(frozen=True, slots=True)
class _Line:
    """A run of the article: where it stands, its words, whether it is a price, a link, one that pays, prose."""

    place: int
    words: int
    priced: bool
    linked: bool
    paid: bool

    @property
    def sells(self) -> bool:
        """Whether it is a button or a price rather than a name or what is said of a thing."""
        return self.paid or self.priced


def cards(dom: Dom, runs: Iterable[Run], root: HtmlElement) -> frozenset[HtmlElement]:
    """Return the elements that hold one product each, none inside another.

    A box has few words; some of them are a name, some a link that pays whoever wrote the page, on a line of its own.
    Where several boxes of one build have a price and a link each, the link need not pay. What is built like two boxes
    that have been found is one as well: a shop may have run out of the thing, and its price and link are gone.

    Arguments:
        dom: of the page.
        runs: of the whole page.
        root: the element that holds the article; only what stands in it is looked at.
    """
    held = _Held(dom, runs, root)
    found = {box for box in map(held.box, held.paid) if box is not None}
    priced = {box for box in map(held.box, held.priced) if box is not None} - found
    builds = Counter(map(_build, priced))
    found |= {box for box in priced if builds[_build(box)] >= _ROW and "" not in _build(box)}
    found |= set(held.built_alike(found))
    return frozenset(box for box in found if not any(around in found for around in box.iterancestors()))


class _Held:
    """The lines of an article, and what boxes hold of them."""

    def __init__(self, dom: Dom, runs: Iterable[Run], root: HtmlElement) -> None:
        self.dom = dom
        self.root = root
        told = [(run.element, _line(run, dom)) for run in runs if run.text and dom.holds(root, run.element)]
        self.lines = sorted((line for _, line in told), key=lambda line: line.place)
        self.places = [line.place for line in self.lines]
        self.paid = [element for element, line in told if line.paid]
        self.priced = [element for element, line in told if line.priced and not line.paid]

    def of(self, element: HtmlElement) -> Sequence[_Line]:
        """Return the lines in an element."""
        first = bisect_left(self.places, self.dom.place(element))
        return self.lines[first : bisect_right(self.places, self.dom.end(element))]

    def box(self, line: HtmlElement) -> HtmlElement | None:
        """Return the largest element around a line that is the box of one product, or None."""
        found: HtmlElement | None = None
        around: HtmlElement | None = line
        while around is not None and around is not self.root and around.tag not in _BORDERS:
            if self.dom.words(around) > _MOST_WORDS or self._holds_several(around):
                break
            if around.tag in _TAGS and self._is_box(around):
                found = around
            around = around.getparent()
        return found

    def _is_box(self, element: HtmlElement) -> bool:
        """Say whether an element has a name beside what it sells with."""
        lines = self.of(element)
        named = sum(line.words for line in lines if not line.sells)
        offered = any(line.paid for line in lines) or (
            any(line.priced for line in lines) and any(line.linked for line in lines)
        )
        return offered and named >= _FEWEST_NAMED

    def _holds_several(self, element: HtmlElement) -> bool:
        """Say whether two parts of an element are boxes already, or a heading stands below something else in it."""
        parts = [each for each in element if self.dom.place(each) >= 0]
        boxes = sum(each.tag in _TAGS and self._is_box(each) for each in parts)
        heads = [each for each in self.dom.inside(element)[1:] if each.tag in HEADINGS]
        return boxes > 1 or len(heads) > 1

    def built_alike(self, boxes: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
        """Yield the elements that are built like two boxes, with nothing in them that these have not."""
        boxes = list(boxes)
        builds = Counter(build for build in map(_build, boxes) if build[1])
        known = {build for build, count in builds.items() if count >= _ROW}
        parts = {_build(each) for box in boxes for each in self.dom.inside(box)}
        first, last = self.dom.place(self.root), self.dom.end(self.root)
        for element in self.dom.elements[first : last + 1] if known else ():
            few = _FEWEST_NAMED <= self.dom.words(element) <= _MOST_WORDS
            if few and _build(element) in known and all(_build(each) in parts for each in self.dom.inside(element)):
                yield element


def _build(element: HtmlElement) -> tuple[str, str]:
    """Return the tag and the classes of an element."""
    return str(element.tag), " ".join((element.get("class") or "").split())


def _line(run: Run, dom: Dom) -> _Line:
    text = run.text
    linked = " ".join(piece.text for piece in run.pieces if piece.marks.link)
    said = " ".join(piece.text for piece in run.pieces if not piece.marks.link)
    beside = PRICE.sub("", said)
    short = len(text.split()) <= _BUTTON_WORDS + _BESIDE and len(linked.split()) <= _BUTTON_WORDS
    alone = bool(linked.strip()) and short and len(beside.split()) <= _BESIDE and not text.endswith(".")
    pays = any(piece.marks.paid or _leads_to_shop(piece.marks.link) for piece in run.pieces)
    tag = said if PRICE.search(said) else text  # where all of a box is one link, its price is, too
    priced = PRICE.search(tag) is not None and len(PRICE.sub("", tag).split()) <= _PRICE_WORDS
    return _Line(
        dom.place(run.element), len(text.split()), priced, bool(linked.strip()), alone and (pays or _shop(run))
    )


def _leads_to_shop(link: str) -> bool:
    return bool(link) and not _SHARE.match(link) and leads_to_shop(link)


def _shop(run: Run) -> bool:
    """Say whether a class calls a line's link one to a shop."""
    links = [each for each in (run.element, *run.element.iterdescendants("a")) if each.tag == "a"]
    return any(_SHOP & {word for words in class_words(each) for word in words} for each in links)
