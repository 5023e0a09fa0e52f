"""The stage on each of the two databases, and whole series of orders played on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from backmail.store.engine import connect
from backmail.store.upgrade import upgrade
from tests.databases import schema
from tests.interleavings.orders import orders
from tests.interleavings.play import Violation, play
from tests.interleavings.stage import Stage, staged
from tests.interleavings.third import THIRDS, Third
from tests.interleavings.workers import Cut

IN_MEMORY = "sqlite://"


@contextmanager
def stage_on(address: str) -> Iterator[Stage]:
    """Set the stage on the empty database of an address."""
    store = connect(address)
    upgrade(store)
    try:
        with TemporaryDirectory() as folder, staged(store, Path(folder)) as stage:
            yield stage
    finally:
        store.dispose()


def played(address: str, name: str, cut: Cut, every: int) -> tuple[str, list[Violation]]:
    """Play each so many-th order with the third hand of that name; return a line about it, and what was wrong."""
    chosen = orders()[::every]
    began = time.monotonic()
    with ExitStack() as stack:
        own = address if address == IN_MEMORY else stack.enter_context(schema(address))
        stage = stack.enter_context(stage_on(own))
        violations = list(play(stage, named(name), cut, chosen))
    took = time.monotonic() - began
    where = "SQLite" if address == IN_MEMORY else "PostgreSQL"
    return f"{where}, {name}, {cut}: {len(chosen)} orders, {len(violations)} violations, {took:.0f} s", violations


def named(name: str) -> Third:
    """Return the third hand of that name."""
    return next(third for third in THIRDS if third.name == name)
