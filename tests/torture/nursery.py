"""A process that has imported what a worker needs, and makes workers by forking: they begin in a tenth of the time.

A death leaves the same in the tables however its Python came up. Where the start itself is measured, nobody uses this.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from threading import Condition, Thread
from typing import IO

from tests.house.project import ROOT
from tests.torture.faults import plant
from tests.torture.worker import work

_LOOK = 0.005  # seconds between two looks at the children
_NEEDED = (
    "backmail.app", "backmail.app.outlook", "backmail.app.reach", "backmail.cli.run", "backmail.cli.serving",
    "backmail.desk.live", "backmail.engines", "backmail.web", "psycopg", "uvicorn",
)  # fmt: skip


class Child:
    """A worker that the nursery made; it can do what `subprocess.Popen` can."""

    def __init__(self, pid: int, changed: Condition) -> None:
        self.pid = pid
        self._changed = changed
        self.code: int | None = None
        self.still = False

    def poll(self) -> int | None:
        """Return its exit code, None while it lives."""
        return self.code

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended, and return its exit code."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.code is not None, timeout):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        assert self.code is not None
        return self.code

    def send_signal(self, number: int) -> None:
        """Send it a signal, as long as it lives."""
        if self.code is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process, as whoever wants workers sees it."""

    def __init__(self, environ: dict[str, str], fault: str) -> None:
        """Start it. Environment and planted fault are those of all its workers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.nursery", fault],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self._changed = Condition()
        self._born: list[Child] = []
        self._reading = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reading.start()

    def make(self, name: str, command: list[str], crash: str, said: Path) -> Child:
        """Make a worker."""
        assert self._process.stdin is not None
        known = len(self._born)
        self._process.stdin.write(json.dumps([name, command, crash, str(said)]) + "\n")
        self._process.stdin.flush()
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._born) > known, 60), "the nursery makes nobody"
            return self._born[-1]

    def close(self) -> None:
        """End it; its workers live on."""
        self._process.communicate()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            what, pid, code = line.split()
            with self._changed:
                if what == "born":
                    self._born.append(Child(int(pid), self._changed))
                child = next(each for each in reversed(self._born) if each.pid == int(pid))
                if what == "ended":
                    child.code = int(code)
                child.still = what == "stopped"
                self._changed.notify_all()


def _live(name: str, command: list[str], crash: str, said: str) -> None:
    """Be a worker, from the fork to the end."""
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for there, here in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(there, here)
    if crash:
        os.environ["BACKMAIL_CRASH_AT"] = crash
    code = 1
    try:
        work(name, command)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _serve(fault: str) -> None:
    """Make workers as long as anybody asks for them, and tell how they fare."""
    for name in _NEEDED:
        import_module(name)
    plant(fault)
    while True:
        if select.select([0], [], [], _LOOK)[0]:
            line = _line()
            if not line:
                return
            name, command, crash, said = json.loads(line)
            pid = os.fork()
            if not pid:
                _live(name, command, crash, said)
            print("born", pid, 0, flush=True)
        _tell_of_children()


def _line() -> bytes:
    """Read one line; nothing behind it, which `select` would then not see."""
    read = b""
    while not read.endswith(b"\n") and (byte := os.read(0, 1)):
        read += byte
    return read


def _tell_of_children() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
        except ChildProcessError:
            return
        if not pid:
            return
        if os.WIFSTOPPED(status):
            print("stopped", pid, 0, flush=True)
        elif os.WIFCONTINUED(status):
            print("continued", pid, 0, flush=True)
        else:
            print("ended", pid, os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
