"""Bytes of a page as text: byte-order marks, declared encodings, NULs; and trees that cannot break anything."""

from __future__ import annotations

import time

import pytest

from backmail.article.html import decoded
from backmail.article.html.parsing import parsed
from backmail.article.reading import read_text
from backmail.errors import ArticleError
from tests.article.html.pages import PROSE


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("\ufeffæ".encode(), "æ"),
        ("æ".encode("utf-16"), "æ"),
        (b"<meta charset='iso-8859-1'>\x93\xe6\x94", "<meta charset='iso-8859-1'>“æ”"),
        (b"<meta charset=windows-1251>\xc6", "<meta charset=windows-1251>Ж"),
        (b"<meta charset=latin1>\xc3\xa6", "<meta charset=latin1>æ"),
        (b"<meta charset=nonsense>\xe6", "<meta charset=nonsense>æ"),
        (b"<meta charset=rot13>\xe6", "<meta charset=rot13>æ"),
        (b'<?xml version="1.0" encoding="windows-1250"?>\xea', '<?xml version="1.0" encoding="windows-1250"?>ę'),
        (b"\xe6", "æ"),
        (b"a\0b\r\nc\rd", "a\ufffdb\nc\nd"),
    ],
)
def test_a_page_is_decoded_as_a_browser_does(data: bytes, text: str) -> None:
    assert decoded(data) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div " + " ".join(f"a{number}=1" for number in range(50_000)) + ">" + PROSE,
        '<div x="<" ' + " ".join(f"a{number}" for number in range(300_000)) + ">" + PROSE,
        "<script>a<b x=\"</script><p y='>' " + " ".join(f'a{number}=">"' for number in range(100_000)) + ">" + PROSE,
        "<p>" + "&amp;" * 900_000 + "</p>" + PROSE,
        "<table><tr><td>" * 600 + PROSE,
        "<div><a href='#a'>x</a>" * 1000 + PROSE,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PROSE,
        '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + PROSE + "&b;" * 1000,
    ],
    ids=["attributes", "sign-in-value", "ends-in-values", "entities", "tables", "links", "json", "bomb"],
)
def test_a_hostile_page_costs_no_more_than_a_big_one(html: str) -> None:
    read_text(PROSE.encode(), "page.html")  # what is loaded once is loaded before
    before = time.process_time()
    read_text(html.encode(), "page.html")
    assert time.process_time() - before < 4


def test_a_page_that_is_too_big_is_refused_before_it_is_read() -> None:
    with pytest.raises(ArticleError, match="bigger than 5 MB"):
        read_text(b"<p>" + b"x" * 5_000_000, "page.html")


def test_a_long_tag_keeps_attributes_that_are_meant() -> None:
    picture = "x" * 2000
    assert parsed(f'<img alt="{picture}">', "page.html").find(".//img") is not None
    assert parsed(f'<p><img alt="{picture}" id="me"></p>', "page.html").xpath("//img/@id") == ["me"]
