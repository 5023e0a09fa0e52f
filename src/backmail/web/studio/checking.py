"""Has drafts checked in the background once it is quiet: what somebody looks at first, what was changed anew."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from backmail.desk.preview.drafts import Drafts
from backmail.errors import UnknownName
from backmail.web.studio.events import Events
from backmail.web.studio.faults import told

__all__ = ["QUIET", "Checking"]

_LOG = logging.getLogger("backmail.web.studio")
QUIET = 0.3  # seconds: a page that is being opened, or a file that is being typed in, goes first
_MOST_WAITS = 10


class Checking:
    """A thread that works out findings, one draft at a time."""

    def __init__(self, drafts: Drafts, events: Events, *, quiet: float = QUIET) -> None:
        """Take what is checked; nothing is yet.

        Args:
            drafts: what is checked.
            events: told when findings are new.
            quiet: seconds in which nobody looks at anything and no file is changed, before a check begins.
        """
        self._drafts = drafts
        self._events = events
        self._quiet = quiet
        self._wanted: dict[str, None] = {}  # in the order in which they are checked
        self._changed = threading.Condition()
        self._stirred = threading.Event()
        self._looking = 0
        self._ended = False

    def start(self) -> None:
        """Begin to check, in a thread of its own, which does not keep the process from ending."""
        threading.Thread(target=self._run, name="studio-checks", daemon=True).start()

    def want(self, campaigns: list[str]) -> None:
        """Have drafts checked, the first of them first, before those that were wanted earlier."""
        with self._changed:
            self._wanted = dict.fromkeys(campaigns) | self._wanted
            self._changed.notify()
        self._stirred.set()

    @contextmanager
    def looking(self, campaign: str) -> Iterator[None]:
        """Take it that somebody looks at a draft: it is checked next, but not while the context lasts."""
        with self._changed:
            if campaign in self._wanted:
                self._wanted = {campaign: None} | self._wanted
            self._looking += 1
        self._stirred.set()
        try:
            yield
        finally:
            with self._changed:
                self._looking -= 1
            self._stirred.set()

    def close(self) -> None:
        """End; a check that is being made is not waited for."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._stirred.set()

    def _run(self) -> None:
        while self._wait():
            with self._changed:
                campaign = next(iter(self._wanted), "")
                self._wanted.pop(campaign, None)
            try:
                if self._drafts.check(campaign):
                    self._events.tell("checked", campaign, self._drafts.draft(campaign).version)
            except UnknownName:
                continue  # gone meanwhile, which is told by whoever sees it
            except Exception as error:  # a fault of ours: the studio goes on showing what it can
                _LOG.error("a check failed: %s", told(error))

    def _wait(self) -> bool:
        """Wait until something is wanted and it is quiet; whether there is anything to do at all."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._ended)
        for _ in range(_MOST_WAITS):
            self._stirred.clear()
            if self._ended or not (self._stirred.wait(self._quiet) or self._looking):
                break
        return not self._ended
