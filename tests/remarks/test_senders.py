"""Remarks about senders: answers are read, an address is set, examples are known."""

import pytest

from backmail.remarks import is_example, postal, sender


@pytest.mark.parametrize(
    ("email", "deaf"),
    [
        ("noreply@acme.dk", True),
        ("no-reply+x@acme.dk", True),
        ("Do.Not.Reply@acme.dk", True),
        ("donotreply@acme.dk", True),
        ("ikke-svar@acme.dk", True),
        ("svar-ikke@acme.dk", True),
        ("noor@noreply.dk", False),
        ("anna@acme.dk", False),
    ],
)
def test_an_address_that_nobody_reads_is_told(email: str, deaf: bool) -> None:
    assert [remark.id for remark in sender(email)] == ["from-noreply"] * deaf


@pytest.mark.parametrize(("lines", "missing"), [((), True), (("", " "), True), (("Vestergade 1", "Aarhus"), False)])
def test_a_postal_address_is_needed(lines: tuple[str, ...], missing: bool) -> None:
    assert [remark.id for remark in postal(lines)] == ["footer-address"] * missing


@pytest.mark.parametrize(
    ("email", "example"),
    [
        ("a@example.org", True),
        ("a@news.Example.com", True),
        ("a@acme.example", True),
        ("a@acme.invalid", True),
        ("a@acme.test", True),
        ("a@myexample.org", False),
        ("a@example.dk", False),
        ("", False),
    ],
)
def test_addresses_kept_for_examples_are_known(email: str, example: bool) -> None:
    assert is_example(email) is example
