"""An edit of the campaign reaches those who walk through it: forward only, nothing twice, from anchors that stay."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.model.campaign import Campaign, Schedule
from backmail.sending.replanning import Replanned, replan, walking
from tests.town import DAY, HOUR, MONDAY, SERIES, Town, at, campaign, step

TUESDAY = MONDAY + DAY + 8 * HOUR
ONE, TWO, THREE = SERIES.steps


@pytest.fixture
def town(store: sa.Engine, tmp_path: Path) -> Town:
    """A town in which ida had the first step, and waits for the second."""
    made = Town(store, tmp_path)
    made.walk("ida")
    made.run(TUESDAY)
    return made


def edit(town: Town, what: Campaign) -> Replanned:
    """Publish a campaign anew, and plan anew for whoever walks through it."""
    town.publish(what)
    with town.backmail.durable() as tx:
        ids = walking(tx, campaign=what.id)
        return replan(tx, town.backmail.shelf, ids, now=town.clock.now(), zone="UTC")


def walked(town: Town) -> list[str]:
    town.run()
    return [step for _, step in town.mails]


def test_nothing_changes_nothing(town: Town) -> None:
    before = town.deliveries()
    done = edit(town, at(SERIES, name="Another name"))
    assert (done.deleted, done.planned, done.finished) == (set(), set(), set())
    assert town.deliveries() == before


def test_a_step_added_ahead_comes(town: Town) -> None:
    edit(town, at(SERIES, steps=(ONE, step("between"), TWO, THREE)))
    assert [row.step for row in town.deliveries()] == ["one", "between"]
    assert walked(town) == ["one", "between", "two", "three"]


def test_a_step_added_at_the_end_comes_to_who_still_walks(town: Town) -> None:
    edit(town, at(SERIES, steps=(ONE, TWO, THREE, step("four"))))
    assert walked(town) == ["one", "two", "three", "four"]


def test_a_step_added_behind_never_comes(town: Town) -> None:
    edit(town, at(SERIES, steps=(step("before", "0"), ONE, TWO, THREE)))
    assert walked(town) == ["one", "two", "three"]


def test_a_step_that_is_taken_out_is_not_waited_for(town: Town) -> None:
    done = edit(town, at(SERIES, steps=(ONE, THREE)))
    assert len(done.deleted) == len(done.planned) == 1
    (row,) = town.deliveries(step="three")
    assert row.due_at == TUESDAY + 7 * DAY  # from the unchanged anchor
    assert walked(town) == ["one", "three"]


def test_without_any_step_ahead_it_is_over(town: Town) -> None:
    done = edit(town, at(SERIES, steps=(ONE,)))
    assert len(done.finished) == 1
    assert walked(town) == ["one"]
    assert town.enrollments()[0].state == "finished"


def test_another_order_brings_nothing_twice(town: Town) -> None:
    edit(town, at(SERIES, steps=(TWO, ONE, THREE)))
    assert walked(town) == ["one", "three"]


def test_another_delay_counts_from_the_same_anchor(town: Town) -> None:
    done = edit(town, at(SERIES, steps=(ONE, step("two", "2w"), THREE)))
    assert len(done.moved) == 1
    assert town.deliveries(step="two")[0].due_at == TUESDAY + 14 * DAY


def test_another_window_moves_what_waits(town: Town) -> None:
    edit(town, at(SERIES, schedule=Schedule(days=(3,))))
    assert town.deliveries(step="two")[0].due_at == TUESDAY + 9 * DAY


def test_a_mail_that_was_tried_keeps_its_version_and_its_next_try(town: Town) -> None:
    town.transport.defer("ida@example.org")
    town.run(TUESDAY + 7 * DAY)
    (before,) = town.deliveries(step="two")
    assert before.state == "deferred"
    edit(town, at(SERIES, schedule=Schedule(days=(3,))))
    (row,) = town.deliveries(step="two")
    assert (row.next_try_at, row.due_at, row.version) == (before.next_try_at, before.due_at, 1)


def test_who_finished_stays_finished(town: Town) -> None:
    town.run()
    done = edit(town, at(SERIES, steps=(*SERIES.steps, step("four"))))
    assert done == Replanned()
    assert walked(town) == ["one", "two", "three"]


def test_others_are_left_alone(town: Town) -> None:
    town.publish(campaign(step("x", "0"), step("y"), slug="other"))
    town.enroll(town.add("bo"))
    before = town.deliveries(campaign="c-other")
    edit(town, at(SERIES, steps=(ONE,)))
    assert town.deliveries(campaign="c-other") == before
