"""Nobody is lost when the machine dies on its way, however often; and who said no meanwhile gets nothing."""

from pathlib import Path

import pytest

from tests.stories.kills import Ordeal, relay

PEOPLE, KILLS = 300, 20


def test_twenty_kills_lose_nobody(empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with relay() as log:
        counted = Ordeal(tmp_path / "project", empty, log.port, PEOPLE, seed=20).run(KILLS, log)
    with capsys.disabled():
        print(f"\nlost {counted.lost}, extra {counted.extra} (bound {counted.bound}), after-no {counted.after_no}")
    assert counted.lost == 0
    assert counted.after_no == 0
    assert counted.extra <= counted.bound
    assert all(len(names) == 1 for names in counted.names.values())
    assert counted.states == {"accepted": PEOPLE - len(counted.no), "skipped": len(counted.no)}
    # Or nothing was proved: workers died while something was on its way, and people said no amidst it.
    assert counted.amidst > KILLS // 2
    assert len(counted.no) == KILLS
