"""The page docs/how-to/add-a-language.md goes as it is told."""

from pathlib import Path

from tests.cli.installation import project
from tests.house.pages import walk
from tests.house.project import ROOT, run

PAGE = ROOT / "docs" / "how-to" / "add-a-language.md"


def test_it_goes_as_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "my news"
    project(folder, people=0)
    told = []
    for _, text in walk(PAGE.read_text(encoding="utf-8")):
        done = run(folder, "bash", "-euo", "pipefail", "-c", text, source=ROOT / "src")
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        told.append(done.stdout)
    assert len(told) == 2
    assert "lexicon/en.toml: en, unproved, 3 words and patterns, nothing to mend" in told[0]
    assert "nothing for headings.safety" in told[1]
    assert told[1].endswith("there is more to write\n")
