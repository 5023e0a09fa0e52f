"""How soon the preview shows what was saved, how soon it is there, and what memory it takes.

Save to paint: from just before a file is written until a browser has painted two frames with the new words in the mail.
Peer: the dev server of react-email with the same texts as mails of its own, asked in turn, if it stands in
build/peers/react-email (`npm install react-email@6.11.6 @react-email/ui@6.11.6 react react-dom` there).
"""

from __future__ import annotations

import itertools
import json
import math
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

from backmail.config import sample_campaigns, start_project
from benchmarks.measure import BACKMAIL, table

SAVES = 20
STARTS = 10
MORE_SAVES = 50
GOAL_SAVE, GOAL_START = 0.3, 1.0  # seconds
PATIENCE = 30.0  # seconds
ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / "build" / "peers" / "react-email"
SAMPLE = sample_campaigns()[0]
STEP = 2  # the mail that is saved: on the first screen of the sequence too
WORDS = "What you will find in this series"
# Asked once a frame: when two frames were painted with these words in a mail, in seconds since 1970; until then 0.
PAINTED = """words => {
    const mails = [...document.querySelectorAll("iframe")].map(frame => frame.contentDocument);
    const there = mails.some(mail => mail?.body?.textContent.includes(words));
    const seen = window.seen ??= {};
    seen[words] = there ? (seen[words] ?? 0) + 1 : 0;
    return seen[words] > 2 ? (performance.timeOrigin + performance.now()) / 1000 : 0;
}"""
FIRST = """() => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return paint ? (performance.timeOrigin + paint.startTime) / 1000 : 0;
}"""

Save = Callable[[Path, str], None]


