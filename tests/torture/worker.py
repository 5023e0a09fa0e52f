"""A worker as anybody runs it, but for a name that the sink can tell it by, and a fault where one is planted."""

from __future__ import annotations

import sys

from backmail.cli import perform
from backmail.transports import smtp_line
from tests.torture.faults import plant


def work(name: str, command: list[str]) -> None:
    """Do what `backmail COMMAND` does, and say that name in EHLO."""
    smtp_line._literal = lambda connected: name
    sys.argv = ["backmail", *command]
    sys.exit(perform(command))


if __name__ == "__main__":
    plant(sys.argv[2])
    work(sys.argv[1], sys.argv[3:])
