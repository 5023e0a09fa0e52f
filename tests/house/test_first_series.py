"""The tutorial docs/tutorial/first-series.md goes as it is told, from an article to a preview that can be shared."""

from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.house.project import ROOT, run, started

PAGE = ROOT / "docs" / "tutorial" / "first-series.md"
# What the page has its reader do: `run` is run as printed, `shown` is what that printed, `look` stays running,
# `line: FILE` is put into FILE in the place of the line of its name.
ACT = re.compile(r"^<!-- (run|shown|look|line: (\S+)) -->\n+```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PATIENCE = 30  # seconds until a preview says something; it takes one


def acts() -> Iterator[tuple[str, str, str]]:
    """Yield what is done: what it is, a file, the text."""
    for found in ACT.finditer(PAGE.read_text(encoding="utf-8")):
        yield found[1].partition(":")[0], found[2] or "", found[3]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def get(url: str) -> str:
    """Return a page of the studio."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  # http, of this machine
        return str(answer.read().decode())


class Reader:
    """Somebody who does what the page says. `done` has what she did, in order."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.done: list[str] = []
        self._stack = stack
        self._said = ""
        self._preview: subprocess.Popen[str] | None = None
        self._url = ""

    def does(self, kind: str, file: str, text: str) -> None:
        """Do one thing."""
        self.done.append(kind)
        if kind == "run":
            self._runs(text)
        elif kind == "look":
            self._looks(text)
        elif kind == "shown":
            assert [line for line in text.splitlines() if line.rstrip() not in self._said] == []
        else:
            self._changes(self.folder / file, text)

    def ends(self) -> int | None:
        """Press Ctrl-C, and return the exit code."""
        assert self._preview
        self._preview.send_signal(signal.SIGINT)
        return self._preview.wait(PATIENCE)

    def _runs(self, commands: str) -> None:
        ran = run(self.folder, "bash", "-euo", "pipefail", "-c", f"{commands}\npwd", source=ROOT / "src")
        assert ran.returncode == 0, f"{commands}\n{ran.stdout}\n{ran.stderr}"
        self.folder = Path(ran.stdout.splitlines()[-1])
        self._said = f"{ran.stdout}{ran.stderr}"

    def _looks(self, command: str) -> None:
        """Start the preview, and find on its screens what the page says of them."""
        port = str(free_port())
        words = shlex.split(command)
        self._preview = self._stack.enter_context(started(self.folder, *words, "--port", port, source=ROOT / "src"))
        assert self._preview.stdout
        told = self._preview.stdout.readline()
        self._said = told.replace(port, "8025")
        self._url = told.strip()
        steps = re.findall(r"/studio/c/my-series/e/([\w-]+)", get(f"{self._url}/c/my-series"))
        assert len(set(steps)) == 7
        for screen in ("inbox", "checks", "outline"):
            assert "my-series" in get(f"{self._url}/c/my-series/{screen}"), screen
        for query in ("look=dark", "img=off", "view=text", "as=no-first-name"):
            assert "tiff shoulders" in get(f"{self._url}/c/my-series/e/{steps[0]}?{query}"), query

    def _changes(self, file: Path, line: str) -> None:
        """Change a line of a file, and find it on the page as soon as the page is told of it."""
        with urllib.request.urlopen(f"{self._url}/events", timeout=PATIENCE) as events:  # noqa: S310  # as above
            events.readline()  # it listens
            name = line.partition(":")[0]
            text, replaced = re.subn(rf"^{name}:.*\n", line, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert replaced == 1
            file.write_text(text, encoding="utf-8")
            assert any(told.strip() == b"event: changed" for told in events)
        assert line.split('"')[1] in get(f"{self._url}/c/my-series")


def test_the_first_series_goes_as_it_is_told(tmp_path: Path) -> None:
    with ExitStack() as stack:
        reader = Reader(tmp_path, stack)
        for act in acts():
            reader.does(*act)
        assert reader.ends() == 130
    assert [kind for kind in reader.done if kind != "shown"] == ["run"] * 4 + ["look", "line", "run", "run"]
    assert reader.done.count("shown") == 4
    assert "Stiff shoulders? Start here" in (reader.folder / "shared" / "index.html").read_text(encoding="utf-8")
    assert not list(reader.folder.rglob("*.db"))
