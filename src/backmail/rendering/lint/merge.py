"""Rules on values: nothing that should have been filled in is left as a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.places import locate

# Jinja's signs; those of other senders' tools (SendGrid, Salesforce, Mailchimp); a token of composing (proxies.prefix).
_UNFILLED = re.compile(
    r"""\{\{.*?(?:\}\}|$) | \{%.*?(?:%\}|$) | \{\#.*?\#\}
      | \[%.*?%\] | <%.*?%> | %%\w+%% | \*\|[A-Z0-9_:]+\|\*
      | \bbm[0-9a-f]{10}x\d+z""",
    re.MULTILINE | re.VERBOSE,
)
# Signs of Markdown around words, which a finished mail does not show.
_MARKS = re.compile(r"[*_`\\]+")


def unfilled(page: Page) -> Iterator[Finding]:
    """merge-unfilled: `{{ name }}`, `*|FNAME|*` and the like reach no reader.

    Signs of jinja that the step's body protects are text, and so are all signs that the article itself has: it may be
    about templates.
    """
    told = set()
    article: str | None = None
    for where, text in _parts(page):
        for found in _UNFILLED.finditer(text):
            piece = " ".join(found[0].split())
            if piece in told or (piece.startswith("{") and page.step is not None and locate(page.step, piece)):
                continue
            article = _bare(page.article()) if article is None else article
            if _bare(piece) in article:
                continue
            told.add(piece)
            message = f"{where} shows {shown(piece)} instead of a value"
            yield page.error(
                "merge-unfilled", message, "write it as {{ subscriber.first_name }}, in a step or a theme", needle=piece
            )


def _bare(text: str) -> str:
    """Return a text as pieces of it are compared: without Markdown's signs and entities, in one line and case."""
    return " ".join(_MARKS.sub("", unescape(text)).split()).casefold()


def _parts(page: Page) -> Iterator[tuple[str, str]]:
    """Yield each part of the message with its name; of the HTML text, attributes, and comments, which Outlook reads."""
    yield "the subject", page.subject
    yield "the preheader", page.preheader
    for name, value in page.message.headers.items():
        yield f"the header {name}", value
    for element in page.root.iter():
        if element.tag != "style":
            yield "the mail", str(element.text or "")
        yield "the mail", str(element.tail or "")
        for value in element.attrib.values():
            yield "the mail", str(value)
    yield "the text part", page.text


RULES = (unfilled,)
