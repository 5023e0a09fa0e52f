"""The stage of these tests: it puts itself back before each order, so that a module shares one."""

from collections.abc import Iterator

import pytest

from tests.databases import schema
from tests.interleavings.databases import IN_MEMORY, stage_on
from tests.interleavings.stage import Stage


@pytest.fixture(scope="module", params=["memory", "postgres"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The stage on each database."""
    if request.param == "memory":
        with stage_on(IN_MEMORY) as made:
            yield made
    else:
        with schema(str(request.getfixturevalue("postgres_server"))) as address, stage_on(address) as made:
            yield made
