"""The pictures of a mail that stand as files in its campaign's folder: `images/pelvic-tilts.jpg`."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backmail.desk.pixels import pixels
from backmail.model.campaign import Copied

__all__ = ["as_data", "pictures_of"]

_SOURCE = re.compile(r"""<img\b[^<>]*?\ssrc=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_KINDS = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


def pictures_of(html: str, folder: Path, copied: Mapping[str, Copied]) -> dict[str, Path]:
    """Return the files of a mail's pictures by the addresses that it has for them; those that are not there are not.

    A mail is anybody's text: what it names outside of the folder, or is no picture, is none of them.

    Args:
        html: the mail.
        folder: its campaign's.
        copied: the copies of pictures that the mail shows from the web, by their names in the folder.
    """
    copies = {each.address: name for name, each in copied.items()}
    found: dict[str, Path] = {}
    root = folder.resolve()
    for one, other in _SOURCE.findall(html):
        address = unescape(one or other).strip()
        path = _path(copies.get(address, address), root)
        if path is not None:
            found[address] = path
    return found


def _path(address: str, root: Path) -> Path | None:
    try:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return None
        path = (root / unquote(parts.path)).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        with path.open("rb") as file:
            return path if pixels(file.read(64)) else None
    except (OSError, ValueError):  # it is no name of a file, or nobody may read it
        return None


def as_data(path: Path) -> str:
    """Return a picture as an address that holds it, "" where it is none any more."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    kind = pixels(data)
    return f"data:{_KINDS[kind.ending]};base64,{b64encode(data).decode('ascii')}" if kind else ""
