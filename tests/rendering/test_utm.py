"""What links to the sender's own sites tell these, and what is left alone."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.model.campaign import Action, Utm
from backmail.rendering.theme import Theme
from backmail.rendering.utm import in_html, in_text, tagged
from tests.rendering.conftest import Workshop, campaign, step

OURS = Utm("news letter", ("example.org", "smørrebrød.dk"))
ADDED = "utm_source=news+letter&utm_medium=email&utm_campaign=back&utm_content=why"


def told(url: str) -> str:
    return tagged(url, OURS, "back", "why")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", f"https://example.org?{ADDED}"),
        ("https://www.Example.ORG:8080/a/?b=1&c#top", f"https://www.Example.ORG:8080/a/?b=1&c&{ADDED}#top"),
        ("http://smørrebrød.dk/", f"http://smørrebrød.dk/?{ADDED}"),
        ("https://xn--smrrebrd-64af.dk./x?", f"https://xn--smrrebrd-64af.dk./x?{ADDED}"),
        (
            "https://example.org/?UTM_Source=mine&utm_content=",
            "https://example.org/?UTM_Source=mine&utm_content=&utm_medium=email&utm_campaign=back",
        ),
    ],
)
def test_links_to_own_sites_say_where_readers_come_from(url: str, expected: str) -> None:
    assert told(url) == expected
    assert told(expected) == expected, "said once"


@pytest.mark.parametrize(
    "url",
    ["https://bad-example.org/", "https://example.org.evil.test/", "https://example.com/?u=https://example.org/",
     "https://example.org@evil.test/", "mailto:hi@example.org", "ftp://example.org/", "//example.org/", "#top", "http://[x",
     "bm0123456789x7z", "https://bm0123456789x7z/example.org"],
)  # fmt: skip
def test_other_links_stay_as_they_are(url: str) -> None:
    assert told(url) == url


@given(st.text("ab=&;%2 +é/?", max_size=12), st.text("ab?#/é", max_size=6))
def test_query_and_fragment_that_were_there_are_kept(query: str, fragment: str) -> None:
    url = f"https://example.org/x?{query.partition('#')[0]}#{fragment}"
    made = urlsplit(told(url))
    before = parse_qsl(urlsplit(url).query, keep_blank_values=False)
    assert [pair for pair in parse_qsl(made.query) if not pair[0].startswith("utm_")] == before
    assert made.fragment == urlsplit(url).fragment


def test_links_in_html_and_text_are_the_same() -> None:
    html = (
        '<p><a class="x" title="a > b" href="https://example.org/?a=1&amp;b=2">one</a> <a href=\'https://example.org\'>two</a>'
        '<a href="https://example.org/&#228;">three</a><a href="https://other.test">four</a>'
        '<img src="https://example.org/a.png"><link href="https://example.org/s.css"></p>'
    )
    made, links = in_html(html, told)
    assert f'href="https://example.org/?a=1&amp;b=2&amp;{ADDED.replace("&", "&amp;")}"' in made
    assert f'href="https://example.org/&#228;?{ADDED.replace("&", "&amp;")}"' in made
    assert made.count("utm_source") == 3
    text = "One: https://example.org/?a=1&b=2\n(https://example.org). <https://example.org> https://example.org.uk/x\n"
    assert in_text(text, links) == (
        f"One: https://example.org/?a=1&b=2&{ADDED}\n(https://example.org?{ADDED}). <https://example.org?{ADDED}> "
        "https://example.org.uk/x\n"
    )


def test_an_address_within_anothers_link_stays_as_it_is() -> None:
    own = "https://example.org/a"
    for theirs in (f"https://other.test/?to={own}", f"https://other.test/{own}", f"https://other.test/#{own}"):
        assert in_text(f"{own} {theirs}", {own: told(own)}) == f"{told(own)} {theirs}"


def test_a_whole_mail_tells_it_in_both_parts_and_its_readers_links_stay(weekly: Theme) -> None:
    first = step(
        body="[Ours](https://shop.example.org/a?x={{ subscriber.first_name }}#b) and [theirs](https://other.test/a).",
        action=Action("Look", "link", "https://example.org/look"),
    )
    mail = Workshop(campaign(first, utm=Utm("mail", ("example.org",)), source_url=""), weekly).mail()
    html, text = unescape(mail.part("html")), mail.part("text")
    added = "utm_source=mail&utm_medium=email&utm_campaign=loose&utm_content=rolls"
    for link in (f"https://shop.example.org/a?x=Anna&{added}#b", f"https://example.org/look?{added}"):
        assert html.count(link) == text.count(link) == 1
    assert html.count("utm_source") == text.count("utm_source") == 2
    assert "https://other.test/a" in text
