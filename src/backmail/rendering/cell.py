"""The process that foreign templates are composed in: `python -m backmail.rendering.cell`, started by `confined`.

It reads requests from its standard input and writes answers to its standard output, each with its length before it.
Requests come from the process that started it, and are pickled; what it says is JSON, since it runs what others wrote.
"""

from __future__ import annotations

import faulthandler
import json
import pickle
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from types import FrameType
from typing import IO, Any

from backmail.errors import Fault, InputError, TemplateError
from backmail.model.campaign import Brand, Campaign, Company, Step
from backmail.rendering import inline, kept
from backmail.rendering.compose import Setting, compose
from backmail.rendering.decisions import Decision
from backmail.rendering.proxies import Build
from backmail.rendering.refused import TOO_MUCH_MEMORY, Refused
from backmail.rendering.script import Script
from backmail.rendering.theme import theme_of

try:
    import resource
except ModuleNotFoundError:  # Windows has no such limits; `confined` looks at the time there
    resource = None  # type: ignore[assignment]

__all__ = ["CPU_SECONDS", "MEMORY", "TOO_LONG", "Request", "receive", "send"]

# For one variant of one step; the sample's take a hundredth of it.
CPU_SECONDS = 2
# Bytes of addresses: what Python and its libraries take, and 800 MB for what a template makes.
MEMORY = 1 << 30
TOO_LONG = f"it takes longer than {CPU_SECONDS} seconds of the processor"
_LENGTH = 8


@dataclass(frozen=True)
class Request:
    """A variant to be composed. `files` and `shown` have text and name of each of the theme's files."""

    campaign: Campaign
    step: Step
    brand: Brand
    company: Company
    theme: str
    files: Mapping[str, str]
    shown: Mapping[str, str]
    prefix: str = field(repr=False)


class Unanswered(Exception):  # noqa: N818  # it says what happened
    """The other side could not answer a question about the reader."""


def main() -> None:
    """Answer requests until there are no more."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    _prepare()
    inline.check("p { top: 0 }", "")  # which imports premailer, a quarter of a second that no template must pay for
    send(answers, b"ready")
    while (request := receive(requests)) is not None:
        send(answers, json.dumps(_answer(pickle.loads(request), requests, answers)).encode())  # noqa: S301  # by us


def _answer(request: Request, requests: IO[bytes], answers: IO[bytes]) -> dict[str, Any]:
    """Return the composed variant, or what is wrong, as data."""

    def holds(decision: Decision) -> bool:
        send(answers, json.dumps({"ask": kept.of_decision(decision)}).encode())
        reply = receive(requests)
        if reply not in (b"yes", b"no"):
            raise Unanswered
        return reply == b"yes"

    build = Build(request.prefix, holds)
    try:
        with _limited_time():
            composed = compose(_setting(request), request.step, Script(request.campaign, request.step), build)
        return {"composed": kept.written(build.path, composed).hex()}
    except InputError as error:
        return {"error": type(error).__name__, "faults": [asdict(each) for each in error.faults]}
    except MemoryError:
        return {"error": TemplateError.__name__, "faults": [asdict(Fault(TOO_MUCH_MEMORY))]}
    except Unanswered:
        return {"unanswered": True}


def _setting(request: Request) -> Setting:
    theme = theme_of(request.theme, request.files, request.shown)
    return Setting(request.campaign, theme, request.brand, request.company)


def _prepare() -> None:
    """Limit the memory, and see to it that a template whose time is up says where it stands.

    The handler raises at the line of the template. Where that is one long operation it never gets to; then the trace
    that is written before tells the line, and the limit of the kernel ends the process.
    """
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _out_of_time)
    faulthandler.register(signal.SIGPROF, all_threads=False, chain=True)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    raise Refused(TOO_LONG)


@contextmanager
def _limited_time() -> Iterator[None]:
    """Give what is inside the `with` some seconds more than this process used up to now."""
    if resource is None:
        yield
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    longest = int(used.ru_utime + used.ru_stime + CPU_SECONDS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (longest, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def send(stream: IO[bytes], data: bytes) -> None:
    """Write data with its length before it."""
    stream.write(len(data).to_bytes(_LENGTH, "big") + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Return what `send` wrote at the other end; None where nobody is there any more."""
    head = stream.read(_LENGTH)
    data = stream.read(int.from_bytes(head, "big")) if len(head) == _LENGTH else b""
    return data if len(head) == _LENGTH and len(data) == int.from_bytes(head, "big") else None


if __name__ == "__main__":
    main()
