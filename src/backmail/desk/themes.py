"""`backmail theme`: which themes there are, and a small folder to begin one of your own in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backmail.config import Project
from backmail.errors import Fault, Place, TemplateError
from backmail.rendering.theme import BASE, themes
from backmail.shipped import shipped

__all__ = ["Listed", "listed", "new", "shipped_themes"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A theme: whether it ships with backmail, and the project's own files of it, in order."""

    name: str
    ships: bool
    files: tuple[Path, ...]


def shipped_themes() -> list[str]:
    """Return the names of the themes that ship with backmail."""
    return themes()


def listed(project: Project) -> list[Listed]:
    """Return the themes that campaigns of a project can have."""
    ships = shipped_themes()
    return [
        Listed(name, name in ships, tuple(sorted(_home(project, name).rglob("*.jinja"))))
        for name in themes([project.templates])
    ]


def new(name: str, project: Project, base: str = BASE) -> list[Path]:
    """Write the first files of a theme, all or none; return them in order.

    What it lacks is weekly's. Begun from another one, it has copies of the few files that make that one differ. Of a
    theme that ships, these files change that one itself.

    Args:
        name: the folder under templates/email/.
        project: where it is written.
        base: the theme that it begins as, one that ships; it does not count where `name` ships itself.

    Raises:
        TemplateError: the project has files of that theme already.
        OSError: the disk is full, or the place is not ours to write to; nothing is left behind then.
    """
    home = _home(project, name)
    if os.path.lexists(home):
        hint = f"change its files, or give the new one another name, such as {name}-2"
        raise TemplateError(Fault(f"there is a theme {name!r} of yours already", Place(str(home)), hint))
    texts = _first_files(name, base)
    partial = home.with_name(f".{name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for file, text in texts.items():
            path = partial / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        partial.rename(home)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return [home / file for file in texts]


def _first_files(name: str, base: str) -> Mapping[str, str]:
    """Return what a new theme begins with, by the names of its files."""
    replaces = name in shipped_themes()
    if replaces or base == BASE:
        texts = _texts(shipped("templates") / "theme")
        above = "shipped" if replaces else BASE
        return {file: text.replace(f'extends "{BASE}/', f'extends "{above}/') for file, text in texts.items()}
    return _texts(shipped("templates") / "email" / base)


def _texts(folder: Path) -> dict[str, str]:
    files = sorted(folder.rglob("*.jinja"))
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files}


def _home(project: Project, name: str) -> Path:
    return project.templates / "email" / name
