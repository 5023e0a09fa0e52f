"""Whatever people hand in, by whichever door: a clear word about it, and what was right in it takes its way."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.desk.workbench import Said, tree
from tests.stories.shop import DATABASE, FIRST, ONCE_EACH, SLUG, got, outbox, where_it_is_noon

Call = Callable[..., Said]

LIVE = ("--live", "--consent", "at the counter, on paper, 2026", "--expect")
FIELDS = [f"field{number}" for number in range(54)]
WILD = [
    ["email", "first_name", "last_name", "language", "timezone", "tags", *FIELDS],
    ["ole@exämple.org", "{{ 7*7 }}", "{% include 'x' %}", "", "", "", *("x" for _ in FIELDS)],
    ["eve@example.org\r\nBcc: all@example.org", "Eve", "", "", "", ""],
    ["OLE@xn--exmple-cua.org", "Ole once more", "", "", "", ""],
    ["sp ace@example.org", "Space", "", "", "", ""],
    ["per@example.org", "Per", "", "", "Europe/Kopenhagen", ""],
    ["kim+news@example.org", '=HYPERLINK("http://evil.example")', "@SUM(A1)", "", "", "a;b"],
    ["bo@example.org", "<b>Bo</b>", "", "", "", ""],
    ["rose@example.org", "Rose\r\nBcc: all@example.org", "", "", "", ""],
    ["too", "many", "", "", "", "", *FIELDS, "cells"],
]


def sheet(rows: list[list[str]], *, sign: str = ",") -> str:
    """Return rows as a spreadsheet program writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def people(backmail: Call) -> list[str]:
    """Return the addresses of all subscribers."""
    return [line.split()[0] for line in backmail("subscribers", "find")[1].splitlines()]


def test_of_a_wild_file_whoever_can_be_reached_gets_one_mail(shop: Path, backmail: Call) -> None:
    text = sheet(WILD) + 'lis@example.org,"Lis\r\n' + "ida@example.org,Ida\r\n"
    (shop / "wild.csv").write_text(text, encoding="utf-8", newline="")
    code, out, err = backmail("subscribers", "import", "wild.csv", "--shown", "20")
    assert code == 0
    for line in ("new         4", "repeated    1 (line 5)", "broken      6 (lines 3, 6, 7, 10, 12, ...)"):
        assert f"  {line}\n" in out
    for words in (
        r"^wild\.csv:3:1: .* a line break or another invisible character stands in it$",
        r"^wild\.csv:6:1: .* a space stands in it$",
        r"^wild\.csv:7:\d+: unknown time zone 'Europe/Kopenhagen'$",
        r"\^ did you mean 'Europe/Copenhagen'\?$",
        r"^wild\.csv:10:\d+: this must be one line without control characters",
        r"^wild\.csv:12: 61 values, and the first line names 60$",
        r"^wild\.csv:13: a quote that opens in this row is never closed$",
    ):
        assert re.search(words, err, re.MULTILINE), words
    assert backmail("subscribers", "import", "wild.csv", *LIVE, "4")[0] == 0
    # Who is asked to confirm walks nothing: she is passed over.
    assert backmail("enroll", SLUG, "--segment", "all", "--live", "--expect", "4")[0] == 0
    assert backmail("run", "--once")[0] == 0
    reached = {"ole@xn--exmple-cua.org", "kim+news@example.org", "bo@example.org", "ida@example.org"}
    assert got(shop) == ONCE_EACH + Counter(dict.fromkeys(reached, 1))
    greeted = {"{{ 7*7 }},", '=HYPERLINK("http://evil.example"),', "<b>Bo</b>,", "Ida,"}
    mails = [mail for mail in outbox(shop) if mail["Subject"] == FIRST]
    assert {
        greeting[1] for mail in mails if (greeting := re.search(r"(?m)^Hello (.*?)\r?$", body(mail, "plain")))
    } == greeted
    for mail in mails:
        assert mail["Bcc"] is None
        assert "<b>Bo" not in body(mail, "html")
    # Said again, all of it comes to nothing.
    assert "nobody is new" in backmail("subscribers", "import", "wild.csv", *LIVE, "4")[2]
    assert backmail("enroll", SLUG, "--segment", "all", "--live", "--expect", "0")[0] == 0
    assert backmail("run", "--once")[0] == 0
    assert set(got(shop).values()) == {1}


def body(mail: object, kind: str) -> str:
    """Return the text of a mail's part."""
    part = mail.get_body((kind,))  # type: ignore[attr-defined]
    return str(part.get_content())


