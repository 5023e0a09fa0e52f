"""Quoted-printable in pieces (RFC 2045, 6.7): literals encoded once, values later, each on lines of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backmail.model.message import Slot

# A line is at most 76 characters with the = of a soft break (RFC 2045, 6.7, rule 5). Two are left, for a dot as =2E.
_WIDTH = 73
_SOFT = b"=\r\n"
# A line that begins with a dot is safe in SMTP without stuffing when the dot is written =2E.
_ESCAPED = re.compile(rb"[^\t\n -<>-~]|(?<![^\n])\.|[ \t](?=\n|\Z)")


def literals(pieces: Sequence[str | Slot]) -> tuple[bytes | Slot, ...]:
    r"""Return pieces with their literals encoded, each beginning at column 0 and ending with a break of either kind.

    Line ends are \n in the literals and CRLF in the bytes; the bytes end with CRLF exactly when the text ends with \n.
    """
    last = len(pieces) - 1
    return tuple(
        piece if isinstance(piece, Slot) else _broken(_encoded(piece), final=number == last)
        for number, piece in enumerate(pieces)
    )


def value(text: str) -> bytes:
    """Return one slot's value on lines of its own; it has no line end in it."""
    if text.isascii() and "=" not in text and text.isprintable():
        # Most values are short, and most others are links, of two lines: no loop for those.
        size = len(text)
        if 0 < size <= _WIDTH and text[0] != ".":
            return text.encode("ascii") + _SOFT
        if _WIDTH < size <= 2 * _WIDTH and text[0] != "." and text[_WIDTH] != ".":
            data = text.encode("ascii")
            return data[:_WIDTH] + _SOFT + data[_WIDTH:] + _SOFT
    return _broken(_encoded(text), final=False) if text else b""


def _encoded(text: str) -> bytes:
    """Return text with every byte that needs it written as =XX, lines not broken yet."""
    return _ESCAPED.sub(lambda found: b"=%02X" % ord(found[0]), text.encode("utf-8"))


def _broken(encoded: bytes, *, final: bool) -> bytes:
    """Return encoded text in lines short enough. Unless it is final, it ends with a break."""
    lines = encoded.split(b"\n")
    shown = b"\r\n".join(_SOFT.join(_chunks(line)) for line in lines)
    return shown if final or not lines[-1] else shown + _SOFT


def _chunks(line: bytes) -> list[bytes]:
    """Return one line cut into chunks that fit, never inside an =XX."""
    if len(line) <= _WIDTH:
        return [line]
    chunks: list[bytes] = []
    start = 0
    while len(line) - start > _WIDTH:
        end = start + _WIDTH
        # An =XX that the cut would part begins at most two characters before it.
        cut = line.rfind(b"=", end - 2, end)
        end = cut if cut >= 0 else end
        chunks.append(line[start:end])
        start = end
    chunks.append(line[start:])
    # A soft break may bring a dot to the start of a line.
    return [chunk if not chunk.startswith(b".") else b"=2E" + chunk[1:] for chunk in chunks]
