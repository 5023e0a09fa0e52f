"""Plays one order from its beginning to its end, and says what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.interleavings.laws import Broken
from tests.interleavings.rows import Row
from tests.interleavings.stage import NAMES, STEPS, Ended, Stage
from tests.interleavings.third import Third
from tests.interleavings.workers import Cut


@dataclass(frozen=True)
class Violation:
    """An order in which a law does not hold, with all that happened until then."""

    third: str
    cut: Cut
    order: str
    told: str
    story: list[str] = field(repr=False)

    def __str__(self) -> str:
        lines = [f"{self.third}, {self.cut}, {self.order}: {self.told}", *self.story]
        return "\n    ".join(lines)


def play(stage: Stage, third: Third, cut: Cut, orders: Iterable[str]) -> Iterator[Violation]:
    """Play orders, and yield those in which a law does not hold."""
    for order in orders:
        try:
            _play(stage, third, cut, order)
        except Broken as broken:
            yield Violation(third.name, cut, order, str(broken), list(stage.story))


def _play(stage: Stage, third: Third, cut: Cut, order: str) -> None:
    stage.begin(cut, third.answers)
    acts = iter(third.acts)
    for letter in order:
        if letter == "C":
            act = next(acts)
            stage.story.append(f"C: {act.name}")
            act.do(stage)
            stage.laws.look("C", act.kind)
        else:
            stage.workers[letter].step()
        stage.agree()
    for worker in stage.workers.values():
        worker.finish()
    third.after(stage)
    stage.laws.look("C", "decision")
    stage.agree()
    _judge(stage.finish(), third, stage)


def _judge(ended: Ended, third: Third, stage: Stage) -> None:
    """See that nobody was lost, and that copies are only where a lease ran out with something written."""
    for walk in ended.walks:
        fate = third.fates.get((walk.subscriber, walk.campaign, walk.run), "finished")
        rows = [row for row in ended.rows if row.enrollment == walk.id]
        who = f"{NAMES.get(walk.subscriber, walk.subscriber)} in {walk.campaign}, run {walk.run}"
        told = f"{who}: {walk.state} ({walk.reason}), {[(row.step, row.state, row.reason) for row in rows]}"
        if fate == "finished":
            had = {row.step for row in rows if row.state == "accepted" or _dropped(row, stage)}
            _hold(walk.state == "finished" and len(rows) == len(had) == len(STEPS), f"lost: {told}")
        else:
            true = all(row.state == "accepted" or (row.state, row.reason) == ("skipped", fate) for row in rows)
            _hold((walk.state, walk.reason) == ("exited", fate) and true, f"ended otherwise: {told}")
    states = {row.id: row.state for row in ended.rows}
    for id_, many in ended.wire.items():
        most = (states.get(id_, "accepted") == "accepted") + stage.laws.allowed[id_]
        _hold(many <= most, f"{many} copies of {id_}, {most} at the most")
    for row in ended.rows:
        _hold(row.state != "accepted" or ended.wire[row.id] > 0, f"{row.id} was accepted and never written")


def _dropped(row: Row, stage: Stage) -> bool:
    """Return whether the operator dropped it, of which a restored database could not tell whether it had gone out."""
    return (row.state, row.reason) == ("skipped", "dropped") and row.id in stage.laws.held


def _hold(law: bool, told: str) -> None:
    if not law:
        raise Broken(told)