def test_what_leaves_as_a_sheet_runs_nothing_and_comes_back_as_it_was(shop: Path, backmail: Call) -> None:
    (shop / "wild.csv").write_text(sheet(WILD), encoding="utf-8", newline="")
    assert backmail("subscribers", "import", "wild.csv", *LIVE, "3")[0] == 0
    out = backmail("subscribers", "export")[1]
    for row in csv.reader(io.StringIO(out)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    for path in shop.glob(".backmail/backmail.db*"):
        path.unlink()
    (shop / "back.csv").write_text(out, encoding="utf-8", newline="")
    assert backmail("subscribers", "import", "back.csv", *LIVE, "5")[0] == 0
    assert backmail("subscribers", "export")[1] == out


NAMES = sheet([["email", "first_name"], ["aase@example.org", "Åse Sørensen"]], sign=";")


@pytest.mark.parametrize(
    "data",
    [
        NAMES.encode("utf-8"),
        NAMES.encode("utf-8-sig"),
        NAMES.encode("utf-16"),
        NAMES.encode("utf-16-le"),
        NAMES.encode("cp1252"),
        NAMES.replace(";", "\t").encode("utf-16"),
    ],
    ids=["UTF-8", "with a mark", "UTF-16", "without a mark", "Windows", "Excel's Unicode text"],
)
def test_a_name_is_the_same_in_whatever_encoding_it_comes(shop: Path, backmail: Call, data: bytes) -> None:
    (shop / "names.csv").write_bytes(data)
    assert backmail("subscribers", "import", "names.csv", *LIVE, "1")[0] == 0
    [row] = [row for row in csv.reader(io.StringIO(backmail("subscribers", "export")[1])) if row[0][:4] == "aase"]
    assert row[1] == "Åse Sørensen"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 a workbook", "a workbook or an archive, not CSV"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d\x8f\x90\x9d" * 40, "neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\xff\xfee\x00m\x00a", "not whole UTF-16"),
        (b"", "this file is empty"),
        (b"name,mail\nAnna,a@example.org\n", "no column is called 'email'"),
        (b"email,Email\na@example.org,b@example.org\n", "a second column is called 'email'"),
        (("email," + ",".join(map(str, range(1500)))).encode(), "1,000 are too many"),
        (b"email\nnobody\n", "'nobody' is no address"),
    ],
)
def test_a_file_that_is_none_changes_nothing(shop: Path, backmail: Call, data: bytes, words: str) -> None:
    (shop / "people.csv").write_bytes(data)
    before = people(backmail)
    for more in ((), (*LIVE, "1")):
        code, out, err = backmail("subscribers", "import", "people.csv", *more)
        assert (code, out) == (3, "")
        assert err.startswith("people.csv")
        assert words in err
    assert people(backmail) == before


BREAK = "anna@example.org\r\nBcc: all@example.org"


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        (["subscribers", "add", BREAK], 2),
        (["subscribers", "add", "dora@example.org", "--first-name", "Dora\r\nBcc: all@example.org"], 2),
        (["subscribers", "show", BREAK], 3),
        (["subscribers", "unsubscribe", BREAK], 3),
        (["subscribers", "set", "anna@example.org", "--first-name", "Anna\nBcc: all@example.org"], 2),
        (["subscribers", "tag", "anna@example.org", "+a\nb"], 2),
        (["send-test", SLUG, "stop-ask-help", "--to", BREAK], 3),
        (["enroll", SLUG, "--email", BREAK], 3),
        (["explain", BREAK], 3),
    ],
)
def test_a_line_break_comes_in_by_no_door(shop: Path, backmail: Call, verb: list[str], code: int) -> None:
    before = backmail("subscribers", "export")[1]
    said, out, err = backmail(*verb)
    assert (said, out) == (code, "")
    assert "line" in err
    assert "\r" not in err
    assert "Traceback" not in err
    assert backmail("subscribers", "export")[1] == before
    assert backmail("run", "--once")[0] == 0
    assert got(shop) == ONCE_EACH


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("Anna+News@Example.ORG", "Anna+News@example.org"),
        ("o'hara@example.org", "o'hara@example.org"),
        ("bodil@exämple.org", "bodil@xn--exmple-cua.org"),
    ],
)
def test_an_unusual_address_is_reached(shop: Path, backmail: Call, address: str, kept: str) -> None:
    assert backmail("subscribers", "add", address)[0] == 0
    assert backmail("subscribers", "add", address)[0] == 5  # asked just now
    assert backmail("run", "--once")[0] == 0
    assert got(shop) == ONCE_EACH + Counter({kept: 1})
    assert backmail("explain", address)[0] == 0


def test_an_unknown_zone_is_told_where_it_stands(shop: Path, backmail: Call) -> None:
    wrong = "Europe/Kopenhagen"

    def told(place: str, *verb: str, code: int) -> None:
        said, _, err = backmail(*verb)
        assert said == code
        assert re.search(rf"^{place}: unknown time zone '{wrong}'", err, re.MULTILINE)
        assert "did you mean 'Europe/Copenhagen'?" in err

    told("--timezone", "subscribers", "add", "cleo@example.org", "--timezone", wrong, code=2)
    told("--timezone", "subscribers", "set", "anna@example.org", "--timezone", wrong, code=2)
    for name in ("config.yaml", f"campaigns/{SLUG}/campaign.yaml", "people/anna.yaml"):
        path = shop / name
        ours = path.read_text(encoding="utf-8")
        lines = [line for line in ours.split("\n") if not line.startswith(("zone:", "timezone:"))]
        word = "timezone" if name.startswith("people") else "zone"
        path.write_text("\n".join([*lines, f"{word}: {wrong}\n"]), encoding="utf-8")
        verb = ("render", SLUG, "--out", "build/x") if word == "timezone" else ("apply", "--yes")
        told(rf"{name}:\d+:\d+", *verb, code=3)
        path.write_text(ours, encoding="utf-8")


