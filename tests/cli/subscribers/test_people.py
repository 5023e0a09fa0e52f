"""`backmail subscribers add|set|tag|show|find`."""

import json

import pytest

from backmail.audience.addresses import address_hash
from backmail.config import find_project
from backmail.sending import decisions
from backmail.store import queue
from backmail.store.engine import durable
from tests.cli.subscribers.conftest import Desk
from tests.store.world import NINE, SLOT, World

NAMES = ("--first-name", "Anna", "--last-name", "Berg", "--language", "da", "--timezone", "Europe/Oslo")


def test_somebody_who_has_agreed_is_added_with_her_consent(desk: Desk) -> None:
    said = desk.done(
        "add", "Anna@BÜCHER.example.org", *NAMES, "--tag", "vip", "--tag", "new", "--field", "size=41",
        "--confirmed", "--consent", "shop counter",
    )  # fmt: skip
    assert said == "Anna@bücher.example.org: added, confirmed\n"
    known = desk.shown("anna@bücher.example.org")
    person = known["subscriber"]
    assert person.pop("added_at").endswith("Z")
    assert person == {
        "email": "Anna@xn--bcher-kva.example.org", "first_name": "Anna", "last_name": "Berg", "language": "da",
        "timezone": "Europe/Oslo", "tags": ["new", "vip"], "attributes": {"size": "41"}, "state": "active",
        "paused_until": None, "wishes": {"days": None, "at": None, "pace": "normal"},
    }  # fmt: skip
    [consent] = known["consents"]
    assert (consent["act"], consent["shown"], consent["source"]) == ("confirmed", "shop counter", "operator")
    assert (known["suppressions"], known["enrollments"]) == ([], [])


def test_somebody_who_has_not_agreed_is_asked_by_mail_and_not_again_at_once(desk: Desk) -> None:
    desk.asks_for_confirmation()
    assert desk.done("add", "anna@example.org") == "anna@example.org: added; a mail asks her to confirm\n"
    known = desk.shown("anna@example.org")
    assert known["subscriber"]["state"] == "pending"
    assert [consent["act"] for consent in known["consents"]] == ["asked"]
    [walk] = known["enrollments"]
    assert (walk["campaign"], walk["state"], [mail["state"] for mail in walk["deliveries"]]) == (
        "_confirm", "active", ["planned"],
    )  # fmt: skip
    again = desk("add", "anna@example.org", "--first-name", "Anna")
    assert again.code == 5
    assert "was asked just now, and is not asked again yet" in again.err
    assert desk.shown("anna@example.org") == known  # nothing was half done
    desk.done("add", "anna@example.org", "--first-name", "Anna", "--confirmed", "--consent", "she called")
    assert desk.shown("anna@example.org")["subscriber"]["first_name"] == "Anna"
    assert desk.shown("anna@example.org")["subscriber"]["state"] == "active"


def test_all_that_is_wrong_with_somebody_is_told_at_once(desk: Desk) -> None:
    said = desk(
        "add", "anna", "--language", "Danish", "--timezone", "Europe/Kopenhagen", "--tag", "a;b", "--field", "size",
        "--field", "é=1", "--field", "email=x", "--confirmed", "--consent", "yes",
    )  # fmt: skip
    assert said.code == 2
    for words in (
        "EMAIL: 'anna' is no address that mail can go to: it has no @",
        "--language: 'Danish' is not a language tag",
        "--timezone: unknown time zone 'Europe/Kopenhagen'\n  hint: did you mean 'Europe/Copenhagen'?",
        "--tag a;b: no ';' can stand in a tag",
        "--field size: there is no value",
        "'é' cannot be the name of a field",
        "--field email: this has an option of its own",
        "7 problems",
    ):
        assert words in said.err
    assert desk.done("find") == ""


