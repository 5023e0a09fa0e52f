"""A page on the web becomes an article's source, or is refused with what to do instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backmail.clock import SystemClock
from backmail.desk.fetch import Web, article_at, is_address
from backmail.errors import ArticleError
from tests.article.word import docx, p
from tests.desk.fetch.site import Site, answer

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PROSE = "A clay pot dries faster than one of plastic, and herbs of the south like that very much indeed. " * 8


def html(head: str = "", body: str = f"<h1>Pots</h1><p>{PROSE}</p>") -> str:
    return f"<!doctype html><html><head><title>Pots</title>{head}</head><body><article>{body}</article></body></html>"


def web() -> Web:
    return Web(SystemClock().ticks, allowed=lambda each: True, resolve=lambda host, port: ["127.0.0.1"])


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def refusal(url: str) -> str:
    with pytest.raises(ArticleError) as caught:
        article_at(url, web())
    assert caught.value.faults[0].hint
    assert str(caught.value.faults[0].place).startswith(url)
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "kind", "body", "format_"),
    [
        ("/pots", "text/html", html(), "html"),
        ("/pots", "application/xhtml+xml", html(), "html"),
        ("/pots", "text/plain", html(), "html"),  # what the bytes say counts more
        ("/pots", "", html(), "html"),
        ("/pots.md", "text/plain", f"# Pots\n\n{PROSE}", "md"),
        ("/pots", "text/markdown", f"# Pots\n\n{PROSE}", "md"),
        ("/pots.txt", "text/plain", f"Pots\n\n{PROSE}", "txt"),
        ("/pots", WORD, docx(p("Pots", "Titel"), p(PROSE)), "docx"),
        ("/pots.docx", "application/octet-stream", docx(p("Pots", "Titel"), p(PROSE)), "docx"),
    ],
)
def test_a_page_is_read_by_what_it_is(site: Site, path: str, kind: str, body: str | bytes, format_: str) -> None:
    site.pages[path] = answer(body, kind=kind)
    source = article_at(site.url(path), web()).source
    assert (source.format, source.address) == (format_, site.url(path))
    assert PROSE.strip() in source.text


def test_many_comments_before_a_page_cost_no_more_than_few(site: Site) -> None:
    site.pages["/pots"] = answer("<!---->" * 140 + "<div>", kind="text/plain")
    site.pages["/herbs"] = answer("<!-- a -- b -> c ---> <!----> " * 20 + html(), kind="text/plain")
    assert article_at(site.url("/herbs"), web()).source.format == "html"
    assert article_at(site.url("/pots"), web()).source.format == "txt"


@pytest.mark.parametrize(
    ("path", "kind", "body", "what"),
    [
        ("/a.pdf", "application/pdf", b"%PDF-1.7", "a PDF"),
        ("/a", "text/html", b"%PDF-1.7", "a PDF"),
        ("/a.png", "image/png", b"\x89PNG\r\n", "a picture"),
        ("/a.svg", "image/svg+xml", b"<svg/>", "a picture"),
        ("/a", "video/mp4", b"....", "a video"),
        ("/a", "application/json", b"{}", "data (JSON)"),
        ("/a.zip", "application/zip", b"PK\x03\x04", "an archive"),
        ("/a.doc", "application/msword", b"\xd0\xcf\x11\xe0", "an old Word document"),
        ("/a", "application/rss+xml", b"<rss/>", "a feed"),
        ("/a", "application/x-thing", b"?", "of the type application/x-thing"),
    ],
)
def test_what_is_no_page_is_named(site: Site, path: str, kind: str, body: bytes, what: str) -> None:
    site.pages[path] = answer(body, kind=kind)
    assert f"this is {what}, not a page" in refusal(site.url(path))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("text/html; charset=windows-1252", html(body=f"<h1>Tøj</h1><p>{PROSE}</p>").encode("cp1252")),
        ("text/html; charset=utf-8", html(body=f"<h1>Tøj</h1><p>{PROSE}</p>").encode()),
        ("text/html", html("<meta charset=iso-8859-1>", f"<h1>Tøj</h1><p>{PROSE}</p>").encode("latin-1")),
        ("text/html; charset=nonsense", html(body=f"<h1>Tøj</h1><p>{PROSE}</p>").encode()),
        ("text/plain", f"Tøj\n\n{PROSE}".encode("cp1252")),
    ],
)
def test_letters_come_out_right(site: Site, kind: str, data: bytes) -> None:
    site.pages["/"] = answer(data, kind=kind)
    assert "Tøj" in article_at(site.url(), web()).source.text


def test_a_page_with_nothing_but_a_form_for_a_password_is_a_login(site: Site) -> None:
    form = '<form><input name="u"><input type="password" name="p"></form>'
    site.pages["/"] = answer(html(body=f"<h1>Sign in</h1><p>Members only.</p>{form}"))
    assert "asks for a password" in refusal(site.url())
    site.pages["/"] = answer(html(body=f"<h1>Pots</h1><p>{PROSE * 3}</p>{form}"))
    assert article_at(site.url(), web()).source.format == "html"


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ('<link rel="canonical" href="/pots">', "/pots"),
        ("<link href='/pots?a=1#top' rel=canonical>", "/pots?a=1"),
        ('<link rel="canonical" href="https://other.example/pots">', "/x"),
        ('<link rel="canonical" href="javascript:alert(1)">', "/x"),
        ('<link rel="stylesheet" href="/pots">', "/x"),
        ("", "/x"),
    ],
)
def test_a_page_on_the_same_host_may_say_where_it_stands(site: Site, said: str, canonical: str) -> None:
    site.pages["/x"] = answer(html(said))
    assert article_at(site.url("/x"), web()).canonical == site.url(canonical)


def test_a_page_keeps_where_its_links_lead(site: Site) -> None:
    site.pages["/blog/x"] = answer(html())
    assert f'<base href="{site.url("/blog/x")}">' in article_at(site.url("/blog/x"), web()).source.text
    site.pages["/blog/x"] = answer(html('<base href="/other/">'))
    assert article_at(site.url("/blog/x"), web()).source.text.count("<base") == 1


def test_a_page_without_an_article_is_refused_under_its_address(site: Site) -> None:
    site.pages["/"] = answer(" \n ")
    assert "no article was found" in refusal(site.url())


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("https://example.org/a", True), ("HTTP://example.org", True), ("https:/example.org", True),
     ("pots.txt", False), ("https", False), ("ftp://example.org", False)],
)  # fmt: skip
def test_an_address_is_told_from_a_file(name: str, is_one: bool) -> None:
    assert is_address(name) is is_one


@pytest.mark.parametrize(
    "piece", ["<input ", "<base ", "<head ", "<link ", "<script ", "<script>", "<", "<input type=", "<!--"]
)
def test_a_hostile_page_takes_no_time(site: Site, piece: str) -> None:
    form = '<input type="password">'
    hostile = f"<!doctype html>{form}{piece * (1_000_000 // len(piece))}"
    site.pages["/"] = answer(hostile)
    with pytest.raises(ArticleError):
        article_at(site.url(), web())
