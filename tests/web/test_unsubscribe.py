"""The page to unsubscribe: a press or one click is a no at once, and looking changes nothing."""

import re
from urllib.parse import urljoin

import httpx
import pytest
import sqlalchemy as sa

from backmail.store.tables import deliveries, subscribers, suppressions
from tests.web.counter import DAY, PUBLIC, SENDER, SERIES, Counter

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


UNKNOWN = 10**15  # a number that nothing has


def told(at: Counter, reader: int, **others: int) -> str:
    """Return the path of the link to unsubscribe in a delivery's mail; `others` stand for numbers that are not kept."""
    row = at.delivery(reader)
    numbers = {"delivery": reader, "enrollment": row["enrollment"], "subscriber": row["subscriber"]} | others
    return f"/u/{at.backmail.links.token('unsubscribe', '.'.join(map(str, numbers.values())))}"


def noes(at: Counter) -> list[tuple[str, str, bool]]:
    """Return scope and reason of every suppression, and whether it stands."""
    return [(row[2], row[3], row[6] is None) for row in at.rows(suppressions)]


def pressed(at: Counter, page: httpx.Response, text: str) -> httpx.Response:
    """Press the button of a page whose text begins so, as a browser does: at the address that its form leads to."""
    for action, buttons in re.findall(r'<form method="post"(?: action="([^"]*)")?>(.*?)</form>', page.text, re.DOTALL):
        for value, label in re.findall(r'name="what" value="(\w+)"[^>]*>([^<]*)<', buttons):
            if label.startswith(text):
                return at.client.post(urljoin(page.url.path, action), data={"what": value})
    raise AssertionError(f"no button {text!r} on {page.url}")


def test_one_click_as_rfc_8058_says(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    answer = at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert noes(at) == [("", "unsubscribed", True)]
    assert at.delivery(reader)["state"] == "skipped"
    at.tick()
    assert at.transport.carried == []


def test_many_clicks_at_once_are_one_no(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    answers = at.client.together(8, "POST", at.path("unsubscribe", reader), data=ONE_CLICK)
    assert {answer.status_code for answer in answers} == {200}
    assert noes(at) == [("", "unsubscribed", True)]


def test_one_click_as_multipart(at: Counter) -> None:
    reader = at.reader()
    body = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert at.client.post(at.path("unsubscribe", reader), content=body, headers=kind).status_code == 200
    assert noes(at) == [("", "unsubscribed", True)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ""),
        (b"\xff\xfe%%%=&&", "application/x-www-form-urlencoded"),
        (b"no parts at all", "multipart/form-data; boundary=b"),
        (b"{}", "application/json"),
        (b"&" * 1000, "application/x-www-form-urlencoded"),
    ],
    ids=["empty", "no text", "no parts", "json", "many fields"],
)
def test_whatever_is_posted_is_a_no(body: bytes, kind: str, at: Counter) -> None:
    reader = at.reader()
    headers = {"Content-Type": kind} if kind else {}
    assert at.client.post(at.path("unsubscribe", reader), content=body, headers=headers).status_code == 200
    assert noes(at) == [("", "unsubscribed", True)]


def test_one_click_wins_over_a_button(at: Counter) -> None:
    reader = at.reader()
    at.client.post(at.path("unsubscribe", reader), data={**ONE_CLICK, "what": "series"})
    assert noes(at) == [("", "unsubscribed", True)]


def test_the_page_asks_with_two_buttons_and_shows_no_address(at: Counter) -> None:
    reader = at.reader()
    page = at.client.get(at.path("unsubscribe", reader))
    assert page.status_code == 200
    assert f"Unsubscribe from all mail of {SENDER}" in page.text
    assert re.search(r'value="series" class="second">Only from “.+”<', page.text)
    assert "a***@example.org" in page.text
    assert "anna@" not in page.text.replace("mailto:anna@", "")
    assert noes(at) == []


