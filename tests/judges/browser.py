"""Chromium: axe-core in both schemes, and whether a screen reader hears what the plain text says, in its order."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.house.project import ROOT
from tests.judges.mails import Mail
from tests.judges.verdict import Absent, Verdict

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Rules for whole pages: a mail is a part of somebody else's.
_OF_PAGES = ("landmark-one-main", "region")
_WORDS = re.compile(r"\w+")
_ADDRESSES = re.compile(r"https?://\S+|mailto:\S+")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser.

    Raises:
        Absent: there is none on this machine.
    """
    command = [sys.executable, str(ROOT / "scripts" / "browser"), "--find"]
    path = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    if not path:
        raise Absent("no Chromium: python scripts/browser installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def page(browser: Browser, html: str, *, dark: bool = False, width: int = 600) -> Iterator[Page]:
    """Give a page with a mail in it; nothing is loaded from anywhere."""
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB")  # type: ignore[arg-type]
    context.route("**/*", lambda route: route.abort())
    shown = context.new_page()
    shown.set_content(html)
    yield shown
    context.close()


def axe(mails: Sequence[Mail]) -> Iterator[Verdict]:
    """Judge every mail by axe-core's rules for WCAG 2.2 AA and its best practices, in the light and the dark scheme."""
    options = {
        "runOnly": {"type": "tag", "values": _WCAG},
        "rules": {rule: {"enabled": False} for rule in _OF_PAGES},
        "resultTypes": ["violations"],
        "iframes": False,
        "preload": False,
    }
    with chromium() as browser:
        for mail in mails:
            for dark in (False, True):
                with page(browser, mail.html, dark=dark) as shown:
                    found = Axe().run(shown, options=options).response["violations"]
                told = "; ".join(f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in found)
                yield Verdict(f"{mail.series}, {'dark' if dark else 'light'}", not found, told)


def order(mails: Sequence[Mail]) -> Iterator[Verdict]:
    """Compare what a screen reader would read, from the accessibility tree, with the plain text, word by word.

    Both hold the same words in the same order but for what only one of them has need of: addresses, the preheader,
    labels of lists. So a tenth of the words may differ, and none may have moved.
    """
    with chromium() as browser:
        for mail in mails:
            with page(browser, mail.html) as shown:
                heard = _words(spoken(shown))
            read = _words(mail.text)
            same = sum(block.size for block in SequenceMatcher(None, heard, read, autojunk=False).get_matching_blocks())
            share = 2 * same / (len(heard) + len(read))
            yield Verdict(
                mail.series, share >= _SAME, f"{mail.step}: {share:.0%} in the same order" if share < _SAME else ""
            )


_SAME = 0.9


def spoken(shown: Page) -> str:
    """Return the texts of the accessibility tree in its order."""
    session = shown.context.new_cdp_session(shown)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    return " ".join(_texts(next(iter(nodes.values())), nodes))


def _texts(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Give the texts below a node; they come in a list that has another order than the tree."""
    if node.get("role", {}).get("value") == "StaticText":
        yield node["name"]["value"]
        return
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from _texts(nodes[child], nodes)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(_ADDRESSES.sub(" ", text))]