def renamed(path: Path, text: str) -> None:
    """Save as most editors do: under another name, which then takes the place of the file."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def in_place(path: Path, text: str) -> None:
    """Save as the others do: the file is emptied, and filled."""
    path.write_text(text, encoding="utf-8")


SAVED: dict[str, Save] = {"renamed": renamed, "in place": in_place}


@dataclass
class Tool(ABC):
    """A preview tool: a folder with mails, a command that serves them, and pages to look at."""

    folder: Path
    port: int = 0
    words: str = WORDS  # those in the mail that were saved last
    _turns: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def _log(self) -> Path:
        return self.folder / ".preview.log"

    @property
    @abstractmethod
    def command(self) -> list[str]:
        """What starts it."""

    @property
    @abstractmethod
    def file(self) -> Path:
        """The file that is saved."""

    @property
    @abstractmethod
    def first(self) -> str:
        """The page that somebody opens first, from the port on."""

    @property
    def screens(self) -> dict[str, str]:
        """The pages that saves are looked at on, by name."""
        return {"mail": self.first}

    def ready(self, page: Page) -> None:
        """Wait until a page hears of what is saved, and nothing is being worked out."""
        painted(page, PAINTED, self.words)

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start it on a port that nobody has."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        with self._log.open("wb") as output:
            child = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
            try:
                yield child
            finally:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def answered(self) -> float:
        """Ask until the first page is answered whole, and return when that was."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url(self.first), timeout=PATIENCE) as answer:  # noqa: S310  # http
                    answer.read()
                return time.time()
            except (urllib.error.URLError, ConnectionError):  # an answer such as 500 among them: not yet
                time.sleep(0.005)
        sys.exit(f"{Path(self.command[0]).name} gives no page: {self._log.read_text(errors='replace')}")

    def url(self, path: str) -> str:
        """Return the address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"

    def saved(self, page: Page, save: Save) -> float:
        """Save new words, and return the seconds until they were painted."""
        text = self.file.read_text(encoding="utf-8")
        before, self.words = self.words, f"Turn {next(self._turns)} of the measurement."
        start = time.time()
        save(self.file, text.replace(before, self.words))
        return painted(page, PAINTED, self.words) - start


class Ours(Tool):
    """`backmail preview` with the sample: seven mails."""

    slug = SAMPLE.name

    @property
    def command(self) -> list[str]:
        return [BACKMAIL, "preview", "--port", str(self.port)]

    @property
    def file(self) -> Path:
        return next((self.folder / "campaigns" / self.slug).glob(f"{STEP:02}-*.md"))

    @property
    def first(self) -> str:
        return "/studio"

    @property
    def screens(self) -> dict[str, str]:
        sequence = f"/studio/c/{self.slug}"
        return {"email": f"{sequence}/e/{self.file.stem.partition('-')[2]}", "sequence": sequence}

    def ready(self, page: Page) -> None:
        super().ready(page)
        expect(page.locator("#status")).not_to_contain_text("Reload", timeout=PATIENCE * 1000)
        expect(page.locator("#tab-checks .waiting")).to_have_count(0, timeout=PATIENCE * 1000)

    @classmethod
    def in_a(cls, folder: Path) -> Ours:
        """Begin a project in a folder."""
        start_project(folder)
        return cls(folder)


class ReactEmail(Tool):
    """The dev server of react-email with seven mails of the same texts."""

    def ready(self, page: Page) -> None:
        super().ready(page)
        page.wait_for_load_state("networkidle")  # its page listens by then

    @property
    def command(self) -> list[str]:
        return [str(PEER / "node_modules" / ".bin" / "email"), "dev", "--dir", "emails", "--port", str(self.port)]

    @property
    def file(self) -> Path:
        return self.folder / "emails" / f"mail{STEP}.jsx"

    @property
    def first(self) -> str:
        return f"/preview/mail{STEP}"

    @classmethod
    def in_its_folder(cls) -> ReactEmail:
        """Write the mails where it stands."""
        shutil.rmtree(PEER / "emails", ignore_errors=True)
        (PEER / "emails").mkdir()
        for number, step in enumerate(sorted(SAMPLE.glob("[0-9]*.md")), 1):
            (PEER / "emails" / f"mail{number}.jsx").write_text(_jsx(step), encoding="utf-8")
        return cls(PEER)


def _jsx(step: Path) -> str:
    """Return a step of ours as a mail of react-email: the same headings and paragraphs, styled as its starter is."""
    _, head, body = step.read_text(encoding="utf-8").split("---\n", 2)
    subject = re.search(r"^subject: (.*)$", head, re.MULTILINE)
    parts = []
    for block in re.split(r"\n\s*\n", re.sub(r"^:::.*$", "", body, flags=re.MULTILINE)):
        text = " ".join(block.split())
        if text:
            kind = "Heading" if text.startswith("#") else "Text"
            parts.append(f"<{kind} style={{{{color: '#333'}}}}>{{{json.dumps(text.lstrip('# '))}}}</{kind}>")
    title = json.dumps(subject[1] if subject else step.stem)
    return (
        "import {Body, Button, Container, Head, Heading, Html, Preview, Text} from 'react-email';\n"
        "import * as React from 'react';\n"
        "export default function Mail() {\n  return (<Html><Head /><Preview>{" + title + "}</Preview>"
        "<Body style={{backgroundColor: '#f6f9fc', fontFamily: 'sans-serif'}}><Container style={{padding: '20px'}}>\n"
        + "\n".join(parts)
        + "\n<Button href='https://example.com' style={{padding: '12px', color: '#fff', backgroundColor: '#1f5f4a'}}>"
        "Go on</Button></Container></Body></Html>);\n}\n"
    )


def memory(group: int) -> float:
    """Return the MiB that the processes of a session hold."""
    lines = subprocess.run(["ps", "-A", "-o", "sess=,rss="], capture_output=True, text=True, check=True).stdout
    return sum(int(rss) for session, rss in map(str.split, lines.splitlines()) if int(session) == group) / 1024


def painted(page: Page, when: str, words: str = "") -> float:
    """Wait until a page says when something was painted; infinity where it never was."""
    try:
        return float(page.wait_for_function(when, arg=words, polling="raf", timeout=PATIENCE * 1000).json_value())
    except TimeoutError:
        return math.inf


def starts(tools: Mapping[str, Tool], browser: Browser) -> None:
    """Measure from the command to the first page."""
    kinds = ("answered", "painted", "with a mail")
    found: dict[str, list[float]] = {f"{name}, {kind}": [] for kind in kinds for name in tools}
    for _ in range(STARTS):
        for name, tool in tools.items():
            page = browser.new_page()
            begun = time.time()
            with tool.serving():
                found[f"{name}, answered"].append(tool.answered() - begun)
                page.goto(tool.url(tool.first), wait_until="commit")
                found[f"{name}, painted"].append(painted(page, FIRST) - begun)
                found[f"{name}, with a mail"].append(painted(page, PAINTED, tool.words) - begun)
            page.close()
    medians = {name: statistics.median(each) for name, each in found.items()}
    ours = next(iter(medians))
    peer = next((name for name in medians if "react" in name), ours)
    notes = [_goal(f"command to first page, median of {STARTS}", medians[ours], GOAL_START)]
    table("From the command to the first page", medians, peer, "ms", 1000, notes)


def saves(tools: Mapping[str, Tool], browser: Browser) -> None:
    """Measure from a save to the paint, and the memory before and after many saves."""
    with ExitStack() as stack:
        sessions = {name: stack.enter_context(tool.serving()).pid for name, tool in tools.items()}
        ways: dict[str, tuple[Tool, Page, str, Save]] = {}
        for name, tool in tools.items():
            tool.answered()
            page = stack.enter_context(_page(browser))
            paths = tool.screens
            for screen, path in paths.items():
                ways |= {f"{name}, {screen}, {how}": (tool, page, path, save) for how, save in SAVED.items()}
        at_first = dict.fromkeys(tools, 0.0)
        found: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(SAVES + 1):
            for way, (tool, page, path, save) in ways.items():
                page.bring_to_front()
                page.goto(tool.url(path))
                tool.ready(page)
                seconds = tool.saved(page, save)
                if turn:  # what comes first fills caches
                    found[way].append(seconds)
            if not turn:
                at_first = {name: memory(session) for name, session in sessions.items()}
        medians = {way: statistics.median(each) for way, each in found.items()}
        ours = [medians[way] for way, (tool, *_) in ways.items() if isinstance(tool, Ours)]
        peer = next((way for way, (tool, *_) in ways.items() if not isinstance(tool, Ours)), next(iter(ways)))
        worst = max(max(each) for way, each in found.items() if isinstance(ways[way][0], Ours))
        notes = [
            _goal(f"save to paint, the slowest median of {SAVES}", max(ours), GOAL_SAVE),
            f"the slowest of all of ours: {worst * 1000:,.0f} ms",
        ]
        table("From a save to the paint", medians, peer, "ms", 1000, notes)
        _memory(ways, sessions, at_first)


def _memory(
    ways: Mapping[str, tuple[Tool, Page, str, Save]], sessions: Mapping[str, int], at_first: Mapping[str, float]
) -> None:
    """Save many times more, and print what memory the servers took before and after."""
    for tool, page, path, save in {id(way[0]): way for way in ways.values()}.values():
        page.goto(tool.url(path))
        tool.ready(page)
        for _ in range(MORE_SAVES):
            tool.saved(page, save)
    values = {}
    for name, session in sessions.items():
        values[f"{name}, after the first pages"] = at_first[name]
        values[f"{name}, after {MORE_SAVES} saves and more"] = memory(session)
    peer = next((name for name in values if "react" in name), next(iter(values)))
    table("Memory of the server and its helpers", values, peer, "MiB")


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield page
    page.close()


def _goal(what: str, seconds: float, goal: float) -> str:
    word = "met" if seconds < goal else "FAILING"
    return f"{what}: {seconds * 1000:,.0f} ms, goal {goal * 1000:,.0f} ms: {word}"


def main() -> None:
    """Measure and print."""
    found = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "browser"), "--find"], capture_output=True, text=True, check=True
    ).stdout.strip()
    if not found:
        sys.exit("no browser: make test installs one, or set BACKMAIL_BROWSER")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        tools: dict[str, Tool] = {"backmail": Ours.in_a(Path(name) / "my-news")}
        if (PEER / "node_modules" / ".bin" / "email").exists():
            tools["react-email"] = ReactEmail.in_its_folder()
        else:
            print(f"no peer stands in {PEER.relative_to(ROOT)}; its head says how one gets there")
        starts(tools, browser)
        saves(tools, browser)
        browser.close()


if __name__ == "__main__":
    main()
