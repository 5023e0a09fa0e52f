"""A real browser for the tests of this folder: a window of exact size, offline, and a judge of accessibility."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
# Without a sandbox because root may not have one; the rest keeps Chromium from talking to its maker.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

WANTS_PICTURES = bool(os.environ.get("PICTURES"))

View = Callable[..., Page]


@cache
def path_of_the_browser() -> str:
    """Return where the browser is, "" where there is none."""
    command = [sys.executable, str(ROOT / "scripts" / "browser"), "--find"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module. (For a session it would keep its event loop open, and asyncio.run then fails.)"""
    path = path_of_the_browser()
    if not path:
        reason = "no browser: make test installs one, or set BACKMAIL_BROWSER"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _on_this_machine(route: Route) -> None:
    if urlsplit(route.request.url).hostname in {None, "127.0.0.1", "localhost"}:
        route.continue_()
    else:
        route.abort()


@pytest.fixture
def view(chromium: Browser) -> Iterator[View]:
    """Show a page: `view(html | path | url, width=375, height=667, dark=False) -> Page`. Sizes in CSS pixels."""
    opened = []

    def show(what: str | Path, *, width: int = 375, height: int = 667, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        opened.append(context)
        context.route("**/*", _on_this_machine)
        page = context.new_page()
        if isinstance(what, Path):
            page.goto(what.resolve().as_uri())
        elif what.startswith(("http://", "file://")):
            page.goto(what)
        else:
            page.set_content(what)
        return page

    yield show
    for context in opened:
        context.close()


@pytest.fixture
def picture() -> Callable[[Page, str], Path]:
    """Keep a picture of the whole page: `picture(page, "inbox-dark")` -> build/screenshots/inbox-dark.png.

    Pictures take a third of the time of these tests, so they are taken only for a person who asks: PICTURES=1.
    """

    def take(page: Page, name: str) -> Path:
        path = ROOT / "build" / "screenshots" / f"{name}.png"
        if WANTS_PICTURES:
            page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def barriers() -> Callable[..., list[str]]:
    """Judge a page by axe: `barriers(page, without=("region",))` -> "rule: selector" of each WCAG 2.2 AA violation.

    `only` names the rules that are looked at, where another look of the same page was judged by all.

    In a frame without script axe cannot be, and would wait for an answer from it; nor need it fetch style sheets anew.
    """

    def judged(page: Page, without: tuple[str, ...] = (), only: tuple[str, ...] = ()) -> list[str]:
        rules = {rule: {"enabled": False} for rule in without}
        wanted = {"type": "rule", "values": only} if only else {"type": "tag", "values": WCAG}
        options = {"runOnly": wanted, "rules": rules, "resultTypes": ["violations"], "iframes": False, "preload": False}
        found = Axe().run(page, options=options).response["violations"]
        return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]

    return judged
