"""Nobody is lost when the machine dies on its way, however often; and who said no meanwhile gets nothing."""

from pathlib import Path

import pytest

from tests.stories.kills import killed_on_the_way

PEOPLE, KILLS = 300, 20


def test_twenty_kills_lose_nobody(empty: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ordeal, verdict = killed_on_the_way(tmp_path / "project", empty, PEOPLE, KILLS, seed=20)
    with capsys.disabled():
        print(f"\nlost {verdict.lost}, extra {verdict.extra} (bound {verdict.bound}), after-no {verdict.after_no}")
    assert verdict.faults == []
    assert verdict.lost == 0
    assert verdict.after_no == 0
    assert verdict.extra <= verdict.bound
    # Or nothing was proved: workers died while something was on its way, and people said no amidst it.
    assert ordeal.kills == KILLS
    assert ordeal.amidst > KILLS // 4
    assert verdict.noes > KILLS // 2
