"""Every screen of the studio in a real browser, light and dark, on a phone and on a desk, served and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio import (
    LOOKS,
    NARROW,
    OTHER,
    PATIENCE,
    SLUG,
    STEPS,
    Ears,
    Project,
    View,
    new_project,
    opened,
    overflow,
    preview,
    settled,
)  # fmt: skip
from tests.house.project import ROOT, run

ONE = f"/c/{SLUG}/e/{STEPS[3]}"
# A screen's name, its address behind /studio, and words that stand on it.
SCREENS = {
    "campaigns": ("", "Not finished yet"),
    "sequence": (f"/c/{SLUG}", "7 mails over"),
    "email": (ONE, "Mail 4 of 7"),
    "email-dark": (f"{ONE}?look=dark&w=full", "Apple Mail"),
    "email-inverted": (f"{ONE}?look=inverted&w=600&img=off", "emulated"),
    "email-text": (f"{ONE}?view=text", "Unsubscribe"),
    "email-source": (f"{ONE}?view=source", "<!DOCTYPE html>"),
    "email-mime": (f"{ONE}?view=mime", "MIME-Version: 1.0"),
    "email-headers": (f"{ONE}?view=headers", "List-Unsubscribe-Post"),
    "editing": (f"{ONE}?edit=1", "Edit this mail"),
    "beside": (f"{ONE}?with=misaki&w=320", "美咲"),
    "inbox": (f"/c/{SLUG}/inbox", "What is cut, and where"),
    "checks": (f"/c/{SLUG}/checks", "This campaign may be applied"),
    "checks-of-one": (f"/c/{OTHER}/checks?level=warning&step={STEPS[0]}", "cannot be applied"),
    "outline": (f"/c/{SLUG}/outline", "How “"),
    "no-outline": (f"/c/{OTHER}/outline", "mail by mail"),
    "unknown": (f"/c/{SLUG}/e/{STEPS[3]}-?as=anne", "did you mean"),
    "broken-sequence": (f"/c/{OTHER}", "subjekt"),
    "broken-email": (f"/c/{OTHER}/e/02-stop-ask-help", "subjekt"),
}
# What a thumb presses. Links within a text are as high as it.
SMALL = """Array.from(document.querySelectorAll("button, .button, summary, select, textarea, dialog a,"
    + " nav a, .choice a, .choice label, .menu[open] li a, .pressed h2 a, input:not([type=hidden]):not([type=radio])"))
    .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest("dialog:not([open])"))
    .map(one => [one, one.matches(".pressed h2 a") ? one.closest(".pressed") : one])
    .filter(([, box]) => box.getBoundingClientRect().height < 44 || box.getBoundingClientRect().width < 24)
    .map(([one]) => `${one.tagName} ${one.id || one.className} ${one.textContent.trim().slice(0, 30)}: `
        + `${one.getBoundingClientRect().width} x ${one.getBoundingClientRect().height}`)"""

# Of a long source the first lines are judged: all are alike, and the judge takes his time over each.
LONG = "document.querySelectorAll('.code > li:nth-child(n+60)').forEach(line => line.remove())"

Barriers = Callable[..., list[str]]
Picture = Callable[[Page, str], Path]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that no test of this module changes."""
    return new_project(tmp_path_factory.mktemp("studio") / "my-news")


@pytest.fixture(scope="module")
def studio(project: Project) -> Iterator[str]:
    """The address of its studio."""
    with preview(project) as url:
        yield url


def faults(page: Page, ears: Ears, barriers: Barriers) -> list[str]:
    """Return what keeps somebody out, is too wide or small, or was complained of; the ears are emptied."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    # The page is the same but for its colours, and what axe says of all else takes long.
    wrong = [*barriers(page, only=("color-contrast",) if dark else ()), *ears.complaints, *ears.away]
    if page.evaluate("innerWidth") == NARROW:
        wrong += page.evaluate(SMALL)
    if (wider := overflow(page)) > 0:
        wrong.append(f"{wider} px wider than the window")
    ears.complaints.clear()
    ears.away.clear()
    return wrong


def in_every_look(page: Page, ears: Ears, name: str, barriers: Barriers, picture: Picture) -> dict[str, list[str]]:
    """Judge a page in each scheme and width, keep pictures of two, and return the faults, if any, by picture."""
    wrong = {}
    for width, dark in LOOKS:
        page.set_viewport_size({"width": width, "height": 667 if width == NARROW else 800})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        look = f"{name}-{width}-{'dark' if dark else 'light'}"
        if found := faults(page, ears, barriers):
            wrong[look] = found
        if dark == (width == NARROW):
            picture(page, look)
    return wrong


def test_every_screen(studio: str, view: View, barriers: Barriers, picture: Picture) -> None:
    page, ears = opened(view, studio)
    for slug in (OTHER, SLUG):
        page.goto(f"{studio}/c/{slug}/checks")
        expect(page.locator("#tab-checks .waiting")).to_have_count(0, timeout=PATIENCE)
    wrong: dict[str, list[str]] = {}
    for name, (path, words) in SCREENS.items():
        answer = page.goto(studio + path)
        assert answer
        assert answer.status == (404 if name == "unknown" else 200), name
        if name == "unknown":
            ears.complaints.clear()  # the browser says there that the address is none
        expect(page.locator("#status")).to_contain_text("Shows what you save")
        settled(page)
        expect(page.locator("main")).to_contain_text(words)
        page.evaluate(LONG)
        wrong |= in_every_look(page, ears, f"studio-{name}", barriers, picture)
    assert wrong == {}


@pytest.fixture(scope="module")
def exported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of exported pages."""
    folder = tmp_path_factory.mktemp("exported") / "pages"
    done = run(project.root, "backmail", "preview", "--export", str(folder), source=ROOT / "src")
    assert done.returncode == 0, done.stderr
    return folder


FILES = {
    "campaigns": ("index.html", "Not finished yet"),
    "sequence": (f"c/{SLUG}/sequence.html", "7 mails over"),
    "email": (f"c/{SLUG}/e/{STEPS[3]}/anna/html.html", "Mail 4 of 7"),
    "inbox": (f"c/{SLUG}/inbox.html", "What is cut, and where"),
    "checks": (f"c/{SLUG}/checks.html", "This campaign may be applied"),
    "outline": (f"c/{SLUG}/outline.html", "How “"),
    "broken-email": (f"c/{OTHER}/e/02-stop-ask-help/anna/html.html", "subjekt"),
}


def test_every_exported_screen(exported: Path, view: View, barriers: Barriers, picture: Picture) -> None:
    page, ears = opened(view, (exported / "index.html").as_uri())
    wrong: dict[str, list[str]] = {}
    for name, (path, words) in FILES.items():
        page.goto((exported / path).as_uri())
        settled(page)
        expect(page.locator("main")).to_contain_text(words)
        wrong |= in_every_look(page, ears, f"exported-{name}", barriers, picture)
    assert wrong == {}
