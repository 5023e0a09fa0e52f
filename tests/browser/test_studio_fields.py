"""What somebody types into the fields of a mail stays, whatever becomes of its file; no page goes blank."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio import (
    PATIENCE,
    SLUG,
    STEPS,
    Project,
    View,
    here,
    new_project,
    opened,
    ready,
    words_in_mail,
)  # fmt: skip

TWO = f"/c/{SLUG}/e/{STEPS[1]}"
BODY, MINE = "## What you will find in this series", "## A long work of mine"


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose files are changed."""
    return new_project(tmp_path_factory.mktemp("fields") / "my-news")


@pytest.fixture
def studio(project: Project) -> Iterator[str]:
    """The address of its studio."""
    with here(project) as url:
        yield url


def typing(view: View, studio: str) -> Page:
    """Return a page with fields in which somebody has typed."""
    page, _ = opened(view, f"{studio}{TWO}?edit=1")
    ready(page)
    page.get_by_label("Text", exact=True).fill(MINE)
    return page


def mine(page: Page) -> None:
    """Expect what was typed."""
    expect(page.get_by_label("Text", exact=True)).to_have_value(MINE)


def save(page: Page) -> None:
    """Press the button that saves, and wait for the page that comes."""
    with page.expect_navigation():
        page.locator("#fields .main").click()
    expect(page.locator("#status")).to_contain_text("Shows what you save", timeout=PATIENCE)


def test_what_was_refused_stays_while_files_change(studio: str, project: Project, view: View) -> None:
    page = typing(view, studio)
    page.get_by_label("Subject").fill("")
    save(page)
    expect(page.locator(".refusal")).to_contain_text("Nothing was saved")
    assert urlsplit(page.url).query == "edit=1"
    project.change(project.step(2), BODY, "## By an editor")
    words_in_mail(page, "By an editor")
    expect(page.locator(".refusal")).to_contain_text("Nothing was saved")
    mine(page)
    page.get_by_label("Subject").fill("Mine at last")
    save(page)  # the file is another one by now
    expect(page.locator(".refusal")).to_contain_text("Changed underneath")
    project.change(project.step(2), "## By an editor", "## By an editor, again")
    words_in_mail(page, "By an editor, again")
    mine(page)


def test_what_is_typed_stays_while_its_file_is_broken(studio: str, project: Project, view: View) -> None:
    page = typing(view, studio)
    file, good = project.step(2), project.step(2).read_text(encoding="utf-8")
    file.write_text("---\nid: [\n", encoding="utf-8")
    expect(page.locator("#status")).to_contain_text("What you typed stays here", timeout=PATIENCE)
    mine(page)
    file.write_text(good.replace(BODY, "## Mended"), encoding="utf-8")
    words_in_mail(page, "Mended")
    mine(page)


def test_what_is_typed_stays_while_its_campaign_is_away(studio: str, project: Project, view: View) -> None:
    page = typing(view, studio)
    folder, away = project.folder, project.folder.with_name(".away")
    folder.rename(away)
    expect(page.locator("#status")).to_contain_text("What you typed stays here", timeout=PATIENCE)
    mine(page)
    away.rename(folder)
    project.change(project.step(2), BODY, "## Back again")
    words_in_mail(page, "Back again")
    mine(page)


def test_what_was_typed_into_a_mail_that_is_gone_stays_to_be_copied(studio: str, project: Project, view: View) -> None:
    page = typing(view, studio)
    file, good = project.step(2), project.step(2).read_text(encoding="utf-8")
    file.unlink()
    expect(page.locator("#status")).to_contain_text("What you typed stays here", timeout=PATIENCE)
    save(page)
    mine(page)
    file.write_text(good, encoding="utf-8")
    expect(page.locator("#status")).to_contain_text("What you typed stays here", timeout=PATIENCE)
    mine(page)


def test_what_is_typed_stays_when_one_goes_back_to_another_width(studio: str, view: View) -> None:
    page = typing(view, studio)
    page.locator("#choice-width a", has_text="600").click()
    expect(page.locator(".stage")).to_have_class("stage w600 html", timeout=PATIENCE)
    page.go_back()
    expect(page.locator(".stage")).to_have_class("stage w375 html", timeout=PATIENCE)
    mine(page)


def test_a_move_that_was_refused_leads_to_the_sequence_and_never_to_nothing(
    studio: str, project: Project, view: View
) -> None:
    page, _ = opened(view, f"{studio}/c/{SLUG}")
    ready(page)
    project.change(project.step(4), "subject:", "subjekt:")
    expect(page.locator(".is-broken")).to_have_count(1, timeout=PATIENCE)
    with page.expect_navigation():
        page.locator("form.move button").nth(2).click()
    expect(page.locator("h1")).to_have_text("This cannot be shown")
    expect(page.locator("#status")).to_contain_text("Shows what you save", timeout=PATIENCE)
    project.change(project.step(4), "subjekt:", "subject:")
    expect(page.locator(".cards .card:not(.is-broken)")).to_have_count(len(STEPS), timeout=PATIENCE)


def test_an_answer_that_is_no_page_takes_none_away(studio: str, project: Project, view: View) -> None:
    page, _ = opened(view, studio + TWO)
    ready(page)
    page.route(f"**{TWO}", lambda route: route.fulfill(status=500, content_type="text/plain", body="It failed.\n"))
    project.change(project.step(2), BODY, "## Not seen yet")
    expect(page.locator("#status")).to_contain_text("could not be made anew", timeout=PATIENCE)
    words_in_mail(page, "What you will find in this series")
    page.unroute(f"**{TWO}")
    project.change(project.step(2), "## Not seen yet", "## Seen")
    words_in_mail(page, "Seen")
