"""Tags that do not fit together: what a parser mends by itself, each in its own way, so that mails fall apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TAG = re.compile(
    r"""<!--.*?(?:-->|$) | <![^>]*>
      | <(?P<raw>style|script|title|textarea)\b(?:[^>"']|"[^"]*"|'[^']*')*>.*?(?:</(?P=raw)\s*>|$)
      | <(?P<end>/?)(?P<tag>[A-Za-z][\w:-]*)(?:[^>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
# Elements whose end may be left out.
_OPTIONAL = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "html", "head", "body", "colgroup"}
)
# What ends a paragraph when it begins. Source: HTML standard, 4.4.1.
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "center", "div", "dl", "fieldset", "footer", "form", "header", "hr"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "main", "nav", "ol", "p", "pre", "section", "table", "ul"}
)
# What hides the paragraphs around it: inside, another may begin.
_SCOPES = frozenset({"td", "th", "table", "li"})


def misfits(html: str) -> Iterator[tuple[int, str, str]]:
    """Yield position, tag and sentence of each place that parsers mend; conditional comments are Outlook's own affair.

    A block ends the paragraph around it, a table empties the link around it, a stray or missing end moves whatever
    follows.
    """
    open_tags: list[str] = []
    for found in _TAG.finditer(html):
        tag = (found["tag"] or "").lower()
        if not tag or ":" in tag:
            continue
        if found["end"]:
            yield from ((found.start(), tag, message) for message in _closed(tag, open_tags))
        else:
            yield from ((found.start(), tag, message) for message in _opened(tag, open_tags))
            if tag not in _VOID and not found[0].endswith("/>"):
                open_tags.append(tag)
    for tag in open_tags:
        if tag not in _OPTIONAL:
            yield len(html), tag, f"<{tag}> is never closed"


def _opened(tag: str, open_tags: list[str]) -> Iterator[str]:
    """Yield what is wrong with a tag that begins inside `open_tags`; a paragraph that ends with it is closed."""
    if tag in _BLOCKS and _within("p", open_tags):
        if tag != "p":
            yield f"<{tag}> stands inside <p>, which ends there"
        while open_tags.pop() != "p":
            pass
    if tag in ("a", "table") and _within("a", open_tags):
        yield f"<{tag}> stands inside <a>, which loses its words"


def _closed(tag: str, open_tags: list[str]) -> Iterator[str]:
    """Yield what is wrong with an end tag; what it closes is taken off `open_tags`."""
    if tag in _VOID or tag not in open_tags:
        # A paragraph that a block ended was told where the block began.
        if tag not in _VOID and tag != "p":
            yield f"</{tag}> closes nothing"
        return
    while (last := open_tags.pop()) != tag:
        if last not in _OPTIONAL:
            yield f"<{last}> is not closed before </{tag}>"


def _within(tag: str, open_tags: list[str]) -> bool:
    """Whether the innermost of `tag` and of what hides it is `tag`."""
    for each in reversed(open_tags):
        if each == tag:
            return True
        if each in _SCOPES:
            return False
    return False
