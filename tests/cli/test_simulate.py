"""`backmail simulate`: JSON lines that are the same for the same question, and a summary for people."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backmail.cli import perform
from backmail.config import start_project
from tests.desk.workbench import Said

Call = Callable[..., Said]
MAIL = """---
id: {id}
subject: Mail {id}
preheader: What mail {id} is about
after: {after}
action: {{text: Tell me, kind: reply}}
---
Hello.
"""


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a series of two mails, stood in."""
    start_project(tmp_path / "project")
    [made] = [path for path in (tmp_path / "project/campaigns").iterdir() if path.is_dir()]
    settings = (made / "campaign.yaml").read_text(encoding="utf-8")
    folder = made.parent / "short"
    folder.mkdir()
    (folder / "campaign.yaml").write_text(re.sub("(?m)^id: .*", "id: c-short1", settings), encoding="utf-8")
    (folder / "01-one.md").write_text(MAIL.format(id="one", after="0"), encoding="utf-8")
    (folder / "02-two.md").write_text(MAIL.format(id="two", after="1w"), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "project")
    return folder


@pytest.fixture
def backmail(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call backmail: exit code, stdout, stderr."""

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = perform(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


def events(out: str) -> list[dict[str, Any]]:
    """Return all lines but the first."""
    return [json.loads(line) for line in out.splitlines()[1:]]


def test_json_lines_tell_what_happens_to_whom_in_order_of_time(short: Path, backmail: Call) -> None:
    code, out, err = backmail("simulate", "short", "--people", "12", "--json")
    assert (code, err) == (0, "")
    first = json.loads(out.splitlines()[0])
    assert first.keys() == {"schema", "seed", "from", "tzdata"}
    assert (first["schema"], first["seed"], first["from"]) == (1, 0, "2027-01-04")
    told = events(out)
    assert all(event.keys() == {"at", "utc", "who", "step", "event", "why"} for event in told)
    assert [event["utc"] for event in told] == sorted(event["utc"] for event in told)
    assert {event["who"] for event in told} == {f"s{number}" for number in range(1, 13)}
    hers = [(event["event"], event["step"]) for event in told if event["who"] == "s7"]
    assert hers == [
        ("enrolled", None),
        ("handed", "one"),
        ("accepted", "one"),
        ("handed", "two"),
        ("accepted", "two"),
        ("finished", None),
    ]
    assert "@" not in out


def test_the_same_question_has_the_same_answer_whatever_the_hash_seed(short: Path) -> None:
    answers = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "backmail", "simulate", "short", "--people", "5", "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        answers.add(done.stdout)
    assert len(answers) == 1


def test_the_seed_and_the_date_count(short: Path, backmail: Call) -> None:
    _, out, _ = backmail("simulate", "short", "--people", "2", "--from", "2027-03-26", "--seed", "5", "--json")
    assert json.loads(out.splitlines()[0])["seed"] == 5
    accepted = [event for event in events(out) if event["event"] == "accepted" and event["who"] == "s1"]
    assert [event["at"] for event in accepted] == ["2027-03-30T09:00:00+02:00", "2027-04-06T09:00:00+02:00"]
    assert [event["utc"] for event in accepted] == ["2027-03-30T07:00:00Z", "2027-04-06T07:00:00Z"]


def test_it_ends_after_the_weeks_that_were_asked_for(short: Path, backmail: Call) -> None:
    _, out, _ = backmail("simulate", "short", "--people", "2", "--weeks", "1", "--json")
    assert [event["step"] for event in events(out) if event["event"] == "accepted"] == ["one", "one"]
    _, out, _ = backmail("simulate", "short", "--people", "2", "--weeks", "1")
    assert "waiting      2 mails" in out
    assert "2 still on the way" in out


def test_people_of_a_file_are_named_by_their_id_and_never_by_their_address(short: Path, backmail: Call) -> None:
    rows = (
        "email,id,timezone\nanna@example.org,K-7,Asia/Kathmandu\nben@example.org,,\nnobody,,\nANNA@example.org,K-9,\n"
    )
    Path("readers.csv").write_text(rows, encoding="utf-8")
    code, out, err = backmail("simulate", "short", "--subscribers", "readers.csv", "--json")
    assert code == 0
    assert {event["who"] for event in events(out)} == {"K-7", "r3"}
    anna = [event for event in events(out) if event["who"] == "K-7" and event["event"] == "handed"]
    assert [event["at"] for event in anna] == ["2027-01-05T09:00:00+05:45", "2027-01-12T09:00:00+05:45"]
    ben = next(event for event in events(out) if event["who"] == "r3" and event["event"] == "handed")
    assert datetime.fromisoformat(ben["at"]).astimezone(ZoneInfo("Europe/Copenhagen")).hour == 9
    assert "@" not in out
    assert "readers.csv:4" in err
    assert "left out: 1 row that cannot be used" in err
    assert "readers.csv:5: left out: the address of line 2" in err


def test_the_summary_is_for_people(short: Path, backmail: Call) -> None:
    code, out, _ = backmail("simulate", "short", "--people", "30")
    assert code == 0
    assert "30 readers in 30 time zones" in out
    assert re.search(r"(?m)^ +1  2027-01-04 +30 +\.$", out)
    assert re.search(r"(?m)^ +2  2027-01-11 +\. +30$", out)
    assert "60 planned, 60 accepted, 0 lost" in out
    assert "sent         nothing, to nobody" in out
    assert not Path(".backmail").exists()
    assert not Path("outbox").exists()


def test_it_needs_neither_settings_nor_secrets(short: Path, backmail: Call, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "campaigns").mkdir(parents=True)
    short.rename(elsewhere / "campaigns" / "short")
    os.chdir(elsewhere)
    assert backmail("simulate", "short", "--people", "1")[0] == 0
    assert sorted(path.name for path in elsewhere.iterdir()) == ["campaigns"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("shirt",), 3, "shirt"),
        (("short", "--people", "0"), 2, "--people"),
        (("short", "--people", "2", "--subscribers", "x.csv"), 2, "choose one of them"),
        (("short", "--subscribers", "x.csv"), 3, "x.csv"),
        (("short", "--from", "soon"), 2, "--from"),
        (("short", "--weeks", "0"), 2, "--weeks"),
    ],
)
def test_what_cannot_be_played_is_told(
    arguments: tuple[str, ...], code: int, said: str, short: Path, backmail: Call
) -> None:
    done, _, err = backmail("simulate", *arguments)
    assert done == code
    assert said in err
