"""Keeps the versions that were loaded: sending asks for the same few again and again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import sqlalchemy as sa

from backmail.errors import UnknownName
from backmail.sending.published.loading import load, newest
from backmail.sending.published.version import Published

__all__ = ["Shelf"]

# A version with its steps unpacked takes a few megabytes; few campaigns send at one time.
_MOST = 32


class Shelf:
    """Published versions by campaign and number, each loaded once. A version never changes, so nothing grows stale."""

    def __init__(self, most: int = _MOST) -> None:
        """Take how many versions to keep; the one that was not used for longest makes room."""
        self._most = most
        self._loaded: OrderedDict[tuple[str, int], Published] = OrderedDict()
        self._lock = Lock()

    def get(self, tx: sa.Connection, campaign: str, number: int) -> Published:
        """Return a version of a campaign, the same object as long as it is kept.

        Raises:
            UnknownName: there is no such version.
        """
        key = (campaign, number)
        with self._lock:
            if key in self._loaded:
                self._loaded.move_to_end(key)
                return self._loaded[key]
        found = load(tx, campaign, number)
        with self._lock:
            found = self._loaded.setdefault(key, found)
            if len(self._loaded) > self._most:
                self._loaded.popitem(last=False)
            return found

    def newest(self, tx: sa.Connection, campaign: str) -> Published:
        """Return the version of a campaign that is published now.

        Args:
            tx: an open transaction.
            campaign: its id.

        Raises:
            UnknownName: it was never applied.
        """
        number = newest(tx, campaign)
        if number is None:
            raise UnknownName(f"the campaign {campaign!r} was never applied", next_command="backmail apply")
        return self.get(tx, campaign, number)
