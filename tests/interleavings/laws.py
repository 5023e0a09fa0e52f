"""What holds after every commit, whoever made it: the arrows of the protocol, and who may draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.interleavings.rows import Row, Tables

_Arrow = tuple[str | None, str | None]

_TAKEN: set[_Arrow] = {("claimed", "planned"), ("claimed", "deferred")}  # back to where they were
_PLANNED: set[_Arrow] = {(None, "planned"), ("planned", None), ("deferred", None)}
# The arrows that each kind of transaction may draw. None: no row. Whatever else they do leaves the state as it was.
_ARROWS: dict[str, set[_Arrow]] = {
    "claim": {("planned", "claimed"), ("deferred", "claimed"), *_PLANNED},
    "put back": _TAKEN,
    "hand-over": {("claimed", "handed"), ("claimed", "skipped"), (None, "planned"), *_TAKEN},
    "record": {
        *((state, "accepted") for state in ("planned", "deferred", "claimed", "handed", "uncertain")),
        *(("handed", state) for state in ("deferred", "failed", "uncertain")),
        (None, "planned"),
    },
    "sweep": {("handed", "deferred"), ("uncertain", "deferred"), (None, "planned"), *_TAKEN},
    "plan": {(None, "planned")},
    "mend": set(),
    "renew": set(),
    "decision": {
        *((state, "skipped") for state in ("planned", "deferred", "claimed")),
        ("skipped", "planned"),
        ("skipped", "deferred"),
        *_PLANNED,
        *_TAKEN,
    },
    "erasure": {(state, None) for state in ("planned", "deferred", "claimed", "handed", "accepted", "skipped")},
    "restore": {(state, "uncertain") for state in ("planned", "deferred", "claimed", "handed")},
    "settling": {("uncertain", "planned"), ("uncertain", "deferred"), ("uncertain", "skipped"), (None, "planned")},
}


class Broken(BaseException):
    """A law does not hold. No `Exception`: the pump catches those of a transport, from which some of this come."""


@dataclass
class Noes:
    """What somebody said no to, and did not take back: whom nothing may be handed over to any more.

    `people`, by id, and `campaigns`: paused; `left`: (person, campaign) where a walk is at its end.
    """

    people: set[int] = field(default_factory=set)
    campaigns: set[str] = field(default_factory=set)
    left: set[tuple[int, str]] = field(default_factory=set)

    def about(self, row: Row) -> bool:
        """Return whether this delivery is not to be handed over."""
        return row.subscriber in self.people or row.campaign in self.campaigns or self.ended(row)

    def ended(self, row: Row) -> bool:
        """Return whether nothing of it may wait any longer, either."""
        return (row.subscriber, row.campaign) in self.left


class Laws:
    """Compares the rows after each commit with those before it, and keeps the books on what was written to the wire."""

    def __init__(self, tables: Tables, owners: Mapping[str, str]) -> None:
        """Take the tables, and who each worker is: its owner's name by its own."""
        self._tables = tables
        self._owners = owners
        self._before = tables.rows()
        self._over: set[tuple[int, int]] = set()  # claims, by id and epoch, whose lease ran out
        self._handed: dict[tuple[int, int], str] = {}  # hand-overs, by id and epoch, and whose they were
        self._unsure: set[tuple[int, int]] = set()  # those of which something was written
        self._late: set[int] = set()  # those that came back after a no: the next hand-over refuses them
        self.noes = Noes()
        self.erased: set[int] = set()  # deliveries
        self.held: set[int] = set()  # those of which a restored database does not know
        self.wire: Counter[int] = Counter()
        self.allowed: Counter[int] = Counter()  # copies

    def lease_over(self, worker: str) -> None:
        """Note that whatever a worker has by now is not its own any more."""
        for row in self._tables.rows().values():
            if row.owner == self._owners[worker]:
                self._over.add((row.id, row.epoch))
                self.allowed[row.id] += (row.id, row.epoch) in self._unsure

    def look(self, who: str, name: str) -> None:
        """Look at the rows after a transaction.

        Args:
            who: a worker, or anybody else.
            name: what the transaction was for.

        Raises:
            Broken: a law does not hold.
        """
        before, now = self._before, self._tables.rows()
        self._before = now
        for id_ in sorted(before.keys() | now.keys()):
            self._arrow(before.get(id_), now.get(id_), who, name)
        under_way = Counter(row.subscriber for row in now.values() if row.under_way)
        _hold(all(many == 1 for many in under_way.values()), f"two mails to one person are under way: {under_way}")
        self._moved_on(now)
        if name == "restore":
            for row in now.values():
                _hold(not row.under_way, f"a restore left this at work: {_told(row)}")

    def written(self, worker: str, id_: int, *, known: bool) -> None:
        """Note that a worker wrote a delivery to the wire a moment ago; `known`: whether there was an answer.

        Raises:
            Broken: it was not this worker's to write.
        """
        row = self._tables.rows().get(id_)
        self.wire[id_] += 1
        if row is None:
            _hold(id_ in self.erased, f"{worker} wrote {id_}, which is not there")
            return
        key = (id_, row.epoch)
        _hold(self._handed.get(key) == worker, f"{worker} wrote {_told(row)}, which it did not hand over")
        _hold(key not in self._over, f"{worker} wrote {_told(row)} after its lease")
        _hold(row.state in ("handed", "uncertain"), f"{worker} wrote {_told(row)}")
        if known:
            self._unsure.add(key)
        else:
            self.allowed[id_] += 1

    def _arrow(self, before: Row | None, now: Row | None, who: str, name: str) -> None:
        if before == now:
            return
        old, new = before and before.state, now and now.state
        told = f"{who}, {name}: {_told(before)} became {_told(now)}"
        _hold(old == new or (old, new) in _ARROWS[name], f"no such arrow: {told}")
        if name == "erasure" and before is not None:
            _hold(self.noes.ended(before), f"not hers: {told}")
            self.erased.add(before.id)
        if now is None or before is None:
            return
        self._doubt(before, now, name, told)
        _hold(old != "accepted", f"what was accepted is over: {told}")
        grown = now.epoch - before.epoch
        restored = name == "restore" and grown > 0  # by far, so that no ticket from after the backup fits
        _hold(restored or grown == (new == "claimed" and old != "claimed"), f"the epoch: {told}")
        if old in ("handed", "uncertain") and new == "deferred" and self.noes.ended(now):
            self._late.add(now.id)
        if before.under_way and before.owner != self._owners.get(who):
            self._taken(before, now, name, told)
        if new == "handed" and old != "handed":
            self._hand_over(before, who, told)
        elif new == "claimed":
            _hold(now.owner == self._owners.get(who), f"claimed for another: {told}")

    def _doubt(self, before: Row, now: Row, name: str, told: str) -> None:
        """What may have gone out before the database was restored waits for the operator, whatever else happens."""
        if name == "restore" and now.state == "uncertain":
            self.held.add(now.id)
        waits = before.state == "uncertain" and before.reason == "restored"
        _hold(not waits or now.state in ("uncertain", "accepted") or name == "settling", f"nobody decided: {told}")

    def _taken(self, before: Row, now: Row, name: str, told: str) -> None:
        """Of what a worker has, others take what its lease ran out for, and what somebody says no to in time."""
        if now.state == "accepted" or name == "restore":
            return
        if name == "decision":
            _hold(before.state == "claimed", f"it was handed over already: {told}")
        else:
            _hold(name == "sweep" and (before.id, before.epoch) in self._over, f"it is another's: {told}")

    def _hand_over(self, before: Row, who: str, told: str) -> None:
        key = (before.id, before.epoch)
        _hold(before.owner == self._owners.get(who), f"it is another's: {told}")
        _hold(key not in self._over, f"handed over after the lease: {told}")
        _hold(not self.noes.about(before), f"handed over after a no: {told}")
        self._handed[key] = who

    def _moved_on(self, now: Mapping[int, Row]) -> None:
        """A no moves what is not handed over yet, in its own transaction."""
        for row in now.values():
            if row.id not in self._late:
                waits = row.state in ("planned", "deferred") and self.noes.ended(row)
                held = row.state == "claimed" and self.noes.about(row)
                _hold(not waits and not held, f"a no left this behind: {_told(row)}")


def _hold(law: bool, told: str) -> None:
    if not law:
        raise Broken(told)


def _told(row: Row | None) -> str:
    if row is None:
        return "nothing"
    return f"{row.id} ({row.campaign}/{row.step} to {row.subscriber}, {row.state}, epoch {row.epoch})"
