"""What is fetched from the web, and all that is refused: places, sizes, times, types, doors with a lock."""

from __future__ import annotations

import gzip
import itertools
import socket
import zlib
from collections.abc import Callable, Iterator
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.clock import SystemClock
from backmail.desk.fetch import Limits, Web, is_public
from backmail.desk.fetch.public import Address
from backmail.errors import ArticleError
from tests.desk.fetch.site import Site, answer
from tests.trust import Trust, trust

__all__ = ["trust"]

ANY = "text/html"
HERE = ip_address("127.0.0.1")


def web(limits: Limits | None = None, allowed: Callable[[Address], bool] = lambda address: address == HERE) -> Web:
    """Return a web that is this machine."""
    return Web(SystemClock().ticks, allowed=allowed, resolve=lambda host, port: ["127.0.0.1"], limits=limits)


def refusal(url: str, by: Web | None = None) -> str:
    """Return what is said of an address that is refused."""
    with pytest.raises(ArticleError) as caught:
        (by or web()).get(url, ANY)
    assert caught.value.faults[0].hint
    assert str(caught.value.faults[0].place) == url
    return str(caught.value)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def test_a_page_is_fetched_with_its_type_and_charset(site: Site) -> None:
    site.pages["/a?b=1"] = answer("Tøj", kind="Text/HTML; charset=UTF-8")
    got = web().get(site.url("/a?b=1#top"), ANY)
    assert (got.address, got.media_type, got.charset) == (site.url("/a?b=1"), "text/html", "utf-8")
    assert got.data.decode() == "Tøj"


def test_it_says_honestly_who_asks_and_nothing_of_the_person(site: Site) -> None:
    site.pages["/"] = answer("x")
    web().get(site.url(host="pots.example"), ANY)
    lines = site.asked[0].splitlines()
    assert f"Host: pots.example:{site.port}" in lines
    assert any(line.startswith("User-Agent: backmail/") for line in lines)
    assert not any(line.startswith(("Cookie", "Referer", "Authorization")) for line in lines)


def test_letters_of_any_script_in_an_address_are_written_as_servers_take_them(site: Site) -> None:
    site.pages["/pots/t%C3%B8j%20her?q=%C3%A6"] = answer("x")
    assert web().get(site.url("/pots/tøj%20her?q=æ", host="bücher.example"), ANY).data == b"x"
    assert f"Host: xn--bcher-kva.example:{site.port}" in site.asked[0]


@pytest.mark.parametrize(
    "pack",
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("gzip", lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:])),
        ("identity", lambda data: data),
    ],
)
def test_what_is_packed_is_unpacked(site: Site, pack: tuple[str, Callable[[bytes], bytes]]) -> None:
    text = b"herbs and pots " * 20_000
    site.pages["/"] = answer(pack[1](text), Content_Encoding=pack[0])
    assert web().get(site.url(), ANY).data == text


def test_a_page_in_chunks_is_put_together(site: Site) -> None:
    site.pages["/"] = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
        b"4\r\nherb\r\n1\r\ns\r\n0\r\n\r\n"
    )
    assert web().get(site.url(), ANY).data == b"herbs"


def test_redirects_are_followed_five_times_and_no_more(site: Site) -> None:
    for number in range(6):
        site.pages[f"/{number}"] = answer(status=302, Location=f"/{number + 1}")
    site.pages["/6"] = answer("there")
    assert web().get(site.url("/1"), ANY).address == site.url("/6")
    assert "more than 5 times" in refusal(site.url("/0"))


# Places.


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[fe80::1]"],  # noqa: S104
)
def test_a_private_address_is_refused_before_anything_is_connected(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("connected"))
    own = Web(SystemClock().ticks, resolve=lambda name, port: ["127.0.0.1" if name == "localhost" else name])
    assert "address of this machine or its network" in refusal(f"http://{host}/latest/meta-data/", own)


def test_a_redirect_to_this_machine_is_refused(site: Site) -> None:
    site.pages["/"] = answer(status=302, Location="http://inside.example:1/secret")
    names = {"pots.example": "127.0.0.1", "inside.example": "127.0.0.2"}
    own = Web(SystemClock().ticks, allowed=lambda each: each == HERE, resolve=lambda name, port: [names[name]])
    said = refusal(site.url(host="pots.example"), own)
    assert "inside.example is 127.0.0.2, an address of this machine or its network" in said


def test_a_name_with_a_private_address_among_public_ones_is_refused() -> None:
    own = Web(SystemClock().ticks, resolve=lambda name, port: ["8.8.8.8", "192.168.0.1"])
    assert "pots.example is 192.168.0.1" in refusal("https://pots.example/", own)


def test_the_address_that_was_judged_is_the_one_connected_to(site: Site) -> None:
    site.pages["/"] = answer("x")
    answers = itertools.chain(["127.0.0.1"], itertools.repeat("10.0.0.1"))  # who is asked again is told another
    own = Web(SystemClock().ticks, allowed=lambda each: each == HERE, resolve=lambda name, port: [next(answers)])
    assert own.get(site.url(host="rebinding.example"), ANY).data == b"x"


