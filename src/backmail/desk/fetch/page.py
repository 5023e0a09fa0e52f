"""Turns what stands at an address into an article's source, or says why it is no article and what to do instead."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from backmail import article as articles
from backmail.desk.fetch.download import BY_HAND, Fetched, Web, refused
from backmail.errors import ArticleError, Place
from backmail.model.article import Source

__all__ = ["Page", "article_at", "is_address"]

_ADDRESS = re.compile(r"https?:/", re.IGNORECASE)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ACCEPT = f"text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, {_WORD};q=0.8"
_ENDINGS = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "text/x-markdown": ".md",
    _WORD: ".docx", "application/vnd.ms-word.document.macroenabled.12": ".docx",
}  # fmt: skip
_UNSAID = ("text/plain", "application/octet-stream", "binary/octet-stream", "application/zip")
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_PROLOG = re.compile(rb"<\?xml[^<>]*>\s*", re.IGNORECASE)
_FIRST_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_OTHERS = {
    b"%PDF": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"{\\rtf": "a rich text file", b"\xd0\xcf\x11\xe0": "an old Word document", b"\x1f\x8b": "an archive",
}  # fmt: skip
_NAMED = {
    "application/pdf": "a PDF", "application/json": "data (JSON)", "text/css": "a style sheet", "text/csv": "a table",
    "application/msword": "an old Word document", "application/rtf": "a rich text file", "text/xml": "data (XML)",
    "application/xml": "data (XML)", "application/rss+xml": "a feed", "application/atom+xml": "a feed",
}  # fmt: skip
_HEAD = re.compile(r"<head\b[^<>]*>", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^<>]*\bhref\s*=", re.IGNORECASE)
_PASSWORD = re.compile(r"""<input\b[^<>]*\btype\s*=\s*["']?password\b""", re.IGNORECASE)
# A tag ends where the next begins: so no page, however it is written, is gone through twice.
_TAGS = re.compile(r"(<[^<>]*>)")
_SILENT = re.compile(r"<(/?)(script|style|noscript|template)\b", re.IGNORECASE)
_FEW_WORDS = 150  # beside a form for a password: what a login page says, and less than an article


@dataclass(frozen=True, slots=True)
class Page:
    """An article that was fetched: its source, the address that it calls its own, and the bytes as they came."""

    source: Source
    canonical: str
    data: bytes


def is_address(name: str) -> bool:
    """Whether what a person typed is an address on the web rather than a file."""
    return _ADDRESS.match(name.strip()) is not None


def article_at(url: str, web: Web) -> Page:
    """Return the article that stands at an address: HTML, text, Markdown or a Word document.

    Raises:
        ArticleError: it cannot be fetched, must not be, or is no article; says what to do instead.
    """
    fetched = web.get(url.strip(), _ACCEPT)
    ending = _ending(fetched, url)
    data = fetched.data if ending == ".docx" else _in_utf8(fetched, ending)
    if ending == ".html":
        shown = data.decode("latin-1")  # whatever it is in: tags and addresses are ASCII
        _no_login(shown, url)
        data = _with_base(shown, fetched.address).encode("latin-1")
    try:
        source = articles.read_text(data, f"{_name(fetched.address)}{ending}")
    except ArticleError as error:
        faults = (replace(fault, place=Place(url), source="", hint=fault.hint or BY_HAND) for fault in error.faults)
        raise ArticleError(faults) from None
    canonical = _canonical(source.text, fetched.address) if ending == ".html" else fetched.address
    return Page(replace(source, name=fetched.address, address=fetched.address), canonical, fetched.data)


def _ending(fetched: Fetched, url: str) -> str:
    """Return the ending of a file with such content: what the bytes say counts more than what the server says."""
    first = fetched.data[:1024]
    for begins, what in _OTHERS.items():
        if first.startswith(begins):
            raise _no_article(url, what)
    if fetched.media_type in _ENDINGS or fetched.media_type in _UNSAID:
        ending = PurePosixPath(urlsplit(fetched.address).path).suffix.casefold()
        if first.startswith(b"PK\x03\x04"):
            if fetched.media_type == _WORD or ending in (".docx", ".docm"):
                return ".docx"
            raise _no_article(url, "an archive")
        if _is_html(first):
            return ".html"
        return _ENDINGS.get(fetched.media_type) or (".md" if ending in _MARKDOWN else ".txt")
    family = fetched.media_type.partition("/")[0]
    what = {"image": "a picture", "video": "a video", "audio": "a sound", "font": "a font"}.get(family, "")
    raise _no_article(url, _NAMED.get(fetched.media_type, what or f"of the type {fetched.media_type}"))


