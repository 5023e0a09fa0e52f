"""The page docs/how-to/change-the-article-later.md goes as it is told."""

from pathlib import Path

from backmail.campaign.merge import MINE, NEW
from tests.desk.workbench import SAMPLE
from tests.house.pages import walk
from tests.house.project import ROOT, run

PAGE = (ROOT / "docs" / "how-to" / "change-the-article-later.md").read_text(encoding="utf-8")


def test_it_goes_as_it_is_told(tmp_path: Path) -> None:
    article = (SAMPLE / "article.txt").read_text(encoding="utf-8")
    (tmp_path / "article.txt").write_text(article, encoding="utf-8")
    (tmp_path / "article-new.txt").write_text(article.replace("8 times", "6 times", 1), encoding="utf-8")
    second = (ROOT / "tests/desk/hands.txt").read_text(encoding="utf-8")
    (tmp_path / "second.txt").write_text(second, encoding="utf-8")
    (tmp_path / "second-new.txt").write_text(second.replace("8 seconds", "9 seconds", 1), encoding="utf-8")
    commands = ["backmail init . && backmail new article.txt --name my-series", *(text for _, text in walk(PAGE))]
    assert len(commands) == 5
    for text in commands:
        done = run(tmp_path, "bash", "-euo", "pipefail", "-c", text, source=ROOT / "src")
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    mails = [path.read_text(encoding="utf-8") for path in (tmp_path / "campaigns/my-series-again").glob("0*.md")]
    assert sum("6 times" in each for each in mails) >= 1
    assert sum("9 seconds" in each for each in mails) == 1


def test_the_signs_of_a_conflict_are_those_that_are_written() -> None:
    assert f"\n{MINE}\n" in PAGE
    assert f"\n{NEW}\n" in PAGE
