"""A mail is looked at in one look, whatever it asks of the browser, and nothing in it acts, loads or leads away."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from time import process_time

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.desk.preview.colours import darkened, inverted, lightened
from backmail.desk.preview.looks import Look, Pictures, policy, shown
from tests.desk.preview.conftest import Desk

DARK_STYLES = """<!doctype html><html lang=en><head><meta name="color-scheme" content="light dark">
<style>:root{color-scheme:light dark} a{color:#123}
@media (prefers-color-scheme: dark){a{color:#abc}}
@media screen and (prefers-color-scheme:light) and (max-width:600px){a{color:#def}}
@media only screen and (max-width:400px), (PREFERS-COLOR-SCHEME : dark){b{color:red}}</style></head>
<body><picture><source media="(prefers-color-scheme: dark)" srcset="https://x.y/d.png"><img src="https://x.y/l.png">
</picture></body></html>"""
YES, NO = "(min-width:0px)", "(min-width:99999px)"


def look(page: str, how: Look = Look.LIGHT, pictures: Pictures = Pictures.OWN) -> str:
    """Return a page as it is looked at; links lead to a page of ours."""
    return shown(page, how, pictures, lambda target: f"/tells?to={target}")


class Tags(HTMLParser):
    """All tags of a page with their attributes, by another parser than that of the code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_in_the_dark_the_mails_own_dark_styles_hold() -> None:
    page = look(DARK_STYLES, Look.DARK)
    assert f"@media {YES}{{a{{color:#abc}}}}" in page
    assert f"@media screen and {NO} and (max-width:600px)" in page
    assert f"(max-width:400px), {YES}" in page
    assert f'<source media="{YES}"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    assert ":root{color-scheme: dark}" in page
    assert "prefers-color-scheme" not in page.lower()


@pytest.mark.parametrize("how", [Look.LIGHT, Look.INVERTED])
def test_in_the_light_they_do_not(how: Look) -> None:
    page = look(DARK_STYLES, how)
    assert f"@media {NO}{{a" in page
    assert f"@media screen and {YES} and (max-width:600px)" in page
    assert f'<source media="{NO}"' in page
    scheme = "light" if how is Look.LIGHT else "dark"
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    assert f":root{{color-scheme: {scheme}}}" in page


def test_a_mail_that_is_of_one_scheme_stays_so() -> None:
    page = '<meta name="color-scheme" content="light"><p style="color-scheme:only dark">x'
    for how in (Look.LIGHT, Look.DARK):
        assert '<meta name="color-scheme" content="light">' in look(page, how)
        assert '<p style="color-scheme: only dark">' in look(page, how)


def test_inverted_light_grounds_are_dark_and_dark_words_light() -> None:
    page = look(
        '<style>.a{background:#FFF url(https://x.y/a.png#fff) no-repeat;color:black}</style><body bgcolor="#ffffff">'
        '<p style="color:#1f5f4a; border:1px solid #eeeeee"><font color=navy>x</font>'
        '<b style="background-color:#1f5f4a;color:#fff">button</b><img src="https://x.y/white.png">',
        Look.INVERTED,
    )
    assert ".a{background:#141414 url(https://x.y/a.png#fff) no-repeat;color:#ebebeb}" in page
    assert '<body bgcolor="#141414">' in page
    assert 'style="background-color:#1f5f4a;color:#fff"' in page  # a dark ground with light words stays
    assert '<meta name="color-scheme" content="dark">' in page
    assert '<img src="https://x.y/white.png">' in page
    words = re.search(r'<p style="color:(#\w{6}); border:1px solid (#\w{6})">', page)
    assert words is not None
    assert int(words[1][3:5], 16) > 0xA0 > int(words[1][1:3], 16)  # lighter, and still green
    assert int(words[2][1:3], 16) < 0x40


@pytest.mark.parametrize(
    ("colour", "dark", "light"),
    [
        ("#fff", "#141414", "#fff"),
        ("#000", "#000", "#ebebeb"),
        ("white", "#141414", "white"),
        ("rgb(255, 255, 255)", "#141414", "rgb(255, 255, 255)"),
        ("rgba(0,0,0,.5)", "rgba(0,0,0,.5)", "rgba(235,235,235,0.5)"),
        ("rgb(0 0 0 / 50%)", "rgb(0 0 0 / 50%)", "rgba(235,235,235,0.5)"),
        ("hsl(0 0% 100%)", "#141414", "hsl(0 0% 100%)"),
        ("transparent", "transparent", "transparent"),
        ("inherit", "inherit", "inherit"),
        ("currentcolor", "currentcolor", "currentcolor"),
        ("#12345", "#12345", "#12345"),
    ],
)
def test_colours_are_changed_where_they_must_be(colour: str, dark: str, light: str) -> None:
    assert darkened(colour) == dark
    assert lightened(colour) == light


def test_only_what_is_a_colour_in_a_declaration_is_changed() -> None:
    kept = "a:hover{content:'color:#000'}.color{margin:0}#fff{--color:#000}/* don't color:#000; */"
    assert inverted(kept) == kept
    assert inverted("/* don't */a{color:#000;/* can't */color:black}") == (
        "/* don't */a{color:#ebebeb;/* can't */color:#ebebeb}"
    )
    assert inverted("a{font-family:black;color:#000!important}") == "a{font-family:black;color:#ebebeb!important}"


HOSTILE = {
    "script": '<p>a<script>alert("</p>")</script><SCRIPT src=//evil.example/x></SCRIPT >b',
    "handler": '<img src=x onerror="alert(1)" ONLOAD=alert(2)><body onload=alert(3)><p/onclick=alert(4)>',
    "frame": '<iframe src="https://evil.example"></iframe><iframe srcdoc="<script>alert(1)</script>"><frameset><frame>',
    "object": "<object data=x><param name=a><p>kept</p></object><embed src=x><applet code=x></applet>",
    "form": '<form action="https://evil.example" method=post target=_top><input name=a formaction=x autofocus></form>',
    "refresh": '<meta http-equiv="refresh" content="0;url=https://evil.example"><META HTTP-EQUIV=set-cookie content=a>',
    "base": '<base href="https://evil.example/" target=_top>',
    "styles": '<link rel=stylesheet href="https://evil.example/x.css"><style>@import "https://evil.example/y.css";</style>',
    "links": '<a href="javascript:alert(1)" ping=x target=_top download>a</a><a href=" java\nscript:alert(1)">b</a>'
    '<a href="&#106;avascript:alert(1)">c</a><a href="\x01data:text/html,x">d</a><area href=vbscript:x>',
    "svg": '<svg onload=alert(1)><a xlink:href="javascript:alert(1)"><animate attributeName=href to=javascript:x>'
    '<style><img src=x onerror=alert(1)></style><use href="https://evil.example/x.svg#a"/></svg>',
    "math": "<math><mtext><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "glued": "<<script></script>img src=x onerror=alert(1)><<b!>img src=x onerror=alert(2)>",
    "quotes": '<a title=\'x" href="javascript:alert(1)\' onclick="\'>">a</a><p title=`x onclick=alert(1)`>',
    "open": '<p title="never closed <script>alert(1)</script>',
    "comments": "<!--><script>alert(1)</script>--><!-- --!><script>alert(2)</script><!-- a",
    "raw": "<title><script>alert(1)</script></title><textarea></textarea><img src=x onerror=alert(1)>",
    "no script": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "template": "<template><script>alert(1)</script><img onerror=x></template><plaintext><script>alert(1)</script>",
    "cdata": "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg><?php <script>alert(1)</script>",
}
SILENT = {"script", "iframe", "object", "embed", "applet", "form", "base", "link", "frame", "frameset", "animate"}


def is_tame(page: str) -> None:
    """Assert that nothing in a page acts, by two parsers that are not the code's."""
    rooted: list[tuple[str, dict[str, str | None]]] = [
        (str(each.tag), {str(key): str(each.get(str(key))) for key in each.keys()})  # noqa: SIM118  # no mapping
        for each in lxml.html.document_fromstring(page).iter()
        if isinstance(each.tag, str)
    ]
    for tag, attributes in [*rooted, *Tags(page).found]:
        assert tag not in SILENT, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("target", "ping", "formaction", "action", "srcdoc", "autofocus", "download"), name
            if name in ("href", "xlink:href"):
                assert value is not None
                assert value.startswith(("/tells?to=", "#")), value
            if name == "http-equiv":
                assert value == "Content-Security-Policy"
    assert "@import" not in page


@pytest.mark.parametrize("how", list(Look))
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_mail_is_tamed(kind: str, how: Look) -> None:
    for page in (HOSTILE[kind], f"<!doctype html><html><head></head><body>{HOSTILE[kind]}</body></html>"):
        is_tame(look(page, how))


def test_a_link_that_would_act_leads_nowhere() -> None:
    assert "href" not in look(HOSTILE["links"])


def test_no_tag_stands_in_a_style_sheet_or_title() -> None:
    """Within a picture (svg) browsers read tags there."""
    assert "<img" not in look(HOSTILE["svg"])
    assert "<img" not in look("<svg><title><img src=x></title></svg>")
    assert "a{b:'\\3C img'}" in look("<style>a{b:'<img'}</style>")


def test_what_a_mail_says_stays() -> None:
    assert "<p>kept</p>" in look(HOSTILE["object"])
    assert "a" in look(HOSTILE["script"])
    assert look(HOSTILE["script"]).endswith("<p>ab")
    assert '<div><input name="a"></div>' in look(HOSTILE["form"])
    conditional = "<p>0</p><!--[if mso]><table><tr><td><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->"
    assert look(conditional).endswith(conditional)
    assert look("<p>1 < 2 &amp; 3</p>").endswith("<p>1 &lt; 2 &amp; 3</p>")


SIGNS = "<>/!=\"'`&;a\n\0é\ud800\\ "
WORDS = """-- script style title svg img src onerror=alert(1) url( {} href=javascript:x <a <!-- --> </ <style> </style>
<title> <svg> <math> <script> </script> <iframe> <![CDATA[ ]]> </title> <noscript> <template> @import"""
PIECES = st.sampled_from([*SIGNS, *WORDS.split()])


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60))
def test_any_text_is_a_page_and_tame(page: str) -> None:
    for how in Look:
        once = look(page, how)
        is_tame(once)
        once.encode("utf-8")


def test_the_policy_stands_before_anything_of_the_mail() -> None:
    told = f'<meta http-equiv="Content-Security-Policy" content="{policy(Pictures.OWN)}">'.replace("'", "&#x27;")
    assert look(f"<p>x</p><head></head>{DARK_STYLES}").index(told) < look(f"<p>x</p>{DARK_STYLES}").index("<p>")
    page = look(DARK_STYLES)
    assert page.startswith('<!doctype html><html lang="en"><head><meta charset="utf-8">' + told)
    assert page.count("Content-Security-Policy") == 1
    assert told in look("")


def test_the_policy_lets_in_the_pictures_that_are_wanted() -> None:
    assert "img-src 'none'" in policy(Pictures.OFF)
    assert "img-src 'self' data:;" in policy(Pictures.OWN)
    assert "img-src 'self' data: https: http:;" in policy(Pictures.ALL)
    assert all(policy(each).startswith("default-src 'none'") for each in Pictures)
    assert "script-src" not in policy(Pictures.ALL)


def test_links_lead_to_a_page_that_tells_about_them() -> None:
    page = look('<a href="https://x.y/?a=1&amp;b=2" style="color:red" title=old target=_blank>words</a>')
    told = "https://x.y/?a=1&amp;b=2"
    assert f'<a style="color:red" title="{told}" href="/tells?to={told}">words</a>' in page
    assert '<a href="#part">' in look('<a href="#part">within the mail</a>')
    assert "/tells?to=mailto:a@b.c" in look("<a href=mailto:a@b.c>write</a>")


def test_a_link_that_leads_nowhere_still_looks_like_one() -> None:
    page = shown("<a href=https://x.y style='color:red'>words</a>", Look.LIGHT, Pictures.OWN, lambda _: "")
    assert '<a style="color:red" data-leads-nowhere="" title="https://x.y">words</a>' in page
    assert ":where([data-leads-nowhere]){color:LinkText;text-decoration:underline}" in page


def test_a_mail_of_ours_says_the_same_in_every_look(desk: Desk) -> None:
    def said(page: str) -> list[str]:
        tree = lxml.html.document_fromstring(page)
        return [str(each) for each in tree.xpath("//body//text()[normalize-space()]")]

    mail = desk.draft.mail(desk.draft.steps[2].name, desk.anna)
    for how in Look:
        assert said(look(mail.html, how)) == said(mail.html) != []


LONG = {
    "cells": '<tr><td style="color:#333;background:#fff">a</td>',
    "deep": "<div>",
    "quotes": "x='",
    "comments": "<!--",
    "open tags": "<a ",
    "attributes": " a=1",
    "addresses": "url(",
    "addresses in quotes": 'url("',
    "imports": "@import ",
    "colours": "color:rgb(",
    "questions": "(prefers-color-scheme ",
}


@pytest.mark.parametrize("before", ["", "<style>a{", "<p "])
@pytest.mark.parametrize("kind", LONG)
def test_the_time_is_in_proportion_to_the_length(kind: str, before: str) -> None:
    """Four times the text takes about four times the time; were it squared, it would be sixteen."""

    def seconds(count: int) -> float:
        page = before + LONG[kind] * count
        start = process_time()
        look(page, Look.INVERTED)
        return process_time() - start

    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(2)) < 10 * short + 0.05
