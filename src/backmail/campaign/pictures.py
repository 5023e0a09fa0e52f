"""The pictures that stand in a campaign's folder, under images/, and which heading each is named after."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from functools import lru_cache
from pathlib import Path

from backmail.campaign.legible import legible
from backmail.model.campaign import PictureFile
from backmail.pixels import pixels

__all__ = ["FOLDER", "MOST_BYTES", "picture_files", "pictures_in"]

FOLDER = "images"
MOST_BYTES = 5_000_000  # the same limit as for the copies of an article's pictures
_DEPTH = 4  # folders within folders


def pictures_in(folder: Path, copied: Container[str]) -> dict[str, PictureFile]:
    """Return the pictures of a campaign's folder by their names in it: `images/pelvic-tilts.jpg`.

    What is no PNG, JPEG, GIF or WebP by its bytes, is too big, cannot be read, or lies elsewhere behind a link is none.

    Args:
        folder: the campaign's.
        copied: the names of those that are copies of the article's.
    """
    found: dict[str, PictureFile] = {}
    for path in picture_files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            stat = path.stat()
            inside = path.resolve().is_relative_to(folder.resolve())
            if inside and stat.st_size <= MOST_BYTES:
                picture = _picture(path.resolve(), stat.st_size, stat.st_mtime_ns, copied=name in copied)
                found |= {name: picture} if picture else {}
        except (OSError, RuntimeError):  # it went away, or a link leads to itself
            continue
    return found


def picture_files(folder: Path) -> Iterator[Path]:
    """Yield the files under a campaign's images/ by name, whatever they hold; hidden ones are nobody's pictures."""
    try:
        paths = sorted((folder / FOLDER).rglob("*"))
    except OSError:
        return
    for path in paths:
        parts = path.relative_to(folder).parts
        seen = not any(part.startswith(".") for part in parts)
        if seen and len(parts) <= _DEPTH and all(map(legible, parts)) and path.is_file():
            yield path


@lru_cache(maxsize=512)  # while a series is written, its pictures stay
def _picture(path: Path, _size: int, _written: int, *, copied: bool) -> PictureFile | None:
    """Return a picture of that size in bytes, written at that time; None for a file that is none."""
    data = path.read_bytes()
    kind = pixels(data)
    if kind is None:
        return None
    return PictureFile(hashlib.sha256(data).hexdigest(), kind.ending, kind.width, kind.height, len(data), copied)
