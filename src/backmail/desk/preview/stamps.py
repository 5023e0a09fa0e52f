"""What tells that a file was written anew, without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from backmail.campaign.legible import legible

__all__ = ["Stamp", "below", "folders", "stamp"]

# Behind a link may lie anything, a whole disk too: so much of it is looked at, and no more.
_LINKED_DEPTH, _LINKED_FOLDERS = 3, 64
_DEPTH = 8  # folders within folders: nothing of ours lies so deep

# Three, since each alone may stay: a clock's tick lasts some milliseconds, and editors put another file in its place.
Stamp: TypeAlias = tuple[int, int, int]

_Number: TypeAlias = tuple[int, int]  # of a disk, and of a folder on it
_Listed: TypeAlias = tuple[Path, Sequence[os.DirEntry[str]]]  # a folder, and what stands in it


def stamp(path: Path) -> Stamp | None:
    """Return when a file was written, its size and its number on the disk; None where there is none."""
    try:
        return _of(path.stat())
    except OSError:
        return None


def below(folder: Path, *, links: bool = False) -> Mapping[str, Stamp]:
    """Return the stamp of each file below a folder by its path in it; what editors keep there for themselves is none.

    A folder that is not there, or goes away meanwhile, has no files.

    Args:
        folder: what is looked through.
        links: whether folders that links lead to are too, as `folders` says.
    """
    found: dict[str, Stamp] = {}
    for inner, entries in _walked(folder, links=links):
        before = "" if inner == folder else f"{inner.relative_to(folder).as_posix()}/"
        for entry in entries:
            if not _is_folder(entry) and (each := stamp(inner / entry.name)):
                found[before + entry.name] = each
    return found


def folders(top: Path, *, links: bool = True) -> Iterator[Path]:
    """Yield a folder, if it is there, and the folders in it; hidden ones are nobody's drafts.

    Args:
        top: where it begins; it may be a link itself.
        links: whether links to folders are followed: never to a folder that they stand in, and not far.
    """
    return (folder for folder, _ in _walked(top, links=links))


def _walked(top: Path, *, links: bool) -> Iterator[_Listed]:
    number = _number(top)
    if number is not None:
        above = frozenset({number, *filter(None, map(_number, top.resolve().parents))})
        yield from _within(top, above, _DEPTH, iter(range(_LINKED_FOLDERS if links else 0)), linked=False)


def _within(
    folder: Path, above: frozenset[_Number], depth: int, left: Iterator[int], *, linked: bool
) -> Iterator[_Listed]:
    """Yield a folder and those in it. `left` gives a number for each folder behind a link that may still be had."""
    if linked and next(left, None) is None:
        return
    entries = _entries(folder)
    yield folder, entries
    for entry in entries if depth else ():
        if _is_folder(entry) and legible(entry.name):
            link = entry.is_symlink()
            number = _number(folder / entry.name)
            if number is not None and number not in above:
                further = min(depth - 1, _LINKED_DEPTH) if link else depth - 1
                yield from _within(folder / entry.name, above | {number}, further, left, linked=linked or link)


def _entries(folder: Path) -> Sequence[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return ()
    return [entry for entry in listed if not entry.name.startswith(".") and not entry.name.endswith("~")]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _number(folder: Path) -> _Number | None:
    """Return which folder it is, by whatever name; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _of(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_size, found.st_ino
