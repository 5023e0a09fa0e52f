"""Bytes of a web page -> text -> tree of elements: as browsers decode it, with limits that no page can break."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring, html_parser

from backmail.errors import ArticleError, Fault, Place

__all__ = ["decoded", "parsed", "refused"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEAD = 4096  # bytes in which a page names its encoding (the HTML standard asks for 1024; real pages come later)
_CHARSET = re.compile(rb"""<meta\b[^>]{0,400}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*>")
# Labels that the WHATWG's Encoding Standard reads as something else than their name says.
_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252",
    "latin-1": "cp1252", "l1": "cp1252", "windows-1252": "cp1252", "x-cp1252": "cp1252", "ansi": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-7": "utf-8",
    # A page that could be read so far as to find this label is in neither.
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",
}  # fmt: skip
_ATTRIBUTES = 400  # of one element: libxml2 goes through all of them again to add one


def decoded(data: bytes) -> str:
    """Return a page's bytes as text: by its byte-order mark, as UTF-8, by what it declares, or as Windows-1252.

    What is UTF-8 is read as such whatever the page declares: no other text is valid UTF-8 by chance. Nothing is
    refused: a byte that has no meaning becomes U+FFFD, and so does NUL.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _cleaned(data[len(mark) :].decode(encoding, errors="replace"))
    try:
        return _cleaned(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _cleaned(data.decode(_declared(data) or "cp1252", errors="replace"))


def _cleaned(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _declared(data: bytes) -> str:
    """Return the encoding that a page names in its head, "" when Python knows none of that name."""
    found = _XML.match(data.lstrip()[:_HEAD]) or _CHARSET.search(data[:_HEAD])
    label = found[1].decode("ascii", errors="replace").casefold() if found else ""
    try:
        codec = codecs.lookup(_LABELS.get(label, label)) if label else None
    except LookupError:
        return ""
    # A codec such as "rot13" turns text into text, "zip" bytes into bytes: these are no encodings of a page.
    return codec.name if codec is not None and codec._is_text_encoding else ""


def parsed(text: str, name: str) -> HtmlElement:
    """Return the tree of a page: nothing is loaded for it, no script runs, comments are left out.

    Raises:
        ArticleError: when it holds no element, or they are nested so deep that the parser gives up.
    """
    data = _DECLARATION.sub("", text).replace("\0", "\ufffd").encode("utf-8", errors="replace")
    counted = _parser(_MostAttributes())
    built = _parser(_Slim() if _fed(counted, data, name) > _ATTRIBUTES else None)
    tree: HtmlElement = _fed(built, data, name)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in built.error_log.filter_from_fatals()):
        raise refused(name, "the page's elements are nested too deep to be read")
    return tree


def _parser(target: _MostAttributes | _Slim | None) -> HTMLParser:
    return HTMLParser(  # the stubs do not know `target`
        remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, encoding="utf-8", target=target
    )  # type: ignore[call-arg]


def _fed(parser: HTMLParser, data: bytes, name: str) -> Any:
    """Return what a parser makes of a page.

    Raises:
        ArticleError: when it holds no element.
    """
    try:
        return document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise refused(name, "the page is empty", "save it again from the browser, or name another file") from None


class _MostAttributes:
    """Counts the attributes of the element that has most. The parser itself reads the tags: no page can mislead it."""

    def __init__(self) -> None:
        self._most = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._most = max(self._most, len(attributes))

    def close(self) -> int:
        """End the page."""
        return self._most


class _Slim:
    """Builds the tree of a page whose elements have too many attributes, with the first of them."""

    def __init__(self) -> None:
        builder = etree.TreeBuilder(element_factory=html_parser.makeelement)
        self._start = builder.start
        self.end, self.data, self.close = builder.end, builder.data, builder.close

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._start(tag, dict(islice(attributes.items(), _ATTRIBUTES)))


def refused(
    name: str, message: str, hint: str = "copy the article's text into a .txt file, and use that"
) -> ArticleError:
    """Return the error that says why a page cannot be used."""
    return ArticleError(Fault(message, Place(name), hint))
