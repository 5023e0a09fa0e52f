"""Word documents -> HTML with the same structure: headings by style, lists, tables, notes, pictures by name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from backmail.article.media import address_of
from backmail.article.wordstyles import prepared
from backmail.errors import ArticleError, Fault, Place
from backmail.markup import fold

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["MAX_BYTES", "html_of", "missing_pictures", "pictures_of"]

MAX_BYTES = 30_000_000  # of the file: its pictures are most of it
_MAX_ENTRIES = 5_000
_MAX_PART = 20_000_000  # of a part that is text, unpacked
_MAX_TEXT = 40_000_000  # of all of them
_MAX_PICTURES = 100_000_000  # of all pictures, unpacked
_PIECE = 65_536
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_MAIN = "word/document.xml"
_CORE = "docProps/core.xml"
_TEXT_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/core\.xml|word/[\w.-]+\.xml|word/_rels/[\w.-]+\.rels"
)
_MEDIA = re.compile(r"(?:word/)?media/[^/]+", re.IGNORECASE)
_OLD = b"\xd0\xcf\x11\xe0"  # how .doc begins, and .docx with a password
_HINT = "open it in Word or LibreOffice, save it as .docx, and name that file"
# What programs put there by themselves is no title.
_NO_TITLE = re.compile(
    r"(?:microsoft word\s*-.*|document\s*\d*|dokument\s*\d*|documento\s*\d*|untitled.*|unbenannt.*|uden navn.*|"
    r"namnlös.*|sans (?:nom|titre).*|sin título.*|.*\.(?:docx?|odt|rtf|pdf))",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.\w{2,4}$")
# Beside what mammoth knows by itself.
_STYLES = """
p.Title => h1.title:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='caption'] => p.caption:fresh
"""
_MISSING = "backmail-pictures-missing"
_MISSED = re.compile(rf'<meta name="{_MISSING}" content="(\d+)">')
_CORE_TEXT = re.compile(r"<(?:\w+:)?(title|language|created|modified)\b[^<>]*>([^<]*)</")


@dataclass(slots=True)
class _Package:
    """The parts of a document that count, by name; nothing else of the file is ever unpacked."""

    name: str
    texts: dict[str, bytes] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)


def html_of(data: bytes, name: str) -> str:
    """Return a document as an HTML page: its title, language and dates in the head, its text in one <article>.

    What was deleted under tracked changes, comments, headers and footers are left out. A picture's address is its
    name in `pictures_of`.

    Raises:
        ArticleError: the file is no Word document, is protected or broken, or unpacks to more than an article.
    """
    package = _unpacked(data, name)
    properties = _properties(package)
    try:
        body, missing = _tidied(_converted(prepared(package.texts), package.media))
    except RecursionError:
        raise _refused(name, "its parts are nested too deep for a document", _HINT) from None
    except _BROKEN as error:
        raise _refused(name, f"the document is broken ({type(error).__name__})", _HINT) from None
    if not _shown(body):
        raise _refused(name, "the document holds no text", "write the article into it, or name another file")
    return _page(body, properties, missing)


def pictures_of(data: bytes, name: str) -> dict[str, bytes]:
    """Return the pictures of a document by the address that they have in `html_of`.

    Raises:
        ArticleError: as `html_of`.
    """
    return {address_of(media, path.rpartition(".")[2]): media for path, media in _unpacked(data, name).media.items()}


def missing_pictures(page: str) -> int:
    """Return how many pictures the document has that it does not hold, by its page: they stand elsewhere or nowhere."""
    found = _MISSED.search(page.partition("</head>")[0])
    return int(found[1]) if found else 0


# What a parser says of XML that is none, and mammoth of a document that lacks a part or names none that is there.
_BROKEN = (ExpatError, zipfile.BadZipFile, KeyError, IndexError, ValueError, AttributeError, TypeError, OSError)


def _unpacked(data: bytes, name: str) -> _Package:
    """Unpack what counts, counting the bytes that really come out: what the file says of itself is not believed."""
    if data.startswith(_OLD):
        message = "this is an old Word document (.doc), or one that is protected by a password"
        raise _refused(name, message, "open it in Word, save it as .docx without a password, and name that file")
    package = _Package(name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise _refused(name, f"the file has {len(entries)} parts: no document has so many", _HINT)
            # Each would be unpacked, and only one of them would be counted.
            if len({entry.filename.lstrip("/") for entry in entries}) < len(entries):
                raise _refused(name, "the file has a part twice, which no Word document has", _HINT)
            for entry in entries:
                _take(archive, entry, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        # RuntimeError: a part is encrypted, or packed in a way that no document is.
        raise _refused(name, "the file is damaged or no Word document", _HINT) from None
    if _MAIN not in package.texts and not _other_main(package):
        raise _refused(name, "this archive holds no Word document", "name the .docx itself")
    for part in package.texts.values():
        plain = part.replace(b"\0", b"")  # UTF-16 has one beside each letter
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:  # no program writes them, and bombs are made of them
            raise _refused(name, "the document declares entities, which no Word document does", _HINT)
    return package


def _other_main(package: _Package) -> bool:
    """Whether the document stands under another name than usual, as some programs have it."""
    return b"officeDocument" in package.texts.get("_rels/.rels", b"") and any(
        part.startswith("word/document") for part in package.texts
    )


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, package: _Package) -> None:
    path = entry.filename.lstrip("/")
    if _TEXT_PARTS.fullmatch(path):
        left = min(_MAX_PART, _MAX_TEXT - sum(map(len, package.texts.values())))
        package.texts[path] = _read(archive, entry, left, package.name)
    elif _MEDIA.fullmatch(path):
        left = _MAX_PICTURES - sum(map(len, package.media.values()))
        package.media[path] = _read(archive, entry, left, package.name)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, name: str) -> bytes:
    """Return a part, unpacked as far as the limit."""
    if entry.compress_type not in _PACKED:
        raise _refused(name, "the file is packed in a way that no Word document is", _HINT)
    data = bytearray()
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            data += piece
            if len(data) > limit:
                raise _refused(name, "the file unpacks to far more than a document holds", _HINT)
    return bytes(data)


def _converted(texts: Mapping[str, bytes], media: Mapping[str, bytes]) -> str:
    """Return the text as mammoth turns it into HTML."""
    import mammoth  # it takes long to import, and few articles need it

    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as archive:
        for path, data in (*texts.items(), *media.items()):
            archive.writestr(path, data)
    again.seek(0)
    converted = mammoth.convert_to_html(
        again,
        style_map=_STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(_image),
        ignore_empty_paragraphs=True,
    )
    return str(converted.value)


def _image(image: Any) -> dict[str, str]:
    """Return the attributes of a picture; the bytes stay in the document."""
    try:
        with image.open() as opened:
            data = opened.read()
    except (KeyError, OSError, ValueError):  # it stands elsewhere, or nowhere
        return {"src": ""}
    return {"src": address_of(data, str(image.content_type).rpartition("/")[2])}


def _tidied(html: str) -> tuple[str, int]:
    """Return the HTML without what is of use in a document only, and how many pictures the document does not hold.

    Of no use elsewhere are bookmarks, jumps within it, and arrows back from notes.
    """
    from lxml import html as parser

    if not html.strip():
        return "", 0
    root = parser.fragment_fromstring(html, create_parent="div")
    notes = [each for each in root.iter("li") if (each.get("id") or "").startswith(("footnote-", "endnote-"))]
    for anchor in list(root.iter("a")):
        address = anchor.get("href") or ""
        if address.startswith(("#footnote-ref", "#endnote-ref")):
            anchor.drop_tree()
        elif not address or address.startswith("#"):
            anchor.drop_tag()
    missing = [image for image in root.iter("img") if not image.get("src")]
    for image in missing:
        _without_source(image)
    if notes and (listed := notes[0].getparent()) is not None:
        listed.addprevious(parser.Element("hr"))
        listed.set("role", "doc-endnotes")
    _one_title(root)
    return "".join(_written(root)), len(missing)


def _without_source(image: HtmlElement) -> None:
    """Put what a picture shows in its place, for it stands elsewhere or nowhere; the name of a file says nothing."""
    alt = fold(image.get("alt") or "")
    if alt and not _FILE_NAME.search(alt):
        image.tail = f" {alt} {image.tail or ''}"
    image.drop_tree()


def _one_title(root: HtmlElement) -> None:
    """Leave at most one heading of the first level: where chapters have it, all headings go one level down."""
    headings = list(root.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    first = [each for each in headings if each.tag == "h1"]
    titles = [each for each in first if each.get("class") == "title"]
    if len(first) > 1:
        kept = titles[:1]
        for heading in headings:
            if heading not in kept:
                heading.tag = f"h{min(int(str(heading.tag)[1]) + 1, 6)}"
    for heading in titles:
        del heading.attrib["class"]


def _written(root: HtmlElement) -> Iterator[str]:
    from lxml import html as parser

    yield escape(root.text or "", quote=False)
    for child in root:
        yield parser.tostring(child, encoding="unicode") + "\n"


def _properties(package: _Package) -> dict[str, str]:
    """Return title, language and dates as the document's properties have them."""
    core = package.texts.get(_CORE, b"").decode("utf-8", "replace")
    found = {name: fold(text) for name, text in _CORE_TEXT.findall(core)}
    if _NO_TITLE.fullmatch(found.get("title", "")):
        del found["title"]
    return {name: text for name, text in found.items() if text}


def _shown(html: str) -> str:
    """Return the text of HTML, escaped as it is there."""
    return fold(re.sub(r"<[^>]*>", "", html))


def _page(body: str, properties: Mapping[str, str], missing: int) -> str:
    """Return the whole page. The title of the properties counts only where the text has none."""
    heading = re.search(r"<h1\b[^>]*>(.*?)</h1>", body, re.DOTALL)
    shown = _shown(heading[1]) if heading else properties.get("title", "")  # both are escaped
    head = [f"<title>{shown}</title>"] if shown else []
    for name, met in (("created", "article:published_time"), ("modified", "article:modified_time")):
        if name in properties:
            head.append(f'<meta property="{met}" content="{escape(properties[name])}">')
    if missing:
        head.append(f'<meta name="{_MISSING}" content="{missing}">')
    language = f' lang="{escape(properties["language"])}"' if "language" in properties else ""
    return (
        f'<!doctype html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n'
        + "".join(f"{line}\n" for line in head)
        + f"</head>\n<body>\n<article>\n{body}</article>\n</body>\n</html>\n"
    )


def _refused(name: str, message: str, hint: str) -> ArticleError:
    return ArticleError(Fault(message, Place(name), hint))