@given(st.ip_addresses())
def test_nothing_is_connected_to_that_is_not_public(address: Address) -> None:
    tried: list[object] = []
    own = Web(lambda: 0, resolve=lambda name, port: [str(address)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "create_connection", _never(tried))
        with pytest.raises(ArticleError):
            own.get("http://pots.example/", ANY)
    assert bool(tried) == is_public(address)


def _never(tried: list[object]) -> Callable[..., socket.socket]:
    """Return what notes each address that is connected to, where nobody is."""

    def connect(to: object, **_: object) -> socket.socket:
        tried.append(to)
        raise OSError("nobody is there")

    return connect


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/a", "https:// or http://"),
        ("file:///etc/passwd", "https:// or http://"),
        ("https://anna:secret@example.org/", "name and password"),
        ("https://anna@example.org/", "name and password"),
        ("https:/example.org", "names no host"),
        ("https:///a", "names no host"),
        ("https://exa mple.org/", "no blanks"),
        ("https://example.org/\r\nX: y", "no blanks"),
        ("https://example.org\\@inside/", "no blanks"),
        ("https://example.org:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://ex%61mple.org/", "names no host"),
        ("https://example.org/" + "a" * 3_000, "too long"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        web().get(url, ANY)


def test_a_redirect_to_a_file_is_refused(site: Site) -> None:
    site.pages["/"] = answer(status=301, Location="file:///etc/passwd")
    assert "leads on to file:" in refusal(site.url())


def test_a_host_that_is_not_known_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert "there is no host pots.example" in refusal("https://pots.example/", Web(lambda: 0, resolve=unknown))


def test_a_server_that_is_not_there_is_told(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "nobody listens there" in refusal(f"http://127.0.0.1:{port}/")


# Sizes.


def test_what_says_that_it_is_too_big_is_not_read(site: Site) -> None:
    site.pages["/"] = answer(b"x", Content_Length="999999999999")
    assert "bigger than 5 MB" in refusal(site.url())


def _endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    while True:
        yield b"x" * 65_536


def test_a_page_without_end_is_stopped_at_the_limit(site: Site) -> None:
    site.pages["/"] = _endless
    assert "bigger than" in refusal(site.url(), web(Limits(size=300_000)))


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_bomb_is_stopped_at_the_limit(site: Site, packing: str) -> None:
    bomb = zlib.compressobj(9, wbits=31 if packing == "gzip" else 15)
    site.pages["/"] = answer(bomb.compress(bytes(50_000_000)) + bomb.flush(), Content_Encoding=packing)
    assert "bigger than 5 MB" in refusal(site.url())


def test_a_page_that_ends_early_is_no_page(site: Site) -> None:
    site.pages["/"] = answer(b"half", Content_Length="9")
    assert "ended before the page did" in refusal(site.url())
    site.pages["/"] = answer(gzip.compress(b"herbs " * 999)[:40], Content_Encoding="gzip")
    assert "cannot be unpacked" in refusal(site.url())


def test_a_packing_that_nobody_asked_for_is_refused(site: Site) -> None:
    site.pages["/"] = answer(b"x", Content_Encoding="br")
    assert "(br)" in refusal(site.url())


# Times.


def _ticking(seconds: float) -> Callable[[], int]:
    """Return a clock that goes so much with each look at it."""
    count = itertools.count()
    return lambda: int(next(count) * seconds * 1_000_000)


def _endless_head() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX: "
    while True:
        yield b"y"


@pytest.mark.parametrize("endless", [_endless, _endless_head])
def test_a_page_that_drips_is_given_up_though_every_drop_comes_at_once(
    site: Site, endless: Callable[[], Iterator[bytes]]
) -> None:
    site.pages["/"] = endless
    slow = Web(_ticking(5), allowed=lambda each: True, resolve=lambda host, port: ["127.0.0.1"])
    assert "took too long" in refusal(site.url(), slow)


def test_a_server_that_says_nothing_is_given_up(site: Site) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    with silent:
        said = refusal(f"http://127.0.0.1:{silent.getsockname()[1]}/", web(Limits(seconds=0.05)))
    assert "took too long" in said


def test_time_is_one_for_all_redirects(site: Site) -> None:
    site.pages["/"] = answer(status=302, Location="/")
    slow = Web(_ticking(4), allowed=lambda each: True, resolve=lambda host, port: ["127.0.0.1"])
    assert "took too long" in refusal(site.url(), slow)


# Doors.


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "wants a login"),
        (403, "lets no programs in"),
        (404, "no such page"),
        (410, "there no more"),
        (429, "asked too often"),
        (500, "not well"),
        (503, "not well"),
        (204, "gives no page"),
        (304, "gives no page"),
    ],
)
def test_a_status_is_told_in_words(site: Site, status: int, said: str) -> None:
    site.pages["/"] = answer("", status=status)
    told = refusal(site.url())
    assert said in told
    assert f"({status})" in told
    if status in (401, 403):
        assert "backmail new saved-page.html" in told


@pytest.mark.parametrize("noise", [b"SSH-2.0-OpenSSH\r\n\r\n", b"\x00\x01\x02\x03" * 10, b""])
def test_what_is_no_web_server_is_told(site: Site, noise: bytes) -> None:
    site.pages["/"] = noise
    assert "does not answer as a web server" in refusal(site.url())


def test_a_certificate_that_nobody_vouches_for_is_refused(trust: Trust) -> None:
    with Site({"/": answer("x")}, tls=trust.server) as secure:
        assert "cannot prove that it is" in refusal(secure.url(host="pots.example"))


def test_a_certificate_counts_for_the_name_that_was_asked_for(trust: Trust) -> None:
    with Site({"/": answer("x")}, tls=trust.server) as secure:
        own = Web(
            SystemClock().ticks, allowed=lambda each: True, resolve=lambda host, port: ["127.0.0.1"], tls=trust.client
        )
        assert own.get(secure.url(), ANY).data == b"x"
        assert "cannot prove that it is other.example" in refusal(secure.url(host="other.example"), own)
