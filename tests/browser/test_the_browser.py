"""The browser that the other tests of this folder trust: its size, its colours, its judge, its silence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

View = Callable[..., Page]

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
body { color: #111; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #222 } }
</style><h1>A page</h1>"""


def test_the_window_is_as_wide_as_asked(view: View) -> None:
    assert view(PAGE, width=320).evaluate("innerWidth") == 320


def test_dark_is_dark(view: View) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    assert view(PAGE).evaluate(colour) == "rgb(255, 255, 255)"
    assert view(PAGE, dark=True).evaluate(colour) == "rgb(34, 34, 34)"


def test_the_judge_sees_a_barrier_and_passes_a_sound_page(view: View, barriers: Callable[..., list[str]]) -> None:
    assert barriers(view(PAGE)) == []
    found = barriers(view(PAGE + '<img src="data:,"><label>Name</label><input>'))
    assert {line.partition(":")[0] for line in found} == {"image-alt", "label"}
    pale = view(PAGE + '<img src="data:,"><p style="color: #888; background: #fff">pale</p>')
    assert {line.partition(":")[0] for line in barriers(pale, only=("color-contrast",))} == {"color-contrast"}


def test_a_file_is_shown_and_its_picture_kept_for_who_asks(
    view: View, picture: Callable[[Page, str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.browser.conftest.WANTS_PICTURES", True)
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    page = view(tmp_path / "page.html")
    assert page.inner_text("h1") == "A page"
    assert picture(page, "the-browser").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_asked_of_the_network(view: View) -> None:
    page = view(PAGE)
    with page.expect_event("requestfailed") as failed:
        page.evaluate("fetch('https://pictures.example.invalid/a.png').catch(() => 0)")
    assert failed.value.failure == "net::ERR_FAILED"  # refused by us; without us the look-up of the name would fail
