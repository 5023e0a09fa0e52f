"""Our own walk over a page: its elements -> runs, each the text between two borders of block-level elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from backmail.article.html.dom import SKIPPED, begins_line, class_words
from backmail.article.html.inline import NO_MARKS, Marks, Piece, shown_text
from backmail.article.html.sources import source_of
from backmail.model.article import Picture

__all__ = ["Run", "bold_classes", "walked"]

_STRONG = frozenset({"strong", "b"})
_EM = frozenset({"em", "i", "cite", "dfn"})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00|normal|[1-5]00)", re.IGNORECASE)
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*(italic|oblique|normal)", re.IGNORECASE)
# The classes that Google Docs gives out when it writes HTML; what they mean stands in its <style>.
_BOLD_CLASS = re.compile(r"\.(c\d{1,3})\s*\{[^{}]*font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# What the common collections of styles call bold (Tailwind, Bootstrap, Bulma, Foundation).
_BOLD_NAMES = frozenset({"font-bold", "font-semibold", "font-extrabold", "font-black", "font-weight-bold", "fw-bold",
                         "fw-bolder", "fw-semibold", "has-text-weight-bold", "has-text-weight-semibold",
                         "text-bold"})  # fmt: skip
_VALUES = frozenset({"dd", "dt", "td", "th"})
_VALUE_DEPTH = 4  # blocks
# Elements that a style may set apart from each other; <sub> and <sup> never are.
_LOOSE = frozenset({"span", "a", "strong", "b", "em", "i", "small", "time", "abbr", "label", "data", "del", "ins",
                    "s", "strike", "button"})  # fmt: skip
# What a shop strikes out, a former price as a rule: the new one stands right behind it.
_STRUCK = frozenset({"del", "s", "strike"})
_UNSEEN = re.compile("[\\s\u200b-\u200f\u2060\ufeff\xad]*")
_ICONS = re.compile("[\ue000-\uf8ff]")  # private use: signs of a font of icons, and of nothing else
_SAFE = ("http", "https", "mailto", "tel")
_SMALLEST = 33  # pixels: what is smaller is an icon or a counter
_DEEPEST_PATH = 24


@dataclass(slots=True)
class Run:
    """What stands between two borders: its pieces, the block-level element that holds them, and that one's path.

    `breaks` is how many <br> stand right before it inside the same element: with one it is the next line of the same
    paragraph, with two a paragraph of its own.
    """

    element: HtmlElement
    path: str
    pieces: list[Piece] = field(default_factory=list)
    breaks: int = 0
    rule: bool = False
    icon: bool = False  # signs of a font of icons alone

    @property
    def text(self) -> str:
        """The text that a reader sees, white space folded."""
        return shown_text(self.pieces)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures in it."""
        return tuple(piece.picture for piece in self.pieces if piece.picture)

    @property
    def says(self) -> bool:
        """Whether there is anything to see in it."""
        return self.rule or any(piece.picture or not _UNSEEN.fullmatch(piece.text) for piece in self.pieces)


def bold_classes(tree: HtmlElement) -> frozenset[str]:
    """Return the classes of a Google document that mean bold."""
    styles = "".join((each.text or "")[:200_000] for each in tree.iter("style"))
    return frozenset(_BOLD_CLASS.findall(styles))


