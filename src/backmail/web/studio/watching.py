"""Sees that a file was saved, has the drafts read anew, and tells open pages."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from backmail.desk.preview import stamps
from backmail.desk.preview.drafts import Drafts
from backmail.errors import UnknownName
from backmail.web.studio.checking import QUIET, Checking
from backmail.web.studio.events import Events
from backmail.web.studio.faults import told

__all__ = ["Watching"]

_LOG = logging.getLogger("backmail.web.studio")
# Milliseconds. An editor writes a file in several strokes, which are waited for; but not for long.
_STEP, _MOST = 15, 60
_EVERY = 2_000  # a look without a sign: folders of other machines give none
_WITHOUT = 0.3  # seconds between two looks where the system has no signs left to give

Folder = tuple[str, int]  # its path, and which one it is: another of the same name has to be watched anew


class Watching:
    """While its context lasts, a thread waits for the file system's signs, and another checks what was changed."""

    def __init__(self, drafts: Drafts, events: Events, *, quiet: float = QUIET) -> None:
        """Take what is watched.

        Args:
            drafts: read anew when a file of the project is another.
            events: told which drafts are others, and which have new findings.
            quiet: seconds in which nobody looks at anything and no file is changed, before a check begins.
        """
        self._drafts = drafts
        self._events = events
        self._checking = Checking(drafts, events, quiet=quiet)
        self._ended = threading.Event()
        self._versions: dict[str, int] = {}
        self._tell()
        self._thread = threading.Thread(target=self._run, name="studio-files", daemon=True)

    def looking(self, campaign: str) -> AbstractContextManager[None]:
        """Take it that somebody looks at a draft: its check is the next, but waits while the context lasts."""
        return self._checking.looking(campaign)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        self._checking.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._ended.set()
        self._checking.close()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            folders = self._folders()
            try:
                signs = RustNotify([path for path, _ in folders], False, False, 0, False, True)
            except FileNotFoundError:
                continue  # one of them has just gone
            except (OSError, WatchfilesRustInternalError):
                _LOG.warning("the system tells of no more files that are saved, so all are looked at again and again")
                break
            with signs:
                self._look()  # what was saved before the signs began
                while self._folders() == folders:
                    if signs.watch(_MOST, _STEP, _EVERY, self._ended) == "stop":
                        return
                    self._look()
        while not self._ended.wait(_WITHOUT):
            self._look()

    def _look(self) -> None:
        try:
            self._drafts.refresh()
        except Exception as error:  # whatever it is, the next save is looked at again
            _LOG.error("files could not be read anew: %s", told(error))
        self._tell()

    def _tell(self) -> None:
        """Tell of all drafts that are others than when it was last told, whoever had them read anew."""
        versions = {}
        for slug in self._drafts.slugs:
            try:
                versions[slug] = self._drafts.draft(slug).version
            except UnknownName:
                continue  # gone since the slugs were asked for
        changed = [slug for slug, version in versions.items() if self._versions.get(slug) != version]
        if versions != self._versions:
            self._versions = versions
            self._events.stand(versions)
        if changed:
            self._checking.want(changed)

    def _folders(self) -> list[Folder]:
        """Return the folders whose files matter, as they are there now."""
        project = self._drafts.project
        found = [*_named(project.root)]
        for top in (project.campaigns, project.people, project.templates, *self._elsewhere()):
            found += (each for folder in stamps.folders(top) for each in _named(folder))
        return found

    def _elsewhere(self) -> Iterator[Path]:
        """Yield the folder of a campaign that does not lie in the project."""
        for slug in self._versions:
            try:
                folder = self._drafts.draft(slug).folder
            except UnknownName:
                continue
            if folder.parent != self._drafts.project.campaigns:
                yield folder


def _named(folder: Path) -> Iterator[Folder]:
    try:
        yield str(folder), folder.stat().st_ino
    except OSError:
        return