def test_a_press_says_what_happened_and_offers_to_undo(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    page = at.client.post(at.path("unsubscribe", reader), data={"what": "all"})
    assert "You are unsubscribed" in page.text
    action = re.search(r'action="([^"]+)"', page.text)
    assert action
    back = at.client.post(f"/u/{action[1]}", data={"what": "all"})
    assert "You are subscribed again" in back.text
    assert noes(at) == [("", "unsubscribed", False)]
    assert at.delivery(reader)["state"] == "planned"
    at.clock.at = at.delivery(reader)["due_at"]
    at.tick()
    assert len(at.transport.carried) == 1


def test_only_this_series_and_back_and_away_for_good(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    page = pressed(at, at.client.get(at.path("unsubscribe", reader)), "Only from")
    assert "has ended for you" in page.text
    assert noes(at) == [(SERIES, "unsubscribed", True)]
    assert at.client.get(at.path("unsubscribe", reader)).text == page.text
    back = pressed(at, page, "Undo: go on with")
    assert "You are subscribed again" in back.text
    assert noes(at) == [(SERIES, "unsubscribed", False)]
    left = pressed(at, back, "Unsubscribe from all mail")
    assert "You are unsubscribed" in left.text
    assert noes(at)[1:] == [("", "unsubscribed", True)]
    again = pressed(at, left, "Undo: send me mail")
    assert "You are subscribed again" in again.text
    assert at.delivery(reader)["state"] == "planned"


def test_to_look_at_the_address_for_undoing_asks_and_its_buttons_work(at: Counter) -> None:
    reader = at.reader()
    undo = at.path("unsubscribe", reader) + "/undo"
    left = pressed(at, at.client.get(undo), "Unsubscribe from all mail")
    assert left.url.path == at.path("unsubscribe", reader)
    assert "You are subscribed again" in pressed(at, at.client.get(undo), "Undo").text


def test_from_the_series_to_all_mail(at: Counter) -> None:
    reader = at.reader()
    at.client.post(at.path("unsubscribe", reader), data={"what": "series"})
    page = at.client.post(at.path("unsubscribe", reader), data={"what": "all"})
    assert "You are unsubscribed" in page.text
    assert noes(at) == [(SERIES, "unsubscribed", True), ("", "unsubscribed", True)]


def test_it_works_for_years_and_says_the_same_again(at: Counter) -> None:
    reader = at.reader()
    at.clock.at += 3650 * DAY
    first = at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK)
    assert noes(at) == [("", "unsubscribed", True)]
    second = at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK)
    assert second.text == first.text
    assert len(noes(at)) == 1


def test_thirty_days_to_undo_and_not_a_second_more(at: Counter) -> None:
    reader = at.reader()
    path = at.path("unsubscribe", reader)
    at.client.post(path, data=ONE_CLICK)
    at.clock.at += 30 * DAY
    assert "Undo" in at.client.get(path).text
    at.clock.at += DAY / 86400
    assert "Undo" not in at.client.get(path).text
    page = at.client.post(f"{path}/undo", data={"what": "all"})
    assert page.status_code == 200
    assert "can no longer be undone" in page.text
    assert noes(at) == [("", "unsubscribed", True)]


def test_nothing_that_others_found_is_undone(at: Counter) -> None:
    reader = at.reader()
    path = at.path("unsubscribe", reader)
    at.client.post(path, data=ONE_CLICK)
    with at.backmail.durable() as tx:
        address = tx.scalar(sa.select(subscribers.c.address))
        tx.execute(suppressions.insert().values(address=address, reason="complained", since=at.clock.at))
    assert "Undo" not in at.client.get(path).text
    assert "can no longer be undone" in at.client.post(f"{path}/undo", data={"what": "all"}).text
    assert [stands for _, _, stands in noes(at)] == [True, True]


def test_to_undo_what_was_never_said(at: Counter) -> None:
    reader = at.reader()
    page = at.client.post(at.path("unsubscribe", reader) + "/undo", data={"what": "all"})
    assert "You are subscribed again" in page.text
    assert noes(at) == []


@pytest.mark.parametrize("beside", [False, True], ids=["a delivery", "and who she is"])
def test_somebody_who_is_gone_is_told_that_nothing_was_recorded(at: Counter, *, beside: bool) -> None:
    reader = at.reader()
    path = told(at, reader) if beside else at.path("unsubscribe", reader)
    with at.backmail.durable() as tx:
        tx.execute(subscribers.delete())
    for answer in (at.client.get(path), at.client.post(path, data=ONE_CLICK), at.client.post(f"{path}/undo")):
        assert answer.status_code == 200
        assert "Nothing was recorded" in answer.text
        assert "use the link in the newest one" in answer.text
        assert 'href="mailto:hi@example.org"' in answer.text
        assert "unsubscribed" not in answer.text.lower()
    assert noes(at) == []


def test_the_header_of_a_mail_leads_to_her_by_three_numbers(at: Counter) -> None:
    reader = at.reader()
    at.clock.at = at.delivery(reader)["due_at"]
    at.tick()
    [carried] = at.transport.carried
    assert f"{PUBLIC}{told(at, reader)}" in carried.message.headers["List-Unsubscribe"]
    assert at.client.get(at.path("view", reader)).text == carried.message.part("html")
    assert f"{PUBLIC}{told(at, reader)}" in carried.message.part("html")


