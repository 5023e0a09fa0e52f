"""Where a process is to die on purpose: what BACKMAIL_CRASH_AT says, so that anybody can see what a death leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backmail.config.dotenv import Value
from backmail.errors import ConfigError, Fault

__all__ = ["CrashAt", "read_crash"]

_WRITTEN = re.compile(r"(stop:)?(?:([1-9][0-9]{0,8})|(before|after):([a-z_ -]+?)(?::([1-9][0-9]{0,8}))?)")


@dataclass(frozen=True, slots=True)
class CrashAt:
    """A moment beside a commit.

    Attributes:
        count: at the how manieth of such moments.
        name: of a transaction ("hand-over") or of a change in it ("accepted"); "" for whatever it is.
        stage: "before" or "after" the commit; "" for both.
        stop: whether the process is stopped there (SIGSTOP), and not killed.
    """

    count: int
    name: str = ""
    stage: str = ""
    stop: bool = False


def read_crash(value: Value) -> CrashAt:
    """Return the moment that a variable names.

    Raises:
        ConfigError: it names none.
    """
    found = _WRITTEN.fullmatch(value.text.strip())
    if found is None:
        hint = "write a number, before:NAME or after:NAME, with :NUMBER behind it for a later one: after:hand-over:3"
        raise ConfigError(Fault(f"{value.text!r} names no moment beside a commit", value.place, hint))
    stop, number, stage, name, count = found.groups()
    return CrashAt(int(number or count or 1), name or "", stage or "", bool(stop))
