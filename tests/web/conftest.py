"""Sites for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.counter import Counter, counter


@pytest.fixture
def at(shared_sqlite: str, tmp_path: Path) -> Iterator[Counter]:
    """A site upon SQLite."""
    with counter(tmp_path, shared_sqlite) as made:
        yield made


@pytest.fixture
def at_both(shared: str, tmp_path: Path) -> Iterator[Counter]:
    """A site upon each database."""
    with counter(tmp_path, shared) as made:
        yield made
