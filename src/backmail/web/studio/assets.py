"""The style sheets and scripts of the studio: files that ship with backmail, each known by what is in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from backmail.shipped import shipped

__all__ = ["Asset", "found"]

_KINDS = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers: its bytes, its media type, and letters that are others when its bytes are."""

    data: bytes
    kind: str
    digest: str


def found(name: str) -> Asset | None:
    """Return the asset of a name such as "studio.css" or "vendor/htmx.min.js"; None where there is none."""
    path = PurePosixPath(name)
    if path.suffix not in _KINDS or path.is_absolute() or ".." in path.parts or "\0" in name:
        return None
    file = shipped("templates") / "studio" / path
    try:
        return _read(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=32)
def _read(file: Path, _changed: int) -> Asset:
    data = file.read_bytes()
    return Asset(data, _KINDS[file.suffix], hashlib.sha256(data).hexdigest()[:16])
