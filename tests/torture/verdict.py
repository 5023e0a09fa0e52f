"""What became of everybody, read from the sink's log and the tables alone: lost, twice, after a no."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from backmail.store import queue
from backmail.store.tables import campaigns, deliveries, enrollments, subscribers
from tests.torture import sink
from tests.torture.log import Told
from tests.torture.place import DROPPED, HELD, UNFIT, WINDOW, No, Place
from tests.torture.workers import Death

# Why somebody may have got nothing, and how her address is served when that is true.
_TRUE = {"address": sink.NEVER, "bounced": sink.NEVER, "mailbox-over": sink.FULL, "render": UNFIT}
_HER_NO = ("unsubscribed", "suppressed", "exited")
_STEPS = {"c-long": ("one", "two")}
_SHOWN = 10


@dataclass
class Verdict:
    """What a whole run came to.

    Attributes:
        people: how many there are.
        seen: how many of them the sink was spoken to about.
        lost: mails that nobody got, for no true reason; and what was left open.
        extra: copies too many.
        bound: how many there may be: what was in flight at each death, and each mail that the sink never answered.
        worst: the most copies of one mail.
        after_no: mails handed over to somebody whose no stood by then.
        noes: how many said no.
        faults: what is wrong, in words.
    """

    people: int = 0
    seen: int = 0
    mails: int = 0
    lost: int = 0
    extra: int = 0
    bound: int = 0
    worst: int = 0
    after_no: int = 0
    noes: int = 0
    faults: list[str] = field(default_factory=list)


class _Facts:
    """Tables and log, side by side."""

    def __init__(self, place: Place, told: Sequence[Told], deaths: Sequence[Death]) -> None:
        self.place = place
        self.deaths = deaths
        self.told = told
        self.noes: Sequence[No] = place.noes
        with place.backmail.reading() as tx:
            self.emails = dict(tx.execute(sa.select(subscribers.c.id, subscribers.c.email)).all())
            self.walks = tx.execute(sa.select(enrollments)).all()
            self.rows = tx.execute(sa.select(deliveries).order_by(deliveries.c.id)).all()
            self.live = tx.scalar(sa.select(sa.func.count()).select_from(campaigns))
            self.astray = queue.disagreements(tx)
        self.names = {place.name_of(row.id): row for row in self.rows}
        self.copies: defaultdict[str, list[Told]] = defaultdict(list)
        for each in told:
            if each.copy:
                self.copies[each.name].append(each)

    def arrived(self, row: Any) -> Sequence[Told]:
        """Return the copies of a delivery that arrived."""
        return self.copies.get(self.place.name_of(row.id), ())

    def kind(self, person: int) -> str:
        """Return how somebody's address is served."""
        return str(self.emails[person]).partition("-")[0]


def judge(place: Place, told: Sequence[Told], deaths: Sequence[Death]) -> Verdict:
    """Say what a run came to, once nothing moves any more."""
    facts = _Facts(place, told, deaths)
    spoken_of = {each.to for each in told if each.to} & set(facts.emails.values())
    verdict = Verdict(people=len(facts.emails), seen=len(spoken_of), noes=len({no.person for no in facts.noes}))
    _nobody_lost(facts, verdict)
    _copies(facts, verdict)
    _noes(facts, verdict)
    if facts.astray:
        verdict.faults.append(f"{len(facts.astray)} rows stand in one of queue and deliveries only")
    return verdict


def _nobody_lost(facts: _Facts, verdict: Verdict) -> None:
    """Look for every step of everybody: it arrived, or there is a true reason why it did not."""
    said_no = {no.person for no in facts.noes}
    had = {(row.enrollment, row.step): row for row in facts.rows}
    for walk in facts.walks:
        over = ""  # why nothing more comes
        for step in _STEPS.get(walk.campaign, ("one",)):
            row = had.get((walk.id, step))
            wrong = _missing(facts, walk, over, said_no) if row is None else _wrong(facts, row, said_no)
            over = over or (row.reason or "" if row is not None and row.state == "failed" else "")
            if wrong:
                verdict.lost += 1
                verdict.faults.append(f"person {walk.subscriber}, {walk.campaign}, step {step}: {wrong}")
        if walk.state == "active" and not over.startswith("render"):
            verdict.lost += 1
            verdict.faults.append(f"person {walk.subscriber}, {walk.campaign}: walks for ever")


def _missing(facts: _Facts, walk: Any, over: str, said_no: set[int]) -> str:
    """Return why it is wrong that a step was never planned, "" when it is right."""
    if over.startswith("render"):
        return ""
    if walk.state == "exited" and (walk.subscriber in said_no or facts.kind(walk.subscriber) == sink.NEVER):
        return ""
    return "never planned"


def _wrong(facts: _Facts, row: Any, said_no: set[int]) -> str:
    """Return why the end of a delivery is wrong, "" when it is right."""
    why = (row.reason or "").partition(":")[0]
    if row.state == "accepted":
        return "" if facts.arrived(row) else "counts as sent, and never arrived"
    if row.state not in ("skipped", "failed"):
        return f"was left {row.state}"
    right = why in _HER_NO and row.subscriber in said_no
    right = right or _TRUE.get(why) == facts.kind(row.subscriber)
    right = right or (why == "dropped" and row.campaign in (f"c-{DROPPED}", f"c-{HELD}"))
    return "" if right else f"{row.state} because of {row.reason!r}, which is not true"


def _copies(facts: _Facts, verdict: Verdict) -> None:
    """Count what came twice, and look who sent the copy before: somebody who died, or met a line that was cut."""
    dead = {death.who for death in facts.deaths}
    at: Counter[str] = Counter()
    for name, copies in facts.copies.items():
        row = facts.names.get(name)
        verdict.mails += len(copies)
        verdict.worst = max(verdict.worst, len(copies))
        verdict.extra += len(copies) - 1
        if row is None or any(each.to != facts.emails[row.subscriber] for each in copies):
            verdict.faults.append(f"{name} is not the name of this mail")
        senders = [each.who for each in copies[:-1] if each.what != "GONE"]
        at.update(senders)
        if not set(senders) <= dead:
            verdict.faults.append(f"{name} came {len(copies)} times, and who sent it first did not die")
        if len(set(senders)) < len(senders):
            verdict.faults.append(f"{name} came twice because of one death")
    cut = sum(each.what == "GONE" for each in facts.told)
    verdict.bound = WINDOW * len(facts.deaths) + cut
    if verdict.extra > verdict.bound:
        verdict.faults.append(f"{verdict.extra} extra copies, and the bound is {verdict.bound}")
    verdict.faults += [f"the death of {who} made {n} copies" for who, n in sorted(at.items()) if n > WINDOW]


def _noes(facts: _Facts, verdict: Verdict) -> None:
    """Look for hand-overs to somebody after her no, in the tables and in what arrived."""
    hers: defaultdict[int, list[Any]] = defaultdict(list)
    for row in facts.rows:
        hers[row.subscriber].append(row)
    for no in facts.noes:
        for row in hers[no.person]:
            state, hand_overs = no.had.get(row.id, ("", 0))
            after = max(0, row.hand_overs - hand_overs)
            if state != "handed":  # what was handed over by then may still arrive
                arrived = sum(copy.at > no.at for copy in facts.arrived(row))
                after = max(after, arrived)
            if after:
                verdict.after_no += after
                verdict.faults.append(f"person {no.person}: {after} of delivery {row.id} after her no")


def shown(faults: Sequence[str]) -> list[str]:
    """Return the first of many faults, and how many more there are."""
    more = len(faults) - _SHOWN
    return [*faults[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
