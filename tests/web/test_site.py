"""The site as a whole: headers, limits, what it says when something is wrong, and what it keeps to itself."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator

import pytest
from starlette.types import Message

from backmail.sending import decisions
from backmail.store.engine import connect
from backmail.store.tables import suppressions
from tests.web.counter import NONCE, SENDER, Counter

STRICT = "default-src 'none'; style-src 'sha256-"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_healthz_says_whose_it_is(method: str, at: Counter) -> None:
    answer = at.client.request(method, "/healthz")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    if method == "GET":
        assert answer.json() == {"ok": True, "nonce": NONCE}


def test_healthz_needs_no_database(at: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at.backmail, "store", None)
    assert at.client.get("/healthz").json()["ok"] is True


def test_the_home_page_names_the_sender_and_lists_nothing(at: Counter) -> None:
    page = at.client.get("/")
    assert page.status_code == 200
    assert f"<h1>{SENDER}</h1>" in page.text
    assert "<a " not in page.text


def test_every_answer_keeps_to_itself(at: Counter) -> None:
    reader = at.reader()
    unsubscribe = at.path("unsubscribe", reader)
    answers = [
        at.client.get("/"),
        at.client.get("/healthz"),
        at.client.get(unsubscribe),
        at.client.post(unsubscribe),
        at.client.post(f"{unsubscribe}/undo"),
        at.client.get(at.path("confirm", reader)),
        at.client.get(at.path("view", reader)),
        at.client.get(at.path("calendar", reader)),
        at.client.get("/nowhere"),
        at.client.put("/"),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["cache-control"] == "no-store", answer.url
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers
        assert "location" not in headers
        assert "<script" not in answer.text
        assert "anna@example.org" not in answer.text.replace("mailto:anna@", "") or answer.url.path.startswith("/v/")


def test_pages_allow_their_one_style_sheet_and_nothing_else(at: Counter) -> None:
    page = at.client.get("/")
    assert page.headers["content-security-policy"].startswith(STRICT)
    assert " style=" not in page.text
    assert page.text.count("<style>") == 1


@pytest.mark.parametrize(
    "path", ["/nowhere", "/u/", "/u/x", "/u/MTI.x", "/v/ø", "/cal/x.ics", "/confirm/..%2f", "/u/x/y"]
)
def test_what_is_not_there_says_what_to_do_and_nothing_more(path: str, at: Counter) -> None:
    answer = at.client.get(path)
    assert answer.status_code == 404
    assert "Open the mail again" in answer.text
    assert 'href="mailto:hi@example.org"' in answer.text
    assert "MTI" not in answer.text


def test_a_link_with_a_piece_missing_or_changed(at: Counter) -> None:
    path = at.path("unsubscribe", at.reader())
    for broken in (path[:-1], path + "A", path[:-1] + ("A" if path[-1] != "A" else "B"), path.replace("/u/", "/u/A")):
        assert at.client.post(broken).status_code == 404
    assert at.rows(suppressions) == []


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in pieces"])
def test_too_much_is_not_read_to_its_end(told: bool, at: Counter) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 1000

    path = at.path("unsubscribe", at.reader())
    answer = at.client.post(path, content=b"x" * 9000 if told else pieces())
    assert answer.status_code == 413
    assert "Nothing was recorded" in answer.text
    assert at.rows(suppressions) == []


def test_an_unknown_reader_is_answered_in_the_language_that_the_browser_asks_for(at: Counter) -> None:
    page = at.client.get("/nowhere", headers={"Accept-Language": "de;q=0.9, da-DK;q=0.8, en;q=0.1"})
    assert '<html lang="da">' in page.text
    assert page.headers["content-language"] == "da"


def test_a_locked_database_is_never_a_yes(at: Counter, shared_sqlite: str, caplog: pytest.LogCaptureFixture) -> None:
    path = at.path("unsubscribe", at.reader())
    at.backmail.store.dispose()
    at.backmail.store = connect(shared_sqlite, patience=0.05)
    other = sqlite3.connect(shared_sqlite.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = at.client.post(path, data={"List-Unsubscribe": "One-Click"})
    other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "was NOT recorded" in answer.text
    assert at.rows(suppressions) == []
    assert "is locked" in caplog.text
    assert path not in caplog.text
    assert at.client.post(path).status_code == 200
    at.backmail.store.dispose()


def test_a_database_that_is_gone_is_never_a_yes(at: Counter) -> None:
    path = at.path("unsubscribe", at.reader())
    at.backmail.store.dispose()
    at.backmail.store = connect("postgresql://nobody@127.0.0.1:1/none", patience=2)
    answer = at.client.post(path)
    assert answer.status_code == 503
    assert "was NOT recorded" in answer.text
    assert at.client.get("/healthz").status_code == 200


def test_a_fault_of_ours_tells_nothing_of_anybody(
    at: Counter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("anna@example.org")

    path = at.path("unsubscribe", at.reader())
    monkeypatch.setattr(decisions, "unsubscribe", broken)
    with caplog.at_level(logging.DEBUG):
        answer = at.client.post(path)
    assert answer.status_code == 500
    assert answer.headers["cache-control"] == "no-store"
    assert "was NOT recorded" in answer.text
    assert at.rows(suppressions) == []
    said = "\n".join(record.getMessage() for record in caplog.records if record.name == "backmail.web")
    assert "RuntimeError" in said
    assert "anna" not in said
    assert path not in said


def test_who_leaves_in_the_middle_has_said_nothing(at: Counter, caplog: pytest.LogCaptureFixture) -> None:
    path = at.path("unsubscribe", at.reader())
    parts: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"what=a", "more_body": True}, {"type": "http.disconnect"}]
    )
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    sent: list[Message] = []

    async def receive() -> Message:
        return next(parts)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(at.client.app(scope, receive, send))
    assert sent == []
    assert caplog.records == []
    assert at.rows(suppressions) == []
