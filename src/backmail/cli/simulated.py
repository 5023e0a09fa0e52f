"""What a simulation came to, on one screen: how many, in which week, first and last, and what to look at."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from backmail.desk.summary import counted
from backmail.model.states import DeliveryState, EnrollmentState
from backmail.sending import reasons

if TYPE_CHECKING:
    from backmail.desk.delivered import Delivered, Stuck
    from backmail.model.campaign import Campaign

_STUCK = 10  # kinds of stuck mails that are shown
_ENDS = {
    EnrollmentState.FINISHED: "walked to the end",
    EnrollmentState.EXITED: "left on the way",
    EnrollmentState.ACTIVE: "still on the way",
}


def lines(done: Delivered, campaign: Campaign, name: str) -> Iterator[str]:
    """Give the lines of the summary; nothing in them is about one person. `name`: as the campaign was asked for."""
    yield f"{campaign.name}: {counted(done.people, 'reader')} in {counted(len(done.zones), 'time zone')}"
    yield ""
    yield from _table(done, campaign)
    yield ""
    if done.first and done.last:
        yield f"first mail   {_when(done.first)}"
        yield f"last mail    {_when(done.last)}"
    yield f"mails        {done.planned:,} planned, {done.accepted:,} accepted, {done.lost:,} lost"
    yield "readers      " + ", ".join(f"{count:,} {_ENDS[state]}" for state, count in done.walks.items())
    waits = done.states.get(DeliveryState.PLANNED, 0) - sum(
        one.count for one in done.stuck if one.state is DeliveryState.PLANNED
    )
    if waits:
        yield f"waiting      {counted(waits, 'mail')} for their time"
    yield from _troubles(done.stuck)
    yield "sent         nothing, to nobody"
    yield ""
    yield "next"
    asked = shlex.quote(name)
    yield f"backmail check {asked}" if done.stuck else f"backmail apply {asked}"
    yield f"backmail simulate {asked} --json"


def _table(done: Delivered, campaign: Campaign) -> Iterator[str]:
    """Give a row for each week and a column for each mail, by its number."""
    numbers = [str(number + 1) for number in range(len(campaign.steps))]
    rows = [
        [
            f"{number + 1}",
            f"{done.start + dt.timedelta(weeks=number):%Y-%m-%d}",
            *(f"{week[step.id]:,}" if week[step.id] else "." for step in campaign.steps),
        ]
        for number, week in enumerate(done.weeks)
    ]
    heads = ["week", "from", *(f"mail {number}" for number in numbers)]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _troubles(stuck: Sequence[Stuck]) -> Iterator[str]:
    """Give what did not arrive, the most frequent first, with the reason in words."""
    for one in stuck[:_STUCK]:
        reason, detail = reasons.read(one.reason)
        why = reasons.sentence(reason, detail=detail)
        yield f"look at      {counted(one.count, 'mail')} of {one.step} {one.state}: {why}"
    if len(stuck) > _STUCK:
        yield f"             and {len(stuck) - _STUCK} more kinds"


def _when(at: dt.datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M} UTC"