def test_a_zone_that_the_world_gave_up_costs_nobody_her_mail(shop: Path, backmail: Call) -> None:
    noon = where_it_is_noon()
    for who in ("cleo", "dora"):
        add = ("add", f"{who}@example.org", "--timezone", noon, "--confirmed", "--consent", "on paper")
        assert backmail("subscribers", *add)[0] == 0
    with closing(sqlite3.connect(DATABASE)) as raw, raw:
        for table in ("subscribers", "deliveries"):
            raw.execute(f"UPDATE {table} SET zone = 'Mars/Olympus' WHERE zone = ?", (noon,))  # noqa: S608
        raw.execute("UPDATE deliveries SET hand_overs = 1, version = 1, first_handed_at = due_at WHERE subscriber = 3")
    for verb in (["status"], ["explain", "cleo@example.org"], ["subscribers", "show", "cleo@example.org"]):
        assert backmail(*verb)[0] == 0, verb
    for _ in range(2):
        assert backmail("run", "--once")[0] == 0
    assert got(shop)["dora@example.org"] == 1


# In the wrong order, as one does on the first day


def test_who_begins_at_the_end_is_led_back(project: Path, backmail: Call) -> None:
    for verb, words, following in (
        (["enroll", SLUG, "--segment", "all"], f"no campaign '{SLUG}' was applied", "apply"),
        (["live", SLUG], f"no campaign '{SLUG}' was applied", "apply"),
        (["send-test", SLUG, "x", "--to", "hello@example.org"], f"no campaign '{SLUG}' was applied", "apply"),
        (["pause", SLUG], f"no campaign '{SLUG}' was applied", "apply"),
        (["explain", "a@example.org"], "a@example.org is no subscriber", "subscribers"),
    ):
        code, _, err = backmail(*verb)
        assert code == 3, verb
        assert words in err
        assert re.search(rf"^next: \S+ {following}\b", err, re.MULTILINE), err
    assert backmail("run", "--once")[0] == 0
    assert backmail("status")[0] == 0
    assert "no campaign is applied yet" in backmail("status")[1]
    assert not (project / "outbox").exists()
    assert backmail("subscribers", "add", "a@example.org")[0] == 0
    assert backmail("run", "--once")[0] == 0
    assert got(project) == {"a@example.org": 1}


@pytest.mark.parametrize(
    "verb",
    [
        ["enroll", "freer-sholders", "--segment", "all"],
        ["live", "freer-sholders"],
        ["pause", "freer-sholders"],
        ["resume", "freer-sholders"],
        ["retry", "freer-sholders"],
        ["settle", "freer-sholders"],
        ["send-test", "freer-sholders", "stop-ask-help", "--to", "hello@example.org"],
        ["apply", "freer-sholders"],
        ["simulate", "freer-sholders"],
        ["explain", "anna@example.org", "freer-sholders", "stop-ask-help"],
    ],
)
def test_a_slip_in_a_campaign_s_name_is_met_with_the_right_one(shop: Path, backmail: Call, verb: list[str]) -> None:
    code, out, err = backmail(*verb)
    assert (code, out) == (3, "")
    assert "did you mean 'freer-shoulders'?" in err


def test_a_broken_campaign_is_not_published_and_the_version_before_goes_on(shop: Path, backmail: Call) -> None:
    add = ["subscribers", "add", "cleo@example.org", "--confirmed", "--consent", "on paper"]
    assert backmail(*add)[0] == 0
    first = min((shop / "campaigns" / SLUG).glob("0*.md"))
    ours = first.read_text(encoding="utf-8")
    for spoiled, code in ((ours.replace("after:", "aftr:", 1), 3), (ours + "\nBye {{ subscriber.frist_name }}\n", 1)):
        first.write_text(spoiled, encoding="utf-8")
        said, out, err = backmail("apply", "--yes")
        assert said == code
        assert f"campaigns/{SLUG}/{first.name}:" in out + err
        assert "did you mean" in out + err
        assert "version 2" not in out + err
    assert backmail("run", "--once")[0] == 0
    [mail] = [mail for mail in outbox(shop) if mail["Subject"] == FIRST]
    assert "Bye" not in body(mail, "plain")


def test_test_mails_go_to_nobody_who_is_not_listed(shop: Path, backmail: Call) -> None:
    before = tree(shop / "outbox") if (shop / "outbox").exists() else {}
    code, out, err = backmail("send-test", SLUG, "stop-ask-help", "--to", "anna@example.org")
    assert (code, out) == (5, "")
    assert "test_recipients in config.yaml" in err
    assert (tree(shop / "outbox") if (shop / "outbox").exists() else {}) == before
    assert backmail("send-test", SLUG, "stop-ask-help", "--to", "HELLO@example.org")[0] == 0
    assert "did you mean" in backmail("send-test", SLUG, "stop-ask-hepl", "--to", "hello@example.org")[2]
