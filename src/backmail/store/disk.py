"""Waits until files are on the disk, names and all, so that no power cut takes back what was said to be there."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["sync", "sync_folder"]


def sync(file: Path) -> None:
    """Wait until a file and its name are on the disk."""
    opened = os.open(file, os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system lets one open a folder: Windows does not."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
