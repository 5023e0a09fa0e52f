"""The outline: a tree, JSON for programs, and corrections that make the folder anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.workbench import ARTICLE, Said, tree

Call = Callable[..., Said]


def test_the_tree_shows_every_block_with_its_kind(project: Path, backmail: Call) -> None:
    code, out, _ = backmail("outline", "pots.txt")
    assert code == 0
    for kind in ("intro", "exercise", "safety", "how-to", "faq", "sources"):
        assert kind in out
    assert "calf stretch at the wall" in out
    assert tree(project / "campaigns") == tree(project / "campaigns")


def test_the_json_covers_every_line_once(project: Path, backmail: Call) -> None:
    code, out, _ = backmail("outline", "pots.txt", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["schema"] == 1
    assert set(data) == {"schema", "title", "title_guessed", "language", "format", "words", "blocks", "warnings"}
    covered = [line for block in data["blocks"] for line in range(block["start"], block["end"] + 1)]
    assert covered == [number for number, line in enumerate(ARTICLE.split("\n"), 1) if line.strip()]
    assert data["words"] == len(ARTICLE.split())
    stretch = next(block for block in data["blocks"] if block["heading"] == "calf stretch at the wall")
    assert stretch["kind"] == "exercise"
    assert all(found["text"] in ARTICLE for found in stretch["dose"].values())


def test_a_correction_makes_the_folder_anew_and_stays(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    code, _, _ = backmail("outline", "pots", "--set", "how to water in the morning=other")
    assert code == 0
    assert "override" in backmail("outline", "pots", "--json")[1]
    folder = project / "campaigns/pots"
    assert "how to water" in (folder / "outline.yaml").read_text(encoding="utf-8")
    assert not any("::: how-to" in path.read_text(encoding="utf-8") for path in folder.glob("0*.md"))
    assert backmail("check", "pots")[0] == 0


def test_a_dropped_block_needs_a_reason_and_is_listed(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    assert backmail("outline", "pots", "--drop", "Which pots keep")[0] == 2
    assert backmail("outline", "pots", "--drop", "Which pots keep", "--because", "sold out")[0] == 0
    coverage = json.loads((project / "campaigns/pots/coverage.json").read_text(encoding="utf-8"))
    assert [drop["reason"] for drop in coverage["dropped"]] == ["sold out"]
    assert backmail("check", "pots")[0] == 0


def test_merge_split_and_week_are_kept_together(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    lines = ARTICLE.split("\n")
    assert backmail("outline", "pots", "--merge", "calf stretch", "seated twist")[0] == 0
    assert backmail("outline", "pots", "--split-at", str(lines.index("seated twist") + 1))[0] in {0, 3}
    assert backmail("outline", "pots", "--set", "how to water", "--week", "2")[0] in {0, 3}
    assert backmail("check", "pots")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "seated twst=exercise"], "did you mean"),
        (["--set", "seated twist=exercize"], "did you mean 'exercise'"),
        (["--split-at", "400"], "400"),
    ],
)
def test_a_correction_of_something_that_is_not_there(
    arguments: list[str], said: str, project: Path, backmail: Call
) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    before = tree(project)
    code, _, err = backmail("outline", "pots", *arguments)
    assert code == 3
    assert said in err
    assert tree(project) == before


def test_a_folder_that_was_edited_by_hand_is_left_alone(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    step = min((project / "campaigns/pots").glob("0*.md"))
    step.write_text(step.read_text(encoding="utf-8").replace("subject:", "subject: My own,"), encoding="utf-8")
    before = tree(project)
    code, _, err = backmail("outline", "pots", "--set", "how to water=other")
    assert code == 3
    assert "by hand" in err
    assert tree(project) == before
