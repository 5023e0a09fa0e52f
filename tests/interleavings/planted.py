"""Mistakes that a protocol like this one can have, put into the real one: the orders have to find each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from backmail.sending.delivery import Leases
from backmail.store import claims, hot
from tests.interleavings.databases import IN_MEMORY, named, stage_on
from tests.interleavings.orders import orders
from tests.interleavings.play import play
from tests.interleavings.workers import Cut

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Bug:
    """A mistake, and where it shows: with which third hand, where workers stand still, in what words.

    `order`: one of those that show it; `python -m tests.interleavings --planted` counts how many do.
    """

    name: str
    plant: Plant
    third: str
    cut: Cut
    told: str
    order: str


def _reworded(changes: dict[str, dict[str, str]]) -> Plant:
    """Return what puts other words into hot statements, given by the statement and what they stand for."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for dialect, statements in list(hot._OF.items()):
            texts = {}
            for name, words in changes.items():
                text = getattr(statements, name)
                for old, new in words.items():
                    assert old in text, f"{old!r} is not in {name} any more"
                    text = text.replace(old, new)
                texts[name] = text
            names = hot._NAMES[dialect] | {text: name for name, text in texts.items()}
            patch.setitem(hot._OF, dialect, replace(statements, **texts))
            patch.setitem(hot._NAMES, dialect, names)

    return plant


def _always_writes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Leases, "may_write", lambda _, __: True)


def _pauses_leave_claims(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "release", lambda _, __: set())


_EPOCH = {"d.epoch = r.epoch": "d.epoch >= r.epoch"}
_ASKS_NOBODY = {"AND e.state = 'active'": "", "n.address = s.address AND": "n.address IS NULL AND"}
_WITH_HANDED = {"d.state = 'claimed' AND": "", "d.claimed_from": "coalesce(d.claimed_from, 'planned')"}
_WITHOUT_CLAIMED = {"'planned', 'deferred', 'claimed'": "'planned', 'deferred'"}

BUGS = (
    Bug(
        "no epoch",
        _reworded(dict.fromkeys(("deferred", "not_sent"), _EPOCH)),
        "leases that run out",
        Cut.BEFORE_THE_WIRE,
        "it is another's",
        "AACBBABCC",
    ),
    Bug(
        "a lease that is not looked at",
        _reworded({"hand_over": {"d.lease_until >": "0 * d.lease_until <"}}),
        "leases that run out",
        Cut.BEFORE_THE_WIRE,
        "handed over after the lease",
        "AABACCBCB",
    ),
    Bug(
        "a wire that is written to after the lease",
        _always_writes,
        "leases that run out",
        Cut.BEFORE_THE_WIRE,
        "after its lease",
        "AABCBABCC",
    ),
    Bug(
        "a no that leaves what is claimed",
        _reworded({"lock_open": _WITHOUT_CLAIMED}),
        "a no taken back",
        Cut.BEFORE_THE_WIRE,
        "a no left this behind",
        "ABBBCAACC",
    ),
    Bug(
        "a pause of hers that leaves what is claimed",
        _reworded({"lock_open": _WITHOUT_CLAIMED}),
        "a pause of hers",
        Cut.BEFORE_THE_WIRE,
        "a no left this behind",
        "ABBBCAACC",
    ),
    Bug(
        "a pause that leaves what is claimed",
        _pauses_leave_claims,
        "a pause of the campaign",
        Cut.BEFORE_THE_WIRE,
        "a no left this behind",
        "ABBBCAACC",
    ),
    Bug(
        "a hand-over that asks nobody",
        _reworded({"lock_open": _WITHOUT_CLAIMED, "hand_over": _ASKS_NOBODY}),
        "a relay that says later",
        Cut.AFTER_THE_WIRE,
        "handed over after a no",
        "BBCCABAAC",
    ),
    Bug(
        "a sweep that puts back what is handed over",
        _reworded({"sweep_claimed": _WITH_HANDED}),
        "leases that run out",
        Cut.AFTER_THE_WIRE,
        "no such arrow",
        "AACBCBACB",
    ),
    Bug(
        "a sweep that does not look at leases",
        _reworded({"sweep_handed": {"d.lease_until <=": "0 * d.lease_until <="}}),
        "an edit",
        Cut.AFTER_THE_WIRE,
        "it is another's",
        "AABACCBCB",
    ),
    Bug(
        "a restore that leaves what is handed over",
        _reworded({"restored": {", 'handed'": ""}}),
        "a restore, dropped",
        Cut.BEFORE_THE_WIRE,
        "a restore left this at work",
        "AACABCBCB",
    ),
)


def shown(name: str, every: int) -> tuple[int, str]:
    """Return how many of each so many-th order show a mistake, and the first that does."""
    bug = next(bug for bug in BUGS if bug.name == name)
    with stage_on(IN_MEMORY) as stage, pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        found = [each.order for each in play(stage, named(bug.third), bug.cut, orders()[::every])]
    return len(found), found[0] if found else "none"
