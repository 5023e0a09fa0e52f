"""Rules on VML, which classic Outlook draws with: what stands there is easily lost to those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule, W

_SHAPE = re.compile(r"<v:(rect|roundrect|image|oval|shape)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_PICTURED = re.compile(r"<v:(?:fill|imagedata)\b[^>]*\bsrc\s*=", re.IGNORECASE)
_BOX = re.compile(r"<v:textbox\b[^>]*>(.*?)</v:textbox>", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h([1-6])\b", re.IGNORECASE)


def shapes(page: Page) -> Iterator[Finding]:
    """a11y-vml-alt, a11y-vml-link, a11y-vml-heading: in each comment for Outlook, and in what stands between two."""
    if "<v:" not in page.html.lower():
        return
    for found in _SHAPE.finditer(page.html):
        tag = shown(found[0], 50)
        if re.search(r"\bhref\s*=", found[2], re.IGNORECASE):
            yield page.error("a11y-vml-link", f"a shape for Outlook is a link: {tag}")
        is_picture = found[1].lower() == "image" or _PICTURED.match(page.html[found.end() :].lstrip())
        if is_picture and not re.search(r"\balt\s*=", found[2], re.IGNORECASE):
            yield page.error("a11y-vml-alt", f"a picture for Outlook has no `alt`: {tag}")
    for box in _BOX.finditer(page.html):
        if heading := _HEADING.search(box[1]):
            yield page.warning("a11y-vml-heading", f"a heading (h{heading[1]}) stands in a shape for Outlook")


_PARCEL = "Parcel's accessibility checker"

RULES = (
    Rule(
        "a11y-vml-alt",
        E,
        "A picture that Outlook draws has no text for those who do not see it.",
        'in the theme, write alt="" on the shape, or say what it shows',
        _PARCEL,
        shapes,
        at="<v:",
    ),
    Rule(
        "a11y-vml-link",
        E,
        "A link that Outlook draws cannot be reached with the keyboard.",
        "in the theme, make the button of a link with padding",
        _PARCEL,
        shapes,
        at="<v:",
    ),
    Rule(
        "a11y-vml-heading",
        W,
        "A heading in a shape of Outlook is no heading to screen readers.",
        "in the theme, put it beside the shape",
        _PARCEL,
        shapes,
        at="<v:",
    ),
)