def walked(body: HtmlElement, base: str) -> Iterator[Run]:
    """Yield the runs of a page in their order; each word that a reader may see is in exactly one.

    Arguments:
        body: the element to walk.
        base: the address that links and pictures are relative to, "" when unknown.
    """
    walk = _Walk(base, bold_classes(body.getroottree().getroot()))
    walker = iterwalk(body, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element.tag in SKIPPED:
                walker.skip_subtree()
                continue
            yield from walk.enter(element)
        else:
            yield from walk.leave(element, skipped=element.tag in SKIPPED, last=element is body)


class _Walk:
    """Where the walk stands: the open elements, the marks of the text there, and the run in the making."""

    def __init__(self, base: str, bold: frozenset[str]) -> None:
        self.base = base
        self.bold = bold
        self.marks: list[Marks] = [NO_MARKS]
        self.blocks: list[HtmlElement] = []
        self.steps: list[str] = []
        self.counts: list[dict[str, int]] = [{}]
        self.pieces: list[Piece] = []
        self.icons = ""
        self.breaks = 0
        self.apart = False  # whether an element ends right here, and the next begins

    def enter(self, element: HtmlElement) -> Iterator[Run]:
        """Begin an element."""
        tag = str(element.tag)
        counted = self.counts[-1]
        counted[tag] = counted.get(tag, 0) + 1
        name = element.get("id")
        self.steps.append(f"#{name[:60]}" if name and not name.isspace() else f"{tag}[{counted[tag]}]")
        self.counts.append({})
        if begins_line(element):
            yield from self._flush()
            self.breaks = 0
            self.blocks.append(element)
        elif tag == "br":
            found = list(self._flush())
            yield from found
            self.breaks = 1 if found else self.breaks + 1
        self.marks.append(self._marked(element))
        if tag == "hr":
            yield Run(element, self._path(), rule=True)
        elif tag == "img":
            self._picture(element)
        self.apart = self.apart and tag in _LOOSE
        self._say(element.text)

    def leave(self, element: HtmlElement, *, skipped: bool, last: bool) -> Iterator[Run]:
        """End an element."""
        if not skipped:
            if self.blocks and self.blocks[-1] is element:
                yield from self._flush()
                self.breaks = 0
                self.blocks.pop()
            self.steps.pop()
            self.counts.pop()
            self.marks.pop()
        if not last:
            self.apart = element.tag in _STRUCK or (element.tag in _LOOSE and not element.tail)
            self._say(element.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self.icons += "".join(_ICONS.findall(text))
            self.pieces.append(Piece(_ICONS.sub("", text), self.marks[-1], apart=self.apart))
            self.apart = False

    def _flush(self) -> Iterator[Run]:
        """Yield the run in the making, if it says anything."""
        if self.pieces and self.blocks:
            run = Run(self.blocks[-1], self._path(), self.pieces, self.breaks)
            if run.says:
                yield run
                self.breaks = 0
            elif self.icons:
                yield Run(run.element, run.path, [Piece(self.icons)], icon=True)
        self.pieces = []
        self.icons = ""

    def _path(self) -> str:
        """Return the path of the innermost block-level element, from the nearest element with an id."""
        steps = self.steps[-_DEEPEST_PATH:]
        start = max((number for number, step in enumerate(steps) if step.startswith("#")), default=0)
        return "/".join(steps[start:])

    def _marked(self, element: HtmlElement) -> Marks:
        """Return the marks of the text in an element."""
        marks, tag = self.marks[-1], element.tag
        style = element.get("style") or ""
        if tag in _STRONG:
            marks = marks._replace(strong=True)
        elif tag in _EM:
            marks = marks._replace(em=True)
        elif tag in _CODE:
            marks = marks._replace(code=True)
        elif tag == "a" and (link := _resolved(self.base, element.get("href"))):
            paid = "sponsored" in (element.get("rel") or "").casefold().split()
            marks = marks._replace(link=link, paid=paid)
        if found := _BOLD_STYLE.search(style):
            marks = marks._replace(strong=found[1].casefold()[:4] == "bold" or found[1][0] in "6789")
        elif self._is_called_bold(element):
            marks = marks._replace(strong=True)
        if found := _ITALIC_STYLE.search(style):
            marks = marks._replace(em=found[1].casefold() != "normal")
        return marks

    def _is_called_bold(self, element: HtmlElement) -> bool:
        """Say whether a class makes the text of an element bold; a value of a list of terms is no heading for it."""
        names = (element.get("class") or "").split()
        value = any(each.tag in _VALUES for each in self.blocks[-_VALUE_DEPTH:])
        return (not value and not _BOLD_NAMES.isdisjoint(names)) or (
            element.tag == "span" and not self.bold.isdisjoint(names)
        )

    def _picture(self, element: HtmlElement) -> None:
        """Add a picture: an emoji is its sign, an icon or a counter is nothing."""
        alt = " ".join((element.get("alt") or "").split())
        if len(alt) <= 4 and any(words == ("emoji",) or "smiley" in words for words in class_words(element)):
            self._say(alt)
            return
        source = source_of(element)
        if not source or any(
            (element.get(side) or "").removesuffix("px").isdecimal()
            and int((element.get(side) or "").removesuffix("px")[:6]) < _SMALLEST
            for side in ("width", "height")
        ):
            return
        self.pieces.append(Piece("", self.marks[-1], Picture(_joined(self.base, source), alt)))


def _joined(base: str, address: str) -> str:
    """Return an address as seen from the page; one that makes no sense stays as it is."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _resolved(base: str, href: str | None) -> str:
    """Return where a link leads: an absolute address where the page's own is known; "" where that runs something."""
    written = (href or "").strip()
    address = written if written.startswith("#") else _joined(base, written)
    try:
        parts = urlsplit(address)
        if parts.hostname == "www.google.com" and parts.path == "/url":  # how Google Docs writes every link
            address = (parse_qs(parts.query).get("q") or [address])[0]
            parts = urlsplit(address)
        scheme = parts.scheme.casefold()
    except ValueError:
        return ""
    return address if address and (not scheme or scheme in _SAFE) else ""
