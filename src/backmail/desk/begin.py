"""`backmail init`: a project that editors know their way in."""

from __future__ import annotations

from pathlib import Path

from backmail.config import start_project
from backmail.desk import schemas

__all__ = ["begin"]


def begin(folder: Path) -> list[str]:
    """Write a new project into `folder`, with the schemas of its files; return the names of what was written.

    Raises:
        InputError: the folder is a project already, or is no folder.
        OSError: nothing of what was begun is left behind.
    """
    return start_project(folder, schemas.texts())
