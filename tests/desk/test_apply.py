"""Applying: judged and composed first, then whole or not at all; who is on the way goes on from where she is."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.config import Config
from backmail.desk import apply as desk
from backmail.desk.apply import Applied
from backmail.errors import CampaignError, SafetyStop
from backmail.model.campaign import Campaign, Schedule, Sender
from backmail.sending.published import newest
from backmail.store.tables import campaigns as campaigns_table
from backmail.store.tables import events, versions
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, prepared, step

CONFIG = Config(zone="UTC", sender=Sender("Anna", "anna@news.example.org"))
ONE, TWO, THREE = SERIES.steps


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    return Town(store, tmp_path, config=CONFIG)


@pytest.fixture(autouse=True)
def _without_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out backmail's own mails: to compose them takes half a second."""
    monkeypatch.setattr(desk, "system_settings", lambda _: [])


def applied(town: Town, *what: Campaign, expected: int | None = None) -> list[Applied]:
    """Apply campaigns, and see that a rehearsal would have said the same."""
    ready, now = [prepared(each) for each in what], town.clock.now()
    would = desk.rehearse(town.store, ready, now=now, zone="UTC")
    done = desk.apply(town.store, town.backmail.project, ready, now=now, by="ann", expected=expected)
    assert done == would
    return done


def on_the_way(town: Town, *names: str) -> None:
    """Let people walk until the day after the first mail."""
    town.walk(*names)
    town.run(MONDAY + 2 * DAY)
    assert {row.step for row in town.deliveries(state="planned")} == {"two"}


def series(*steps: Any, **given: Any) -> Campaign:
    return replace(SERIES, steps=steps, **given)


def waits(town: Town) -> list[tuple[str, dt.datetime]]:
    return [(row.step, row.due_at) for row in town.deliveries(state="planned")]


NEXT = MONDAY + 8 * DAY + 8 * HOUR


def test_the_first_time_it_is_published_and_touches_nobody(town: Town) -> None:
    [done] = applied(town, SERIES)
    assert done == Applied("town", 1, None, 0, added=("one", "two", "three"))
    assert (done.anything, done.touched) == (True, 0)
    with town.backmail.reading() as tx:
        [kept] = tx.execute(sa.select(events)).all()
    assert (kept.source, kept.kind, json.loads(kept.raw)) == (
        "operator",
        "applied",
        {"campaign": "c-town", "by": "ann", "version": 1},
    )


def test_what_did_not_change_touches_nobody(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, SERIES)
    assert (done.number, done.before, done.people, done.anything, done.touched) == (1, 1, 1, False, 0)


def test_a_step_added_ahead_comes_next(town: Town) -> None:
    on_the_way(town, "ida", "bo")
    [done] = applied(town, series(ONE, step("extra"), TWO, THREE))
    assert (done.people, done.another, done.moved, done.finished, done.added) == (2, 2, 0, 0, ("extra",))
    assert waits(town) == [("extra", NEXT)] * 2
    town.run()
    assert [name for who, name in town.mails if who == "ida"] == ["one", "extra", "two", "three"]


def test_a_step_added_behind_is_not_made_up_for(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, series(step("extra", "0"), ONE, TWO, THREE))
    assert (done.another, done.moved, done.touched) == (0, 0, 1)
    town.run()
    assert [name for _, name in town.mails] == ["one", "two", "three"]


def test_a_removed_step_makes_room_for_the_one_behind_it(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, series(ONE, THREE))
    assert (done.another, done.removed) == (1, ("two",))
    assert waits(town) == [("three", NEXT)]
    assert [row.step for row in town.deliveries()] == ["one", "three"]


def test_who_has_nothing_more_to_come_is_done(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, series(ONE))
    assert (done.people, done.finished, done.removed) == (1, 1, ("two", "three"))
    assert [row.state for row in town.enrollments()] == ["finished"]


@pytest.mark.parametrize(
    ("edited", "due"),
    [
        (series(ONE, replace(TWO, after=step("x", "2w").after), THREE), NEXT + 7 * DAY),
        (series(ONE, TWO, THREE, schedule=Schedule((3,), dt.time(10))), MONDAY + 10 * DAY + 9 * HOUR),
    ],
    ids=["delay", "schedule"],
)
def test_another_delay_or_schedule_moves_what_waits(edited: Campaign, due: dt.datetime, town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, edited)
    assert (done.another, done.moved, done.touched) == (0, 1, 1)
    assert waits(town) == [("two", due)]


def test_other_words_move_nothing_and_reach_who_is_on_the_way(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, series(ONE, replace(TWO, body="Other words.\n"), THREE))
    assert (done.another, done.moved, done.changed, done.touched) == (0, 0, ("two",), 1)
    assert waits(town) == [("two", NEXT)]
    town.run(NEXT)
    assert "Other words." in town.transport.carried[-1].message.part("text")


def test_a_line_that_moved_in_its_file_is_no_change_of_the_step(town: Town) -> None:
    applied(town, SERIES)
    [done] = applied(town, series(ONE, replace(TWO, body_line=12), THREE))
    assert (done.number, done.changed) == (2, ())


def test_a_rehearsal_leaves_everything_as_it_is(town: Town) -> None:
    on_the_way(town, "ida")
    before = (town.deliveries(), town.enrollments())
    [would] = desk.rehearse(town.store, [prepared(series(ONE, THREE))], now=town.clock.now(), zone="UTC")
    assert (would.number, would.before, would.another) == (2, 1, 1)
    assert (town.deliveries(), town.enrollments()) == before
    with town.backmail.reading() as tx:
        assert newest(tx, "c-town") == 1


def test_nothing_is_done_for_another_number_of_people_than_expected(town: Town) -> None:
    on_the_way(town, "ida", "bo")
    before = town.deliveries()
    with pytest.raises(SafetyStop, match="2 people are on their way by now, 1 were expected: nothing was done"):
        applied(town, series(ONE, THREE), expected=1)
    assert town.deliveries() == before
    assert applied(town, series(ONE, THREE), expected=2)[0].touched == 2


def test_an_edit_under_which_somebodys_next_mail_finds_no_day_is_not_applied(town: Town) -> None:
    on_the_way(town, "ida")
    never = series(ONE, TWO, THREE, schedule=Schedule(days=(5,), skip=tuple(_saturdays())))
    before = town.deliveries()
    with pytest.raises(CampaignError):
        applied(town, never)
    assert town.deliveries() == before
    with town.backmail.reading() as tx:
        assert newest(tx, "c-town") == 1


def _saturdays() -> list[str]:
    """Return all days of two years: a Saturday rolls to the next day that is not skipped."""
    return [(dt.date(2027, 1, 1) + dt.timedelta(days=n)).isoformat() for n in range(800)]


def test_all_campaigns_take_effect_or_none(town: Town) -> None:
    on_the_way(town, "ida")
    with pytest.raises(CampaignError, match="is published under the name 'town'"):
        applied(town, series(ONE, THREE), replace(SERIES, id="c-other"))
    with town.backmail.reading() as tx:
        assert tx.execute(sa.select(versions.c.campaign, versions.c.number)).all() == [("c-town", 1)]


def test_a_renamed_folder_is_the_same_campaign(town: Town) -> None:
    on_the_way(town, "ida")
    [done] = applied(town, replace(SERIES, slug="village"))
    assert (done.slug, done.before, done.people) == ("village", 1, 1)
    with town.backmail.reading() as tx:
        [row] = tx.execute(sa.select(campaigns_table)).all()
    assert (row.id, row.slug, row.version) == ("c-town", "village", 2)
