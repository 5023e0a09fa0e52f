"""When the rules of time zones change, what waits is reckoned anew, all of it, before the new edition is noted."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.app import Backmail, opened, zones
from backmail.app.zones import Changed, keep_up
from backmail.sending.replanning import Replanned, replan
from backmail.store import tzdata
from backmail.store.tables import deliveries
from tests.cli.installation import project

EDITION = tzdata.present()


def slots(backmail: Backmail) -> set[tuple[dt.datetime, str]]:
    """Return the slots of all deliveries."""
    with backmail.reading() as tx:
        return {(due, zone) for due, zone in tx.execute(sa.select(deliveries.c.due_at, deliveries.c.zone))}


def noted(backmail: Backmail, edition: str) -> None:
    """Note an edition."""
    with backmail.durable() as tx:
        tzdata.note(tx, edition)


def held(backmail: Backmail) -> str | None:
    """Return the edition that is noted."""
    with backmail.reading() as tx:
        return tzdata.noted(tx)


def test_the_first_edition_is_noted_and_nothing_moves(tmp_path: Path) -> None:
    with opened(project(tmp_path, people=2)) as backmail:
        before = slots(backmail)
        assert keep_up(backmail) is None
        assert held(backmail) == EDITION
        assert keep_up(backmail) is None
        assert slots(backmail) == before


def test_another_edition_moves_what_waits_to_where_the_calendar_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "_AT_ONCE", 2)
    with opened(project(tmp_path, people=3)) as backmail:
        before = slots(backmail)  # of today, wherever it is noon
        noted(backmail, "2019a")
        assert keep_up(backmail) == Changed("2019a", EDITION, 3)
        after = slots(backmail)
        assert held(backmail) == EDITION
        assert after.isdisjoint(before)
        assert {zone for _, zone in after} == {"UTC"}


def test_who_is_stopped_on_the_way_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones, "_AT_ONCE", 2)
    calls = iter([True, False])

    def dies(*given: Any, **more: Any) -> Replanned:
        if next(calls):
            return replan(*given, **more)
        raise KeyboardInterrupt

    with opened(project(tmp_path, people=3)) as backmail:
        noted(backmail, "2019a")
        with monkeypatch.context() as patch:
            patch.setattr(zones, "replan", dies)
            with pytest.raises(KeyboardInterrupt):
                keep_up(backmail)
        assert held(backmail) == "2019a"
        assert keep_up(backmail) == Changed("2019a", EDITION, 3)
