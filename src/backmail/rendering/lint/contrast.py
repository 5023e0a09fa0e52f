"""Rules on colours: the words can be read in light and dark mode, and where a mail program swaps one colour of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.css import contrast, inverted, is_light
from backmail.rendering.lint.looks import Look, background, own
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Emc, Rule, W

_INK = "choose a darker or lighter colour in the theme, or another accent in config.yaml"


def light(page: Page) -> Iterator[Finding]:
    """a11y-contrast-light: text needs 4.5:1, large text 3:1. Source: WCAG 1.4.3."""
    for message, hint in _weak(page, page.light):
        yield page.error("a11y-contrast-light", message, hint)


def dark(page: Page) -> Iterator[Finding]:
    """a11y-contrast-dark: the same where a reader's device asks for dark mails. Source: WCAG 1.4.3, email-bugs 68.

    There are four kinds of dark mails: by the theme's own rules, by those for Outlook.com, and by turning all colours
    around, or the light grounds and dark letters alone, for programs that ask nobody.
    """
    kinds: tuple[tuple[str, dict[HtmlElement, Look], Callable[[Look], Look] | None], ...] = (
        ("in dark mode", page.dark, None),
        ("in Outlook.com's dark mode", page.outlook, None),
        ("where a mail program in dark mode turns all colours around", page.light, _fully),
        ("where a mail program in dark mode turns light grounds and dark letters around", page.light, _partly),
    )
    told = set()  # each pair of colours once, in the first kind that has it
    for where, seen, turned in kinds:
        for message, hint in _weak(page, seen, turned):
            if message not in told:
                told.add(message)
                yield page.warning("a11y-contrast-dark", f"{where}, {message}", hint)


def _fully(look: Look) -> Look:
    """Return how it looks when every colour is turned around, as Gmail on iOS does."""
    if look.background is None:
        return look
    return replace(look, colour=inverted(look.colour), background=inverted(look.background))


def _partly(look: Look) -> Look:
    """Return how it looks when only light grounds and dark letters are turned around, as Gmail on Android does.

    Letters on a ground that is dark already stay.
    """
    if look.background is None or not is_light(look.background):
        return look
    ink = look.colour if is_light(look.colour) else inverted(look.colour)
    return replace(look, colour=ink, background=inverted(look.background))


def lone_background(page: Page) -> Iterator[Finding]:
    """css-lone-background: where only a background is set, dark mode in Thunderbird paints white text on it."""
    told = set()
    for element in page.elements:
        said = own(element, {})
        behind = background(said)
        if behind is None or behind.alpha == 0 or "color" in said or str(behind) in told:
            continue
        words = page.words(element)
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
            words = page.words(link)
            message = f"the link “{shown(words, 40)}” looks like the text around it to many eyes"
            yield page.warning("a11y-link-color-only", message, "underline links", needle=words)


def _in_running_text(link: HtmlElement, parent: HtmlElement) -> bool:
    around = [str(parent.text or ""), *(str(child.tail or "") for child in parent)]
    return any(any(sign.isalpha() for sign in piece) for piece in around)


def _weak(
    page: Page, seen: dict[HtmlElement, Look], turned: Callable[[Look], Look] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield message and hint for each pair of colours that is too weak for the text set in it, once `turned`."""
    looks: dict[int, tuple[Look, str]] = {}  # elements that look alike share one look
    for element, words in page.pieces:
        if look := seen.get(element):
            looks.setdefault(id(look), (look, words))
    weak: dict[tuple[str, str], tuple[str, Look]] = {}
    for as_seen, words in looks.values():
        look = turned(as_seen) if turned else as_seen
        if look.size == 0 or look.contrast >= look.needed:
            continue
        pair = (str(look.colour), str(look.background))
        if pair not in weak or weak[pair][1].needed < look.needed:
            weak[pair] = (words, look)
    for (ink, ground), (words, look) in weak.items():
        colours = f"{ink} on {ground} has a contrast of {look.contrast:.1f}:1, not {look.needed}:1"
        yield f"text is hard to read: {colours}", f"such as “{shown(words, 40)}”: {_INK}"


RULES = (
    Rule(
        "a11y-contrast-light",
        E,
        "Text is too pale, or too dark, for what is behind it.",
        _INK,
        "WCAG 1.4.3: 4.5:1, or 3:1 from 24 px, or 18.66 px in bold",
        light,
        emc=(Emc.CONTRAST,),
    ),
    Rule(
        "a11y-contrast-dark",
        W,
        "Text is hard to read in dark mode: by the theme's own dark colours, by those for Outlook, or where a mail "
        "program turns all colours, or the light ones alone, around.",
        _INK,
        "WCAG 1.4.3; email-bugs 68; hteumeuleu.com 2019 on Outlook.com",
        dark,
    ),
    Rule(
        "css-lone-background",
        E,
        "A background has no text colour beside it, so that a mail program in dark mode changes one of the two.",
        "in the theme, set `color` beside each background",
        "seen in Thunderbird",
        lone_background,
    ),
    Rule(
        "a11y-link-color-only",
        W,
        "A link within text is told from it by its colour alone.",
        "underline links",
        "Email Markup Consortium 2025; WCAG 1.4.1",
        colour_only_links,
        at=".link",
        emc=(Emc.LINK_COLOUR,),
    ),
)
