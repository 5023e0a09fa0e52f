"""A worker of the simulation: the real pump, which may die or freeze beside every commit and at every await."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from backmail.app import Backmail
from backmail.errors import Fault, StoreBusy
from backmail.model.delivery import Accepted, NotSent, Receipt, Refused, Stage, Unknown
from backmail.model.message import Message
from backmail.sending.delivery import Leases
from backmail.store.engine import Commit, watched
from backmail.transports.transport import LEASE_OVER, Takes, check_group
from tests.simulation.acts import meddle
from tests.simulation.ground import PROJECT
from tests.simulation.scene import LEASE
from tests.simulation.turns import SECOND, Over, run
from tests.town import PEPPER

if TYPE_CHECKING:
    from tests.simulation.world import World

_REFUSED = {
    "later": Refused(451, "4.2.0", "come back later"),
    "closing": Refused(421, "4.3.2", "closing"),
    "policy": Refused(550, "5.7.1", "not from you"),
    "account": Refused(535, "5.7.8", "who are you?", Stage.LOGIN),
    "dead": Refused(550, "5.1.1", "no such user", Stage.RECIPIENT),
    "full": Refused(552, "5.2.2", "mailbox full", Stage.RECIPIENT),
    "message": Refused(554, "5.6.0", "I cannot read this"),
    "later, delivered all the same": Refused(451, "4.3.0", "an error of ours"),
}


class Died(BaseException):
    """The process is gone: whatever it had in mind does not happen."""


class Worker:
    """One life of one process."""

    def __init__(self, world: World, name: str, life: int) -> None:
        """Be about to start."""
        self.world = world
        self.name = name
        self.owner = f"{name}, life {life}"
        self.dead = False
        self.excused = False  # it stood still or was kept from the database: its lease may have ended
        self.carrier = Carrier(self)
        self.backmail = Backmail(
            PROJECT,
            watched(world.store, self.watch),
            world.links,
            PEPPER,
            clock=world.clock,
            transport=self.carrier,
            live_needed=False,
        )
        # Under a name that is the same for the same seed.
        self.backmail.leases = Leases(world.clock, self.owner, self.backmail.leases.length)
        self.backmail.shelf = world.shelf
        self.backmail.alone = world.scene.workers == 1

    def live(self) -> None:
        """Work until death."""
        self.world.story.tell(f"{self.name} starts")
        try:
            run(self.world.turns, self._work())
        except Died:
            self.world.died(self)

    async def _work(self) -> None:
        clock = self.world.clock
        while True:
            try:
                ticked = await self.backmail.tick()
                if ticked.busy:
                    continue
                at = self.backmail.next_look(clock.now())
            except StoreBusy as error:
                self.world.story.tell(f"{self.name} cannot use the database: {error.faults[0].message}")
                await asyncio.sleep(5)
                continue
            wait = self.world.next_stir()
            if at is not None:
                wait = min(wait, max(SECOND, int((at - clock.now()).total_seconds() * SECOND) + 1))
            await asyncio.sleep(wait / SECOND)
            self.mortal()

    def mortal(self) -> None:
        """End here when the process is dead already.

        Raises:
            Died: it is.
        """
        if self.dead or self.world.turns.over:
            raise Died if self.dead else Over

    def kill(self, where: str) -> None:
        """Die at once; whoever has the turn goes on."""
        self.world.story.tell(f"{self.name} is killed {where}")
        self.world.kills += 1
        self.dead = True

    def falter(self, where: str) -> None:
        """Die here or freeze here, or let others go first.

        Raises:
            Died: it died.
        """
        self.mortal()
        world = self.world
        if world.calm:
            return
        chance = world.scene.random
        if chance.random() < world.scene.deaths:
            self.kill(where)
            raise Died
        if chance.random() < world.scene.meddling:
            meddle(world)
            self.mortal()
        if chance.random() < world.scene.freezes:
            self._freeze(chance.uniform(0.5, 4), where)
        elif chance.random() < 0.2:
            world.turns.wait(world.turns.now + chance.randrange(2 * SECOND))
            self.mortal()

    def _freeze(self, leases: float, where: str) -> None:
        self.world.story.tell(f"{self.name} stands still for {leases * LEASE / SECOND:.0f} s {where}")
        self.excused = True
        self.world.turns.wait(self.world.turns.now + int(leases * LEASE))
        self.mortal()
        self.world.story.tell(f"{self.name} goes on")

    def watch(self, commit: Commit) -> None:
        """Stand beside a transaction of this worker's.

        Raises:
            Died: it died here.
            StoreBusy: the database cannot be used here, or its answer to the commit was lost.
        """
        if commit.stage == "after":
            self.world.look(self, commit)
        where = {
            "begins": f"before its {commit.name}",
            "before": f"just before the commit of its {commit.name}",
            "after": f"just after the commit of its {commit.name}",
        }[commit.stage]
        if commit.stage == "before":  # a transaction is open, so nobody else can have the turn
            self.mortal()
            if not self.world.calm and self.world.scene.random.random() < self.world.scene.deaths:
                self.kill(where)
                raise Died
        else:
            self.falter(where)
        self._lock(where)

    def _lock(self, where: str) -> None:
        if not self.world.calm and self.world.scene.random.random() < self.world.scene.locked:
            self.excused = True
            raise StoreBusy(Fault(f"it is locked {where}"))


class Carrier:
    """Carries mails to a provider of which anything may be expected."""

    takes: Takes = "wire"

    def __init__(self, worker: Worker) -> None:
        """Carry for this worker."""
        self.window = worker.world.scene.window
        self._worker = worker

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out, in any order; some answers never come."""
        check_group(group, self.window)
        for message in self._worker.world.scene.random.sample(group, len(group)):
            await self._pass("before it writes a mail")
            if not self._worker.backmail.leases.may_write(message):
                self._worker.world.story.tell(f"{self._worker.name} does not write: its lease is over")
                yield message.delivery_id, NotSent(LEASE_OVER)
                continue
            answer = "taken" if self._worker.world.calm else self._worker.world.scene.answer()
            self._write(message, answer)
            await self._pass("before it hears what became of a mail")
            receipt = self._receipt(message, answer)
            if receipt is not None:
                yield message.delivery_id, receipt
            if answer == "twice":
                yield message.delivery_id, Accepted("again")

    def _write(self, message: Message, answer: str) -> None:
        if answer == "no connection":
            return
        world = self._worker.world
        arrives = answer in ("taken", "twice") or answer.endswith((", delivered", ", delivered all the same"))
        world.written(self._worker, message, arrives=arrives)
        world.story.tell(f"{self._worker.name} writes {_called(message)}: {answer}")
        if answer.endswith(", delivered all the same"):
            world.rules.lied(message)

    def _receipt(self, message: Message, answer: str) -> Receipt | None:
        kind = answer.partition(",")[0]
        if answer == "dead":
            self._worker.world.rules.dead.add(message.mailbox.email.partition("@")[0])
        if answer in _REFUSED:
            return _REFUSED[answer]
        if kind == "no connection":
            return NotSent("no connection")
        if kind == "gone":
            return Unknown("the line was lost before the answer")
        if kind == "breaks":
            raise RuntimeError("nobody thought of this")
        return None if kind == "silent" else Accepted(message.delivery_id)

    async def _pass(self, where: str) -> None:
        world = self._worker.world
        await asyncio.sleep(world.scene.random.random() * (0.1 if world.calm else world.scene.slow))
        self._worker.falter(where)


def _called(message: Message) -> str:
    return f"{message.mailbox.email.partition('@')[0]}/{message.composed.step}"
