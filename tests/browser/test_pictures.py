"""The pictures of the documentation are real: taken of the studio with the sample, in each run of these tests.

They lie in build/pictures; `make picture` takes them from there into docs/pictures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from backmail.config import start_project
from tests.house.project import ROOT, started

TAKEN = ROOT / "build" / "pictures"
SHOWN = ROOT / "docs" / "pictures"
HEAVIEST = 300 * 1024  # bytes: a README that loads slowly is not read
# A picture's name, what of the studio it shows, and words that stand on it.
PICTURES = {
    "sequence": ("c/freer-shoulders", "Why shoulders and wrists grow stiff"),
    "mail": ("c/freer-shoulders/e/rolled-towel-squeeze-doorway", "Gmail"),
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a preview of a new project."""
    folder = tmp_path_factory.mktemp("pictures") / "my-news"
    start_project(folder)
    with started(folder, "backmail", "preview", "--port", "0", source=ROOT / "src") as preview:
        assert preview.stdout
        yield preview.stdout.readline().strip()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_the_studio_as_it_is(name: str, studio: str, view: Callable[..., Page]) -> None:
    path, words = PICTURES[name]
    page = view(f"{studio}/{path}", width=1280, height=800)
    expect(page.locator("#status")).to_contain_text("Shows what you save")
    expect(page.locator("#tab-checks")).to_contain_text("1 warning", timeout=30_000)
    for frame in page.frames:
        frame.wait_for_load_state()
    assert words in page.locator("main").inner_text()
    TAKEN.mkdir(parents=True, exist_ok=True)
    taken = TAKEN / f"{name}.png"
    page.screenshot(path=taken)
    assert taken.stat().st_size <= HEAVIEST


def test_the_documentation_has_these_pictures_and_shows_each() -> None:
    assert {path.stem for path in SHOWN.iterdir()} == set(PICTURES)
    assert all(path.stat().st_size <= HEAVIEST for path in SHOWN.iterdir())
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    texts = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert set(re.findall(r"!\[[^\]]{20,}\]\(\S*pictures/(\w+)\.png\)", texts)) == set(PICTURES)
