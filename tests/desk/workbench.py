"""A project to work in, an article to work with, and the command line as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from backmail.cli import run
from backmail.config import sample_campaigns, start_project

SAMPLE = sample_campaigns()[0]

ARTICLE = """\
Pots on a balcony dry out faster than beds in a garden, and most of them are lost to thirst in the first warm week of the year. With a few habits they get through the whole summer, even where nobody is at home during the day.
stretches for gardeners
Before you lift heavy pots, loosen your legs and your back. The two stretches take a minute each, and you need no more than a wall. Do them in this order:
calf stretch at the wall
This stretch wakes up your lower legs. Stand with your hands against a wall and one leg behind you. Hold for 20 seconds and switch sides. It makes squatting between the pots easier.
seated twist
The twist loosens your back. Sit on a chair with both feet flat on the floor. Turn your upper body to the left and hold for 10 seconds. Repeat 3 times and switch sides.
safety first
Stop immediately if you feel a sharp pain. Ask your doctor before you start if you have had an operation in the last year. Never lift a pot that you cannot push with one hand.
how to water in the morning
Water early, before the sun reaches the pots. Pour slowly until a little water runs out of the hole below, and wait 5 minutes. Then empty the saucer, because roots that stand in water begin to rot. Do this once a day in summer and twice a week in spring.
frequently asked questions
How often should I water?
Once a day in summer, in the morning. A finger in the soil tells more than any calendar does.
Which pots keep water longest?
Glazed ones and those with a saucer. Clay breathes, and so it dries out first.
Sources
- Royal Horticultural Society. "Container maintenance."
- University of Minnesota Extension. "Watering container gardens."
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, stood in, with an article beside config.yaml."""
    folder = tmp_path / "project"
    start_project(folder)
    (folder / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content: to prove that nothing was written, or what was."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


Said = tuple[int, str, str]


@pytest.fixture
def backmail(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Call backmail: exit code, stdout, stderr; a traceback is a failure wherever it is printed."""

    def call(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call
