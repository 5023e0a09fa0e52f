"""An address in the one form in which it is kept, whatever somebody typed."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.audience.addresses import address_hash, keyed, normal, shown
from backmail.errors import AddressError

PEPPER = b"a pepper of sixteen bytes"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("anna@example.org", "anna@example.org"),
        ("Anna.B@Example.ORG", "Anna.B@example.org"),
        ("anna+news@example.org", "anna+news@example.org"),
        ("  anna@example.org\n", "anna@example.org"),
        ("anna@bücher.example.org", "anna@xn--bcher-kva.example.org"),
        ("anna@BÜCHER.example.org", "anna@xn--bcher-kva.example.org"),
        ("anna@xn--bcher-kva.example.org", "anna@xn--bcher-kva.example.org"),
        ("anna@ｅxample.org", "anna@example.org"),
        ("=cmd|calc@example.org", "=cmd|calc@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_an_address_has_one_form(written: str, kept: str) -> None:
    assert normal(written) == kept
    assert normal(kept) == kept
    assert kept.isascii()


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it is empty"),
        ("anna", "it has no @"),
        ("anna@example.org\r\nBcc: eve@example.org", "a line break or another invisible character"),
        ("an\x00na@example.org", "a line break or another invisible character"),
        ("anna@example.org\u200b", "a line break or another invisible character"),
        ("an\udce6na@example.org", "a line break or another invisible character"),
        ("anna b@example.org", "a space stands in it"),
        ("anna\u00a0b@example.org", "a space stands in it"),
        ("anna@bo@example.org", "it has more than one @"),
        ("anna@example.org,bo@example.org", "it has more than one @"),
        ("Anna <anna@example.org>", "a name or angle brackets stand around it"),
        ("søren@example.org", "'ø' stands before the @"),
        ("anna..b@example.org", "two periods in a row"),
        ('"anna b"@example.org', "a space stands in it"),
        ('"anna"@example.org', "quoting"),
        ("anna@[127.0.0.1]", "bracketed IP address"),
        ("anna@localhost", "should have a period"),
        ("anna@example.invalid", "special-use"),
        ("anna@exa_mple.org", "invalid characters: '_'"),
        (f"{'a' * 65}@example.org", "more than 64 characters stand before the @"),
        (f"anna@{'a.' * 125}org", "too long"),
        (f"{'a' * 60}@{'a.' * 96}org", "longer than 254|too long"),
    ],
)
def test_what_is_none_is_refused_in_plain_words(written: str, reason: str) -> None:
    with pytest.raises(AddressError, match=reason) as refused:
        normal(written)
    assert refused.value.faults[0].hint == "write it as anna@example.org, without a name"


@given(st.text(max_size=40).map(lambda text: f"{text}@example.org") | st.text(max_size=60))
def test_whatever_is_taken_can_stand_in_a_header_and_is_taken_again(text: str) -> None:
    try:
        kept = normal(text)
    except AddressError:
        return
    assert kept.isascii()
    assert kept.isprintable()
    assert not set(' <>,;:"()[]\\') & set(kept)
    assert normal(kept) == kept


def test_people_read_an_international_domain_in_its_own_letters() -> None:
    assert shown("anna@xn--bcher-kva.example.org") == "anna@bücher.example.org"
    assert shown("Anna+x@example.org") == "Anna+x@example.org"
    assert shown("anna@xn--a.example.org") == "anna@xn--a.example.org"  # no letters hide behind it


def test_the_hash_is_keyed_and_knows_no_capitals() -> None:
    wanted = hmac.new(PEPPER, b"anna.b@example.org", hashlib.sha256).hexdigest()
    assert {address_hash(PEPPER, one) for one in ("Anna.B@Example.org", " anna.b@example.org")} == {wanted}
    assert keyed(PEPPER, "Anna.B@example.org") == wanted
    assert address_hash(b"another pepper", "anna.b@example.org") != wanted
    assert address_hash(PEPPER, "anna@bücher.example.org") == keyed(PEPPER, "anna@xn--bcher-kva.example.org")
