"""One finished message, parsed once, as the rules look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement

from backmail.errors import Place
from backmail.model.campaign import Campaign, Company, Finding, Severity, Step
from backmail.model.message import Message
from backmail.remarks import Remark
from backmail.remarks.remark import shown
from backmail.rendering.lint.looks import Look, looks
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


def nowhere(_: str) -> None:
    """Return no place: for mails whose theme is not known."""


@dataclass
class Page:
    """A message with its filled parts and its HTML as a tree.

    `step` and `folder` are where its words come from, `article` gives the text that they are made from; `campaign` is
    what the step belongs to, `theme` gives the place of a word in the theme's files.
    """

    message: Message
    company: Company
    step: Step | None = None
    folder: Path | None = None
    limits: Limits = LIMITS
    article: Callable[[], str] = str
    campaign: Campaign | None = None
    theme: Callable[[str], Place | None] = nowhere

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
    def elements(self) -> tuple[HtmlElement, ...]:
        """Each element of the body that is shown, in order."""
        return tuple(self.light)

    @cached_property
    def styles(self) -> dict[str, HtmlElement]:
        """Each inline style of the page with the first element that has it: a mail repeats a few dozen many times."""
        found: dict[str, HtmlElement] = {}
        for element in self.root.iter():
            if isinstance(element.tag, str) and (style := element.get("style")):
                found.setdefault(style, element)
        return found

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
    def outlook(self) -> dict[HtmlElement, Look]:
        """How each visible element looks in Outlook.com's dark mode; empty where the theme has no rules for that."""
        return looks(self.root, self.sheets, "outlook") if any("data-ogs" in sheet for sheet in self.sheets) else {}

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
        return self.words(self.body)

    def words(self, element: HtmlElement) -> str:
        """Return the visible words inside `element`, white space folded; they are worked out once."""
        if element not in self._words:
            self._words[element] = fold("".join(self.texts(element)))
        return self._words[element]

    def own_words(self, element: HtmlElement) -> str:
        """Return the words of an element that no element inside it has but those within its lines."""
        pieces = [str(element.text or "")]
        for child in element:
            if child.tag in _IN_LINE and child in self.light:
                pieces.append(str(child.text_content()))
            pieces.append(str(child.tail or ""))
        return fold("".join(pieces))

    @cached_property
    def _words(self) -> dict[HtmlElement, str]:
        return {}

    def texts(self, element: HtmlElement) -> list[str]:
        """Return the visible pieces of text inside `element`."""
        found: list[str] = []
        self._gather(element, found)
        return found

    def _gather(self, element: HtmlElement, found: list[str]) -> None:
        if element not in self.light or element.tag in _SILENT:
            return
        apart = "" if element.tag in _IN_LINE else " "
        found.append(apart + (element.text or ""))
        for child in element:
            self._gather(child, found)
            if child.tail:
                found.append(child.tail)
        found.append(apart)

    @cached_property
    def pieces(self) -> tuple[tuple[HtmlElement, str], ...]:
        """Each piece of text in the body, white space folded, with the element that it stands in, shown or not."""
        found = []
        for element in self.body.iter():
            if isinstance(element.tag, str) and (words := fold(element.text or "")):
                found.append((element, words))
            parent = element.getparent()
            if element is not self.body and parent is not None and element.tail and (words := fold(element.tail)):
                found.append((parent, words))
        return tuple(found)

    @cached_property
    def parts(self) -> tuple[HtmlElement, ...]:
        """The elements right below `<body>` that show anything."""
        return tuple(each for each in self.body if isinstance(each.tag, str) and self.words(each))

    def hidden(self, element: HtmlElement) -> bool:
        """Whether an element of the body, or something around it, is not shown."""
        return element not in self.light

    def finding(self, remark: Remark, needle: str = "", place: Place | None = None) -> Finding:
        """Return the finding that `remark` makes of this message; its place is that of `needle` in the step's file.

        `place` is where else it comes from.
        """
        if needle and self.step is not None:
            place = locate(self.step, needle, self.folder) or place
        composed = self.message.composed
        return Finding(remark.id, remark.severity, remark.message, composed.campaign, composed.step, place, remark.hint)

    def _in_theme(self, word: str) -> Place | None:
        """Return the first place of a word in the theme; a declaration may be written with a blank or without."""
        return (self.theme(word) or self.theme(word.replace(": ", ":"))) if word else None

    def error(self, rule: str, message: str, hint: str = "", needle: str = "", word: str = "") -> Finding:
        """Return a finding that stops sending; `needle` stands in the step's file, `word` in the theme's."""
        return self.finding(Remark(rule, Severity.ERROR, message, hint), needle, self._in_theme(word))

    def warning(self, rule: str, message: str, hint: str = "", needle: str = "", word: str = "") -> Finding:
        """Return a finding that wants a look; `needle` and `word` as for errors."""
        return self.finding(Remark(rule, Severity.WARNING, message, hint), needle, self._in_theme(word))

    def info(self, rule: str, message: str, hint: str = "", needle: str = "", word: str = "") -> Finding:
        """Return a finding that is good to know; `needle` and `word` as for errors."""
        return self.finding(Remark(rule, Severity.INFO, message, hint), needle, self._in_theme(word))


def fold(text: str) -> str:
    """Return `text` without inkless signs, white space folded."""
    return " ".join(text.translate(_FOLDED).split())


def language_at(element: HtmlElement, default: str) -> str:
    """Return the language that `element` stands in."""
    for each in (element, *element.iterancestors()):
        if lang := each.get("lang"):
            return str(lang)
    return default
