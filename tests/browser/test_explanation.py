"""The page of `backmail outline --html`, from a file, without a script: readable by day, by night and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from backmail.cli import perform
from tests.browser.conftest import WCAG, View
from tests.desk.workbench import ARTICLE


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    (folder / "pots.txt").write_text(ARTICLE, encoding="utf-8")
    assert perform(["outline", str(folder / "pots.txt"), "--html", str(folder / "why.html"), "--in", "de"]) == 0
    return folder / "why.html"


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_and_everybody_can_read_it(page_file: Path, view: View, width: int, dark: bool) -> None:
    page = view(page_file, width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for opener in page.locator("summary").all():
        opener.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_a_block_leads_to_its_mail_and_back(page_file: Path, view: View) -> None:
    page = view(page_file, width=1280)
    page.locator("#b03 .to a").click()
    assert page.url.partition("#")[2].startswith("mail-")
    page.locator(".mail:target a[href='#b03']").click()
    assert page.locator(".block:target h3").inner_text() == "calf stretch at the wall"
