"""Rules on values: nothing is left as a sign, and what stands around a value reads well when there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from backmail.model.campaign import Finding
from backmail.model.message import Context, Slot
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.places import locate
from backmail.rendering.lint.registry import E, Rule, W

# Jinja's signs; those of other senders' tools (SendGrid, Salesforce, Mailchimp); a token of composing (proxies.prefix).
_UNFILLED = re.compile(
    r"""\{\{.*?(?:\}\}|$) | \{%.*?(?:%\}|$) | \{\#.*?\#\}
      | \[%.*?%\] | <%.*?%> | %%\w+%% | \*\|[A-Z0-9_:]+\|\*
      | \bbm[0-9a-f]{10}x\d+z""",
    re.MULTILINE | re.VERBOSE,
)
# What tokens look like (proxies.prefix): harmless in an article, and a puzzle to readers.
_TOKEN = re.compile(r"\bbm[0-9a-f]{10}x\d+z")
# A sign that ends a word or a sentence, with a blank where the word is missing; brackets around nothing.
_GAP = re.compile(r"\S*\w[ \t\u00a0]+[,.](?=\s|$)|[(\u201c\u2018]\s*[)\u201d\u2019]")
_BEFORE, _AFTER = re.compile(r"(?:^|[\s>(\u201c])$"), re.compile(r"[,.;:!?)\u201d\s<]|$")
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


def empty(page: Page) -> Iterator[Finding]:
    """merge-empty-context: “Hi ,” and “in  today” are what readers get of whom a value is not known.

    A gap that the article or the step's own file has is theirs.
    """
    told = set()
    for part, text in (("the subject", page.subject), ("the preheader", page.preheader), ("the text part", page.text)):
        gaps = [found[0] for found in _GAP.finditer(text)]
        if part != "the text part":  # there, blanks lay out
            gaps += [found[0] for found in re.finditer(r"\S+[ \u00a0]{2,}\S+", text.strip())]
        for gap in gaps:
            if _bare(gap) in told or (page.step and gap in page.step.body) or _bare(gap) in _bare(page.article()):
                continue
            told.add(_bare(gap))
            yield page.warning("merge-empty-context", f"{part} reads “{shown(gap)}” where a value is missing")
    for before, slot, after in _empty_values(page):
        around = f"{before}{after}"
        if _bare(around) not in told and not any(each in _bare(around) for each in told):
            told.add(_bare(around))
            message = f"where {slot.field} is empty, a reader gets “{shown(around)}”"
            yield page.warning("merge-empty-context", message, needle=before.strip())


def _empty_values(page: Page) -> Iterator[tuple[str, Slot, str]]:
    """Yield each value that is empty between two words of the HTML, with what stands before and behind it."""
    pieces = page.message.composed.html
    for before, slot, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if not isinstance(slot, Slot) or slot.context is not Context.TEXT or page.message.values[slot].strip():
            continue
        head = re.split(r"[<>]", before)[-1][-30:] if isinstance(before, str) else ""
        tail = re.split(r"[<>]", after)[0][:30] if isinstance(after, str) else ""
        # Alone in its element, nothing is missed.
        if (head.strip() or tail.strip()) and _BEFORE.search(head) and _AFTER.match(tail):
            yield head, slot, tail


def forged(page: Page) -> Iterator[Finding]:
    """merge-forge: a sign of our own in the article. It takes no value, since each mail has other signs."""
    if "bm" in page.text and (found := _TOKEN.search(page.text)) and _bare(found[0]) in _bare(page.article()):
        message = f"the article itself says {found[0]}, as backmail marks the place of a value"
        yield page.warning("merge-forge", message, needle=found[0])


_WRITE = "write it as {{ subscriber.first_name }}, in a step or a theme"
_NO_MAIL = "composing refuses it, with file and line"

RULES = (
    Rule("merge-unknown", E, "A step or a theme asks for a value that there is not.", _WRITE, _NO_MAIL),
    Rule("merge-unfilled", E, "A sign such as {{ name }} or *|FNAME|* reaches readers.", _WRITE, "judgement", unfilled),
    Rule(
        "merge-no-fallback",
        E,
        "A value that not every reader has is used without another for the others.",
        "write {{ subscriber.attributes.city | default('...') }}, or test it with {% if %} before",
        _NO_MAIL,
    ),
    Rule(
        "merge-empty-context",
        W,
        "The words around a value read wrong for readers of whom it is not known: “Hi ,”.",
        "put the words around it into a condition, or give it a default",
        "each mail is made for people with the fewest and the longest values",
        empty,
    ),
    Rule(
        "merge-context",
        E,
        "A reader's value stands in a style, a script or the name of a tag, where none is safe.",
        "let it stand in text, or in a link",
        _NO_MAIL,
    ),
    Rule(
        "merge-forge",
        W,
        "The article says something that looks like backmail's own sign for a value.",
        "take it out of the article, if readers should not see it",
        "a warning: no value can come to stand there",
        forged,
    ),
)
