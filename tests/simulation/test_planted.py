"""Every bug that others have had, planted into the real functions, is found within a hundred seeds."""

import pytest

from tests.simulation.planted import PLANTED
from tests.simulation.run import first_found


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[name](monkeypatch)
    assert first_found(range(100)) is not None
