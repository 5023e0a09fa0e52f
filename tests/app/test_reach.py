"""Who answers at the public address: this installation, somebody else, nobody."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from backmail.app.reach import ask, public

NONCE = "n-0nce"
OURS = b'{"ok": true, "nonce": "n-0nce"}'


class Answering(ThreadingHTTPServer):
    """A server that answers all that it is asked in one way, and knows what it was asked."""

    def __init__(self, code: int, body: bytes, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.code, self.body, self.headers = code, body, headers
        self.asked: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.code)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


Served = Callable[..., Answering]


@pytest.fixture
def served() -> Iterator[Served]:
    """Start servers."""
    started: list[tuple[Answering, threading.Thread]] = []

    def start(code: int = 200, body: bytes = OURS, **headers: str) -> Answering:
        server = Answering(code, body, **headers)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        started.append((server, thread))
        return server

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


def test_this_installation(served: Served) -> None:
    server = served()
    assert ask(server.url, NONCE).ours
    assert server.asked == ["/healthz"]


@pytest.mark.parametrize(
    "body", [b'{"ok": true, "nonce": "another"}', b'{"ok": true}', b"<h1>Welcome</h1>", b"[]", b"\xff", b""]
)
def test_somebody_else(served: Served, body: bytes) -> None:
    found = ask(served(body=body).url, NONCE)
    assert (found.ours, found.silent) == (False, False)
    assert found.words.endswith("/healthz is answered, but not by this installation")


def test_an_installation_that_does_not_know_itself_is_nowhere(served: Served) -> None:
    assert not ask(served(body=b'{"nonce": ""}').url, "").ours


def test_an_answer_without_an_end_is_not_read_to_it(served: Served) -> None:
    assert not ask(served(body=b" " * 5000 + OURS).url, NONCE).ours


@pytest.mark.parametrize(("code", "silent"), [(404, False), (500, False), (401, False), (502, True), (503, True)])
def test_an_error(served: Served, code: int, silent: bool) -> None:
    found = ask(served(code).url, NONCE)
    assert (found.ours, found.silent) == (False, silent)
    assert f"/healthz answers {code} " in found.words


def test_nobody() -> None:
    found = ask("http://127.0.0.1:1", NONCE)
    assert (found.ours, found.silent) == (False, True)
    assert found.words == "http://127.0.0.1:1/healthz cannot be reached: connection refused"


def test_a_redirect_to_another_host_is_not_followed(served: Served) -> None:
    ours = served()
    other = ours.url.replace("127.0.0.1", "localhost")
    found = ask(served(302, b"", Location=f"{other}/healthz").url, NONCE)
    assert not found.ours
    assert " answers 302 " in found.words
    assert ours.asked == []


def test_a_redirect_on_the_same_host_is_followed(served: Served) -> None:
    """To the path with a slash, as some proxies do; and not for ever."""
    server = served(302, b"")
    server.headers["Location"] = f"{server.url}/healthz/"
    assert not ask(server.url, NONCE).ours
    assert server.asked[:2] == ["/healthz", "/healthz/"]


def test_the_proxy_of_this_machine_is_left_out(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = served()
    monkeypatch.setenv("http_proxy", proxy.url)
    assert ask(served().url, NONCE).ours
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "site.public_url is not set: the links in mails lead nowhere, to unsubscribe too"),
        ("http://mail.example.org", "site.public_url is not https: http://mail.example.org"),
    ],
)
def test_readers_come_over_https(url: str, words: str) -> None:
    found = public(url, NONCE)
    assert (found.ours, found.silent, found.words) == (False, False, words)


def test_an_https_address_is_asked() -> None:
    assert public("https://127.0.0.1:1", NONCE).silent
