"""The pictures of a mail that stand as files in its campaign's folder: `images/pelvic-tilts.jpg`."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backmail.links import MEDIA
from backmail.model.campaign import PictureFile
from backmail.pixels import pixels

__all__ = ["as_data", "digest_in", "files_of", "shown_from"]

_SOURCE = re.compile(r"""(<img\b[^<>]*?\ssrc=)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MEDIA = re.compile(rf"https?://[^/?#]+(?:/[^?#]*)?/{MEDIA}/([0-9a-f]{{64}})/[^/?#]+")


def digest_in(address: str) -> str:
    """Return the sha256 in the address that readers see a campaign's picture under, "" in any other."""
    found = _MEDIA.fullmatch(address)
    return found[1] if found else ""


def files_of(html: str, folder: Path, pictures: Mapping[str, PictureFile]) -> dict[str, Path]:
    """Return the files of a mail's pictures by the addresses that it has for them; those that are not there are not.

    A mail is anybody's text: what it names outside of the folder, or is no picture, is none of them.

    Args:
        html: the mail.
        folder: its campaign's.
        pictures: those of the folder, by their names in it.
    """
    names = {each.digest: name for name, each in pictures.items()}
    found: dict[str, Path] = {}
    root = folder.resolve()
    for _, one, other in _SOURCE.findall(html):
        address = unescape(one or other).strip()
        path = _path(names.get(digest_in(address)) or _named(address), root)
        if path is not None:
            found[address] = path
    return found


def shown_from(html: str, addresses: Mapping[str, str]) -> str:
    """Return a mail with other addresses of its pictures, by those that it has."""

    def instead(found: re.Match[str]) -> str:
        before = unescape(found[2] or found[3] or "").strip()
        after = addresses.get(before)
        return found[0] if after is None else f'{found[1]}"{escape(after)}"'

    return _SOURCE.sub(instead, html)


def _named(address: str) -> str:
    """Return the name of the file that a relative address means, "" for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc or parts.path.startswith("/") else unquote(parts.path)


def _path(name: str, root: Path) -> Path | None:
    if not name:
        return None
    try:
        path = (root / name).resolve()
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
    return f"data:{kind.media_type};base64,{b64encode(data).decode('ascii')}" if kind else ""
