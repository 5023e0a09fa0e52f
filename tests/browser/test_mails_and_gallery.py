"""The sample's mails and the gallery, seen with a real browser: no barriers, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from backmail.cli.demo import whole
from backmail.config import sample_campaigns

STEPS = sorted(path.stem for path in sample_campaigns()[0].glob("0*.md"))
# Rules for pages that make no sense in a mail, which is a part of somebody else's page.
OF_PAGES = ("landmark-one-main", "region")
SMALL_LINKS = """Array.from(document.querySelectorAll('a')).filter(a => getComputedStyle(a).display !== 'inline')
    .filter(a => a.getBoundingClientRect().height < 44).map(a => a.textContent.trim())"""
# The lines and the colours of a mail: a narrow screen in both schemes, a wide one where the frame is another.
LOOKS = [(375, False), (375, True), (600, False)]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gallery of the sample's mails."""
    return whole(tmp_path_factory.mktemp("browser") / "demo").gallery.parent


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_mails_have_no_barriers(
    width: int,
    dark: bool,
    gallery: Path,
    view: Callable[..., Page],
    barriers: Callable[..., list[str]],
    picture: Callable[[Page, str], object],
) -> None:
    for step in STEPS:
        page = view(gallery / f"{step}.html", width=width, dark=dark)
        # The dark look has other colours and the same page otherwise.
        assert barriers(page, without=OF_PAGES, only=("color-contrast",) if dark else ()) == [], step
        assert overflow(page) <= 0, step
        picture(page, f"{step}-{width}-{'dark' if dark else 'light'}")


def test_on_a_phone_every_link_is_a_thumb_wide_and_a_mail_reads_without_its_style_blocks(
    gallery: Path, view: Callable[..., Page]
) -> None:
    for step in STEPS:
        page = view(gallery / f"{step}.html", width=375)
        assert page.evaluate(SMALL_LINKS) == [], step
        page.evaluate("document.querySelectorAll('style').forEach(style => style.remove())")
        assert overflow(page) <= 0, step
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")
        assert size >= 16, step


@pytest.mark.parametrize(("width", "dark"), [(375, True), (1280, False)])
def test_the_gallery_has_no_barriers(
    width: int,
    dark: bool,
    gallery: Path,
    view: Callable[..., Page],
    barriers: Callable[..., list[str]],
    picture: Callable[[Page, str], object],
) -> None:
    page = view(gallery / "index.html", width=width, dark=dark)
    assert barriers(page) == []
    assert overflow(page) <= 0
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert barriers(page) == []
    assert overflow(page) <= 0
    picture(page, f"gallery-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_the_outbox_of_the_demo_has_no_barriers(
    width: int, dark: bool, gallery: Path, view: Callable[..., Page], barriers: Callable[..., list[str]]
) -> None:
    page = view(gallery.parent / "outbox" / "index.html", width=width, dark=dark)
    assert barriers(page) == []
    assert overflow(page) <= 0
    assert page.locator("tbody tr").count() == len(STEPS)


def test_the_calendar_picture_has_a_row_for_every_mail_and_a_table_for_every_zone(
    gallery: Path, view: Callable[..., Page]
) -> None:
    page = view(gallery / "index.html", width=1280)
    assert page.locator(".wave .name").count() == len(STEPS)
    counts = page.locator(".wave .cell").all_text_contents()
    assert sum(int(count or 0) for count in counts) == 1000 * len(STEPS)
    cut = "Array.from(document.querySelectorAll('.wave .cell')).filter(c => c.scrollWidth > c.clientWidth).length"
    assert page.evaluate(cut) == 0
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.locator(".times tbody tr").count() == 40
    assert page.locator(".times .changed").count() > 10
