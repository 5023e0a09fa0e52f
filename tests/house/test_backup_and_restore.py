"""The page docs/how-to/backup-and-restore.md goes as it is told."""

from pathlib import Path

from tests.cli.installation import project
from tests.house.pages import walk
from tests.house.project import ROOT, run

PAGE = ROOT / "docs" / "how-to" / "backup-and-restore.md"


def test_it_goes_as_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "my news"
    project(folder, people=2)
    told = []
    for _, text in walk(PAGE.read_text(encoding="utf-8")):
        done = run(folder, "bash", "-euo", "pipefail", "-c", text, source=ROOT / "src")
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        told.append(f"{done.stdout}{done.stderr}")
    assert len(told) == 3
    assert "found whole" in told[0]
    assert "series: 2 mails may have gone out before the database was restored" in told[1]
    assert "all sending" in told[2]
    [kept] = (folder / ".backmail").glob("backmail.db.before-restore-*")
    assert kept.name in told[1]
