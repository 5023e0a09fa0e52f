"""`check` compares the mails with the article: whatever a hand changed is found, with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.workbench import SAMPLE, Said
from tests.stories.mutations import Bench, Mutation

Call = Callable[..., Said]


@pytest.mark.parametrize("slug", [SAMPLE.name, "pots"])
def test_every_change_by_hand_is_found(slug: str, project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    bench = Bench(project / "campaigns" / slug)
    tried = list(bench.mutations())
    assert len(tried) > 3 * len([block for step in bench.plan.steps for block in step.blocks])
    missed = []
    for mutation in tried:
        places = [finding.place for finding in bench.findings(mutation) if finding.place]
        first, last = mutation.lines
        if not any(
            Path(place.file).name == mutation.file and place.line and first <= place.line <= last for place in places
        ):
            missed.append((mutation.name, mutation.file, mutation.lines, [str(place) for place in places]))
    assert missed == []


def test_a_campaign_as_made_has_nothing_to_find(project: Path) -> None:
    bench = Bench(project / "campaigns" / SAMPLE.name)
    assert bench.findings(Mutation("none", {}, "", (0, 0))) == []
