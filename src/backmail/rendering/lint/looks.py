"""How each element of a message looks in light and in dark mode: its colours, size and underline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from cssselect import HTMLTranslator, SelectorError, parse
from lxml.etree import XPath
from lxml.html import HtmlElement

from backmail.rendering.lint.css import Colour, Declarations, Value, colour, contrast, inline, pixels, rules

Scheme = Literal["light", "dark", "outlook"]

_BLACK, _WHITE = Colour(0, 0, 0), Colour(1, 1, 1)
# What browsers paint behind a dark page that names no background, and how links and headings look when nobody says.
_DARK_CANVAS = Colour(0x12 / 255, 0x12 / 255, 0x12 / 255)
_LINK = {"light": Colour(0, 0, 0xEE / 255), "dark": Colour(0x9E / 255, 0x9E / 255, 1)}
_LINK["outlook"] = _LINK["light"]
# What Outlook.com hangs on the elements whose text colour or ground it changed.
_MARKS = ("data-ogsc", "data-ogsb")
_HEADINGS = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67}
_MOST_LOOKS = 20_000  # that are kept for the style blocks of one theme; a mail has about fifty
_BOLD = frozenset({"b", "strong", "th", *_HEADINGS})


@dataclass(frozen=True, slots=True)
class Look:
    """How an element's own text looks. `background` is None upon a picture, where nobody can tell; `size` is in px.

    `boxed` says that a border or a background of its own sets the element apart. `line` is the line height in px, 0
    where it is a factor, which is then `line_factor`; browsers take about 1.2 where nobody says.
    """

    colour: Colour
    background: Colour | None
    size: float = 16.0
    bold: bool = False
    underlined: bool = False
    boxed: bool = False
    line: float = 0.0
    line_factor: float = 1.2

    @property
    def needed(self) -> float:
        """The least contrast: 4.5, or 3 for large text, which is 24 px or 18.66 px in bold. Source: WCAG 1.4.3."""
        return 3 if self.size >= 24 or (self.bold and self.size >= 18.66) else 4.5

    @property
    def leading(self) -> float:
        """How far lines are apart, in heights of the letters."""
        return self.line / self.size if self.line and self.size else self.line_factor

    @property
    def contrast(self) -> float:
        """The contrast of the text with what is behind it; upon a picture it is taken for the best there is."""
        return 21 if self.background is None else contrast(self.colour, self.background)


def looks(root: HtmlElement, sheets: Sequence[str], scheme: Scheme) -> dict[HtmlElement, Look]:
    """Return how each visible element of the body looks; in dark mode also by rules of `prefers-color-scheme: dark`.

    Args:
        root: the `html` element.
        sheets: the text of each style block, in order.
        scheme: what the reader's device asks for; "outlook" is Outlook.com in dark mode, with its marks everywhere.
    """
    styles = _styles(tuple(sheets), scheme)
    with _marked(root) if scheme == "outlook" else nullcontext():
        ruled = _ruled(root, styles)
    found: dict[HtmlElement, Look] = {}
    whole = styles.look(root, styles.start, ruled.get(root, _NOTHING))
    for body in root.iterchildren("body"):
        _walk(body, whole, ruled, styles, found)
    return found


class _Styles:
    """The style blocks of a mail in one scheme, with what was worked out for the elements of all mails that have them.

    The mails of a series have the same few dozen styles on thousands of elements.
    """

    def __init__(self, sheets: Sequence[str], scheme: Scheme) -> None:
        self.rules = [rule for each in sheets for rule in rules(each) if scheme == "dark" or not rule.dark]
        self._scheme: Scheme = scheme
        is_dark = scheme == "dark" and any(rule.dark for rule in self.rules)
        self.start = Look(_WHITE, _DARK_CANVAS) if is_dark else Look(_BLACK, _WHITE)
        self._joined: dict[tuple[int, ...], Declarations] = {}
        self._hidden: dict[tuple[int, str | None], bool] = {}
        self._looks: dict[_Alike, tuple[Look, Look]] = {}

    def joined(self, orders: tuple[int, ...]) -> Declarations:
        """Return what several rules say together, by their numbers, the weightiest of them last."""
        found = self._joined.get(orders)
        if found is None:
            found = self._joined.setdefault(orders, _joined([self.rules[order].declarations for order in orders]))
        return found

    def hides(self, element: HtmlElement, ruled: Declarations) -> bool:
        """Whether the element itself, or a rule of a style block for it, says that it is not shown."""
        key = (id(ruled), element.get("style"))
        found = self._hidden.get(key)
        if found is None:
            if len(self._hidden) >= _MOST_LOOKS:
                self._hidden.clear()
            found = self._hidden[key] = _is_hidden(own(element, ruled))
        return found or element.get("hidden") is not None

    def look(self, element: HtmlElement, around: Look, ruled: Declarations) -> Look:
        """Return how `element` looks upon what is around it; `ruled` is nothing, or from `joined`."""
        tag = str(element.tag)
        is_link = tag == "a" and element.get("href") is not None
        key = (id(around), id(ruled), tag, element.get("style"), element.get("bgcolor"), is_link)
        found = self._looks.get(key)
        if found is None:
            if len(self._looks) >= _MOST_LOOKS:
                self._looks.clear()
            # With what it stands on: an id is one's own only as long as one lives.
            found = self._looks[key] = around, _worked_out(tag, is_link, around, own(element, ruled), self._scheme)
        return found[1]


# What elements alike have in common: what is around them and what rules say, tag, style, colour attribute, and whether
# they lead somewhere.
_Alike = tuple[int, int, str, str | None, str | None, bool]
_NOTHING: Declarations = MappingProxyType({})


@lru_cache(maxsize=12)
def _styles(sheets: tuple[str, ...], scheme: Scheme) -> _Styles:
    return _Styles(sheets, scheme)


@contextmanager
def _marked(root: HtmlElement) -> Iterator[None]:
    """Let rules for what Outlook.com changed apply to all that is inside `root`."""
    added = [name for name in _MARKS if root.get(name) is None]
    for name in added:
        root.set(name, "")
    try:
        yield
    finally:
        for name in added:
            del root.attrib[name]


def hides(element: HtmlElement, ruled: Declarations = MappingProxyType({})) -> bool:
    """Whether the element itself, or a rule of a style block for it, says that it is not shown."""
    return element.get("hidden") is not None or _is_hidden(own(element, ruled))


def _is_hidden(said: Declarations) -> bool:
    texts = {name: said[name].text for name in ("display", "visibility", "opacity") if name in said}
    return texts.get("display") == "none" or texts.get("visibility") == "hidden" or texts.get("opacity") in ("0", "0.0")


def own(element: HtmlElement, ruled: Mapping[str, Value]) -> Declarations:
    """Return what holds for it: its inline style, over it `!important` rules of style blocks, under it others."""
    said: dict[str, Value] = {}
    if bgcolor := element.get("bgcolor"):
        said["background-color"] = Value(str(bgcolor).lower())
    said |= {name: value for name, value in ruled.items() if not value.important}
    written = inline(str(element.get("style") or ""))
    for name, value in written.items():
        said.pop(name, None)  # the later of `background` and `background-color` counts, so the order must stay
        said[name] = value
    for name, value in ruled.items():
        if value.important and not (name in written and written[name].important):
            said.pop(name, None)
            said[name] = value
    return said


def background(said: Declarations) -> Colour | None:
    """Return the background colour among declarations, None when they name none; `transparent` has no alpha."""
    found = None
    for name, value in said.items():
        if name in ("background", "background-color"):
            found = colour(value.text) or (
                Colour(0, 0, 0, 0) if value.text in ("none", "inherit", "initial") else found
            )
    return found


def _walk(
    element: HtmlElement,
    around: Look,
    ruled: Mapping[HtmlElement, Declarations],
    styles: _Styles,
    found: dict[HtmlElement, Look],
) -> None:
    """Fill `found` for `element` and all inside it, which stands on `around`."""
    said = ruled.get(element, _NOTHING)
    if not isinstance(element.tag, str) or styles.hides(element, said):
        return
    found[element] = look = styles.look(element, around, said)
    for child in element:
        _walk(child, look, ruled, styles, found)


def _worked_out(tag: str, is_link: bool, around: Look, said: Declarations, scheme: Scheme) -> Look:
    behind = background(said)
    size = _size(said, around.size, around.size * _HEADINGS.get(tag, 1.0))
    line, line_factor = _line(said, around, size)
    return replace(
        around,
        colour=_ink(said, around, _LINK[scheme] if is_link else around.colour),
        background=_ground(said, around, behind),
        size=size,
        line=line,
        line_factor=line_factor,
        bold=_is_bold(said, around.bold or tag in _BOLD),
        underlined=_is_underlined(said, is_link or tag == "u" or around.underlined),
        boxed=_is_boxed(said, behind),
    )


def _ground(said: Declarations, around: Look, behind: Colour | None) -> Colour | None:
    """Return what text of the element stands on; upon a picture nobody can tell until a colour covers it."""
    if behind is not None and behind.alpha > 0:
        return behind.over(around.background or _WHITE)
    pictures = [said[name].text for name in ("background", "background-image") if name in said]
    return None if any("url(" in text or "gradient(" in text for text in pictures) else around.background


def _size(said: Declarations, around: float, default: float) -> float:
    for name in ("font-size", "font"):
        if name in said and (size := pixels(said[name].text, around)) is not None:
            return size
    return default


def _line(said: Declarations, around: Look, size: float) -> tuple[float, float]:
    """Return the line height in px, or 0 and the factor that it is: only a factor grows with letters inside."""
    text = said["line-height"].text if "line-height" in said else ""
    try:
        return 0.0, float(text)
    except ValueError:
        length = pixels(text, size)
    return (around.line, around.line_factor) if length is None else (length, around.line_factor)


def _ink(said: Declarations, around: Look, default: Colour) -> Colour:
    if "color" not in said:
        return default
    if said["color"].text in ("inherit", "currentcolor"):
        return around.colour
    ink = colour(said["color"].text)
    if ink is None:
        return default
    return ink.over(around.background or _WHITE)


def _is_bold(said: Declarations, default: bool) -> bool:
    for name in ("font-weight", "font"):
        if name in said:
            words = said[name].text.split()
            if any(word in ("bold", "bolder") or (word.isdigit() and int(word) >= 600) for word in words):
                return True
            if name == "font-weight" and any(word in ("normal", "lighter") or word.isdigit() for word in words):
                return False
    return default


def _is_underlined(said: Declarations, default: bool) -> bool:
    for name in ("text-decoration-line", "text-decoration"):
        if name in said:
            return "underline" in said[name].text
    return default


def _is_boxed(said: Declarations, behind: Colour | None) -> bool:
    borders = [
        value.text
        for name, value in said.items()
        if name.startswith("border") and not name.endswith(("radius", "collapse", "spacing"))
    ]
    drawn = any(not text.startswith(("0", "none")) for text in borders)
    return drawn or (behind is not None and behind.alpha > 0)


_Ruled = dict[HtmlElement, Mapping[str, Value]]


class _Index:
    """The elements of a page by tag and by class, for selectors that ask for no more."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.by_tag: dict[str, list[HtmlElement]] = {}
        self.by_class: dict[str, list[HtmlElement]] = {}
        for element in root.iter():
            if isinstance(element.tag, str):
                self.by_tag.setdefault(element.tag, []).append(element)
                for name in str(element.get("class") or "").split():
                    self.by_class.setdefault(name, []).append(element)

    def named(self, tag: str, css_class: str) -> list[HtmlElement]:
        """Return the elements of a tag, a class, or both; "" asks for nothing."""
        if not css_class:
            return self.by_tag.get(tag, [])
        found = self.by_class.get(css_class, [])
        return [each for each in found if each.tag == tag] if tag else found