@pytest.mark.parametrize("options", [("--confirmed",), ("--consent", "x"), ("--confirmed", "--consent", " ")])
def test_consent_and_confirmed_go_together(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk("add", "anna@example.org", *options).code == 2


def test_somebody_confirmed_is_not_added_again(desk: Desk) -> None:
    again = desk("add", desk.anna().upper(), "--first-name", "Eve")
    assert again.code == 3
    assert "anna@example.org is a subscriber already, and confirmed" in again.err
    assert "next: backmail subscribers set anna@example.org" in again.err
    assert desk.shown("anna@example.org")["subscriber"]["first_name"] is None


@pytest.mark.parametrize("reason", ["bounced", "complained", "operator"])
def test_nobody_is_asked_to_whom_we_may_not_write(desk: Desk, world: World, reason: str) -> None:
    pepper = find_project(desk.folder).secrets().pepper
    world.suppress(address_hash(pepper, "anna@example.org"), reason)
    for options in ((), ("--confirmed", "--consent", "yes")):
        said = desk("add", "anna@example.org", *options)
        assert said.code == 5
        assert f"we may not write to anna@example.org: {reason}\nnext: backmail subscribers lift" in said.err
    assert desk.done("find") == ""


def test_a_no_to_one_campaign_is_no_no_to_all(desk: Desk, world: World) -> None:
    pepper = find_project(desk.folder).secrets().pepper
    world.suppress(address_hash(pepper, "anna@example.org"), "unsubscribed", "c-1")
    desk.done("add", "bo@example.org", "--confirmed", "--consent", "x")
    world.suppress(address_hash(pepper, "bo@example.org"), "unsubscribed", "c-1")
    assert "unsubscribed on 2027-03-02, campaign c-1 only" in desk.done("show", "bo@example.org")
    desk.anna()
    assert desk("add", "anna@example.org").code == 3


def test_what_is_known_of_somebody_is_changed(desk: Desk) -> None:
    email = desk.anna(*NAMES, "--field", "size=41", "--field", "shoe=l")
    assert desk.done("set", email, "--first-name", "Åsa", "--last-name", "", "--field", "size=", "--field", "n=1")
    assert desk.done("set", email, "--days", "thu, mon", "--at", "18:30", "--pace", "half", "--timezone", "Asia/Tokyo")
    person = desk.shown(email)["subscriber"]
    assert (person["first_name"], person["last_name"], person["language"]) == ("Åsa", None, "da")
    assert (person["attributes"], person["timezone"]) == ({"shoe": "l", "n": "1"}, "Asia/Tokyo")
    assert person["wishes"] == {"days": ["mon", "thu"], "at": "18:30", "pace": "half"}
    assert "mon, thu, at 18:30, half pace" in desk.done("show", email)
    desk.done("set", email, "--days", "any", "--at", "any")
    assert desk.shown(email)["subscriber"]["wishes"] == {"days": None, "at": None, "pace": "half"}


def test_wishes_that_cannot_be_are_told(desk: Desk) -> None:
    email = desk.anna()
    said = desk("set", email, "--days", "mon,tus", "--at", "25:00")
    assert said.code == 2
    assert "--days: 'tus' is not a weekday\n  hint: did you mean 'tue'?" in said.err
    assert "--at: '25:00' is not a time of day" in said.err
    assert desk("set", email).code == 2
    assert desk("set", "bo@example.org", "--first-name", "Bo").code == 3


def test_labels_are_given_and_taken_away(desk: Desk) -> None:
    email = desk.anna("--tag", "new")
    assert desk.done("tag", email, "+vip", "-new", "+hot stuff") == "anna@example.org: hot stuff, vip\n"
    assert desk.done("tag", email, "--add", "a", "--remove", "vip", "-hot stuff") == "anna@example.org: a\n"
    assert desk("tag", email).code == 2
    assert desk("tag", email, "+a;b").code == 2
    assert "Usage: backmail subscribers tag" in desk.done("tag", "-h")
    assert desk.shown(email)["subscriber"]["tags"] == ["a"]


def test_a_new_label_and_a_new_wish_are_handed_on_to_those_who_plan(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, list[int], list[str]]] = []

    def tagged(_tx: object, _shelf: object, people: list[int], words: list[str], **_: object) -> list[str]:
        told.append(("tagged", list(people), list(words)))
        return ["c-1"]

    def changed(_tx: object, _shelf: object, person: int, **_: object) -> None:
        told.append(("changed", [person], []))

    monkeypatch.setattr(decisions, "tagged", tagged)
    monkeypatch.setattr(decisions, "changed", changed)
    desk.done("add", "anna@example.org", "--confirmed", "--consent", "x", "--tag", "new")
    desk.done("tag", "anna@example.org", "+vip", "+new")
    desk.done("tag", "anna@example.org", "+vip", "-new")
    desk.done("set", "anna@example.org", "--timezone", "UTC")
    desk.done("set", "anna@example.org", "--pace", "half")
    desk.done("set", "anna@example.org", "--pace", "half", "--first-name", "Anna")
    assert told == [("tagged", [1], ["vip"]), ("changed", [1], []), ("changed", [1], [])]


