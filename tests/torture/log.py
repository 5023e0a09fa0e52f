"""What the sink told: every mail it took, of whom and from whom; and a way to wait for the next."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread
from typing import IO

from tests.house.project import ROOT

_NANO = 1e-9
_END = 60.0
_LOOK = 0.1


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the sink told.

    Attributes:
        at: when, in seconds of the machine's monotonic clock.
        who: the worker that spoke, by the name in its EHLO.
        what: TOOK; GONE for a mail that was taken and never answered; else the command that was said.
        name: the mail's Message-ID.
        to: the recipient.
    """

    at: float
    who: str
    what: str
    name: str
    to: str

    @property
    def copy(self) -> bool:
        """Whether a whole mail arrived."""
        return self.what in ("TOOK", "GONE")


class Log:
    """All that the sink told until now; a thread reads on."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._process = process
        self._told: list[Told] = []
        self._copies = 0
        self._changed = Condition()
        self.port = int(process.stdout.readline())
        self._reading = Thread(target=self._read, args=(process.stdout,), daemon=True)
        self._reading.start()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            at, *rest = line.rstrip("\n").split("\t")
            told = Told(int(at) * _NANO, *rest)
            with self._changed:
                self._told.append(told)
                self._copies += told.copy
                self._changed.notify_all()

    @property
    def told(self) -> list[Told]:
        """Everything, in its order."""
        with self._changed:
            return list(self._told)

    @property
    def copies(self) -> int:
        """How many mails arrived."""
        return self._copies

    def since(self, at: float) -> list[Told]:
        """Return what was told after a moment."""
        return [each for each in self.told if each.at > at]

    def more(self, count: int, patience: float, *, alive: Callable[[], bool] = lambda: True) -> bool:
        """Wait for so many more mails; False when none comes for so long, or whoever is to send them has died."""
        with self._changed:
            seen, wanted, since = self._copies, self._copies + count, time.monotonic()
            while self._copies < wanted:
                if self._copies > seen:
                    seen, since = self._copies, time.monotonic()
                if time.monotonic() - since > patience or not alive():
                    return False
                self._changed.wait(_LOOK)
        return True

    def gate(self, word: str) -> None:
        """Open or shut the gate: those who are answered late hear nothing while it is shut."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def close(self) -> list[Told]:
        """End the sink, and return everything: it told each mail before it answered for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reading.join(_END)
        return self.told


@contextmanager
def sink() -> Iterator[Log]:
    """Run the sink, and give its log."""
    command = [sys.executable, "-m", "tests.torture.sink"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Log(process)
        finally:
            process.kill()
