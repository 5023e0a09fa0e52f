"""Composes foreign templates in another process, which may use so much time, memory and output and no more."""

from __future__ import annotations

import atexit
import hashlib
import json
import pickle
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from os import pathsep
from threading import Event, Lock, Timer
from typing import IO, Any

from backmail.errors import ConfigError, Fault, Place, TemplateError
from backmail.model.campaign import Step
from backmail.model.message import Composed
from backmail.rendering import kept
from backmail.rendering.cell import TOO_LONG, Request, receive, send
from backmail.rendering.compose import Setting
from backmail.rendering.decisions import Answer, Decision
from backmail.rendering.refused import TOO_MUCH_MEMORY
from backmail.rendering.script import Script

__all__ = ["Confined", "shared"]

# For a machine that is busy, or has no limit of processor time; a mail takes a tenth of a second.
_SECONDS = 20.0
_FRAME = re.compile(r'  File "(.*)", line (\d+) in ')
_MOST_TRACE = 10_000
_MOST_REMEMBERED = 64
# The kernel's signal to who used up his time.
_OUT_OF_TIME = getattr(signal, "SIGXCPU", None)
_HINT = "do its loops and calculations come to an end?"


class Confined:
    """A process that composes, started when it is first needed and again after it was ended. For several threads."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        """Take after how many seconds by the clock it is ended, whatever it does. Nothing is started."""
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._trace: IO[bytes] | None = None
        self._lock = Lock()
        self._failed: dict[str, list[tuple[Mapping[Decision, bool], TemplateError]]] = {}

    def compose(
        self, setting: Setting, step: Step, prefix: str, answer: Answer
    ) -> tuple[Mapping[Decision, bool], Composed]:
        """Return a variant of a step, and the path of outcomes that leads to it.

        Args:
            setting: the campaign and its looks.
            step: the step.
            prefix: what all its tokens begin with.
            answer: answers questions about the reader; asked in this process.

        Raises:
            TemplateError: it cannot be rendered, or uses more time, memory or output than a mail may.
            ConfigError: the brand cannot be used.
            AddressError: a condition cannot be worked out on the reader's values.
        """
        theme = setting.theme
        shown = {file: theme.shown_name(file) for file in theme.files}
        fixed = replace(step, places=dict(step.places))
        request = Request(
            setting.campaign, fixed, setting.brand, setting.company, theme.name, theme.files, shown, prefix
        )
        data = pickle.dumps(request)
        key = hashlib.sha256(data).hexdigest()
        with self._lock:
            for path, known in self._failed.get(key, ()):
                if all(answer(decision) == outcome for decision, outcome in path.items()):
                    raise known  # it would take as long as before
            asked: dict[Decision, bool] = {}

            def noted(decision: Decision) -> bool:
                asked[decision] = answer(decision)
                return asked[decision]

            try:
                return self._tried(data, noted)
            except _Ended as ended:
                error = TemplateError(_fault(setting, step, ended))
                raise self._remembered(key, asked, error) if ended.too_long else error from None
            except TemplateError as error:
                if any(fault.message in (TOO_LONG, TOO_MUCH_MEMORY) for fault in error.faults):
                    self._remembered(key, asked, error)
                raise

    def _tried(self, data: bytes, answer: Answer) -> tuple[Mapping[Decision, bool], Composed]:
        """Return what the process answers; a second one is asked where the first was ended by somebody else."""
        try:
            return self._answered(data, answer)
        except _Ended as ended:
            if ended.too_long:
                raise
            return self._answered(data, answer)

    def _remembered(self, key: str, asked: Mapping[Decision, bool], error: TemplateError) -> TemplateError:
        """Keep the error of a request that used up all it may, with the answers that led to it, and return it."""
        if sum(map(len, self._failed.values())) >= _MOST_REMEMBERED:
            self._failed.clear()
        self._failed.setdefault(key, []).append((asked, error))
        return error

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
        if self._trace is not None:
            self._trace.close()
            self._trace = None

    def _answered(self, data: bytes, answer: Answer) -> tuple[Mapping[Decision, bool], Composed]:
        process = self._started()
        if self._trace is not None:  # both processes write at the same place of it
            self._trace.seek(0)
            self._trace.truncate()
        late = Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return self._talk(process, data, answer)
        except (OSError, EOFError):
            raise self._ended(late=late.is_set()) from None
        finally:
            timer.cancel()

    def _talk(
        self, process: subprocess.Popen[bytes], data: bytes, answer: Answer
    ) -> tuple[Mapping[Decision, bool], Composed]:
        """Send a request, answer what is asked, and return what comes of it."""
        assert process.stdin is not None  # noqa: S101  # _started gave it
        assert process.stdout is not None  # noqa: S101
        send(process.stdin, data)
        trouble: Exception | None = None
        while True:
            reply = receive(process.stdout)
            if reply is None:
                raise EOFError
            said = json.loads(reply)
            if "ask" not in said:
                return _read(said, trouble)
            try:
                outcome = b"yes" if answer(kept.decision_of(said["ask"])) else b"no"
            except Exception as error:  # whatever it is, it is ours to raise, and the other side must not wait
                outcome, trouble = b"neither", error
            send(process.stdin, outcome)

    def _started(self) -> subprocess.Popen[bytes]:
        """Return the process, started if there is none.

        It gets nothing of this one's environment, where secrets may be, and does not look into the folder it is started
        in, where others' files may be (`-P`).
        """
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._trace = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "backmail.rendering.cell"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._trace,
                env={"PYTHONPATH": pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
            )
            if self._process.stdout is None or receive(self._process.stdout) is None:
                raise self._ended()
        return self._process

    def _ended(self, *, late: bool = False) -> _Ended:
        """Tidy up after a process that ended, and return why it did; `late` if it was we who ended it."""
        process, trace = self._process, self._trace
        assert process is not None  # noqa: S101  # it was started
        assert trace is not None  # noqa: S101
        process.wait()
        trace.seek(0)
        written = trace.read(_MOST_TRACE).decode("utf-8", "replace")
        self.close()
        frames = [(file, int(line)) for file, line in _FRAME.findall(written)]
        return _Ended(process.returncode, frames, too_long=late or -process.returncode == _OUT_OF_TIME)


class _Ended(Exception):  # noqa: N818  # it says what happened
    """The process was ended: as it ran on for `too_long`, or by somebody else. `frames`: where, the innermost first."""

    def __init__(self, code: int, frames: list[tuple[str, int]], *, too_long: bool) -> None:
        super().__init__(code)
        self.code, self.frames, self.too_long = code, frames, too_long


@cache
def shared() -> Confined:
    """Return the one that all of this process use, ended with it."""
    confined = Confined()
    atexit.register(confined.close)
    return confined


def _read(said: Mapping[str, Any], trouble: Exception | None) -> tuple[Mapping[Decision, bool], Composed]:
    """Return what the process composed, or raise what it says is wrong."""
    if "unanswered" in said and trouble is not None:
        raise trouble
    if "error" in said:
        faults = [Fault(**{**each, "place": each["place"] and Place(**each["place"])}) for each in said["faults"]]
        raise (ConfigError if said["error"] == ConfigError.__name__ else TemplateError)(faults)
    return kept.read(bytes.fromhex(said["composed"]))


def _fault(setting: Setting, step: Step, ended: _Ended) -> Fault:
    """Tell that a process was ended, with the line of the template that it stood at."""
    theme, script = setting.theme, Script(setting.campaign, step)
    if not ended.too_long:
        message = f"the process that it is rendered in was ended twice ({-ended.code or 'no signal'})"
        return Fault(message, script.place, "has the machine memory left?")
    for file, line in ended.frames:
        if file in theme.sources:
            return theme.sources.fault(TOO_LONG, file, theme.line(file, line), _HINT)
        if file in script.sources:
            return script.sources.fault(TOO_LONG, file, script.line(file, line), _HINT)
    return Fault(TOO_LONG, script.place, _HINT)
