"""status, explain, pause, resume, retry and settle as somebody types them."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backmail.app import opened
from backmail.cli import perform, screen
from backmail.config import Project
from backmail.sending.operations.restoring import hold
from backmail.store import queue
from backmail.store.tables import campaigns, deliveries
from tests.cli.installation import project

Verb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def there(tmp_path: Path) -> Project:
    return project(tmp_path, people=3)


@pytest.fixture
def backmail(there: Project, capsys: pytest.CaptureFixture[str]) -> Verb:
    def typed(*words: str) -> tuple[int, str, str]:
        code = perform(["--project", str(there.root), *words])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def change(there: Project, table: sa.Table, **columns: Any) -> None:
    """Change all rows of a table."""
    with opened(there) as app, app.durable() as tx:
        tx.execute(table.update().values(columns))
        queue.mend(tx)


def states(there: Project) -> list[tuple[str, str]]:
    """Return step and state of every mail."""
    with opened(there) as app, app.reading() as tx:
        return sorted((row.step, row.state) for row in tx.execute(sa.select(deliveries.c.step, deliveries.c.state)))


def held(there: Project) -> None:
    """Let nobody know whether the first mails arrived."""
    with opened(there) as app:
        handed = {"hand_overs": 1, "first_handed_at": app.now(), "version": 1}
    change(there, deliveries, state="uncertain", reason="line: no answer", next_try_at=None, **handed)


def restored(there: Project, *, days: int = 0) -> None:
    """Hold what a restore holds that comes after so many days."""
    with opened(there) as app, app.durable() as tx:
        assert hold(tx, now=app.now() + dt.timedelta(days=days)) == {"series": 3}


def test_status_says_how_all_stands(backmail: Verb) -> None:
    code, out, err = backmail("status")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["series: 3 mails are due, and no engine is running", f"  {screen.program()} run"]
    assert lines[2].startswith("series (version 1, live): 3 active; mails: 3 planned; next ")
    assert lines[3:4] == ["engine: does not run"]
    assert lines[4].startswith("database: ")
    assert len(lines) == 5


def test_status_names_the_command_for_what_waits(there: Project, backmail: Verb) -> None:
    held(there)
    lines = backmail("status")[1].splitlines()
    assert lines[:2] == [
        "series: 3 mails may have arrived or not: somebody has to decide",
        f"  {screen.program()} settle series",
    ]


def test_status_as_json(there: Project, backmail: Verb) -> None:
    change(there, deliveries, state="failed", reason="render: 01.md:7: nme", next_try_at=None)
    backmail("pause", "series", "--until", "2100-01-01", "--because", "holidays")
    told = json.loads(backmail("status", "--json")[1])
    assert told["schema"] == 1
    text = "series: 3 mails could not be rendered (01.md:7: nme)"
    assert told["wants"] == [{"reason": "render", "campaign": "series", "count": 3, "text": text}]
    [one] = [one for one in told["campaigns"] if one["campaign"] == "series"]
    assert (one["people"]["active"], one["deliveries"]["failed"], one["next"]) == (3, 3, None)
    assert (one["paused"]["until"], one["paused"]["because"]) == ("2100-01-01T00:00:00Z", "holidays")
    assert told["engine"] == {"running": False, "paused": None}
    assert told["database"]["bytes"] > 0


def test_explain_tells_one_persons_story(backmail: Verb) -> None:
    code, out, _ = backmail("explain", "reader1@example.org")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("reader1@example.org: active; it is ")
    assert lines[1].startswith("series, active: It is due since ")
    assert "no engine is running" in lines[1]
    assert [line.partition("  ")[2] for line in lines[3:]] == ["was added", "series: was enrolled"]
    assert "reader0" not in out


def test_explain_answers_about_one_step(there: Project, backmail: Verb) -> None:
    with opened(there) as app, app.reading() as tx:
        published = app.shelf.newest(tx, "c-series")
    assert published
    first, second = (step.id for step in published.campaign.steps)
    told = json.loads(backmail("explain", "reader1@example.org", "series", second, "--json")[1])
    [walk] = told["campaigns"]
    [step] = walk["steps"]
    assert (step["step"], step["state"], step["reason"], step["detail"]) == (second, None, "later", first)
    assert walk["next"]["step"] == first
    assert walk["next"]["next"]["utc"].endswith("Z")
    code, _, err = backmail("explain", "reader1@example.org", "series", second[:-1])
    assert (code, "did you mean" in err) == (3, True)


def test_explain_knows_nobody_else(backmail: Verb) -> None:
    assert backmail("explain", "nobody@example.org")[0] == 3
    assert backmail("explain", "reader1@example.org", "serie")[0] == 3


def test_pause_and_resume(there: Project, backmail: Verb) -> None:
    code, out, err = backmail("pause", "series")
    assert (code, out) == (0, "series: paused\n")
    assert err == f"{screen.program()} resume series\n"
    assert backmail("run", "--once")[0] == 0
    assert {state for _, state in states(there)} == {"planned"}
    assert "paused" in backmail("status")[1]
    assert backmail("resume", "series", "--hold")[1] == "series: goes on, 3 mails moved by 1 day\n"
    assert backmail("resume", "series")[1] == "series: was not paused\n"


def test_all_can_be_paused(backmail: Verb) -> None:
    assert backmail("pause", "--until", "2100-01-01")[1] == "all sending: paused until 2100-01-01, UTC\n"
    assert "engine: does not run; all sending is paused until Fri 2100-01-01 00:00 UTC" in backmail("status")[1]
    assert backmail("resume")[1] == "all sending: goes on\n"


@pytest.mark.parametrize("until", ["tomorrow", "2020-01-01"])
def test_a_pause_ends_on_a_day_that_lies_ahead(backmail: Verb, until: str) -> None:
    code, out, err = backmail("pause", "--until", until)
    assert (code, out) == (2, "")
    assert until in err
    assert backmail("resume")[1] == "all sending: was not paused\n"


def test_retry_puts_back_what_failed(there: Project, backmail: Verb) -> None:
    assert backmail("retry")[1] == "all campaigns: no mail waits for that\n"
    change(there, deliveries, state="failed", reason="render: 01.md:7: nme", next_try_at=None)
    assert backmail("retry", "series")[1] == "3 mails put back (render)\n"
    assert {state for _, state in states(there)} == {"planned"}


def test_retry_says_what_a_restore_holds(there: Project, backmail: Verb) -> None:
    change(there, deliveries, state="failed", reason="render: 01.md:7: nme", next_try_at=None)
    with opened(there) as app, app.durable() as tx:
        assert hold(tx, now=app.now() + dt.timedelta(days=30)) == {}
    code, out, err = backmail("retry")
    assert (code, err) == (0, f"{screen.program()} settle --all\n")
    held = "3 mails held: what may have gone out before the database was restored"
    assert out == f"3 mails put back (render)\n{held}\n"
    assert {state for _, state in states(there)} == {"uncertain"}


def test_settle_shows_first_and_proposes_to_drop(there: Project, backmail: Verb) -> None:
    assert backmail("settle", "series")[1] == "no mail is held\n"
    held(there)
    code, out, err = backmail("settle", "series")
    assert (code, out) == (0, "series: 3 may have arrived or not\n")
    assert err == f"{screen.program()} settle series --drop\n"
    assert {state for _, state in states(there)} == {"uncertain"}


def test_settle_wants_the_count_where_nobody_can_be_asked(there: Project, backmail: Verb) -> None:
    held(there)
    code, _, err = backmail("settle", "--all", "--drop")
    assert (code, err.splitlines()[-1]) == (5, f"next: {screen.program()} settle --all --drop --expect 3")
    assert backmail("settle", "--all", "--drop", "--expect", "2")[0] == 5
    assert {state for _, state in states(there)} == {"uncertain"}
    assert backmail("settle", "--all", "--drop", "--expect", "3")[1].endswith("3 dropped\n")
    assert [state for _, state in states(there)].count("skipped") == 3
    assert len(states(there)) == 6


def test_settle_can_send_again(there: Project, backmail: Verb) -> None:
    held(there)
    assert backmail("settle", "series", "--resend", "--expect", "3")[1].endswith("3 go again\n")
    assert {state for _, state in states(there)} == {"deferred"}


def test_what_a_restore_left_in_doubt_is_told_apart(there: Project, backmail: Verb) -> None:
    held(there)
    with opened(there) as app, app.durable() as tx:
        first = tx.scalar(sa.select(sa.func.min(deliveries.c.id)))
        tx.execute(deliveries.update().where(deliveries.c.id != first).values(reason="restored"))
    lines = backmail("status")[1].splitlines()
    assert lines[0] == "series: 2 mails may have gone out before the database was restored: somebody has to decide"
    assert lines[2] == "series: 1 mail may have arrived or not: somebody has to decide"
    assert lines[1] == lines[3] == f"  {screen.program()} settle series"
    told = "series: 2 may have gone out before the database was restored\nseries: 1 may have arrived or not\n"
    assert backmail("settle", "--all")[1] == told


def test_resume_says_what_stays_held_after_a_restore(there: Project, backmail: Verb) -> None:
    assert backmail("pause")[0] == 0
    restored(there)
    code, out, err = backmail("resume")
    assert (code, err) == (0, f"{screen.program()} settle --all\n")
    before = "but for 3 mails that may have gone out before the database was restored: somebody has to decide"
    assert out == f"all sending: goes on\n{before}\n"


def test_settle_says_which_mails_come_into_question_next(there: Project, backmail: Verb) -> None:
    restored(there, days=30)
    _, out, err = backmail("settle", "series", "--drop", "--expect", "3")
    assert out.splitlines()[1:] == [
        "3 dropped",
        "the next mails to these people are held as well:",
        "series: 3 may have gone out before the database was restored",
    ]
    assert err.splitlines()[-1] == f"{screen.program()} settle series --drop"
    assert backmail("settle", "series", "--drop", "--expect", "3")[1].endswith("3 dropped\n")


@pytest.mark.parametrize("words", [(), ("series", "--all"), ("series", "--expect", "3")])
def test_settle_says_what_it_takes(backmail: Verb, words: tuple[str, ...]) -> None:
    assert backmail("settle", *words)[0] == 2


@pytest.mark.parametrize("verb", ["pause", "resume", "retry", "settle"])
def test_a_campaign_that_was_never_applied_is_unknown(backmail: Verb, verb: str) -> None:
    code, out, err = backmail(verb, "seris")
    assert (code, out) == (3, "")
    assert "did you mean 'series'" in err


def test_the_version_is_told_before_the_first_apply_too(there: Project, backmail: Verb) -> None:
    change(there, campaigns, version=None)
    assert "series (not applied, live)" in backmail("status")[1]
