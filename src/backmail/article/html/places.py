"""Where each element of a page stands: in which list, table, quote or card, and under which head."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from backmail.article.html.dom import BLOCKS, HEADINGS, Dom, class_words
from backmail.article.html.regions import ACCORDION

__all__ = ["HEADING_WORDS", "Place", "Places"]

_DEEPEST_ITEM = 5
_CELL_WORDS = 45  # in a cell of a table; one with more is a column of a page's layout
_LAID_OUT = frozenset({"table", "form", "nav", "article", "section", "main", "aside", *HEADINGS})
_HEAD = frozenset({
    "question", "questions", "head", "header", "heading", "title", "trigger", "button", "toggle", "summary",
    "frage", "spørgsmål", "fråga", "pregunta", "titre",
})  # fmt: skip
_ANSWER = frozenset(["answer", "answers", "antwort", "antworten", "svar", "respuesta", "réponse", "reponse"])
_CARD = frozenset({"product", "products", "produkt", "produkte", "produit", "producto"})
_CARD_PARTS = frozenset({"card", "box", "item", "teaser", "tile", "block", "widget", "boks", "kort"})
_PROPS = {"recipeingredient": "ingredient", "ingredients": "ingredient", "recipeinstructions": "step"}
_CARD_WORDS = 150
HEADING_WORDS = 30
_CALLED = re.compile(
    r"(?:headline|heading|title|subtitle|subhead(?:ing)?|(?:zwischen)?(?:ueber|über)schrift|zwischentitel|rubrik"
    r"|mellanrubrik|intertitre|titre|titulo|overskrift|underrubrik)\Z"
)
_TILES = frozenset({"div", "section", "article", "figure"})
_LETTERS = re.compile(r"[^\W\d_]{3}")
_LEVELS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ITEM_WORDS = 150
_NOT_PLAIN = frozenset({*HEADINGS, "ul", "ol", "dl", "table", "pre", "blockquote", "figcaption", "summary"})


@dataclass(frozen=True, slots=True)
class Place:
    """What the elements around a run say of it: the nearest of each."""

    table: HtmlElement | None = None
    grid: HtmlElement | None = None  # a table that is made of boxes
    cell: HtmlElement | None = None
    item: HtmlElement | None = None
    depth: int = 0  # lists around the item, less one
    heading: HtmlElement | None = None
    quote: bool = False
    caption: bool = False
    preformatted: bool = False
    head: bool = False  # of something that unfolds
    called: bool = False  # a heading, by its class
    card: HtmlElement | None = None  # the box of one product
    hint: str = ""


class Places:
    """What is known of every element of a page by the elements around it, found in one pass from the top down."""

    def __init__(
        self, dom: Dom, boxes: Mapping[HtmlElement, HtmlElement], cards: frozenset[HtmlElement] = frozenset()
    ) -> None:
        self.dom = dom
        self.boxes = boxes
        self.cards = cards
        self.layout = self._layout()
        self.numbers: dict[HtmlElement, int] = {}
        self.begun: set[HtmlElement] = set()  # the items whose first unit has been made
        self._inside: dict[HtmlElement, frozenset[str]] = {}
        self._places: dict[HtmlElement, Place] = {}
        for element in dom.elements:
            parent = element.getparent()
            above = self._places.get(parent, Place()) if parent is not None else Place()
            self._places[element] = self._below(element, above)

    def of(self, element: HtmlElement) -> Place:
        """Return what the elements around a run say of it."""
        return self._places.get(element, Place())

    def is_headed(self, item: HtmlElement) -> bool:
        """Say whether a heading stands in an item: then it is a card, and its text are paragraphs."""
        return not HEADINGS.isdisjoint(self._tags(item))

    def is_plain(self, item: HtmlElement) -> bool:
        """Say whether an item is one text, of one paragraph or of a few."""
        return self.dom.words(item) <= _ITEM_WORDS and self._tags(item).isdisjoint(_NOT_PLAIN)

    def is_tile(self, heading: HtmlElement) -> bool:
        """Say whether a heading is all that its box says, and boxes beside it say no more: these are a list of names.

        What a page shows below such a heading is fetched by a script (prices of a shop), or is a picture.
        """
        box = heading.getparent()
        around = box.getparent() if box is not None else None
        if box is None or around is None or box.tag not in _TILES:
            return False
        boxes = [each for each in around if self.dom.words(each)]
        return len(boxes) > 1 and all(each.tag == box.tag and self._is_headed_box(each) for each in boxes)

    def _is_headed_box(self, box: HtmlElement) -> bool:
        heads = [each for each in box if each.tag in HEADINGS]
        return len(heads) == 1 and self.dom.words(box) == self.dom.words(heads[0]) > 0

    def _tags(self, item: HtmlElement) -> frozenset[str]:
        if item not in self._inside:
            self._inside[item] = frozenset(str(each.tag) for each in self.dom.inside(item)[1:])
        return self._inside[item]

    def _below(self, element: HtmlElement, above: Place) -> Place:
        """Return the place inside an element."""
        tag = element.tag
        place = above
        if tag == "table":
            place = replace(place, table=None if element in self.layout else element, cell=None, item=None)
        elif tag in ("td", "th") and place.table is not None:
            place = replace(place, cell=element)
        elif tag == "li":
            self._count(element)
            inner = place.item is not None and place.depth < _DEEPEST_ITEM
            place = replace(place, item=element, depth=place.depth + 1 if inner else place.depth)
        elif tag in HEADINGS or element.get("role") == "heading":
            place = replace(place, heading=element)
        elif tag in ("blockquote", "figcaption", "caption", "pre"):
            place = replace(
                place,
                quote=place.quote or tag == "blockquote",
                caption=place.caption or tag in ("figcaption", "caption"),
                preformatted=place.preformatted or tag == "pre",
            )
        if element in self.cards:
            place = replace(place, card=element, hint="product")
        if element in self.boxes and place.card is None and place.grid is not self.boxes[element]:
            place = replace(place, grid=self.boxes[element])
        hint = self._hint(element, place)
        head = place.head or self._is_head(element)
        called = (tag in BLOCKS or tag == "span") and self._is_called_heading(element)
        same = (hint, head, called) == (place.hint, place.head, place.called)
        return place if same else replace(place, hint=hint, head=head, called=called)

    def _is_called_heading(self, element: HtmlElement) -> bool:
        """Say whether a class calls an element a heading, as "infobox-headline" and "h3" do."""
        return any(
            _CALLED.match("".join(words[-1:])) or element.get("class") in _LEVELS for words in class_words(element)
        )

    def _layout(self) -> set[HtmlElement]:
        """Return the tables that only arrange a page."""
        found: set[HtmlElement] = set()
        around: dict[HtmlElement, HtmlElement] = {}  # element -> the table that it stands in
        headed: set[HtmlElement] = set()  # what stands in a row of headings
        for element in self.dom.elements:
            parent = element.getparent()
            table = around.get(parent) if parent is not None else None
            if parent is not None and parent.tag == "table":
                table = parent
            if table is None:
                continue
            around[element] = table
            if element.tag in ("th", "thead", "caption") or parent in headed:
                headed.add(element)
            roomy = element.tag in ("td", "th") and self.dom.words(element) > _CELL_WORDS
            laid_out = element.tag in _LAID_OUT and not (element.tag in HEADINGS and element in headed)
            if laid_out or roomy:
                found.add(table)
        return found | {each for each in around.values() if (each.get("role") or "") in ("presentation", "none")}

    def _count(self, item: HtmlElement) -> None:
        """Note the number of an item in its list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return
        given = item.get("value") or ""
        before = self.numbers.get(parent)
        start = parent.get("start") or ""
        first = int(start) if start.isdecimal() and len(start) < 9 else 1
        number = int(given) if given.isdecimal() and len(given) < 9 else first if before is None else before + 1
        self.numbers[parent] = self.numbers[item] = number

    def _hint(self, element: HtmlElement, place: Place) -> str:
        """Return what an element and those around it call their text."""
        props = (element.get("itemprop") or "").casefold().split()
        kind = (element.get("itemtype") or "").rpartition("/")[2].casefold()
        for prop in props:
            if prop in _PROPS:
                return _PROPS[prop]
        if kind in ("answer",) or "acceptedanswer" in props:
            return "answer"
        if kind in ("howtostep", "howtodirection"):
            return "step"
        if kind == "product" and self.dom.words(element) <= _CARD_WORDS:
            return "product"
        for words in class_words(element):
            if hint := self._class_hint(words, element):
                return hint
        return place.hint

    def _class_hint(self, words: tuple[str, ...], element: HtmlElement) -> str:
        known = set(words)
        if known & _ANSWER:
            return "answer"
        if "recipe" in known or "recipes" in known or "wprm" in known:
            if words[-1] in ("ingredient", "ingredients") and element.tag == "li":
                return "ingredient"
            if words[-1] in ("instruction", "instructions", "step", "direction") and element.tag == "li":
                return "step"
        if element.tag == "li" and words == ("product",) and self.dom.words(element) <= _CARD_WORDS:  # WooCommerce
            return "product"
        if known & _CARD and known & _CARD_PARTS and words[-1] in (_CARD | _CARD_PARTS):
            return "product" if self.dom.words(element) <= _CARD_WORDS else ""
        return ""

    def _is_head(self, element: HtmlElement) -> bool:
        """Say whether an element opens what stands below it: a summary, a button of an accordion, a question's head."""
        if element.tag == "summary" or element.get("aria-expanded") is not None:
            return self._may_be_heading(element)
        if element.tag == "dt":
            return False
        known = {word for words in class_words(element) for word in words}
        opens = any(one != other for one in known & _HEAD for other in known & ACCORDION)
        boxed = element.tag in ("ul", "ol", "section", "article")
        return opens and not boxed and self._may_be_heading(element)

    def _may_be_heading(self, element: HtmlElement) -> bool:
        """Say whether an element holds a line that can be a heading: a word or more, hardly any links."""
        words = self.dom.words(element)
        if not 0 < words <= HEADING_WORDS or self.dom.linked(element) >= 0.9:
            return False
        return words > 1 or bool(_LETTERS.search("".join(element.itertext())))
