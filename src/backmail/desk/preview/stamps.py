"""What tells that a file was written anew, without reading it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

__all__ = ["Stamp", "below", "stamp"]

# Three, since each alone may stay: a clock's tick lasts some milliseconds, and editors put another file in its place.
Stamp: TypeAlias = tuple[int, int, int]


def stamp(path: Path) -> Stamp | None:
    """Return when a file was written, its size and its number on the disk; None where there is none."""
    try:
        return _of(path.stat())
    except OSError:
        return None


def below(folder: Path) -> Mapping[str, Stamp]:
    """Return the stamp of each file below a folder by its path in it; what editors keep there for themselves is none.

    A folder that is not there, or goes away meanwhile, has no files.
    """
    return dict(_below(folder, ""))


def _below(folder: Path, before: str) -> Iterator[tuple[str, Stamp]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in listed:
        if entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name, f"{before}{entry.name}/")
        elif found := stamp(folder / entry.name):
            yield before + entry.name, found


def _of(found: os.stat_result) -> Stamp:
    return found.st_mtime_ns, found.st_size, found.st_ino
