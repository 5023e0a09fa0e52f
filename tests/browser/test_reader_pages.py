"""The pages that readers see, in a real browser: no barriers, no script, buttons for a thumb, and they work."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page

from backmail.audience import subscribers
from backmail.sending.decisions import ask_to_confirm
from tests.web.counter import NINE, Counter, counter

LOOKS = [(375, False, "en"), (375, True, "da"), (1280, False, "da"), (320, True, "en")]


@contextmanager
def serving(at: Counter) -> Iterator[str]:
    """Serve a site on this machine, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(at.client.app, log_config=None, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def at(shared_sqlite: str, tmp_path: Path) -> Iterator[Counter]:
    """A site upon SQLite."""
    with counter(tmp_path, shared_sqlite) as made:
        yield made


@pytest.fixture
def address(at: Counter) -> Iterator[str]:
    """Where the site is served."""
    with serving(at) as where:
        yield where


def asked(at: Counter, language: str) -> int:
    """Return the delivery that asks a new person to confirm."""
    person = at.person(f"{language}@example.org", state="pending", language=language)
    with at.backmail.durable() as tx:
        ask_to_confirm(tx, at.backmail.shelf, person, now=NINE, zone="UTC")
        assert subscribers.get(tx, person)
        return int(tx.exec_driver_sql("SELECT max(id) FROM deliveries").scalar_one())


def judge(page: Page, barriers: Callable[..., list[str]]) -> None:
    """See that nobody is kept out, nothing is wider than the screen, and each button fits a thumb."""
    assert barriers(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url
    heights = page.evaluate("Array.from(document.querySelectorAll('button'), b => b.getBoundingClientRect().height)")
    assert all(height >= 44 for height in heights), page.url
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") >= 16
    assert page.evaluate("getComputedStyle(document.querySelector('main')).borderTopWidth") == "4px"  # its style holds


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_the_pages_have_no_barriers_and_do_what_they_say(
    width: int,
    dark: bool,
    language: str,
    at: Counter,
    address: str,
    view: Callable[..., Page],
    barriers: Callable[..., list[str]],
    picture: Callable[[Page, str], object],
) -> None:
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    reader, asks = at.reader("Ann.reader@example.org", language=language), asked(at, language)
    page = view(address + at.path("unsubscribe", reader), width=width, dark=dark)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def seen(name: str, heading: str) -> None:
        judge(page, barriers)
        picture(page, f"page-{name}-{look}")
        assert page.inner_text("h1").startswith(heading if language == "en" else ""), name
        assert page.evaluate("document.documentElement.lang") == language

    seen("leave", "No more mail?")
    page.click("button.second")
    seen("left-series", "“")
    page.click("button")
    seen("back", "You are subscribed again")
    page.click("button")
    seen("left", "You are unsubscribed")
    page.goto(address + at.path("confirm", asks))
    seen("confirm", "One press")
    page.click("button")
    seen("confirmed", "Thank you")
    assert wrong == []


@pytest.mark.parametrize(("width", "dark"), [(375, False), (1280, True)])
def test_the_mail_in_the_browser(
    width: int,
    dark: bool,
    at: Counter,
    address: str,
    view: Callable[..., Page],
    picture: Callable[[Page, str], object],
) -> None:
    reader = at.reader()
    page = view("<p>", width=width, dark=dark)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(address + at.path("view", reader))
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    picture(page, f"page-view-{width}-{'dark' if dark else 'light'}")
    assert wrong == []  # a style that the policy forbids would be told here


def test_a_page_for_nobody(address: str, view: Callable[..., Page], barriers: Callable[..., list[str]]) -> None:
    page = view(f"{address}/u/nothing")
    judge(page, barriers)
    assert page.inner_text("h1") == "This link leads nowhere"
