"""The studio without script: links and forms do all of it; a page is reloaded by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.studio import NARROW, PATIENCE, SLUG, STEPS, Project, here, new_project
from tests.browser.test_studio import SCREENS


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose files are changed."""
    return new_project(tmp_path_factory.mktemp("plain") / "my-news")


@pytest.fixture
def studio(project: Project) -> Iterator[str]:
    """The address of its studio."""
    with here(project) as url:
        yield url


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in which no script runs."""
    context = chromium.new_context(
        viewport={"width": NARROW, "height": 667}, java_script_enabled=False, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def test_without_script_every_screen_says_the_same(studio: str, page: Page) -> None:
    for name, (path, words) in SCREENS.items():
        page.goto(f"{studio}{path}")
        if not name.startswith("checks"):  # what is checked comes a little later
            expect(page.locator("main")).to_contain_text(words)
        expect(page.locator("#status")).to_have_text("Reload this page when you have saved a file.")
        expect(page.locator("#help")).to_be_hidden()
    page.goto(f"{studio}/c/{SLUG}/e/{STEPS[1]}")
    frame = page.frame_locator("iframe.mail")
    expect(frame.locator("body")).to_contain_text("What you will find in this series")


def test_without_script_a_mail_is_looked_at_edited_and_moved(studio: str, project: Project, page: Page) -> None:
    page.goto(f"{studio}/c/{SLUG}")
    page.get_by_role("link", name="Read this before").click()
    page.get_by_role("group", name="Look").get_by_text("Dark").click()
    expect(page.locator("main")).to_contain_text("Apple Mail")
    page.locator("#people summary").click()
    page.locator("#people").get_by_text("美咲").click()
    assert page.url.endswith(f"{STEPS[1]}?as=misaki&look=dark")
    expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text("美咲")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Subject").fill("Saved without script")
    body = page.get_by_label("Text", exact=True)
    body.fill(body.input_value().replace("What you will find", "What you may find"))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Saved without script", timeout=PATIENCE)
    expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text("What you may find")
    text = project.step(2).read_text(encoding="utf-8")
    assert "subject: Saved without script\n" in text
    assert "## What you may find in this series\n" in text
    page.get_by_label("Subject").fill("")  # a mail without one cannot be
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".refusal")).to_contain_text("Nothing was saved")
    assert project.step(2).read_text(encoding="utf-8") == text
    page.goto(f"{studio}/c/{SLUG}")
    page.get_by_role("button", name="Mail 2 later").click()
    expect(page.locator("h2").nth(2)).to_contain_text("Saved without script", timeout=PATIENCE)
    assert "id: stop-ask-help\n" in project.step(3).read_text(encoding="utf-8")


def test_without_script_the_outline_is_corrected_and_taken_back(studio: str, project: Project, page: Page) -> None:
    outline = project.folder / "outline.yaml"
    before = outline.read_text(encoding="utf-8")
    page.goto(f"{studio}/c/{SLUG}/outline")
    block = page.locator(".block.k-faq").first
    block.locator(".why summary").click()
    block.get_by_label("This is").select_option("other")
    block.get_by_role("button", name="Set").click()
    expect(page.locator(".decided").first).to_contain_text("you", timeout=PATIENCE, ignore_case=True)
    assert outline.read_text(encoding="utf-8") != before
    page.get_by_role("button", name="Take it back").first.click()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0, timeout=PATIENCE)
