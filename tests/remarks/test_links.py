"""Remarks about links: their texts in the mail's language, and where they lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.model.campaign import Severity
from backmail.remarks import link, target

URL = "https://acme.example.net/x"
E, W = Severity.ERROR, Severity.WARNING


@pytest.mark.parametrize(
    ("text", "language", "severities"),
    [
        ("Our exercises for the neck", "en", []),
        ("Click here", "en", [W]),
        (" read   MORE… ", "en", [W]),
        ("→", "en", [E]),
        ("", "da", [E]),
        ("Læs mere", "da", [W]),
        ("Læs mere om skuldre", "da", []),
        ("Read more", "da", [W]),
        ("Læs mere", "en", []),
        ("Klik her", "da-DK", [W]),
        ("here", "de", [W]),
    ],
)
def test_a_link_says_where_it_leads(text: str, language: str, severities: list[Severity]) -> None:
    assert [remark.severity for remark in link(text, URL, language)] == severities


@pytest.mark.parametrize(
    ("url", "severities"),
    [
        (URL, []),
        ("https://93.184.216.34/x", []),
        ("mailto:hello@acme.example.net?subject=Hi", []),
        ("mailto:hello", [E]),
        ("tel:+4512345678", []),
        ("http://acme.example.net", [W]),
        ("HTTP://acme.example.net", [W]),
        ("", [E]),
        ("#", [E]),
        ("#faq", [W]),
        ("/x", [E]),
        ("www.acme.example.net", [E]),
        ("//acme.example.net/x", [E]),
        ("javascript:alert(1)", [E]),
        ("data:text/html,x", [E]),
        ("file:///etc/passwd", [E]),
        ("https://", [E]),
        ("https://[oops", [E]),
        ("https://localhost/x", [E]),
        ("https://shop/x", [E]),
        ("https://shop.local/x", [E]),
        ("https://127.0.0.1/x", [E]),
        ("https://192.168.1.5/x", [E]),
        ("https://[::1]/x", [E]),
    ],
)
def test_a_link_leads_somewhere_from_everywhere(url: str, severities: list[Severity]) -> None:
    assert [remark.severity for remark in target(url)] == severities


@given(st.text(), st.text())
def test_no_address_and_no_text_is_too_strange(text: str, url: str) -> None:
    assert all(remark.message for remark in (*link(text, url, "en"), *target(url)))
