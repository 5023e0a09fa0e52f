"""Rules on letters: large enough, lines apart, no gaps between words, nothing that a screen reader stumbles over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.css import inline
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import INFO, Rule, W

_SMALLEST = 14
_CLOSEST = 1.4
_HEADING = 24  # px: lines of large letters stand closer
_RUNNING = 60  # signs: less is a label or a heading, which takes one line
_EMOJI = "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55]"
_RUN = re.compile(rf"(?:{_EMOJI}[\ufe0f\u200d\U0001f3fb-\U0001f3ff ]*){{3,}}")
_FOCUSED = frozenset({"a", "area", "button", "input", "select", "textarea"})


def letters(page: Page) -> Iterator[Finding]:
    """a11y-font-size: words of less than 14 px; those of 0 px are hidden, which is spam-hidden-text's."""
    told = set()
    for element in page.elements:
        size = page.light[element].size
        if 0 < size < _SMALLEST and size not in told and (words := page.own_words(element)):
            told.add(size)
            message = f"letters of {size:.0f} px are too small to read: “{shown(words, 40)}”"
            yield page.warning("a11y-font-size", message, needle=words)


def lines(page: Page) -> Iterator[Finding]:
    """a11y-line-height: lines of running text that stand closer than 1.4 times the letters."""
    told = set()
    for element in page.elements:
        look = page.light[element]
        if look.leading < _CLOSEST and look.size < _HEADING and look.leading not in told:
            words = page.own_words(element)
            if len(words) >= _RUNNING:
                told.add(look.leading)
                message = f"lines stand close ({look.leading:.2g} times the letters): “{shown(words, 40)}”"
                yield page.warning("a11y-line-height", message, needle=words)


def justified(page: Page) -> Iterator[Finding]:
    """a11y-justify: gaps between words run down the lines like rivers, which many dyslexic readers fall into."""
    for style, element in page.styles.items():
        if inline(style).get("text-align", _LEFT).text == "justify" or element.get("align") == "justify":
            words = page.words(element)
            yield page.warning("a11y-justify", f"text is justified: “{shown(words, 40)}”", needle=words)
            return


_LEFT = inline("text-align:left")["text-align"]


def hidden_focus(page: Page) -> Iterator[Finding]:
    """a11y-aria-hidden-focus: what screen readers are told to pass over cannot be reached with the keyboard."""
    for element in page.elements:
        if element.get("aria-hidden") != "true":
            continue
        reached = next((each for each in element.iter(*_FOCUSED) if each.get("tabindex") != "-1"), None)
        if reached is not None:
            words = page.words(reached) or str(reached.get("href") or "")
            message = f"a screen reader reaches “{shown(words, 40)}” with the keyboard, and says nothing there"
            yield page.warning("a11y-aria-hidden-focus", message, needle=words)


def emoji(page: Page) -> Iterator[Finding]:
    """a11y-emoji-run: each emoji is read out by its whole name."""
    for where, text in (("the subject", page.subject), ("the preheader", page.preheader), ("the mail", page.visible)):
        if found := _RUN.search(text):
            message = f"{where} has a row of emoji, each of which a screen reader names: {found[0].strip()}"
            yield page.info("a11y-emoji-run", message, needle=found[0].strip())
            return


RULES = (
    Rule(
        "a11y-font-size",
        W,
        "Letters are smaller than 14 px.",
        "in the theme, make them 16 px or more",
        "judgement; WCAG has no number",
        letters,
        at="font-size",
    ),
    Rule(
        "a11y-line-height",
        W,
        "Lines of running text stand too close.",
        "in the theme, set line-height to 1.5 times the letters",
        "WCAG 1.4.12",
        lines,
        at="line-height",
    ),
    Rule(
        "a11y-justify",
        W,
        "Text is justified, with gaps between its words.",
        "in the theme, align it to where reading begins",
        "WCAG 1.4.8",
        justified,
        at="justify",
    ),
    Rule(
        "a11y-aria-hidden-focus",
        W,
        "A link is hidden from screen readers, which reach it all the same and say nothing.",
        "in the theme, take aria-hidden away from what can be clicked",
        "axe: aria-hidden-focus",
        hidden_focus,
        at="aria-hidden",
    ),
    Rule("a11y-emoji-run", INFO, "Three emoji or more stand in a row.", "one is enough", "judgement", emoji),
)
