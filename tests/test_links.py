"""Signed links: ours are read, all others are refused, and nothing in them is about a person."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import InputError, LinkError
from backmail.links import INVALID_URL, PURPOSES, TEST_KEY, Links, Purpose, delivery_id

LINKS = Links(TEST_KEY, "https://news.example.org")
OTHER = Links(b"another key of enough bytes", "https://news.example.org")
DELIVERY = delivery_id("c-1", "first", "anna")
TRAIL = "https://news.example.org/u/Ny41LjM.8I4mRfSUNCshg9nJbb1u3YF4"


@given(st.sampled_from(PURPOSES), st.text(max_size=200))
def test_a_token_is_read_again_for_its_purpose_alone(purpose: Purpose, value: str) -> None:
    token = LINKS.token(purpose, value)
    assert LINKS.read(purpose, token) == value
    assert re.fullmatch(r"[A-Za-z0-9._-]+", token)
    for other in PURPOSES:
        if other != purpose:
            with pytest.raises(LinkError):
                LINKS.read(other, token)
    with pytest.raises(LinkError):
        OTHER.read(purpose, token)


@given(st.data())
def test_a_token_with_any_character_changed_added_or_lost_is_refused(data: st.DataObject) -> None:
    token = LINKS.token("unsubscribe", DELIVERY)
    at = data.draw(st.integers(0, len(token)))
    cut = data.draw(st.integers(0, 2))
    changed = token[:at] + data.draw(st.text(alphabet="abAB01._-=+/ \n!ü", max_size=2)) + token[at + cut :]
    if changed != token:
        with pytest.raises(LinkError):
            LINKS.read("unsubscribe", changed)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(LinkError):
        LINKS.read("view", text)


@pytest.mark.parametrize("token", ["", ".", "a.b", "a" * 2000, "\ud800", "\x00"])
def test_odd_tokens_are_refused(token: str) -> None:
    with pytest.raises(LinkError):
        LINKS.read("view", token)


def test_the_error_is_one_of_input_and_repeats_nothing() -> None:
    with pytest.raises(InputError) as caught:
        LINKS.read("view", "forged.token")
    assert "forged" not in str(caught.value)


def test_the_same_key_signs_the_same_for_ever() -> None:
    # Mails that were sent hold these: a change here breaks the links of every installation.
    assert LINKS.token("unsubscribe", "d1") == "ZDE.h5dQUaJOPOde4t-BQIkhqEQm"
    assert LINKS.message_id("d1", "news.example.org") == "<5frxilg6sh7jy3b6hds4bxmv@news.example.org>"


def test_a_token_is_short() -> None:
    assert len(LINKS.token("unsubscribe", DELIVERY)) <= 60
    assert len(LINKS.token("unsubscribe", "1234567.234567.123456")) <= 60
    assert len(LINKS.token("unsubscribe", ".".join([str(2**53)] * 3))) <= 100  # all numbers given after a restore


def test_the_links_of_a_reader_lead_where_they_should() -> None:
    links = LINKS.for_reader(DELIVERY, {"first": DELIVERY, "second": "d2"})
    for link, purpose, pattern in [
        (links.unsubscribe, "unsubscribe", r"https://news\.example\.org/u/([^/]+)"),
        (links.confirm, "confirm", r"https://news\.example\.org/confirm/([^/]+)"),
        (links.view, "view", r"https://news\.example\.org/v/([^/]+)"),
        (links.calendar, "calendar", r"https://news\.example\.org/cal/([^/]+)\.ics"),
    ]:
        found = re.fullmatch(pattern, link)
        assert found
        assert LINKS.read(purpose, found[1]) == DELIVERY  # type: ignore[arg-type]  # the list holds purposes
    assert list(links.views) == ["first", "second"]
    assert links.views["first"] == links.view
    assert LINKS.read("view", links.views["second"].rpartition("/")[2]) == "d2"


@given(*[st.integers(1, 10**18 - 1)] * 3)
def test_a_link_to_unsubscribe_holds_who_she_is_besides(delivery: int, enrollment: int, subscriber: int) -> None:
    links = LINKS.for_reader(str(delivery), {}, (enrollment, subscriber))
    token = links.unsubscribe.rpartition("/")[2]
    assert LINKS.read("unsubscribe", token) == f"{delivery}.{enrollment}.{subscriber}"
    for link, purpose in ((links.confirm, "confirm"), (links.view, "view"), (links.calendar, "calendar")):
        token = link.rpartition("/")[2].removesuffix(".ics")
        assert LINKS.read(purpose, token) == str(delivery)  # type: ignore[arg-type]  # those are purposes


def test_the_same_ids_make_the_same_link_for_ever() -> None:
    assert LINKS.for_reader("7", {}, (5, 3)).unsubscribe == TRAIL
    with pytest.raises(LinkError):
        LINKS.read("unsubscribe", "Ny41LjQ" + TRAIL[TRAIL.rindex(".") :])  # another's number, the signature as it was


def test_a_slash_at_the_end_of_the_address_is_one_too_many() -> None:
    assert Links(TEST_KEY, INVALID_URL + "/").for_reader("d", {}).view.startswith(f"{INVALID_URL}/v/")


def test_a_message_id_depends_on_key_and_delivery_alone() -> None:
    first = LINKS.message_id(DELIVERY, "example.org")
    assert first == Links(TEST_KEY, INVALID_URL).message_id(DELIVERY, "example.org")
    assert first != LINKS.message_id(DELIVERY + "x", "example.org")
    assert first != OTHER.message_id(DELIVERY, "example.org")
    assert re.fullmatch(r"<[a-z2-7]{24}@example\.org>", first)
    assert DELIVERY not in first


@pytest.mark.parametrize("domain", ["", "a b", "a>b", "a\nb", "-a", "ü.org"])
def test_a_message_id_needs_a_plain_domain(domain: str) -> None:
    with pytest.raises(ValueError, match="is not a domain name"):
        LINKS.message_id("d1", domain)


def test_a_delivery_id_is_stable_and_holds_nothing_of_the_person() -> None:
    assert delivery_id("c-1", "first", "anna") == DELIVERY
    assert re.fullmatch(r"d[a-z2-7]{24}", DELIVERY)
    others = {
        delivery_id("c-1", "first", "ann"),
        delivery_id("c-1", "firsta", "nna"),
        delivery_id("c-", "1first", "anna"),
    }
    assert len(others | {DELIVERY}) == 4


def test_a_short_key_and_an_unknown_purpose_are_mistakes() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes, this one 5"):
        Links(b"short", "")
    with pytest.raises(ValueError, match="'other' is not a purpose"):
        LINKS.token("other", "d1")  # type: ignore[arg-type]


def test_a_link_is_signed_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[str] = []
    links = Links(b"k" * 32, INVALID_URL)
    real = links.token

    def token(purpose: Purpose, value: str) -> str:
        signed.append(purpose)
        return real(purpose, value)

    monkeypatch.setattr(links, "token", token)
    hers = links.for_reader("d1", {"first": "d1", "second": "d2"})
    assert signed == []
    assert hers.unsubscribe == hers.unsubscribe == links.link("unsubscribe", "d1")
    assert signed == ["unsubscribe", "unsubscribe"]  # hers once, and ours to compare it with
    assert "second" in hers.views
    assert len(hers.views) == 2


def test_a_purpose_without_a_page_for_mails_has_no_link() -> None:
    with pytest.raises(ValueError, match="no link of the purpose 'click'"):
        LINKS.link("click", "d1")
