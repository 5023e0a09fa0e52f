"""New content in the place of a file: all of it or none, whenever the program may be stopped."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def put(path: Path, data: bytes) -> None:
    """Write a file, or put other content in its place in one go; its mode stays, and a link leads where it led.

    Raises:
        OSError: the disk is full, or the place is not ours to write to; the file is as it was then.
    """
    target = Path(os.path.realpath(path))
    partial = target.with_name(f".{target.name}.partial")
    try:
        with partial.open("wb") as file:
            with contextlib.suppress(FileNotFoundError):
                partial.chmod(stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)  # noqa: PTH105  # the name under which a test can let it fail
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    last(target.parent)


def last(folder: Path) -> None:
    """Make the names in a folder lasting, where the system can do that for folders."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
