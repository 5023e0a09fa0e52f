"""The page docs/how-to/change-a-theme.md goes as it is told, and names the blocks that there are."""

import re
from pathlib import Path

from backmail.config import start_project
from backmail.shipped import shipped
from tests.house.pages import put_into, walk
from tests.house.project import ROOT, run

PAGE = (ROOT / "docs" / "how-to" / "change-a-theme.md").read_text(encoding="utf-8")


def test_it_goes_as_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "my news"
    start_project(folder)
    told = []
    for file, text in walk(PAGE):
        if file:
            put_into(folder / file, text)
            continue
        done = run(folder, "bash", "-euo", "pipefail", "-c", text, source=ROOT / "src")
        assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
        told.append(done.stdout)
    assert re.search(r"brand\.accent #ffe600 cannot be read well as links: mails show #[0-9a-f]{6}", told[0])
    mail = next((folder / "mails").glob("*.html")).read_text(encoding="utf-8")
    assert mail.count("We read every one.") == 1
    assert "font-size:20px" in mail
    assert told[2].split() == [
        "templates/email/heron/inlined.css.jinja",
        "templates/email/heron/mail.html.jinja",
        *told[2].split()[2:],
    ]
    assert [line.split()[0] for line in told[2].splitlines()[2:]] == ["heron", "letter", "shop", "weekly"]


def test_it_names_the_blocks_that_there_are() -> None:
    home = shipped("templates") / "email" / "weekly"
    rows = re.findall(r"^\| (`.*?)(?: \(.*?\))? \| (.*?) \|$", PAGE, re.MULTILINE)
    told: dict[str, str] = {}
    for files, blocks in rows:
        names, lists = re.findall(r"`(.*?)`", files), blocks.split("; ")
        told |= dict(zip(names, lists if len(names) > 1 else [blocks], strict=True))
    assert len(told) >= 12
    for file, blocks in told.items():
        found = re.findall(r"{% block (\w+) %}", (home / file).read_text(encoding="utf-8"))
        words = re.sub(r", beside those of the card$", "", blocks).split(", ")
        assert sorted(words) == sorted(set(found) - ({"card", "label", "bottom"} if "beside" in blocks else set())), (
            file
        )
