"""`backmail subscribers import|export`: dry first, then with a count and a ground."""

import csv
import io
import stat

import pytest

from tests.cli.subscribers.conftest import Desk

PEOPLE = "email,first_name,size\na@example.org,Åsa,41\nb@example.org,=Bo,\nc@example.org,Cy\x00,\nA@example.org,,\n"
LIVE = ("--live", "--consent", "on paper, 2026")


def test_without_live_an_import_only_says_what_would_happen(desk: Desk) -> None:
    desk.anna()
    said = desk("import", desk.file(PEOPLE + "anna@example.org,Eve,\n"))
    assert said.code == 0
    assert said.out == (
        "people.csv: UTF-8, columns separated by commas\n"
        "  fields      size\n"
        "  new         2\n"
        "  known       1 (line 6)\n"
        "  suppressed  0\n"
        "  repeated    1 (line 5)\n"
        "  broken      1 (line 4)\n"
    )
    assert "people.csv:4:15: this must be one line without control characters" in said.err
    assert "nothing was done; --live does it" in said.err
    assert desk.done("find").splitlines() == ["anna@example.org  active"]


def test_with_live_and_the_count_people_are_added(desk: Desk) -> None:
    desk.file(PEOPLE)
    assert desk.done("import", "people.csv", *LIVE, "--expect", "2").endswith("added 2\n")
    known = desk.shown("b@example.org")
    assert known["subscriber"]["first_name"] == "=Bo"
    assert (known["subscriber"]["state"], known["enrollments"]) == ("active", [])
    [consent] = known["consents"]
    assert (consent["act"], consent["shown"], consent["source"]) == ("imported", "on paper, 2026", "people.csv:3")
    again = desk("import", "people.csv", *LIVE, "--expect", "2")
    assert again.code == 0
    assert "nobody is new: nothing was done" in again.err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--live", "--expect", "2"), 2, "--live needs --consent"),
        (("--live", "--consent", " ", "--expect", "2"), 2, "--live needs --consent"),
        (("--expect", "2"), 2, "--expect belongs to --live"),
        ((*LIVE, "--expect", "3"), 5, "nothing was done"),
        (LIVE, 5, "--expect 2"),
    ],
)
def test_without_ground_and_count_nobody_is_added(desk: Desk, options: tuple[str, ...], code: int, words: str) -> None:
    said = desk("import", desk.file(PEOPLE), *options)
    assert said.code == code
    assert words in said.err
    assert desk.done("find") == ""


def test_who_came_between_the_count_and_the_import_stops_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_: object, **__: object) -> None:
        desk.done("add", "a@example.org", "--confirmed", "--consent", "x")

    monkeypatch.setattr("backmail.cli.subscribers.files.agree", meanwhile)
    said = desk("import", desk.file(PEOPLE), *LIVE)
    assert said.code == 5
    assert "1 people are new by now: nothing was done" in said.err
    assert len(desk.done("find").splitlines()) == 1


def test_only_the_first_faults_are_shown(desk: Desk) -> None:
    desk.file("email\na@example.org\n" + "x\n" * 30)
    said = desk("import", "people.csv", "--shown", "2")
    assert said.err.count("is no address that mail can go to") == 2
    assert "broken      30 (lines 3, 4, 5, 6, 7, ...)" in said.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this file is empty"),
        ("name\nx\n", "no column is called 'email'"),
        ("email\nx\ny\n", "people.csv:2:1: 'x' is no address"),
        ("email,é\na@example.org,1\n", "cannot be the name of a field"),
    ],
)
def test_a_file_that_cannot_be_used_exits_3(desk: Desk, text: str, words: str) -> None:
    said = desk("import", desk.file(text))
    assert (said.code, said.out) == (3, "")
    assert words in said.err


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_is_none_exits_3(desk: Desk, name: str) -> None:
    assert desk("import", name).code == 3


def test_an_export_is_read_back_and_readable_by_its_owner_alone(desk: Desk) -> None:
    desk.done("import", desk.file(PEOPLE), *LIVE, "--expect", "2")
    desk.done("unsubscribe", "b@example.org")
    rows = list(csv.reader(io.StringIO(desk.done("export"))))
    assert rows[0] == [
        "email", "first_name", "last_name", "language", "timezone", "tags", "size",
        "backmail_state", "backmail_suppressed",
    ]  # fmt: skip
    assert [(row[0], row[1], row[-1]) for row in rows[1:]] == [
        ("a@example.org", "Åsa", ""), ("b@example.org", "'=Bo", "unsubscribed"),
    ]  # fmt: skip
    said = desk("export", "--out", "out.csv")
    assert (said.out, said.err) == ("", "2 people in out.csv\n")
    out = desk.folder / "out.csv"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text(encoding="utf-8") == desk.done("export")
    again = desk.done("import", "out.csv")
    assert "known       1 (line 2)\n  suppressed  1 (line 3)" in again
    assert [path.name for path in desk.folder.iterdir() if "out.csv" in path.name] == ["out.csv"]


def test_an_export_that_cannot_be_written_leaves_nothing(desk: Desk) -> None:
    assert desk("export", "--out", "nowhere/out.csv").code == 3


def test_an_export_that_is_broken_off_leaves_what_was_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    (desk.folder / "out.csv").write_text("before")
    monkeypatch.setattr("backmail.audience.files.export", full)
    said = desk("export", "--out", "out.csv")
    assert (said.code, said.err) == (3, "stopped: no space left on device\n")
    assert [path.read_text() for path in desk.folder.iterdir() if "out.csv" in path.name] == ["before"]
