"""Reads an article's file as text, and says clearly why it cannot: missing, empty, too big, another format."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import TypeVar

from backmail.article import docx
from backmail.article.media import held, lifted
from backmail.errors import ArticleError, Fault, Place, did_you_mean
from backmail.model.article import Source

__all__ = ["FORMATS", "MAX_BYTES", "read", "read_text"]

# The longest article is a book chapter; what is bigger is a mistake, and is refused before it is read.
MAX_BYTES = 1_000_000

FORMATS = {
    ".txt": "txt", ".text": "txt", "": "txt",
    ".md": "md", ".markdown": "md", ".mdown": "md", ".mkd": "md",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".docx": "docx", ".docm": "docx", ".doc": "docx",  # a real .doc is refused in the words of that reader
}  # fmt: skip
_MOST = dict.fromkeys(("docx", "html", "md"), docx.MAX_BYTES)  # pictures may stand in them
_MOST_PAGE = 5_000_000  # a page carries scripts
_Held = TypeVar("_Held", str, bytes)
_READ_NOW = "articles are read as plain text (.txt), Markdown (.md), HTML (.html) and Word (.docx)"
_OTHERS = {
    ".pdf": "a PDF",
    ".odt": "an OpenDocument text", ".rtf": "a rich text file",
    ".pages": "a Pages document", ".epub": "an e-book", ".gdoc": "a link to a Google document", ".eml": "an e-mail",
    ".zip": "an archive", ".json": "a JSON file", ".csv": "a table", ".xlsx": "a table", ".png": "an image",
    ".jpg": "an image", ".jpeg": "an image", ".gif": "an image", ".webp": "an image",
}  # fmt: skip
_FIRST_BYTES = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word document or another archive"),
    (b"{\\rtf", "a rich text file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
)
_ADDRESS = re.compile(r"https?:/")  # a path has one slash where an address had two
_BLANK_SOURCES = "paste the article's text into it, or name another file"


def read(path: Path) -> Source:
    """Read the article in the file `path`: UTF-8, line ends of any kind, a byte-order mark or none.

    Raises:
        ArticleError: when there is no such file, or it holds no article that can be read; says what to do.
    """
    if _ADDRESS.match(str(path)):
        hint = (
            "only `backmail new` and `backmail outline` fetch a page: save this one from the browser, and name the file"
        )
        raise _refused(str(path), "this is an address on the web, and a file is read here", hint)
    if path.is_dir():
        raise _refused(str(path), "this is a folder, not an article", "name the file with the article's text")
    try:
        with path.open("rb") as file:
            data = file.read(_most(path.name) + 1)
    except FileNotFoundError:
        raise _refused(str(path), "there is no such file", _nearby(path)) from None
    except OSError as error:
        raise _refused(str(path), f"the file cannot be read: {error.strerror or error}", "") from None
    return read_text(data, str(path))


def read_text(data: bytes, name: str) -> Source:
    """Return the article that the bytes hold; `name` is its file name and its ending tells the format (.txt or .md).

    Raises:
        ArticleError: when the bytes are no text in UTF-8, are blank, more than 1 MB, or of another format.
    """
    ending = PurePath(name).suffix.casefold()
    if ending not in FORMATS:
        what = _OTHERS.get(ending, f"of an unknown kind ({ending})")
        raise _refused(name, f"this is {what}; {_READ_NOW}", "save or copy its text into a .txt or .md file")
    _small(data, name, _most(name))
    if FORMATS[ending] == "docx":
        return Source(name, "docx", docx.html_of(data, name))
    if FORMATS[ending] == "html":
        return _read_page(data, name)
    text = _decoded(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise _refused(name, "the article is empty", _BLANK_SOURCES)
    if text.lstrip()[:15].casefold().startswith(("<!doctype html", "<html")):
        raise _refused(
            name, "this is an HTML page", f"give its file that ending: {PurePath(name).with_suffix('.html')}"
        )
    if FORMATS[ending] == "md":
        text = _small(lifted(text), name, MAX_BYTES)
    return Source(name, FORMATS[ending], text)


def pictures_in(data: bytes, source: Source) -> dict[str, bytes]:
    """Return the pictures that stand in an article's own bytes, by the addresses that they have in its source.

    Raises:
        ArticleError: the bytes are no Word document, where the source is one.
    """
    if source.format == "docx":
        return docx.pictures_of(data, source.name)
    return held(data.decode("latin-1")) if source.format in ("html", "md") else {}  # they are written in ASCII


def _read_page(data: bytes, name: str) -> Source:
    """Return the web page that the bytes hold; it is read once here, so that one without an article is refused now."""
    from backmail.article.html import decoded, web_page

    for first, what in _FIRST_BYTES:
        if data.startswith(first):
            raise _refused(name, f"this is {what}, not an HTML page", "name the file with the article's text")
    source = Source(name, "html", _small(lifted(decoded(data)), name, _MOST_PAGE))
    if not source.text.strip():
        raise _refused(name, "the page is empty", "save it again from the browser, or name another file")
    web_page(source)
    return source


def _small(article: _Held, name: str, most: int) -> _Held:
    """Return an article that is not too big."""
    if len(article) > most:
        hint = "one series is made from one article: cut out the others"
        raise _refused(name, f"the article is bigger than {most // 1_000_000} MB", hint)
    return article


def _most(name: str) -> int:
    """Return how many bytes a file of that name may have."""
    return _MOST.get(FORMATS.get(PurePath(name).suffix.casefold(), ""), MAX_BYTES)


def _decoded(data: bytes, name: str) -> str:
    """Return the bytes as text without byte-order mark."""
    for first, what in _FIRST_BYTES:
        if data.startswith(first):
            raise _refused(name, f"this is {what}; {_READ_NOW}", "save or copy its text into a .txt or .md file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(name, "the file is UTF-16, not UTF-8", f"convert it: {_convert('UTF-16', name)}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start, name) from None
    if "\0" in text:
        place = _place(text, text.index("\0"), name)
        raise ArticleError(
            Fault("this is no text: it holds a NUL byte", place, "name the file with the article's text")
        )
    return text


def _not_utf8(data: bytes, start: int, name: str) -> ArticleError:
    """Say where the first byte stands that is no UTF-8, and how the file may be converted."""
    before = data[:start].decode("utf-8-sig")
    place = _place(before, len(before), name)
    control = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    if control > len(data[:4096]) // 50:
        return ArticleError(Fault("this is no text", place, "name the file with the article's text"))
    # Windows-1252 gives a meaning to all but five bytes, so what it reads is shown as its reading, not as the truth.
    shown = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[(place.line or 1) - 1]
    line = shown.decode("cp1252", errors="replace")
    hint = f"it looks like Windows-1252 (Latin-1); convert it: {_convert('WINDOWS-1252', name)}"
    return ArticleError(Fault(f"byte 0x{data[start]:02x} is not UTF-8", place, hint, line))


def _convert(encoding: str, name: str) -> str:
    """Return the command that writes a UTF-8 copy beside the file."""
    path = PurePath(name)
    return f"iconv -f {encoding} -t UTF-8 {_quoted(name)} > {_quoted(str(path.with_stem(path.stem + '-utf8')))}"


def _quoted(name: str) -> str:
    """Return a file name as a shell takes it."""
    plain = name and all(sign.isalnum() or sign in "-_./" for sign in name)
    return name if plain else "'" + name.replace("'", "'\\''") + "'"


def _place(text: str, index: int, name: str) -> Place:
    """Return line and column of a place in a decoded text; lines end at \\n, \\r\\n or \\r."""
    before = text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return Place(name, before.count("\n") + 1, _index_in_line(before) + 1)


def _index_in_line(before: str) -> int:
    """Return how many characters stand on the last line of `before`."""
    return len(before) - (before.rfind("\n") + 1)


def _nearby(path: Path) -> str:
    """Return the articles that stand where the missing file was looked for."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either"
    names = sorted(each.name for each in folder.iterdir() if each.suffix.casefold() in FORMATS)
    return did_you_mean(path.name, names) or (f"in this folder: {', '.join(names[:5])}" if names else "")


def _refused(name: str, message: str, hint: str) -> ArticleError:
    return ArticleError(Fault(message, Place(name), hint))
