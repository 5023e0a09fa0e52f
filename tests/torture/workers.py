"""The processes that suffer: engines and verbs, each with a name, and a record of how each one died."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.house.project import ROOT
from tests.torture.nursery import Child, Nursery

_PAGES = re.compile(r"pages: (http://\S+)")
_TICK = 0.01
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Death:
    """A worker that was killed, or stopped past its lease: when, in seconds of the monotonic clock, and how."""

    who: str
    at: float
    how: str


def until(holds: Callable[[], bool], patience: float = _PATIENCE) -> bool:
    """Wait until something holds; False when it does not in time."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(_TICK)
    return True


class Worker:
    """One process of backmail."""

    def __init__(self, name: str, process: subprocess.Popen[bytes] | Child, said: Path, deaths: list[Death]) -> None:
        self.name = name
        self._process = process
        self._said = said
        self._deaths = deaths

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def said(self) -> str:
        """What it said to the operator."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def pages(self) -> str:
        """Return where its pages are, "" when it ends before it has any."""
        until(lambda: _PAGES.search(self.said) is not None or not self.alive)
        found = _PAGES.search(self.said)
        return found[1] if found else ""

    def kill(self) -> float:
        """Kill it, and return when."""
        at = time.monotonic()
        self._process.kill()
        self._process.wait()
        self._deaths.append(Death(self.name, at, "killed"))
        return at

    def killed_itself(self, patience: float = _PATIENCE) -> bool:
        """Wait until it ends, and return whether it was killed, at the moment that it was given."""
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(patience) == -signal.SIGKILL:
                self._deaths.append(Death(self.name, time.monotonic(), "killed"))
                return True
        return False

    def stopped(self, patience: float = _PATIENCE) -> bool:
        """Wait until one that the nursery made stands still; False when it ends, or never does."""
        process = self._process
        assert isinstance(process, Child)
        if not until(lambda: process.still or not self.alive, patience) or not self.alive:
            return False
        self._deaths.append(Death(self.name, time.monotonic(), "stopped"))
        return True

    def stop(self) -> bool:
        """Let it stand still."""
        self._process.send_signal(signal.SIGSTOP)
        return self.stopped()

    def go_on(self) -> float:
        """Let it go on, and return when."""
        at = time.monotonic()
        self._process.send_signal(signal.SIGCONT)
        return at

    def tell_to_end(self) -> None:
        """Ask it to end, as an operator does."""
        self._process.send_signal(signal.SIGTERM)

    def ended(self, patience: float = _PATIENCE) -> int | None:
        """Wait until it has ended, and return its exit code; None when it does not."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(patience)
        return None

    def put_away(self) -> None:
        """End it, whatever it does."""
        if self.alive:
            self._process.kill()
            self._process.wait()


class Workers:
    """Starts workers on one project, and knows how each died. Whoever is left at the end is ended."""

    def __init__(self, folder: Path, environ: dict[str, str], fault: str = "") -> None:
        """Start none yet.

        Args:
            folder: the project's.
            environ: what a worker finds in its environment.
            fault: what is planted in each of them, "" for nothing.
        """
        self._folder = folder
        self._environ = environ
        self._fault = fault
        self._all: list[Worker] = []
        self.deaths: list[Death] = []

    def __enter__(self) -> Self:
        self._nursery = Nursery(self._environ, self._fault)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._all:
            worker.put_away()
        self._nursery.close()

    def start(self, *command: str, crash: str = "") -> Worker:
        """Start `backmail COMMAND`, with a moment to die at (BACKMAIL_CRASH_AT), or none."""
        name, said = self._next()
        said.touch()
        made = self._nursery.make(name, [*command, "--project", str(self._folder)], crash, said)
        return self._known(Worker(name, made, said, self.deaths))

    def engine(self, *, crash: str = "") -> Worker:
        """Start an engine that stays."""
        return self.start("run", "--port", "0", crash=crash)

    def fresh_engine(self) -> Worker:
        """Start an engine that stays, in a Python of its own: as long as anybody waits for it."""
        name, said = self._next()
        command = [sys.executable, "-m", "tests.torture.worker", name, self._fault, "run", "--port", "0"]
        with said.open("wb") as told:
            process = subprocess.Popen(
                [*command, "--project", str(self._folder)],
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
            )
        return self._known(Worker(name, process, said, self.deaths))

    def _next(self) -> tuple[str, Path]:
        name = f"w{len(self._all) + 1}"
        return name, self._folder / f"{name}.log"

    def _known(self, worker: Worker) -> Worker:
        self._all.append(worker)
        return worker
