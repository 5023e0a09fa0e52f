"""The page docs/how-to/read-any-article.md goes as it is told, and what it says of refusals is what is said."""

import re
from pathlib import Path

from tests.desk.test_given import PAGE as WEB_PAGE
from tests.desk.test_images import png
from tests.house.pages import walk
from tests.house.project import ROOT, SOURCE, run

PAGE = ROOT / "docs" / "how-to" / "read-any-article.md"
SHOWN = re.compile(r"^<!-- shown -->\n+```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_it_goes_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "herbs_files").mkdir()
    (tmp_path / "herbs_files" / "pot.png").write_bytes(png())
    saved = WEB_PAGE.replace('src="0.png"', 'src="herbs_files/pot.png"').replace('src="1.png"', 'src="/1.png"')
    saved = saved.replace('<img src="2.png" alt="It shows: Water by weight">', "")
    (tmp_path / "herbs.html").write_text(saved, encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    [(_, commands)] = walk(page)
    done = run(tmp_path, "bash", "-euo", "pipefail", "-c", commands, source=ROOT / "src")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    [shown] = SHOWN.findall(page)
    assert shown.strip() in done.stderr
    assert (tmp_path / "campaigns" / "herbs" / "article.html").is_file()
    assert len(list((tmp_path / "campaigns" / "herbs" / "images").iterdir())) == 1


def test_each_refusal_that_it_explains_can_be_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition("## When it is refused")[2]
    said = [cell.strip() for cell in re.findall(r"^\| ([^|]*) \|", table, re.MULTILINE)][1:]
    rooms = [*(SOURCE / "desk" / "fetch").glob("*.py"), *(SOURCE / "article").rglob("*.py")]
    code = " ".join(" ".join(room.read_text(encoding="utf-8").split()) for room in rooms)
    keys = [
        "wants a login", "no article was found on this page", "an address of this machine or its network", "a feed",
        "an old Word document", "took too long", "the server cannot prove that it is",
    ]  # fmt: skip
    assert len(said) == len(keys)
    for cell, key in zip(said, keys, strict=True):
        assert key in cell
        assert key in code
