"""Unpacks what a server packed, piece by piece, so that a bomb is stopped at the limit and not behind it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

__all__ = ["PACKINGS", "unpacked"]

PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate")
_PIECE = 65_536
_GZIP, _ZLIB, _RAW = 31, 15, -15


def unpacked(pieces: Iterable[bytes], packing: str) -> Iterator[bytes]:
    """Yield what the pieces hold, in pieces that are never much bigger.

    Args:
        pieces: as they came.
        packing: one of PACKINGS.

    Raises:
        zlib.error: it is not packed like that, or ends too early.
    """
    if packing in ("", "identity"):
        yield from pieces
        return
    unpacker = None
    for piece in pieces:
        left = piece
        while left:
            if unpacker is None or unpacker.eof:  # gzip may be several files, one after the other
                unpacker = zlib.decompressobj(_window(left, packing))
            yield unpacker.decompress(left, _PIECE)
            left = unpacker.unconsumed_tail or unpacker.unused_data
    while unpacker is not None and not unpacker.eof:
        more = unpacker.decompress(b"", _PIECE)
        if not more:
            raise zlib.error("it ends before its end")
        yield more


def _window(first: bytes, packing: str) -> int:
    """Return what zlib is told: some servers send deflate without its two bytes in front."""
    if packing != "deflate":
        return _GZIP
    return _ZLIB if len(first) > 1 and first[0] & 0x0F == 8 and (first[0] << 8 | first[1]) % 31 == 0 else _RAW
