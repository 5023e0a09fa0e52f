"""The outline: a tree, JSON for programs, and corrections that make the folder anew."""

from __future__ import annotations

import json
import re
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
    assert step.name in err
    assert "resplit pots" in err
    after = tree(project)
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"campaigns/pots/outline.yaml"}
    assert "kind: other" in after["campaigns/pots/outline.yaml"].decode()


def overridden(project: Path) -> str:
    return (project / "campaigns/pots/outline.yaml").read_text(encoding="utf-8").partition("# From here")[0]


def test_a_dry_run_says_what_would_change_and_writes_nothing(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    before = tree(project)
    code, out, _ = backmail("outline", "pots", "--set", "how to water=how-to", "--week", "1", "--dry-run")
    assert code in {0, 3}
    code, out, _ = backmail("outline", "pots", "--drop", "Which pots keep", "--because", "sold out", "--dry-run")
    assert code == 0
    assert "written anew" in out
    assert re.search(r"“Which pots keep.*”: mail \d -> no mail", out)
    assert "nothing was written" in out
    assert tree(project) == before
    assert backmail("outline", "pots", "--dry-run")[0] == 2


def test_a_moved_block_is_named_with_its_old_and_new_mail(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    coverage = json.loads((project / "campaigns/pots/coverage.json").read_text(encoding="utf-8"))
    code, _, err = backmail("outline", "pots", "--drop", "Which pots keep", "--because", "sold out")
    assert code == 0
    changed = [step["file"] for step in coverage["steps"] if f"{step['file']}: written anew" in err]
    assert changed
    assert "made anew" in err


def test_a_heading_and_a_product_of_ones_own(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    assert backmail("outline", "pots", "--heading", "seated twist=Twist, but gently")[0] == 0
    mails = "".join(path.read_text(encoding="utf-8") for path in (project / "campaigns/pots").glob("0*.md"))
    assert "## Twist, but gently" in mails
    assert "## Seated twist" not in mails
    assert backmail("check", "pots")[0] == 0
    code, _, err = backmail("outline", "pots", "--product", "Which pots keep=no-such")
    assert code == 3
    assert "the catalogue has no product 'no-such'" in err
    sku = re.findall(r"sku: (\S+)", (project / "catalog.yaml").read_text(encoding="utf-8"))[0]
    weeks = project / "campaigns/pots/outline.yaml"
    weeks.write_text(weeks.read_text(encoding="utf-8").replace("weeks: 1\n", "weeks: 2\n"), encoding="utf-8")
    assert backmail("outline", "pots", "--product", f"Which pots keep={sku}")[0] == 0
    assert f"product: {sku}" in overridden(project)
    assert "::: product id=" in "".join(each.read_text("utf-8") for each in (project / "campaigns/pots").glob("0*.md"))
    assert backmail("outline", "pots", "--product", "Which pots keep=none")[0] == 0
    assert f"product: {sku}" not in overridden(project)
    assert backmail("outline", "pots", "--heading", "seated twist")[0] == 2


def test_what_is_forgotten_restores_every_file(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    before = tree(project / "campaigns/pots")
    assert backmail("outline", "pots", "--set", "how to water=other", "--heading", "seated twist=Twist")[0] == 0
    assert tree(project / "campaigns/pots") != before
    assert backmail("outline", "pots", "--forget", "how to water", "--forget", "seated twist")[0] == 0
    assert tree(project / "campaigns/pots") == before
    code, _, err = backmail("outline", "pots", "--forget", "how to water")
    assert code == 3
    assert "nothing was decided" in err


def test_a_stale_decision_is_found_by_check_with_its_line_and_can_be_forgotten(project: Path, backmail: Call) -> None:
    assert backmail("new", "pots.txt", "--name", "pots")[0] == 0
    path = project / "campaigns/pots/outline.yaml"
    mine = "overrides:\n  - block: Gone with the wind\n    kind: faq\n"
    path.write_text(path.read_text(encoding="utf-8").replace("overrides: []\n", mine), encoding="utf-8")
    line = path.read_text(encoding="utf-8").split("\n").index("  - block: Gone with the wind") + 1
    out = backmail("check", "pots")[1]
    assert f"outline.yaml:{line}:5" in out
    assert "stale-override" in out
    assert f"outline.yaml:{line}:5: 'Gone with the wind' (kind faq): no block begins" in backmail("outline", "pots")[2]
    assert backmail("outline", "pots", "--set", "how to water=other")[0] == 0
    assert "Gone with the wind" in overridden(project)
    assert backmail("outline", "pots", "--forget", "Gone with")[0] == 0
    assert "Gone with the wind" not in overridden(project)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "To look at first"), ("da", "Hvor hvert spørgsmål"), ("de", "Plan")]
)
def test_why_tells_the_reasons_in_three_languages(language: str, said: str, project: Path, backmail: Call) -> None:
    code, out, _ = backmail("outline", "pots.txt", "--why", "--in", language)
    assert code == 0
    assert said in out
    assert "calf stretch at the wall" in out
    assert not re.search(r"\b(?:exercise|faq|heading)\.[a-z]", out)  # no name of the program's


def test_the_page_has_every_block_and_mail_linked_both_ways(project: Path, backmail: Call) -> None:
    (project / "pots.txt").write_text(ARTICLE.replace("Pots", "<script>Pots</script> & pots", 1), encoding="utf-8")
    assert backmail("outline", "pots.txt", "--html", "why.html")[0] == 0
    page = (project / "why.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    anchors = set(re.findall(r' id="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= anchors
    assert {each for each in anchors if re.fullmatch(r"b\d+|mail-\d+", each)} <= links | {
        each for each in anchors if f'id="{each}"' in page and "out" in page
    }
    assert not re.search(r'(?:src|href)="(?!#)', page)
