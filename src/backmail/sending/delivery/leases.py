"""How long a worker may still write: the ends of its own leases, by its own monotonic clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from backmail.clock import Ticking
from backmail.model.message import Message
from backmail.store.claims import Lease

__all__ = ["Leases"]

_MICROSECOND = dt.timedelta(microseconds=1)


class Leases:
    """One worker's leases. A transport asks `may_write` before each write to the wire.

    A worker that stood still for longer than its lease (a stopped process, a machine that slept) finds out here, before
    it writes what another may have sent meanwhile. A tenth of the lease is kept as a margin for the write itself.
    """

    def __init__(self, clock: Ticking, owner: str, length: dt.timedelta) -> None:
        """Take the worker's clock and name, and how long its claims hold."""
        self._clock = clock
        self._owner = owner
        self._length = length
        self._safe = length * 9 // 10 // _MICROSECOND
        self._until: dict[str, int] = {}

    @property
    def owner(self) -> str:
        """The worker's name, which no other worker has."""
        return self._owner

    @property
    def length(self) -> dt.timedelta:
        """How long a claim holds."""
        return self._length

    @property
    def held(self) -> list[int]:
        """The deliveries that are ours, by id."""
        return sorted(map(int, self._until))

    def now(self) -> Lease:
        """Return the lease that a claim made now gets; read the clock before the statement, never after it."""
        return Lease(self._owner, self._clock.boot, self._clock.ticks(), self._length)

    def hold(self, deliveries: Iterable[int], lease: Lease) -> None:
        """Note that these are ours for the length of that lease."""
        end = lease.tick + self._safe
        self._until.update((str(id_), end) for id_ in deliveries)

    def renew(self, deliveries: Iterable[int], lease: Lease) -> None:
        """Note that of ours only these still hold, and for how long."""
        held = {str(id_) for id_ in deliveries}
        end = lease.tick + self._safe
        self._until = {id_: end for id_ in self._until if id_ in held}

    def drop(self, deliveries: Iterable[int]) -> None:
        """Note that these are not ours any more."""
        for id_ in deliveries:
            self._until.pop(str(id_), None)

    def may_write(self, message: Message) -> bool:
        """Return whether a message may still be written to the wire."""
        return self._clock.ticks() < self._until.get(message.delivery_id, 0)
