"""Addresses between exported files: relative, so that the folder may lie anywhere; each one written is asked for."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from backmail.web.studio.addresses import View

__all__ = ["INDEX", "Filed", "Shelf", "Wanted"]

INDEX = "index.html"
_SMALL = re.compile(r"[\w-]")
# What no file on Windows may be called, whatever its ending:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file holds: a page where `ending` is "", else a mail alone; or the asset of that name."""

    view: View = field(default_factory=View)
    ending: str = ""
    looked_at: bool = False
    asset: str = ""


class Shelf:
    """The files of an export: each address that a page names is a file that is to be written."""

    def __init__(self, campaigns: tuple[str, ...], first: str) -> None:
        """Begin with the page that is opened first.

        Args:
            campaigns: the slugs; where there is one alone, its sequence is the first page.
            first: the person of an address that names nobody.
        """
        self._only = campaigns[0] if len(campaigns) == 1 else ""
        self._first = first
        self._files: dict[str, Wanted] = {}
        self.page(View())

    def page(self, view: View) -> str:
        """Return the path of the file that a view stands in, from the export's folder on."""
        kept = self._kept(view)
        return self._put(self._path(kept), Wanted(kept))

    def raw(self, view: View, ending: str, *, looked_at: bool) -> str:
        """Return the path of a mail alone."""
        person = view.person or self._first
        kept = View("email", view.campaign, view.step, person)
        name = f"{_part(person)}.{ending}"
        if looked_at:
            kept = replace(kept, look=view.look, pictures=view.pictures)
            name = f"{_part(person)}/{view.look}-{view.pictures}.html"
        path = f"raw/{_part(view.campaign)}/{_part(view.step)}/{name}"
        return self._put(path, Wanted(kept, ending, looked_at))

    def asset(self, name: str) -> str:
        """Return the path of a style sheet."""
        return self._put(f"static/{name}", Wanted(asset=name))

    def files(self) -> Iterator[tuple[str, Wanted]]:
        """Yield every file once: those that are asked for while others are being written come after them."""
        done = 0
        while done < len(self._files):
            for path, wanted in list(self._files.items())[done:]:
                done += 1
                yield path, wanted

    def _put(self, path: str, wanted: Wanted) -> str:
        self._files.setdefault(path, wanted)
        return path

    def _kept(self, view: View) -> View:
        """Return what of a view makes a page of its own: looks and widths are chosen within one."""
        if view.screen == "campaigns":
            return View("sequence", self._only, person=self._first) if self._only else View()
        kept = View(view.screen, view.campaign, person=view.person or self._first)
        if view.screen == "email":
            return replace(kept, step=view.step, view=view.view)
        if view.screen == "checks" and (view.step or view.level):  # the same for everybody, and there are many
            return replace(kept, person=self._first, step=view.step, level=view.level)
        return kept

    def _path(self, view: View) -> str:
        if view.screen == "campaigns":
            return INDEX
        top = f"c/{_part(view.campaign)}"
        if view.screen == "email":
            return f"{top}/e/{_part(view.step)}/{_part(view.person)}/{view.view}.html"
        if view.person != self._first:
            top += f"/as/{_part(view.person)}"
        elif view.screen == "sequence" and self._only:
            return INDEX
        if view.level or view.step:
            return f"{top}/{view.screen}/{_part(view.step) + '/' if view.step else ''}{view.level or 'all'}.html"
        return f"{top}/{view.screen}.html"


class Filed:
    """Addresses as one file of the shelf writes them, relative to itself.

    Attributes:
        here: the path of the file that is being written, from the export's folder on.
    """

    def __init__(self, shelf: Shelf, here: str = INDEX) -> None:
        """Take the shelf and the file's path in it."""
        self._shelf = shelf
        self.here = here

    @property
    def live(self) -> bool:
        """Nobody answers at a file."""
        return False

    def page(self, view: View) -> str:
        """Return the address of a page; to a block of an outline leads a fragment that whoever writes the link adds."""
        return self._beside(self._shelf.page(view))

    def raw(self, view: View, ending: str, *, looked_at: bool = False) -> str:
        """Return the address of a mail alone."""
        return self._beside(self._shelf.raw(view, ending, looked_at=looked_at))

    def asset(self, name: str) -> str:
        """Return the address of a style sheet."""
        return self._beside(self._shelf.asset(name))

    def _beside(self, path: str) -> str:
        return quote(posixpath.relpath(path, posixpath.dirname(self.here) or "."))


def _part(name: str) -> str:
    """Return a name as one part of a path that every file system takes.

    Other names give other parts, also where files are found in any case (Windows, macOS) and however their letters are
    composed (macOS): small letters stay, all else is written as its bytes.
    """
    composed = unicodedata.normalize("NFKC", name) == name
    part = "".join(char if _kept(char) and (composed or char.isascii()) else _bytes(char) for char in name)
    return _bytes(part[0]) + part[1:] if _RESERVED.fullmatch(part) else part


def _kept(char: str) -> bool:
    return bool(_SMALL.fullmatch(char)) and unicodedata.normalize("NFKC", char).casefold() == char


def _bytes(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())
