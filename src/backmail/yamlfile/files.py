"""YAML from disk: whole files, and the front matter above a step's text."""

from __future__ import annotations

import re
from pathlib import Path

from backmail.errors import Fault, InputError, Place, did_you_mean
from backmail.yamlfile.document import Document, Text
from backmail.yamlfile.reading import MAX_CHARACTERS, parse

_FENCE = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_MAX_BYTES = 4 * MAX_CHARACTERS  # UTF-8 takes at most 4 bytes for a character


def load(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        InputError: when it cannot be read, is no UTF-8, or is no strict YAML (see `parse`).
    """
    return parse(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file without byte-order mark, its line ends as \\n.

    Raises:
        InputError: when it is missing, a folder, not ours to read, too long or not UTF-8; one sentence on what to do.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(_not_there(path, error)) from error
    if len(data) > _MAX_BYTES:
        raise InputError(Fault(f"longer than {_MAX_BYTES:,} bytes", Place(str(path))))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_not_utf8(path, data, error)) from error
    return unified(text)


def unified(text: str) -> str:
    """Return a text without byte-order mark, its line ends as \\n."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def front_matter(text: str, file: str) -> tuple[Document | None, str, int]:
    """Split the settings between two lines `---` at the top of a text from what follows.

    Returns:
        The settings (None when the text does not begin with `---`), the body as it stands, and its first line's number.

    Raises:
        InputError: when the second `---` is missing, or the settings are no strict YAML.
    """
    text = text.removeprefix("\ufeff")
    opening = _FENCE.match(text)
    if opening is None:
        return None, text, 1
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise InputError(Text(file, text).fault("a second line '---' is missing: the settings here never end", 0))
    document = parse(text[opening.end() : closing.start()], file, first_line=2)
    return document, text[closing.end() :], (Text(file, text).place(closing.start()).line or 1) + 1


def _not_there(path: Path, error: OSError) -> Fault:
    place = Place(str(path))
    if isinstance(error, FileNotFoundError):
        near = did_you_mean(path.name, _names_beside(path))
        return Fault("there is no such file", place, near)
    if isinstance(error, IsADirectoryError):
        return Fault("this is a folder, and a file is needed", place)
    return Fault(f"cannot be read: {error.strerror or error}", place)


def _names_beside(path: Path) -> list[str]:
    try:
        return sorted(each.name for each in path.parent.iterdir())
    except OSError:
        return []


def _not_utf8(path: Path, data: bytes, error: UnicodeDecodeError) -> Fault:
    hint = "save it as UTF-8 (in most editors: Save as, Encoding)"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("this file is written as UTF-16", Place(str(path)), hint)
    before = data[: error.start].decode("utf-8-sig", "replace")
    at = Text(str(path), before).place(len(before))
    line = data[: error.start + 200].decode("utf-8-sig", "replace")
    return Fault(f"byte 0x{data[error.start]:02x} is not UTF-8", at, hint, Text("", line).line(at.line or 1))
