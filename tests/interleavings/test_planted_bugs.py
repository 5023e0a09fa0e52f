"""Each mistake that is planted into the protocol is found in an order that shows it; without it every law holds."""

import pytest

from tests.interleavings.databases import named
from tests.interleavings.planted import BUGS, Bug
from tests.interleavings.play import play
from tests.interleavings.stage import Stage


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: str(bug.name))
def test_it_is_found(stage: Stage, bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.forget()
    with monkeypatch.context() as patch:
        bug.plant(patch)
        (found,) = play(stage, named(bug.third), bug.cut, [bug.order])
    assert bug.told in found.told
    stage.forget()
    assert list(play(stage, named(bug.third), bug.cut, [bug.order])) == []
