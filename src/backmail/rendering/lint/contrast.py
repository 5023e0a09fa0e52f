"""Rules on colours: the words can be read in light and dark mode, and where a mail program swaps one colour of two."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.css import contrast
from backmail.rendering.lint.looks import Look, background, own
from backmail.rendering.lint.page import Page, fold

_INK = "choose a darker or lighter colour in the theme, or another accent in config.yaml"


def light(page: Page) -> Iterator[Finding]:
    """a11y-contrast-light: text needs 4.5:1, large text 3:1. Source: WCAG 1.4.3."""
    for message, hint in _weak(page.body, page.light):
        yield page.error("a11y-contrast-light", message, hint)


def dark(page: Page) -> Iterator[Finding]:
    """a11y-contrast-dark: the same where a reader's device asks for dark mails. Source: WCAG 1.4.3, email-bugs 68."""
    for message, hint in _weak(page.body, page.dark):
        yield page.warning("a11y-contrast-dark", f"in dark mode, {message}", hint)


def lone_background(page: Page) -> Iterator[Finding]:
    """css-lone-background: where only a background is set, dark mode in Thunderbird paints white text on it."""
    told = set()
    for element in page.body.iter():
        if not isinstance(element.tag, str) or page.hidden(element):
            continue
        said = own(element, {})
        behind = background(said)
        if behind is None or behind.alpha == 0 or "color" in said or str(behind) in told:
            continue
        words = fold("".join(page.texts(element)))
        if words:
            told.add(str(behind))
            message = f"an element has a background ({behind}) but no text colour: in dark mode its text can vanish"
            hint = f"in the theme, set `color` beside each background; this one is under “{shown(words, 40)}”"
            yield page.error("css-lone-background", message, hint)


def colour_only_links(page: Page) -> Iterator[Finding]:
    """a11y-link-color-only: an underline or a clear difference sets links in text apart. Source: WCAG 1.4.1."""
    for link in page.links:
        parent = link.getparent()
        if parent is None or link not in page.light or not _in_running_text(link, parent):
            continue
        one, other = page.light[link], page.light[parent]
        if not (one.underlined or one.boxed) and contrast(one.colour, other.colour) < 3:
            words = fold("".join(page.texts(link)))
            message = f"the link “{shown(words, 40)}” looks like the text around it to many eyes"
            yield page.warning("a11y-link-color-only", message, "underline links", needle=words)


def _in_running_text(link: HtmlElement, parent: HtmlElement) -> bool:
    around = [str(parent.text or ""), *(str(child.tail or "") for child in parent)]
    return any(any(sign.isalpha() for sign in piece) for piece in around)


def _weak(body: HtmlElement, seen: dict[HtmlElement, Look]) -> Iterator[tuple[str, str]]:
    """Yield message and hint for each pair of colours that is too weak for the text set in it."""
    weak: dict[tuple[str, str], tuple[str, Look]] = {}
    for words, look in _texts(body, seen):
        if look.size == 0 or look.contrast >= look.needed:
            continue
        pair = (str(look.colour), str(look.background))
        if pair not in weak or weak[pair][1].needed < look.needed:
            weak[pair] = (words, look)
    for (ink, ground), (words, look) in weak.items():
        colours = f"{ink} on {ground} has a contrast of {look.contrast:.1f}:1, not {look.needed}:1"
        yield f"text is hard to read: {colours}", f"such as “{shown(words, 40)}”: {_INK}"


def _texts(element: HtmlElement, seen: dict[HtmlElement, Look]) -> Iterator[tuple[str, Look]]:
    """Yield each piece of visible text with its look."""
    if element not in seen:
        return
    if words := fold(str(element.text or "")):
        yield words, seen[element]
    for child in element:
        yield from _texts(child, seen)
        if words := fold(str(child.tail or "")):
            yield words, seen[element]


RULES = (light, dark, lone_background, colour_only_links)
