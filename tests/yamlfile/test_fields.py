"""The kinds of text that file models ask for."""

import re
from collections.abc import Callable

import pytest

from backmail.yamlfile.fields import email_address, one_line, web_address, zone_name


@pytest.mark.parametrize(
    ("kind", "text", "taken"),
    [
        (one_line, "  Anna Holm ", "Anna Holm"),
        (one_line, "Ærlig – talt 🌱", "Ærlig – talt 🌱"),
        (email_address, "", ""),
        (email_address, " Anna@News.Example.ORG", "Anna@news.example.org"),
        (email_address, "anna@blåbær.example.org", "anna@blåbær.example.org"),
        (web_address, "", ""),
        (web_address, "https://news.example.org/", "https://news.example.org"),
        (web_address, "http://localhost:8000", "http://localhost:8000"),
        (zone_name, "Europe/Copenhagen", "Europe/Copenhagen"),
    ],
)
def test_what_is_taken(kind: Callable[[str], str], text: str, taken: str) -> None:
    assert kind(text) == taken


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (one_line, "a\nBcc: x@example.org", "one line"),
        (one_line, "a\x00b", "one line"),
        (one_line, "a\u2028b", "one line"),
        (one_line, "a" * 999, "at most 998 characters"),
        (email_address, "anna", "'anna' is not an email address\nwrite it as"),
        (email_address, "Anna <anna@example.org>", "is not an email address"),
        (email_address, "søren@example.org", "is not an email address"),
        (web_address, "http://example.org", "not a secure web address\nwrite it as https://"),
        (web_address, "javascript:alert(1)", "not a secure web address"),
        (web_address, "https://", "not a secure web address"),
        (web_address, "https://[", "not a secure web address"),
        (web_address, "https://exa mple.org", "not a secure web address"),
        (web_address, "https://me:secret@example.org", "name and password"),
        (zone_name, "Europe/Kobenhavn", "unknown time zone 'Europe/Kobenhavn'\ndid you mean 'Europe/Copenhagen'?"),
    ],
)
def test_what_is_refused(kind: Callable[[str], str], text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        kind(text)
