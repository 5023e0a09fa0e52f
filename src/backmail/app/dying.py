"""Dies beside a commit, on purpose: nothing is cleared up, as when the machine loses its power."""

from __future__ import annotations

import os
import signal
from threading import Lock

from backmail.config import CrashAt
from backmail.store.engine import Commit

__all__ = ["Dying"]

_STAGES = ("before", "after")
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows ends a process at once by either
_STOP = getattr(signal, "SIGSTOP", _KILL)


class Dying:
    """Watches the transactions of this process (`store.engine.watched`), and ends it at the moment it was given."""

    def __init__(self, at: CrashAt) -> None:
        """Take the moment."""
        self._at = at
        self._seen = 0
        self._counting = Lock()  # pages are answered by threads of their own

    def __call__(self, commit: Commit) -> None:
        """Die, if this is the moment."""
        if commit.stage not in _STAGES or not self._meant(commit):
            return
        with self._counting:
            self._seen += 1
            now = self._seen == self._at.count
        if now:
            os.kill(os.getpid(), _STOP if self._at.stop else _KILL)

    def _meant(self, commit: Commit) -> bool:
        at = self._at
        return at.stage in ("", commit.stage) and (not at.name or at.name == commit.name or at.name in commit.changed)