def test_a_delivery_that_is_not_known_any_more_leads_to_the_walk(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    path = told(at, reader, delivery=UNKNOWN)
    page = pressed(at, at.client.get(path), "Only from")
    assert "has ended for you" in page.text
    assert noes(at) == [(SERIES, "unsubscribed", True)]
    assert at.delivery(reader)["state"] == "skipped"
    assert "You are subscribed again" in pressed(at, page, "Undo: go on with").text
    assert noes(at) == [(SERIES, "unsubscribed", False)]
    assert at.delivery(reader)["state"] == "planned"


def test_a_walk_that_is_not_known_any_more_leads_to_her(at_both: Counter) -> None:
    at, reader = at_both, at_both.reader()
    path = told(at, reader, delivery=UNKNOWN, enrollment=UNKNOWN)
    before = at.everything()
    page = at.client.get(path)
    assert "a***@example.org" in page.text
    assert "Only from" not in page.text
    assert at.everything() == before
    assert "You are unsubscribed" in pressed(at, page, "Unsubscribe from all mail").text
    assert noes(at) == [("", "unsubscribed", True)]
    assert at.delivery(reader)["state"] == "skipped"
    assert "You are subscribed again" in pressed(at, at.client.get(path), "Undo").text
    assert at.delivery(reader)["state"] == "planned"


def test_a_button_of_an_older_page_where_the_series_is_not_known_any_more(at: Counter) -> None:
    path = told(at, at.reader(), delivery=UNKNOWN, enrollment=UNKNOWN)
    assert "You are unsubscribed" in at.client.post(path, data={"what": "series"}).text
    assert noes(at) == [("", "unsubscribed", True)]
    assert "You are unsubscribed" in at.client.post(f"{path}/undo", data={"what": "series"}).text
    assert noes(at) == [("", "unsubscribed", True)]  # she took back another no than this one


@pytest.mark.parametrize("walk", [False, True], ids=["the delivery", "and the walk"])
def test_numbers_that_were_given_twice_lead_to_her_all_the_same(at_both: Counter, *, walk: bool) -> None:
    at, reader = at_both, at_both.reader()
    other = at.reader("bea@example.org")
    path = told(at, reader, delivery=other, **({"enrollment": at.delivery(other)["enrollment"]} if walk else {}))
    page = at.client.get(path)
    assert "a***@example.org" in page.text
    assert ("Only from" in page.text) is not walk
    at.client.post(path, data=ONE_CLICK)
    assert at.delivery(other)["state"] == "planned"
    assert at.delivery(reader)["state"] == "skipped"


@pytest.mark.parametrize("value", ["1.1", "1.1.1.1", "1..1", "1.x.1", "1.1.-1", "1.1.²", f"1.1.{10**18}", ""])
def test_what_no_link_of_ours_holds_leads_to_nobody(value: str, at: Counter) -> None:
    at.reader()
    path = f"/u/{at.backmail.links.token('unsubscribe', value)}"
    assert at.client.post(path, data=ONE_CLICK).status_code == 200
    assert noes(at) == []


def test_a_link_in_a_sample_does_nothing(at: Counter) -> None:
    at.reader()
    token = at.backmail.links.token("unsubscribe", "dabcdefgh")
    assert at.client.post(f"/u/{token}", data=ONE_CLICK).status_code == 200
    assert noes(at) == []


def test_a_no_is_taken_when_the_campaign_cannot_be_read(at: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    from backmail.errors import UnknownName

    def lost(*_: object) -> None:
        raise UnknownName("there is no such version")

    reader = at.reader()
    monkeypatch.setattr(at.backmail.shelf, "get", lost)
    assert at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK).status_code == 200
    assert noes(at) == [("", "unsubscribed", True)]


def test_a_no_that_stands_is_told_when_nothing_more_can_be(at: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    from backmail.errors import StoreBusy

    def busy() -> None:
        raise StoreBusy("the database is busy")

    reader = at.reader()
    with monkeypatch.context() as patched:
        patched.setattr(at.backmail, "reading", busy)
        answer = at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert noes(at) == [("", "unsubscribed", True)]


def test_a_no_between_the_claim_and_the_hand_over(at: Counter) -> None:
    reader = at.reader()
    at.clock.at = at.delivery(reader)["due_at"]
    at.client.post(at.path("unsubscribe", reader), data=ONE_CLICK)
    at.tick()
    assert at.transport.carried == []
    assert [row[6] for row in at.rows(deliveries)] == ["skipped"]
