"""What the torture came to, as tables for people, and one last line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.torture.deaths import STAGES
from tests.torture.stops import MOMENTS
from tests.torture.suffering import Outcome
from tests.torture.verdict import shown

_WIDE = 42
STOP = "stop"
_CALLED = {"before": "kills before", "after": "kills after", STOP: "stops"}

Row = tuple[str, Mapping[str, int], Mapping[str, int]]  # its name, deaths by stage, rows by stage


def lines(outcome: Outcome) -> Iterator[str]:
    """Yield what one database came to."""
    verdict = outcome.verdict
    yield f"\n{outcome.database}: {verdict.people:,} people, {verdict.mails:,} mails, {outcome.deaths} deaths and stops"
    if outcome.ordeal:
        kills = outcome.ordeal
        yield f"  {kills.kills} kills at random, {kills.amidst} with rows on their way ({kills.rows:,} of them)"
        yield f"  from a kill to the next mail: {_spread(kills.recovered)}"
        yield f"  from a kill to the first mail that the dead had held: {_spread(kills.taken_back)}"
    if outcome.points:
        yield f"  a crash at every commit of a small run: {outcome.points.count} points"
    if outcome.arrows:
        yield from _table("arrow", [(each.name, each.deaths, each.rows) for each in outcome.arrows])
        yield from _table("commit", _by_commit(outcome), stages=(*STAGES, STOP))
    for stop in outcome.stops:
        over = "another took over" if stop.taken_over else "nobody took over"
        yield f"  stopped {stop.moment}: {stop.rows} rows held, {over}, {stop.wrote} written after waking"
    yield (
        f"  lost {verdict.lost}, extra {verdict.extra} (bound {verdict.bound}), at most {verdict.worst} of one mail,"
        f" after-no {verdict.after_no} ({verdict.noes} said no), {outcome.seconds:.0f} s"
    )
    yield from (f"  WRONG: {fault}" for fault in shown(outcome.faults))


def _table(title: str, rows: Iterable[Row], stages: Sequence[str] = STAGES) -> Iterator[str]:
    """Yield a line for each row: how many deaths at each stage, and how many rows were on their way at them."""
    yield f"  {title:<{_WIDE}}" + "".join(f"{_CALLED[stage]:>14}{'rows':>6}" for stage in stages)
    for name, deaths, left in rows:
        yield f"  {name:<{_WIDE}}" + "".join(f"{deaths.get(stage, 0):>14}{left.get(stage, 0):>6}" for stage in stages)


def _by_commit(outcome: Outcome) -> list[Row]:
    found: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for each in outcome.arrows:
        deaths, rows = found.setdefault(each.transaction, (Counter(), Counter()))
        deaths.update(each.deaths)
        rows.update(each.rows)
    for stop in outcome.stops:
        deaths, rows = found.setdefault(MOMENTS[stop.moment], (Counter(), Counter()))
        deaths[STOP] += bool(stop.rows)
        rows[STOP] += stop.rows
    return [(name, *found[name]) for name in sorted(found)]


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = sorted(seconds)
    p50, p95 = (ordered[min(len(ordered) - 1, round(part * (len(ordered) - 1)))] for part in (0.5, 0.95))
    return f"p50 {p50:.1f} s, p95 {p95:.1f} s, of {len(ordered)}"


def last_line(outcomes: Sequence[Outcome]) -> str:
    """Return what all databases came to, together."""
    of = [outcome.verdict for outcome in outcomes]
    lost, extra, bound, after = (sum(getattr(each, n) for each in of) for n in ("lost", "extra", "bound", "after_no"))
    return f"lost {lost}, extra {extra} (bound {bound}), after-no {after}"
