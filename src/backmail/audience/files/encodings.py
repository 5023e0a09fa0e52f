"""Bytes of a CSV file -> text: UTF-8, UTF-16 or Windows-1252, told apart by what stands in them."""

from __future__ import annotations

import codecs

from backmail.errors import Fault, InputError, Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
# What people save by mistake, by its first bytes.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_SAMPLE = 4096
_MOSTLY = 0.4  # of every second byte: names in Latin letters leave the other half of UTF-16 empty
_HOW = "save it once more as CSV UTF-8"


def decoded(data: bytes, file: str) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding that it was read in.

    Where a few bytes of a UTF-8 file are none, they stay in the text as lone surrogates, so that the rows around them
    can be used.

    Args:
        data: the file's bytes.
        file: its name, for errors.

    Raises:
        InputError: it is no text in one of these encodings.
    """
    if data.startswith(_WORKBOOKS):
        raise InputError(
            Fault("this is a workbook or an archive, not CSV", Place(file), 'in the spreadsheet, "Save as" CSV UTF-8')
        )
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return (_utf8(rest) if name == "UTF-8" else _strict(rest, codec, name, file)), name
    if codec := _unmarked_utf16(data[:_SAMPLE]):
        return _strict(data, codec, "UTF-16", file), "UTF-16"
    text = _utf8(data)
    odd = sum("\udc80" <= char <= "\udcff" for char in text)
    if not odd or odd <= sum(char > "\x7f" for char in text) - odd:
        return text, "UTF-8"
    return _strict(data, "cp1252", "Windows-1252", file), "Windows-1252"


def _utf8(data: bytes) -> str:
    return data.decode("utf-8", errors="surrogateescape")


def _unmarked_utf16(sample: bytes) -> str:
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > _MOSTLY * half and sample[::2].count(0) < sample[1::2].count(0) / 4:
        return "utf-16-le"
    if sample[::2].count(0) > _MOSTLY * half and sample[1::2].count(0) < sample[::2].count(0) / 4:
        return "utf-16-be"
    return ""


def _strict(data: bytes, codec: str, name: str, file: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        what = "neither UTF-8, UTF-16 nor Windows-1252" if codec == "cp1252" else f"not whole {name}"
        message = f"this file is {what}: byte {error.start + 1:,} is no text"
        raise InputError(Fault(message, Place(file), _HOW)) from error
