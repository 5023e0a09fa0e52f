"""Engines that are killed again and again while they send to everybody, and people who say no on the way."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from backmail.store.tables import deliveries
from tests.torture import sink
from tests.torture.log import Log
from tests.torture.noes import candidate, press, say_no
from tests.torture.place import LONG, SHORT, UNFIT, Place
from tests.torture.workers import Worker, until

_SLACK = 3.0  # seconds without a mail, beyond a lease, after which no more is waited for
_SILENCE = 1.0  # seconds after which it is looked whether anything is due at all
_LATEST = 3.0  # a kill that goes by the clock and not by mails: so many seconds after the start
_SPECIAL = (sink.LATER, sink.NEVER, sink.FULL, sink.POLICY, sink.CLOSING, sink.GONE, sink.CUT, UNFIT)
_EVERY = 25  # one in so many is served in a way of her own
_IN_BOTH = 4  # one in so many walks through two series


def crowd(place: Place, count: int) -> None:
    """Add people, most of them served like anybody; some walk through two series at once."""
    kinds = [_SPECIAL[n // _EVERY % len(_SPECIAL)] if n % _EVERY == 0 else sink.TAKEN for n in range(count)]
    both = [kind for n, kind in enumerate(kinds) if n % _IN_BOTH == 0]
    place.enroll(both, LONG, SHORT)
    place.enroll([kind for n, kind in enumerate(kinds) if n % _IN_BOTH], LONG)


@dataclass
class Ordeal:
    """What it came to.

    Attributes:
        kills: how many kills there were.
        amidst: how many left rows claimed or handed.
        rows: how many rows those held.
        recovered: seconds from each kill to the next mail that arrived.
        taken_back: seconds from each kill to the first mail that the dead had held.
    """

    kills: int = 0
    amidst: int = 0
    rows: int = 0
    recovered: list[float] = field(default_factory=list)
    taken_back: list[float] = field(default_factory=list)


class Killing:
    """Kills workers of one place at random moments."""

    def __init__(self, place: Place, start: Callable[[], Worker], log: Log, chance: random.Random) -> None:
        """Kill nobody yet.

        Args:
            place: where it happens.
            start: starts an engine that stays (of `Workers`).
            log: what arrives.
            chance: decides who dies when, and who says no.
        """
        self._place = place
        self._start = start
        self._log = log
        self._chance = chance
        self._ordeal = Ordeal()
        self._patience = place.lease + _SLACK
        self._held: list[tuple[str, float, set[str]]] = []

    def go_through(self, kills: int, tell: Callable[[str], None] = lambda _line: None) -> Ordeal:
        """Kill so many workers on the way, with somebody who says no each time; then let the rest come to its end."""
        each = max(1, self._mails() * 2 // 3 // max(1, kills) * 2)
        for n in range(kills):
            self._life(n, each)
            tell(f"{n + 1} of {kills} killed at random")
        self._last_life()
        self._place.finish()
        copies = [each for each in self._log.told if each.copy]
        for who, at, held in self._held:
            next_ones = [each for each in copies if each.at > at and each.who != who]
            self._ordeal.recovered += [each.at - at for each in next_ones][:1]
            self._ordeal.taken_back += [each.at - at for each in next_ones if each.name in held][:1]
        return self._ordeal

    def _mails(self) -> int:
        with self._place.backmail.reading() as tx:
            return tx.scalar(sa.select(sa.func.count()).select_from(deliveries)) or 0

    def _life(self, n: int, each: int) -> None:
        """Start a worker, let somebody say no while it works, and kill it."""
        if not self._place.due():
            self._place.pass_time()
        worker = self._start()
        if n % 3 == 2:
            enough = self._log.copies + each // 2
            until(lambda: self._log.copies >= enough, self._chance.uniform(0, _LATEST))
        else:
            mails = self._chance.randint(1, each)
            worker.pages()  # on a machine with much else to do, it takes its time until it is there
            more = self._log.more(mails - mails // 2, self._patience, alive=lambda: worker.alive)
            self._say_no(worker, by_button=n % 2 == 0)
            if more:
                self._log.more(mails // 2, self._patience, alive=lambda: worker.alive)
        at = worker.kill()
        held = self._place.under_way()
        self._ordeal.kills += 1
        self._ordeal.amidst += bool(held)
        self._ordeal.rows += len(held)
        self._held.append((worker.name, at, {self._place.name_of(id_) for id_ in held}))
        if n % 3 == 2:
            self._say_no(None, by_button=False)

    def _say_no(self, worker: Worker | None, *, by_button: bool) -> None:
        who = candidate(self._place, self._chance)
        if who is None:
            return
        if worker and by_button:
            press(self._place, worker, who)
        else:
            say_no(self._place, who)

    def _last_life(self) -> None:
        """Let one worker live until nothing more comes for a while: it takes back what the last kill left."""
        worker = self._start()
        worker.pages()
        while self._place.due() and self._log.more(1, self._patience, alive=lambda: worker.alive):
            while self._log.more(1, _SILENCE, alive=lambda: worker.alive):
                pass
        worker.tell_to_end()
        worker.ended()
