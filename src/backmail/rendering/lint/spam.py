"""Rules on what spam filters count: words that only they take seriously, and words that nobody can see."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.remarks.words import spam
from backmail.rendering.lint.page import Page, fold
from backmail.rendering.lint.registry import Rule, W

_SEEN = 1.1  # the least contrast of letters that are there to be seen
_FEWEST = 4  # signs of a text that is worth hiding


def words(page: Page) -> Iterator[Finding]:
    """spam-words: in the subject, the preheader or the mail."""
    for where, text in (("the subject", page.subject), ("the preheader", page.preheader), ("the mail", page.visible)):
        for said in dict.fromkeys(found[0].casefold() for found in spam(page.language).finditer(text)):
            yield page.warning("spam-words", f"{where} says “{shown(said)}”, as spam does", needle=said)


def hidden(page: Page) -> Iterator[Finding]:
    """spam-hidden-text: letters of 0 px, in the colour of what is behind them, or not shown at all.

    The preheader is hidden as well, and each filter knows that; so are blanks.
    """
    for element in page.elements:
        look = page.light[element]
        text = page.own_words(element)
        if len(text) >= _FEWEST and (look.size < 1 or look.contrast < _SEEN):
            how = "letters of no size" if look.size < 1 else f"{look.colour} on {look.background}"
            yield page.warning("spam-hidden-text", f"words are there that nobody can see ({how}): “{shown(text, 40)}”")
    for element in _unseen(page.body, page):
        text = fold(str(element.text_content()))
        if len(text) >= _FEWEST and not (page.preheader.strip() and text.startswith(fold(page.preheader))):
            yield page.warning("spam-hidden-text", f"words are there that are not shown: “{shown(text, 40)}”")


def _unseen(element: HtmlElement, page: Page) -> Iterator[HtmlElement]:
    """Yield the outermost elements inside `element` that are not shown."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("script", "style", "template", "title"):
            continue
        if child in page.light:
            yield from _unseen(child, page)
        else:
            yield child


RULES = (
    Rule(
        "spam-words",
        W,
        "The mail uses words by which filters know spam.",
        "say it as you would to somebody whom you know",
        "SpamAssassin's rules on bodies",
        words,
    ),
    Rule(
        "spam-hidden-text",
        W,
        "Words stand in the mail that no reader can see, as spam has them to mislead filters.",
        "in the theme, show them or take them out",
        "SpamAssassin HTML_FONT_LOW_CONTRAST, HTML_FONT_TINY; Google's sender guidelines",
        hidden,
    ),
)