def _ruled(root: HtmlElement, styles: _Styles) -> _Ruled:
    """Return what the rules of style blocks say of each element; the more specific rule wins, then the later one.

    Elements of which the same rules hold share what they are told.
    """
    index = _Index(root)
    matched: dict[HtmlElement, list[tuple[tuple[int, int, int], int]]] = {}
    for order, rule in enumerate(styles.rules):
        for specificity, find in _selectors(rule.selector):
            for element in find(index):
                matched.setdefault(element, []).append((specificity, order))
    return {
        element: styles.joined(tuple(order for _, order in sorted(weighed))) for element, weighed in matched.items()
    }


def _joined(declared: Sequence[Declarations]) -> dict[str, Value]:
    """Return what several rules say together, the weightiest of them last."""
    said: dict[str, Value] = {}
    for declarations in declared:
        for name, value in declarations.items():
            if value.important or not (name in said and said[name].important):
                said.pop(name, None)
                said[name] = value
    return said


# Nearly all selectors of a mail: a tag, a class, or both; or behind Outlook's marks, which are everywhere or nowhere.
_PLAIN = re.compile(r"(?:\[(?P<mark>data-ogs[cb])\]\s+)?(?P<tag>[a-z][a-z0-9]*)?(?:\.(?P<css_class>[\w-]+))?")
_Found = tuple[tuple[int, int, int], Callable[[_Index], Sequence[HtmlElement]]]


@lru_cache(maxsize=512)
def _selectors(text: str) -> tuple[_Found, ...]:
    """Return each selector's weight and what finds its elements; a state such as `:hover` names none."""
    if plain := _PLAIN.fullmatch(text):
        return (_plain(plain["mark"] or "", plain["tag"] or "", plain["css_class"] or ""),) if text else ()
    try:
        parsed = [each for each in parse(text) if each.pseudo_element is None]
        return tuple((each.specificity(), _by_path(HTMLTranslator().selector_to_xpath(each))) for each in parsed)
    except SelectorError:
        return ()


def _plain(mark: str, tag: str, css_class: str) -> _Found:
    def find(index: _Index) -> Sequence[HtmlElement]:
        if mark and index.root.get(mark) is None:
            return ()
        return [each for each in index.named(tag, css_class) if each is not index.root or not mark]

    return (0, bool(mark) + bool(css_class), bool(tag)), find


def _by_path(path: str) -> Callable[[_Index], Sequence[HtmlElement]]:
    find = XPath(path)
    return lambda index: find(index.root)