def test_people_are_found_by_words_and_segments(desk: Desk) -> None:
    desk.anna("--first-name", "Anna", "--tag", "vip")
    desk.done("add", "bo@bücher.example.org", "--confirmed", "--consent", "x", "--language", "da")
    assert desk.done("find").splitlines() == ["anna@example.org  active  Anna  +vip", "bo@bücher.example.org  active"]
    assert desk.done("find", "ANNA", "vip").splitlines() == ["anna@example.org  active  Anna  +vip"]
    assert desk.done("find", "--segment", "not tag:vip").startswith("bo@")
    assert desk.done("find", "--segment", "field:language=da", "anna") == ""
    found = json.loads(desk.done("find", "--json", "--most", "1"))
    assert (found["schema"], found["more"]) == (1, True)
    assert [one["email"] for one in found["subscribers"]] == ["anna@example.org"]
    assert "and there are more" in desk("find", "--most", "1").err
    assert desk("find", "--segment", "tagg:vip").code == 3


def test_show_tells_of_mails_and_of_every_no(desk: Desk, world: World) -> None:
    email = desk.anna()
    desk.done("add", "bo@example.org", "--confirmed", "--consent", "x")
    world.campaign("c-1", slug="back")
    world.enrollment(2)
    enrollment = world.enrollment(1)
    with durable(world.store) as tx:
        [delivery] = queue.plan(tx, [queue.Plan(enrollment, "why-move", SLOT)])
    desk.done("unsubscribe", email, "--because", "she called")
    known = desk.shown(email)
    [walk] = known["enrollments"]
    assert (walk["campaign"], walk["run"], walk["state"], walk["reason"]) == ("back", 1, "exited", "unsubscribed")
    [mail] = walk["deliveries"]
    assert mail == {
        "id": str(delivery), "step": "why-move", "state": "skipped", "reason": "unsubscribed",
        "due_at": NINE.isoformat().replace("+00:00", "Z"), "zone": "Europe/Copenhagen", "first_handed_at": None,
        "accepted_at": None,
    }  # fmt: skip
    [no] = known["suppressions"]
    assert (no["reason"], no["campaign"], no["lifted_at"]) == ("unsubscribed", None, None)
    assert [consent["act"] for consent in known["consents"]] == ["confirmed", "withdrawn"]
    told = desk.done("show", email)
    for words in ("written to no: unsubscribed on", "withdrawn (operator): she called", "back, run 1: exited",
                  "why-move: skipped (unsubscribed)"):  # fmt: skip
        assert words in told


def test_who_is_not_there_is_said(desk: Desk) -> None:
    said = desk("show", "bo@example.org")
    assert (said.code, said.out) == (3, "")
    assert "bo@example.org is no subscriber\nnext: " in said.err
    assert desk("show", "bo").code == 3