def _is_html(first: bytes) -> bool:
    """Say whether a page begins here, behind comments of any number.

    They are passed in a loop: a pattern reads "<!---->" written n times in 2^n ways, and the possessive one that does
    not is wrong before Python 3.11.5.
    """
    rest = first.removeprefix(codecs.BOM_UTF8).lstrip()
    if prolog := _PROLOG.match(rest):
        rest = rest[prolog.end() :]
    while rest.startswith(b"<!--"):
        rest = rest.partition(b"-->")[2].lstrip()
    return _FIRST_TAG.match(rest) is not None


def _no_article(url: str, what: str) -> ArticleError:
    hint = "name the page that leads there; or copy its text into a .txt file, and name that"
    return refused(url, f"this is {what}, not a page with an article", hint)


def _in_utf8(fetched: Fetched, ending: str) -> bytes:
    """Return a text in UTF-8 where its server says what it is in; a page that it does not say it of says it itself."""
    if fetched.data.startswith(codecs.BOM_UTF8):
        return fetched.data
    try:
        text = fetched.data.decode(fetched.charset or "utf-8")
    except (LookupError, ValueError):
        if ending == ".html":
            return fetched.data
        text = fetched.data.decode("cp1252", "replace")  # what browsers take for it (WHATWG, Encoding, 4.2)
    return codecs.BOM_UTF8 + text.encode() if fetched.charset else text.encode()


def _with_base(html: str, address: str) -> str:
    """Return a page that says where it stands, so that its links and pictures lead where they led there."""
    if _BASE.search(html):
        return html
    base = f'<base href="{escape(address)}">'
    head = _HEAD.search(html)
    if head:
        return f"{html[: head.end()]}{base}{html[head.end() :]}"
    start = re.search(r"(?:\xef\xbb\xbf)?\s*(?:<!doctype[^>]*>)?\s*(?:<html\b[^>]*>)?", html, re.IGNORECASE)
    at = start.end() if start else 0
    return f"{html[:at]}{base}{html[at:]}"


def _no_login(html: str, url: str) -> None:
    """Refuse a page that is nothing but a form for a password.

    Raises:
        ArticleError: it is.
    """
    if not _PASSWORD.search(html):
        return
    if _words(html) < _FEW_WORDS:
        raise refused(url, "the page asks for a password, and shows no article without it")


def _words(html: str) -> int:
    """Return how many words a page shows, more or less, in a time that grows with its length only."""
    count, silent = 0, ""
    for number, piece in enumerate(_TAGS.split(html)):
        if number % 2 == 0:
            count += 0 if silent else len(piece.split())
        elif found := _SILENT.match(piece):
            name = found[2].casefold()
            silent = ("" if name == silent else silent) if found[1] else (silent or name)
    return count


def _canonical(html: str, address: str) -> str:
    """Return the address that a page calls its own, where that is on the same host; else where it was."""
    for link in re.findall(r"<link\b[^<>]*>", html[:200_000], re.IGNORECASE):
        if re.search(r"""\brel\s*=\s*["']?canonical\b""", link, re.IGNORECASE):
            found = re.search(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", link, re.IGNORECASE)
            href = (found[1] or found[2] or found[3] or "").strip() if found else ""
            try:
                own: str = urljoin(address, href)
                same = _host(own) == _host(address) and urlsplit(own).scheme in ("http", "https")
            except ValueError:
                continue
            if href and same and "@" not in urlsplit(own).netloc and not re.search(r"\s", own):
                return own.partition("#")[0]
    return address


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _name(address: str) -> str:
    """Return the last part of an address as a file would be called."""
    parts = urlsplit(address)
    stem = PurePosixPath(unquote(parts.path)).stem
    return re.sub(r"[^\w.-]+", "-", stem) or parts.hostname or "page"
