"""What a person sees: data on stdout, all else on stderr, in UTF-8, in colour only where a terminal wants it."""

from __future__ import annotations

import errno
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from backmail.errors import Fault, Place

if TYPE_CHECKING:
    from backmail.model.campaign import Finding  # a third of what --help would take

# No bold: it would stay where NO_COLOR takes the colours away.
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale says; what is no character (from a file's name) is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str = "") -> None:
    """Print data: what was asked for."""
    print(text)


def tell(text: str) -> None:
    """Print what is not data: progress, hints, errors."""
    print(text, file=sys.stderr)


def show(findings: Iterable[Finding]) -> None:
    """Print findings as data, each with its line of the file and a caret, as errors are; else with the mail's id."""
    lines: dict[str, list[str]] = {}
    for finding in findings:
        place = finding.place
        mail = f"{finding.step}: " if finding.step and not place else ""
        fault = Fault(
            f"{finding.severity}: {mail}{finding.message} ({finding.id})",
            place,
            finding.hint,
            _source(place, lines) if place else "",
        )
        _paint(str(fault), finding.severity)


def pasteable(text: str) -> str:
    """Return `text` with `backmail` as it must be typed here, where it begins a line or follows "next:"."""
    return re.sub(r"(?m)^((?:next: )?)backmail(?= |$)", lambda found: found[1] + program(), text)


def program() -> str:
    """Return how this backmail is called: by its name where the shell finds just this one, else by its path."""
    script = Path(sys.executable).parent / "backmail"
    found = shutil.which("backmail")
    if found and Path(found).resolve() == script.resolve():
        return "backmail"
    if not script.exists():
        return f"{shlex.quote(sys.executable)} -m backmail"
    here = Path.cwd()
    return shlex.quote(str(script.relative_to(here) if script.is_relative_to(here) else script))


def of_the_system(error: OSError) -> str:
    """Return what the system refused, in one line."""
    if error.errno == errno.EPIPE:
        return "stopped: nobody reads the output any longer"
    reason = error.strerror.lower() if error.strerror else str(error)
    return str(Fault(reason, Place(str(error.filename)))) if error.filename is not None else f"stopped: {reason}"


def _paint(text: str, severity: str) -> None:
    if not sys.stdout.isatty():
        say(text)
        return
    from rich.console import Console
    from rich.text import Text

    painted = Text(text)
    painted.highlight_regex(rf"\b{severity}:", _COLOURS[severity])
    # Rich itself looks at NO_COLOR and TERM. Long lines stay whole, so that the terminal can wrap and copy them.
    Console(highlight=False).print(painted, soft_wrap=True)


def _source(place: Place, lines: dict[str, list[str]]) -> str:
    """Return the line at a place; each file is read once and kept in `lines`."""
    if place.line is None:
        return ""
    if place.file not in lines:
        try:
            lines[place.file] = Path(place.file).read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:  # the message says enough without its line
            lines[place.file] = []
    return "".join(lines[place.file][place.line - 1 : place.line])
