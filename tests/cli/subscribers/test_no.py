"""`backmail subscribers pause|resume|unsubscribe|lift`: what somebody said holds."""

import pytest

from backmail.audience.addresses import address_hash
from backmail.config import find_project
from tests.cli.subscribers.conftest import Desk
from tests.store.world import World


def suppressed(desk: Desk, world: World, reason: str) -> None:
    """Suppress Anna's address."""
    world.suppress(address_hash(find_project(desk.folder).secrets().pepper, "anna@example.org"), reason)


def test_a_pause_ends_on_a_day_in_her_zone(desk: Desk) -> None:
    email = desk.anna("--timezone", "Asia/Tokyo")
    assert desk.done("pause", email, "--until", "2999-04-01") == f"{email}: no mails until 2999-04-01, Asia/Tokyo\n"
    assert desk.shown(email)["subscriber"]["paused_until"] == "2999-03-31T15:00:00Z"
    assert "paused     until 2999-03-31 15:00 UTC" in desk.done("show", email)
    assert desk.done("resume", email) == f"{email}: mails come again\n"
    assert desk.done("resume", email) == f"{email}: there was no pause\n"
    assert desk.shown(email)["subscriber"]["paused_until"] is None


@pytest.mark.parametrize("until", ["soon", "2020-01-01", "0001-01-01", "2027-02-30"])
def test_a_pause_has_an_end_that_lies_ahead(desk: Desk, until: str) -> None:
    assert desk("pause", desk.anna(), "--until", until).code == 2


def test_who_unsubscribes_gets_nothing_and_is_asked_before_anything_else(desk: Desk) -> None:
    email = desk.anna()
    assert desk.done("unsubscribe", email, "--because", "she called") == f"{email}: gets no more mails\n"
    assert desk.done("unsubscribe", email) == f"{email}: was unsubscribed already\n"
    assert [one["act"] for one in desk.shown(email)["consents"]] == ["confirmed", "withdrawn"]
    by_operator = desk("lift", email, "--because", "we want to")
    assert by_operator.code == 5
    assert "said no herself" in by_operator.err
    assert desk("add", email, "--confirmed", "--consent", "surely").code == 5
    desk.asks_for_confirmation()
    assert "a mail asks her to confirm" in desk.done("add", email)
    assert len(desk.shown(email)["suppressions"]) == 1  # until she says yes herself


def test_a_no_holds_for_somebody_who_is_not_here(desk: Desk) -> None:
    assert desk.done("unsubscribe", "Bo@example.org") == "Bo@example.org (no subscriber): gets no more mails\n"
    desk.file("email\nbo@example.org\n")
    assert "suppressed  1 (line 2)" in desk.done("import", "people.csv")


@pytest.mark.parametrize("reason", ["bounced", "complained", "operator"])
def test_the_operator_lifts_with_a_reason(desk: Desk, world: World, reason: str) -> None:
    email = desk.anna()
    suppressed(desk, world, reason)
    suppressed(desk, world, "unsubscribed")
    assert desk("lift", email).code == 2
    assert desk("lift", email, "--because", " ").code == 2
    said = desk("lift", email, "--because", "a new mailbox")
    assert (said.code, said.out) == (0, f"{email}: lifted {reason}\n")
    assert "unsubscribed still stands" in said.err
    lifted = {one["reason"]: one["lifted_because"] for one in desk.shown(email)["suppressions"]}
    assert lifted == {reason: "a new mailbox", "unsubscribed": None}


def test_there_may_be_nothing_to_lift(desk: Desk) -> None:
    assert desk("lift", desk.anna(), "--because", "x").code == 3


@pytest.mark.parametrize(
    "words", [("unsubscribe", "--because"), ("lift", "--because"), ("add", "--confirmed", "--consent")], ids=" ".join
)
def test_bytes_that_are_no_text_are_told(desk: Desk, words: tuple[str, ...]) -> None:
    verb, *options = words
    said = desk(verb, "anna@example.org", *options, "on p\udce6per")
    assert (said.code, said.out) == (2, "")
    assert "a byte stands in it that is no text" in said.err
