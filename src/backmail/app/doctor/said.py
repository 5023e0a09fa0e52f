"""What the doctor says: one thing looked at, how it stands, what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from backmail.errors import BackmailError


class Grade(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Said:
    """One line. `about`: the part of the installation; `next_command` is empty where there is nothing to do."""

    about: str
    grade: Grade
    message: str
    next_command: str = ""


def faults_of(error: BackmailError, about: str) -> Iterator[Said]:
    """Say each fault of an error; its hint goes with it, and the command to type stands with the last."""
    *others, last = error.faults
    for fault in others:
        yield Said(about, Grade.ERROR, str(fault))
    yield Said(about, Grade.ERROR, str(last), error.next_command)
