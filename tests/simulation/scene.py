"""What a seed brings: who is there, what goes wrong and how often, and what people do meanwhile."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from backmail.model.states import OnUncertain
from tests.simulation.turns import SECOND

_T = TypeVar("_T")
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
LEASE = 20 * SECOND
NAMES = ("anna", "bea", "carl", "dora", "emil", "freja", "gro")
ZONES = ("UTC", "Europe/Copenhagen", "America/New_York")
# A plain week, and the days around both changes of the clocks in Copenhagen and in New York.
STARTS = tuple(
    dt.datetime(2027, month, day, 6, tzinfo=dt.UTC) for month, day in ((1, 4), (3, 13), (3, 27), (10, 30), (11, 6))
)
# What a provider makes of a mail, with its weight. Those that are cut or lie leave the mail delivered or not.
ANSWERS = (
    ("taken", 60),
    ("later", 5),
    ("closing", 2),
    ("policy", 2),
    ("account", 1),
    ("dead", 2),
    ("full", 1),
    ("message", 1),
    ("no connection", 3),
    ("gone, delivered", 4),
    ("gone, not delivered", 3),
    ("breaks, delivered", 2),
    ("breaks, not delivered", 2),
    ("silent, delivered", 2),
    ("later, delivered all the same", 1),
    ("twice", 2),
)
ACTS = (
    ("no", 8),
    ("no to the series", 3),
    ("takes the no back", 4),
    ("rests", 4),
    ("goes on", 3),
    ("moves", 2),
    ("pause", 7),
    ("pause of all", 1),
    ("resume", 5),
    ("edit", 4),
    ("tag", 2),
    ("joins", 3),
    ("retry", 2),
    ("settle", 2),
    ("hears", 4),
    ("clock", 3),
    ("restart", 2),
)


@dataclass(frozen=True)
class Act:
    """Something that somebody does at a time (microseconds from the start)."""

    at: int
    what: str
    chance: float  # for whatever has to be chosen then

    def among(self, several: Sequence[_T]) -> _T:
        """Return the one of several that it is about."""
        return several[int(self.chance * len(several))]


@dataclass
class Scene:
    """All that is drawn before the first turn; what is drawn later comes from `random` too."""

    seed: int
    random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Draw."""
        chance = self.random = random.Random(self.seed)  # noqa: S311  # the same seed, the same story
        self.start = chance.choice(STARTS)
        self.people = {name: chance.choice(ZONES) for name in NAMES[: chance.randint(1, 4)]}
        self.workers = chance.choice((1, 1, 1, 2, 2, 3))
        self.window = chance.randint(1, 4)
        self.on_uncertain = chance.choice((*(3 * [OnUncertain.RESEND]), OnUncertain.HOLD, OnUncertain.DROP))
        self.deaths = chance.choice((0.0, 0.02, 0.05))  # at each commit, each write and each answer
        self.freezes = chance.choice((0.0, 0.0, 0.02, 0.04))
        self.meddling = chance.choice((0.0, 0.0, 0.02, 0.05))  # how often somebody comes between two commits
        self.locked = chance.choice((0.0, 0.0, 0.02))
        self.faulty = chance.choice((0.0, 0.3, 1.0))  # how far from kind the provider is
        self.slow = chance.choice((0.1, 1.0, 10.0))  # seconds that an answer takes, at most
        self.trouble = chance.randint(3, 7) * HOUR
        self.acts = sorted(
            (Act(self._time(), _drawn(chance, ACTS), chance.random()) for _ in range(chance.choice((0, 2, 4, 6)))),
            key=lambda act: act.at,
        )

    def act(self, at: int) -> Act:
        """Draw what somebody does then."""
        return Act(at, _drawn(self.random, ACTS), self.random.random())

    def _time(self) -> int:
        """Draw when somebody does something: as a rule just when mails are on their way, which begins on the hour."""
        if self.random.random() < 0.4:
            return self.random.randrange(self.trouble)
        return self.random.randrange(self.trouble // HOUR) * HOUR + self.random.randrange(MINUTE // 2)

    def answer(self) -> str:
        """Draw what a provider makes of a mail."""
        return _drawn(self.random, ANSWERS) if self.random.random() < self.faulty else "taken"


def _drawn(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([each for each, _ in weighted], [weight for _, weight in weighted])[0]
