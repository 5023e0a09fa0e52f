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
    ended: list[tuple[int, str]] = []  # paragraphs that a block ended: right, unless an end tag comes for one
    for found in _TAG.finditer(html):
        tag, at = (found["tag"] or "").lower(), found.start()
        if not tag or ":" in tag:
            continue
        if found["end"]:
            if tag == "p" and "p" not in open_tags and ended:
                begun, block = ended.pop()
                yield begun, block, f"<{block}> stands inside <p>, which ends there"
            else:
                yield from ((at, tag, message) for message in _closed(tag, open_tags))
        else:
            if tag in _BLOCKS and _within("p", open_tags):
                yield from ((at, tag, f"<{each}> is not closed before <{tag}>") for each in _left(open_tags))
                ended.append((at, tag))
            if tag in ("a", "table") and _within("a", open_tags):
                yield at, tag, f"<{tag}> stands inside <a>, which loses its words"
            if tag not in _VOID and not found[0].endswith("/>"):
                open_tags.append(tag)
    for tag in open_tags:
        if tag not in _OPTIONAL:
            yield len(html), tag, f"<{tag}> is never closed"


def _left(open_tags: list[str]) -> Iterator[str]:
    """Take the innermost paragraph off `open_tags`, and yield what is left open inside it."""
    while (last := open_tags.pop()) != "p":
        if last not in _OPTIONAL:
            yield last


def _closed(tag: str, open_tags: list[str]) -> Iterator[str]:
    """Yield what is wrong with an end tag; what it closes is taken off `open_tags`."""
    if tag not in open_tags:
        if tag not in _VOID:
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
