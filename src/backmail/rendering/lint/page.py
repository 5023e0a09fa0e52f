"""One finished message, parsed once, as the rules look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement

from backmail.errors import Place
from backmail.model.campaign import Company, Finding, Severity, Step
from backmail.model.message import Message
from backmail.remarks import Remark
from backmail.remarks.remark import shown
from backmail.rendering.lint.looks import Look, hides, looks
from backmail.rendering.lint.places import locate

# Signs without ink: what pads a preheader, and blanks that do not break.
INKLESS = "\u00a0\u00ad\u034f\u2007\u200b\u200c\u200d\u2060\ufeff"
_FOLDED = dict.fromkeys(map(ord, INKLESS)) | {0xA0: " "}
_SILENT = frozenset({"head", "script", "style", "title", "template"})
# Elements that stand within a line; the others part the words around them.
_IN_LINE = frozenset(
    {"a", "abbr", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a mail may weigh, in bytes. Gmail cuts HTML at 102,400 and drops styles beyond 16 KB (email-bugs 41, 90)."""

    html_error: int = 102_400
    html_warning: int = 90 * 1024
    css_error: int = 16 * 1024
    css_warning: int = 8 * 1024


LIMITS = Limits()


@dataclass
class Page:
    """A message with its filled parts and its HTML as a tree.

    `step` and `folder` are where its words come from, `article` gives the text that they are made from.
    """

    message: Message
    company: Company
    step: Step | None = None
    folder: Path | None = None
    limits: Limits = LIMITS
    article: Callable[[], str] = str

    @cached_property
    def html(self) -> str:
        """The filled HTML."""
        return self.message.part("html")

    @cached_property
    def text(self) -> str:
        """The filled text part."""
        return self.message.part("text")

    @cached_property
    def subject(self) -> str:
        """The filled subject."""
        return self.message.part("subject")

    @cached_property
    def preheader(self) -> str:
        """The filled preheader."""
        return self.message.part("preheader")

    @property
    def language(self) -> str:
        """The language that the mail is written in."""
        return self.message.composed.language

    @cached_property
    def root(self) -> HtmlElement:
        """The tree's `html` element; of an empty mail, an empty one."""
        return lxml.html.document_fromstring(self.html if self.html.strip() else "<html><body></body></html>")

    @cached_property
    def body(self) -> HtmlElement:
        """The tree's `body` element; of a page without one, an empty one."""
        body = self.root.find("body")
        return lxml.html.Element("body") if body is None else body

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The text of each `<style>`."""
        return tuple(str(style.text or "") for style in self.root.iter("style"))

    @cached_property
    def light(self) -> dict[HtmlElement, Look]:
        """How each visible element looks in light mode."""
        return looks(self.root, self.sheets, "light")

    @cached_property
    def dark(self) -> dict[HtmlElement, Look]:
        """How each visible element looks in dark mode."""
        return looks(self.root, self.sheets, "dark")

    @cached_property
    def links(self) -> tuple[HtmlElement, ...]:
        """Each link that a reader can see."""
        return tuple(
            each for each in self.body.iter("a", "area") if each.get("href") is not None and not self.hidden(each)
        )

    @cached_property
    def readers(self) -> dict[str, str]:
        """The links that only this reader has, each with the name that templates know it by."""
        values = self.message.values.items()
        return {unescape(value): str(slot.field) for slot, value in values if slot.field.path[0] == "links"}

    def called(self, url: str) -> str:
        """Return what to call a link in a message: the same for all readers, so that a cause is told once."""
        return self.readers.get(url) or shown(url)

    @cached_property
    def visible(self) -> str:
        """All text that a reader can see, white space folded."""
        return fold("".join(self.texts(self.body)))

    def texts(self, element: HtmlElement) -> Iterator[str]:
        """Yield the visible pieces of text inside `element`."""
        if not isinstance(element.tag, str) or element.tag in _SILENT or hides(element):
            return
        apart = "" if element.tag in _IN_LINE else " "
        yield apart + str(element.text or "")
        for child in element:
            yield from self.texts(child)
            yield str(child.tail or "")
        yield apart

    def hidden(self, element: HtmlElement) -> bool:
        """Whether an element of the body, or something around it, is not shown."""
        return element not in self.light

    def finding(self, remark: Remark, needle: str = "", place: Place | None = None) -> Finding:
        """Return the finding that `remark` makes of this message; its place is that of `needle` in the step's file."""
        if place is None and needle and self.step is not None:
            place = locate(self.step, needle, self.folder)
        composed = self.message.composed
        return Finding(remark.id, remark.severity, remark.message, composed.campaign, composed.step, place, remark.hint)

    def error(self, rule: str, message: str, hint: str = "", needle: str = "") -> Finding:
        """Return a finding that stops sending."""
        return self.finding(Remark(rule, Severity.ERROR, message, hint), needle)

    def warning(self, rule: str, message: str, hint: str = "", needle: str = "") -> Finding:
        """Return a finding that wants a look."""
        return self.finding(Remark(rule, Severity.WARNING, message, hint), needle)

    def info(self, rule: str, message: str, hint: str = "", needle: str = "") -> Finding:
        """Return a finding that is good to know."""
        return self.finding(Remark(rule, Severity.INFO, message, hint), needle)


def fold(text: str) -> str:
    """Return `text` without inkless signs, white space folded."""
    return " ".join(text.translate(_FOLDED).split())


def language_at(element: HtmlElement, default: str) -> str:
    """Return the language that `element` stands in."""
    for each in (element, *element.iterancestors()):
        if lang := each.get("lang"):
            return str(lang)
    return default
