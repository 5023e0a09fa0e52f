"""The how-to docs/how-to/correct-the-outline.md: each command on it can be typed, and it names every correction."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.campaign.outline import outline_of
from backmail.cli.corrections import correcting
from tests.desk.workbench import ARTICLE, Said
from tests.desk.workbench import backmail as backmail  # noqa: PLC0414  # a fixture
from tests.desk.workbench import project as project  # noqa: PLC0414  # a fixture
from tests.house.project import ROOT

PAGE = (ROOT / "docs" / "how-to" / "correct-the-outline.md").read_text(encoding="utf-8")
TYPED = re.findall(r"^    (backmail outline .+)$|`(backmail outline my-series [^`]+)`", PAGE, re.MULTILINE)
COMMANDS = [indented or inline for indented, inline in TYPED]
LINE = ARTICLE.split("\n").index("Which pots keep water longest?") + 2
MEANT = {
    "first words of the next": "seated twist",
    "first words=exercise": "how to water=other",
    "first words=how-to": "how to water=how-to",
    "first words=The new heading": "seated twist=The new heading",
    "first words=its-sku": "Which pots keep=none",
    "first words": "calf stretch",
    "28": str(LINE),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_can_be_typed(command: str, project: Path, backmail: Callable[..., Said]) -> None:
    assert backmail("new", "pots.txt", "--name", "my-series")[0] == 0
    typed = [MEANT.get(word, word) for word in shlex.split(command)[1:]]
    if "--week" in typed:
        typed[typed.index("--week") + 1] = "1"
    if "--forget" in typed:
        assert backmail("outline", "my-series", "--set", "calf stretch=exercise")[0] == 0
    code, _, err = backmail(*typed)
    assert (code, "usage" in err.lower()) == (0, False), err


def test_there_are_such_commands_for_every_correction() -> None:
    options = {
        name for each in correcting.__globals__["_OPTIONS"] for name in each(lambda: None).__click_params__[0].opts
    }
    assert len(COMMANDS) > 9
    assert sorted(name for name in options if name not in PAGE) == []


def test_the_override_on_the_page_can_stand_in_the_file() -> None:
    [shown] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    [override] = outline_of(shown, "outline.yaml").overrides
    assert (override.block, override.decides, override.key) == ("How often should I", "kind", "4f2a91c0")
