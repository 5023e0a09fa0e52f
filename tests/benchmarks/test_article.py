"""`make bench-article`: it measures our own article, says which goals are missed, and gives the same as data."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as runner
from benchmarks import article, article_size
from benchmarks.article_score import Counts, Summary
from benchmarks.article_subjects import Subjects
from tests.house.project import ROOT

ONE = str(article.OWN_SET / "02-da-havearbejde-ryg")


def test_it_measures_an_article_and_prints_it_beside_the_prototype(capsys: pytest.CaptureFixture[str]) -> None:
    assert article.main(["--quick", ONE]) == 0
    printed = capsys.readouterr().out
    for row in ("02-da-havearbejde-ryg", "all txt", "all da", "all 1 articles", "prototype", "general lists"):
        assert f"\n{row} " in printed
    assert "Goals for articles not seen before\n  boundary F1" in printed


def test_its_data_hold_what_it_prints(capsys: pytest.CaptureFixture[str]) -> None:
    article.main(["--quick", "--json", ONE])
    data = json.loads(capsys.readouterr().out)
    row = data["rows"]["02-da-havearbejde-ryg"]
    assert row["bF1"] == data["rows"]["all 1 articles"]["bF1"] > 0.5
    assert {goal["name"] for goal in data["goals"]} >= {"kind", "safety recall", "menu lines in mails"}
    assert data["articles"]["02-da-havearbejde-ryg"]["blocks"][0]["start"] == 1


def test_a_folder_without_annotated_articles_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        article.main([str(tmp_path)])
    assert ended.value.code == 2
    assert "no annotated article here" in capsys.readouterr().err


def test_a_goal_is_met_missed_or_has_nothing_to_measure() -> None:
    items = {"faq-item": Counts(), "product": Counts(1, 1, 1), "exercise": Counts(9, 1, 1)}
    total = Summary(1, 0.93, 1.0, 0.8999, 1.0, items, None, None, None, 2)
    met = {goal.name: goal.met for goal in article.goals(total, Subjects(10, (), ("x",), own=8, rare=3))}
    assert met == {
        "boundary F1": True, "kind": False, "FAQ F1": None, "product F1": False, "exercise F1": True,
        "safety recall": None, "menu lines in mails": False, "subjects that two steps share": True,
        "subjects over 50 characters": False, "subjects with a word that stands in no other's": True,
    }  # fmt: skip


def test_a_long_article_has_the_words_it_should_and_no_heading_twice() -> None:
    text = article_size.long_article(
        ["---\ntitle: x\n---\n\n# A\n\nIntro.\n\n## Tie\n\none two\n\n## Cut\n\nthree\n"], 60
    )
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert 60 <= len(text.split()) < 75
    assert headings[:3] == ["## Tie: part 1", "## Cut: part 2", "## Tie: part 3"]
    assert "title" not in text


def test_the_make_target_and_the_runner_hand_folders_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '-m benchmarks article $(if $(SET),"$$SET")' in (ROOT / "Makefile").read_text(encoding="utf-8")
    asked: list[list[str]] = []

    class Ended:
        returncode = 3

    def run(command: list[str], **_: object) -> Ended:
        asked.append(command[1:])
        return Ended()

    monkeypatch.setattr("subprocess.run", run)
    assert runner.main(["article", "--json", "here"]) == 3
    assert asked == [["-m", "benchmarks.article", "--json", "here"]]
