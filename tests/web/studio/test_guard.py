"""The gate: only this machine's own names, only our own forms of this run, and headers on every answer."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from backmail.web.studio.guard import MOST_BYTES, Gate, fields
from tests.web.counter import Client

HERE = "http://127.0.0.1:8025"
OWN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
TOKEN = "right"


async def stale(request: Request) -> Response:
    """Answer a form of an earlier run."""
    return PlainTextResponse("stale", 422)


async def take(request: Request) -> Response:
    """Show what was posted."""
    return PlainTextResponse(repr(await fields(request)))


async def look(request: Request) -> Response:
    """Show that it came through."""
    return PlainTextResponse("through", headers={"Cache-Control": "own"})


@pytest.fixture
def at() -> Iterator[Client]:
    """A site behind the gate."""
    routes = [Route("/", look), Route("/", take, methods=["POST"])]
    gate = Middleware(Gate, token=TOKEN, stale=stale)
    client = Client(Starlette(routes=routes, middleware=[gate]), HERE)
    yield client
    client.close()


def post(at: Client, headers: Mapping[str, str], **values: str) -> httpx.Response:
    """Post a form."""
    return at.post("/", data={"token": TOKEN, **values}, headers={**headers})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8025", "localhost:9", "[::1]:8025", "LOCALHOST"])
def test_this_machine_is_answered_under_its_own_names(at: Client, host: str) -> None:
    assert at.get("/", headers={"Host": host}).text == "through"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8025", "", "localhost@evil.example", "[::1", "::1",
             "127.0.0.1:x", "localhost/", "localhost#", "0.0.0.1", "localhost.", "localhost, evil.example"]
)  # fmt: skip
def test_another_name_is_refused_whatever_it_asks_for(at: Client, host: str) -> None:
    for method in ("GET", "POST"):
        answer = at.request(method, "/", headers={"Host": host, **OWN}, content=b"token=right")
        assert answer.status_code == 403
        assert "through" not in answer.text


def test_two_names_at_once_are_refused(at: Client) -> None:
    assert at.get("/", headers=[("Host", "127.0.0.1"), ("Host", "evil.example")]).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        OWN,
        {"Origin": HERE},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_of_our_own_page_is_taken(at: Client, headers: Mapping[str, str]) -> None:
    assert post(at, headers, subject="Æ & ø\r\n", none="").text == repr(
        {"token": TOKEN, "subject": "Æ & ø\r\n", "none": ""}
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "https://127.0.0.1:8025"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_page_is_refused_though_it_knows_the_token(at: Client, headers: Mapping[str, str]) -> None:
    answer = post(at, headers)
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "rightx", "æ"])
def test_a_form_of_another_run_is_told_so(at: Client, token: str) -> None:
    assert at.post("/", data={"token": token}, headers=OWN).text == "stale"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"token", b"&" * 99, b"a=1&" * 99 + b"token=right"])
def test_a_form_that_is_none_is_no_fault(at: Client, body: bytes) -> None:
    assert at.post("/", content=body, headers=OWN).status_code == 422


def test_a_form_that_is_too_long_is_refused(at: Client) -> None:
    assert post(at, OWN, body="x" * (MOST_BYTES - 100)).status_code == 200
    assert post(at, OWN, body="x" * MOST_BYTES).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_is_answered(at: Client, method: str) -> None:
    answer = at.request(method, "/", headers=OWN)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_every_answer_has_its_headers_and_keeps_its_own(at: Client) -> None:
    for answer in (at.get("/"), at.get("/nowhere"), at.get("/", headers={"Host": "x"}), post(at, OWN), post(at, {})):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert at.get("/").headers["cache-control"] == "own"
    assert at.get("/nowhere").headers["cache-control"] == "no-cache"
