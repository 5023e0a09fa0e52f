"""What kind of picture some bytes are, and how big: told by the bytes alone, for names and servers may say anything."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Pixels", "pixels"]

# Frames that hold the size (ITU-T T.81, table B.1); C4, C8 and CC are something else.
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture's kind, as the ending of a file's name, and its size; 0 where that cannot be told."""

    ending: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What a web server calls it: image/png ..."""
        return _MEDIA_TYPES[self.ending]

    @property
    def is_counter(self) -> bool:
        """Whether it is so small that it counts readers, or holds a place, and shows nothing."""
        return 0 < self.width <= 2 and 0 < self.height <= 2


def pixels(data: bytes) -> Pixels | None:
    """Return what kind of picture some bytes are: png, jpg, gif or webp; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Pixels("png", *_two(">II", data, 16))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Pixels("gif", *_two("<HH", data, 6))
    if data.startswith(b"\xff\xd8\xff"):
        return Pixels("jpg", *next(_jpeg(data), (0, 0)))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Pixels("webp", *_webp(data))
    return None


def _two(form: str, data: bytes, at: int) -> tuple[int, int]:
    try:
        one, other = struct.unpack_from(form, data, at)
    except struct.error:
        return 0, 0
    return int(one), int(other)


def _jpeg(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield width and height; each segment says how long it is."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:  # fill
            at += 1
        elif kind in _SIZES:
            height, width = _two(">HH", data, at + 5)
            yield width, height
            return
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))


def _webp(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and len(data) >= 30:
        width, height = _two("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
