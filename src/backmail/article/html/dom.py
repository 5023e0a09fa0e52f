"""The tree of a page with what is asked of its elements again and again: their words, links, class words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import iterwalk
from lxml.html import HtmlElement

__all__ = ["BLOCKS", "HEADINGS", "SKIPPED", "Dom", "begins_line", "class_words", "is_hidden"]

# Elements that begin a new line; the others run on inside one.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "label",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "video",
        "audio",
        "object",
        "canvas",
    ]
)
# What is for machines: it is never read, not even as chrome.
SKIPPED = frozenset(["script", "style", "noscript", "template", "svg", "iframe", "head", "title"])
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

# What a sentence stands in.
_OF_WORDS = frozenset({"p", "li", "dd", "td", "span", "em", "strong", "b", "i", "blockquote", "figcaption"})
_SAYS = re.compile(r"\w")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")
_NO_DISPLAY = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)


class Dom:
    """All elements of a page in their order, with the number of words in each and of those that are links."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        body = tree.find("body")
        self.body = tree if body is None else body
        behind: Counter[HtmlElement] = Counter()  # words behind elements that are skipped: their parent's
        self.elements = list(self._kept(behind))
        self._number = {each: number for number, each in enumerate(self.elements)}
        self._words = [len((each.text or "").split()) + behind[each] for each in self.elements]
        self._links = [0] * len(self.elements)
        self._last = list(range(len(self.elements)))
        self.depth = self._depth()
        for number in range(len(self.elements) - 1, 0, -1):
            self._count(number)

    def _kept(self, behind: Counter[HtmlElement]) -> Iterator[HtmlElement]:
        """Yield the elements that a reader may see."""
        walker = iterwalk(self.tree, events=("start",))
        for _, element in walker:
            if element.tag not in SKIPPED:
                yield element
                continue
            walker.skip_subtree()
            parent = element.getparent()
            if parent is not None and element.tail:
                behind[parent] += len(element.tail.split())

    def _depth(self) -> int:
        """Return how many elements stand in each other at the deepest place."""
        depths: dict[HtmlElement, int] = {}
        for element in self.elements:
            parent = element.getparent()
            depths[element] = depths.get(parent, 0) + 1 if parent is not None else 1
        return max(depths.values(), default=0)

    def _count(self, number: int) -> None:
        """Add what an element holds to its parent; the elements behind it have been counted."""
        element = self.elements[number]
        if element.tag == "a" and element.get("href"):
            self._links[number] = self._words[number]
        parent = element.getparent()
        above = self._number.get(parent) if parent is not None else None
        if above is None:
            return
        self._words[above] += self._words[number] + len((element.tail or "").split())
        self._links[above] += self._links[number]
        self._last[above] = max(self._last[above], self._last[number])

    def holds(self, outer: HtmlElement, inner: HtmlElement) -> bool:
        """Say whether `inner` is `outer` or stands in it."""
        first, number = self._number.get(outer), self._number.get(inner)
        return first is not None and number is not None and first <= number <= self._last[first]

    def place(self, element: HtmlElement) -> int:
        """Return the number of an element on the page, -1 for one that no reader sees."""
        return self._number.get(element, -1)

    def inside(self, element: HtmlElement, most: int = 400) -> list[HtmlElement]:
        """Return an element with the elements in it, in their order: the first `most` of them."""
        number = self._number.get(element)
        return [] if number is None else self.elements[number : min(self._last[number] + 1, number + most)]

    def end(self, element: HtmlElement) -> int:
        """Return the number of the last element in an element."""
        number = self._number.get(element)
        return -1 if number is None else self._last[number]

    def words(self, element: HtmlElement) -> int:
        """Return how many words stand in an element."""
        number = self._number.get(element)
        return 0 if number is None else self._words[number]

    def linked(self, element: HtmlElement) -> float:
        """Return the share of an element's words that are links; 0 for one without words."""
        number = self._number.get(element)
        if number is None or not self._words[number]:
            return 0.0
        return self._links[number] / self._words[number]


@lru_cache(maxsize=8192)
def _split(name: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_WORD.findall(_CAMEL.sub(" ", token).casefold())) for token in name.split()[:60])


def class_words(element: HtmlElement) -> Iterator[tuple[str, ...]]:
    """Yield the classes and the id of an element, each as its words: "relatedPosts" and "related-posts" are two."""
    for name in (element.get("class"), element.get("id")):
        if name:
            yield from _split(name[:2000])


def begins_line(element: HtmlElement) -> bool:
    """Say whether an element begins a new line.

    A button between words of a paragraph is one of them; a <span> with nothing but blocks around it is none.
    """
    if element.tag == "span":
        return _stands_alone(element)
    if element.tag != "button":
        return element.tag in BLOCKS
    parent, before = element.getparent(), element.getprevious()
    if parent is None or parent.tag not in _OF_WORDS or any(each.tag in BLOCKS for each in element.iterdescendants()):
        return True
    above = parent.text if before is None else _last_text(before) + (before.tail or "")
    return not (_SAYS.search(above or "") and _SAYS.search(element.tail or ""))


def _stands_alone(element: HtmlElement) -> bool:
    """Say whether an element of a line has a line of its own: blocks stand beside it, and no text does."""
    parent, before, behind = element.getparent(), element.getprevious(), element.getnext()
    if parent is None or (before is None and behind is None):
        return False
    said = (parent.text if before is None else before.tail, element.tail)
    beside = [each for each in (before, behind) if each is not None and isinstance(each.tag, str)]
    blocks = bool(beside) and all(each.tag in BLOCKS and each.tag != "button" for each in beside)
    return blocks and not any(_SAYS.search(text or "") for text in said)


def _last_text(element: HtmlElement) -> str:
    """Return the text of an element that runs on in a line; nothing of one that begins a line."""
    return "" if element.tag in BLOCKS or element.tag == "br" else str(element.text_content())


def is_hidden(element: HtmlElement) -> bool:
    """Say whether an element is not shown when the page opens."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_NO_DISPLAY.search(element.get("style") or ""))
    )
