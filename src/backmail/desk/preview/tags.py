"""Cuts anybody's HTML into tags and what stands between, as browsers do, and writes tags that read in one way only."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Comment", "End", "Piece", "Raw", "Start", "Text", "Type", "pieces", "written"]

# HTML Living Standard, 13.2.5: how a tag's name, an attribute's name and its value end. All quantifiers give nothing
# back, so that no text takes longer than its length; a quote that is never closed takes all that follows.
_BLANK = r"[\t\n\f\r ]"
_VALUE = r"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|(?![\"'])[^\t\n\f\r >]*+"
_ATTRIBUTE = rf"(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)(?:{_BLANK}*+={_BLANK}*+(?:{_VALUE}))?+"
_TAG = re.compile(rf"<(/?)([A-Za-z][^\t\n\f\r />]*+)((?:[\t\n\f\r /]++|{_ATTRIBUTE})*+)>")
_NAMED = re.compile(rf"(=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)(?:{_BLANK}*+={_BLANK}*+({_VALUE}))?+")
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))", re.DOTALL)
_TYPE = re.compile(r"<!doctype[^>]*>", re.IGNORECASE)
_BOGUS = re.compile(r"<(?:[!?]|/(?![A-Za-z]))[^>]*(?:>|\Z)")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_UNCLOSED = re.compile(r"</?[A-Za-z]")
_REFERENCE = re.compile(r"&(?:#[0-9]++;?|#[xX][0-9A-Fa-f]++;?|[A-Za-z][A-Za-z0-9]*+;)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:_-]*")
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9:._-]*")

# What stands in these is no HTML until they end.
_RAW = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in ("iframe", "script", "style", "textarea", "title", "xmp", "noembed", "noframes")
}


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between tags, as it was written, save that no `<` is left in it, whatever stands beside it later."""

    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Type:
    """A document type, as it was written."""

    text: str


@dataclass(frozen=True, slots=True)
class Start:
    """A tag that opens an element: its name in small letters, and all between that and the `>`."""

    name: str
    rest: str

    def attributes(self) -> dict[str, str]:
        """Return its attributes by their names in small letters, the first of each name; references are resolved."""
        found: dict[str, str] = {}
        for each in _NAMED.finditer(self.rest):
            value = each[2] or ""
            if value[:1] in ('"', "'"):
                value = value[1:-1]
            found.setdefault(each[1].lower(), _REFERENCE.sub(_resolved, value))
        return found


@dataclass(frozen=True, slots=True)
class Raw:
    """What an element such as style or script holds; no tag of another is in it."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class End:
    """A tag that closes an element."""

    name: str


Piece: TypeAlias = Text | Comment | Type | Start | Raw | End


def pieces(page: str) -> Iterator[Piece]:
    """Give the pieces of a page in their order.

    A tag that is never closed, and all behind it, is left out, as in browsers; so is what they show nothing of, such as
    `<?xml ?>`. It takes time in proportion to the page.
    """
    at = 0
    while found := _OPENING.search(page, at):
        if found.start() > at:
            yield _text(page[at : found.start()])
        tag = _TAG.match(page, found.start())
        if tag is None and _UNCLOSED.match(page, found.start()):
            return
        if tag is None:
            piece, at = _other(page, found.start())
            if piece is not None:
                yield piece
            continue
        at = tag.end()
        name = tag[2].lower()
        if not _NAME.fullmatch(name):
            continue
        yield End(name) if tag[1] else Start(name, tag[3])
        if name in _RAW and not tag[1]:
            end = _RAW[name].search(page, at)
            until = end.start() if end else len(page)
            yield Raw(name, page[at:until])
            at = until
    if at < len(page):
        yield _text(page[at:])


def written(name: str, attributes: Mapping[str, str]) -> str:
    """Return a tag that opens an element, so that it is read as nothing else; names that cannot stand so are left out.

    Args:
        name: of the element, as `pieces` gives it.
        attributes: by name, their references resolved.
    """
    given = "".join(
        f' {key}="{html.escape(value)}"' for key, value in attributes.items() if _ATTRIBUTE_NAME.fullmatch(key)
    )
    return f"<{name}{given}>"


def _text(text: str) -> Text:
    return Text(text.replace("<", "&lt;"))


def _other(page: str, at: int) -> tuple[Piece | None, int]:
    """Return what is no tag, where it is worth anything, and where it ends."""
    if found := _COMMENT.match(page, at):
        return Comment(found[0] if found[0].endswith(">") else f"{found[0]}-->"), found.end()
    if found := _TYPE.match(page, at):
        return Type(found[0]), found.end()
    found = _BOGUS.match(page, at)
    return None, found.end() if found else len(page)


def _resolved(reference: re.Match[str]) -> str:
    return html.unescape(reference[0])
