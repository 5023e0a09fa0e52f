"""What is saved is seen: without a reload, where one was reading, and nothing that somebody types is lost."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studio import (
    LOOKS,
    PATIENCE,
    SLUG,
    STEPS,
    Project,
    View,
    here,
    new_project,
    opened,
    preview,
    ready,
    words_in_mail,
)  # fmt: skip

TWO = f"/c/{SLUG}/e/{STEPS[1]}"
BODY, BROKEN = "## What you will find in this series", "subjekt: Read this"
# What is checked renews a page too, a little later, and would hide that it was not renewed before.
UNCHECKED = "() => { acts.checked = () => {} }"
# Lets no renewal of the page end before it is released, and keeps what the studio tells.
HELD = """() => {
    const ajax = htmx.ajax.bind(htmx), held = new Promise(done => { window.release = done });
    htmx.ajax = async (...wanted) => { await ajax(...wanted); await held; };
    const events = new EventSource("/studio/events");
    events.addEventListener("now", () => { window.told = [] });
    events.addEventListener("changed", event => told.push(event.data));
}"""
# What a reload would lose.
KEEP = "window.kept = true"


@pytest.fixture
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose files are changed."""
    return new_project(tmp_path_factory.mktemp("saving") / "my-news")


@pytest.fixture
def studio(project: Project) -> Iterator[str]:
    """The address of its studio."""
    with here(project) as url:
        yield url


def kept(page: Page) -> bool:
    """Return whether a page is the one that it was: never left, never reloaded."""
    return bool(page.evaluate("window.kept === true"))


def fitted(page: Page) -> None:
    """Wait until the frame is as high as its mail, so that the page scrolls."""
    page.wait_for_function("() => document.querySelector('iframe.mail').clientHeight > 1000")


@pytest.mark.parametrize("in_place", [False, True], ids=["renamed", "in place"])
@pytest.mark.parametrize("width", sorted({width for width, _ in LOOKS}))
def test_what_is_saved_is_shown_at_once_and_where_one_reads(
    width: int, in_place: bool, studio: str, project: Project, view: View
) -> None:
    page, ears = opened(view, studio + TWO, width=width)
    ready(page)
    fitted(page)
    page.evaluate(f"{KEEP}; scrollTo(0, 700)")
    for turn in range(3):
        before = BODY if turn == 0 else f"## Turn {turn - 1}"
        project.change(project.step(2), before, f"## Turn {turn}", in_place=in_place)
        words_in_mail(page, f"Turn {turn}")
        expect(page.locator("#status")).to_contain_text("shown in")
        assert page.evaluate("scrollY") == 700
    project.change(project.step(2), "subject: Read this before", "subject: Read that before", in_place=in_place)
    expect(page.locator("h1")).to_have_text("Read that before your first exercise", timeout=PATIENCE)
    assert page.evaluate("scrollY") == 700
    assert page.evaluate("history.length") == 2  # the empty page, this one: going back is for pages
    assert kept(page)
    assert (ears.complaints, ears.away) == ([], [])


def test_a_field_that_is_typed_in_is_left_alone(studio: str, project: Project, view: View) -> None:
    page, ears = opened(view, f"{studio}{TWO}?edit=1")
    ready(page)
    page.evaluate(KEEP)
    subject = page.get_by_label("Subject")
    subject.click()
    subject.press("End")
    page.keyboard.type(", half typed")
    project.change(project.step(2), BODY, "## Saved by an editor")
    words_in_mail(page, "Saved by an editor")
    expect(page.locator("h1")).to_have_text("Read this before your first exercise")
    expect(subject).to_have_value("Read this before your first exercise, half typed")
    expect(subject).to_be_focused()
    page.keyboard.type(" and more")
    assert kept(page)
    page.get_by_role("button", name="Save").click()  # the file is another than the one that these fields came from
    alert = page.locator(".refusal")
    expect(alert).to_contain_text("Changed underneath")
    expect(alert).to_contain_text("Saved by an editor")
    expect(subject).to_have_value("Read this before your first exercise, half typed and more")
    assert "half typed" not in project.step(2).read_text(encoding="utf-8")
    page.get_by_role("button", name="Save mine over it").click()
    expect(page.locator("h1")).to_have_text("Read this before your first exercise, half typed and more")
    words_in_mail(page, "What you will find")
    assert ears.away == []


def test_a_field_that_nobody_typed_in_follows_the_file(studio: str, project: Project, view: View) -> None:
    page, _ = opened(view, f"{studio}{TWO}?edit=1")
    ready(page)
    project.change(project.step(2), "subject: Read this before", "subject: Read that before")
    expect(page.get_by_label("Subject")).to_have_value("Read that before your first exercise", timeout=PATIENCE)
    page.get_by_label("Preheader").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".preheader")).to_have_text("Mine", timeout=PATIENCE)
    text = project.step(2).read_text(encoding="utf-8")
    assert "Read that before" in text
    assert "preheader: Mine\n" in text


def test_while_a_mail_is_broken_the_last_good_one_stays(studio: str, project: Project, view: View) -> None:
    page, ears = opened(view, studio + TWO)
    ready(page)
    page.evaluate(KEEP)
    project.change(project.step(2), "subject: Read this", BROKEN)
    card = page.get_by_role("alert")
    expect(card).to_contain_text(f"campaigns/{SLUG}/{project.step(2).name}:3", timeout=PATIENCE)
    expect(card).to_contain_text("did you mean")
    expect(page.locator(".stage")).to_have_class("stage w375 html stale")
    words_in_mail(page, "What you will find in this series")
    assert float(page.locator("iframe.mail").evaluate("frame => getComputedStyle(frame).opacity")) < 0.6
    assert card.bounding_box()["y"] < page.locator("iframe.mail").bounding_box()["y"]  # type: ignore[index]
    project.change(project.step(2), BODY, "## Not seen yet")  # broken as it still is
    project.change(project.step(2), BROKEN, "subject: Read this")
    words_in_mail(page, "Not seen yet")
    expect(card).to_have_count(0)
    expect(page.locator(".stage")).to_have_class("stage w375 html")
    assert kept(page)
    assert (ears.complaints, ears.away) == ([], [])


def test_two_files_saved_at_once_are_both_shown(studio: str, project: Project, view: View) -> None:
    page, ears = opened(view, f"{studio}/c/{SLUG}")
    ready(page)
    page.evaluate(f"{KEEP}; scrollTo(0, 300)")
    project.change(project.step(2), "subject: Read this", "subject: First of two")
    project.change(project.step(6), "subject: ", "subject: Second of two, ")
    project.change(project.step(2), BODY, "## In the small picture too")
    expect(page.locator(f"#mail-{STEPS[1]} h2")).to_contain_text("First of two", timeout=PATIENCE)
    expect(page.locator(f"#mail-{STEPS[5]} h2")).to_contain_text("Second of two")
    small = page.frame_locator(f"#mail-{STEPS[1]} iframe")
    expect(small.locator("body")).to_contain_text("In the small picture too", timeout=PATIENCE)
    assert page.evaluate("scrollY") == 300
    assert kept(page)
    assert (ears.complaints, ears.away) == ([], [])


def test_what_is_saved_while_a_page_is_renewed_is_shown_too(studio: str, project: Project, view: View) -> None:
    page, _ = opened(view, f"{studio}/c/{SLUG}")
    ready(page)
    page.evaluate(UNCHECKED)
    page.evaluate(HELD)
    page.wait_for_function("() => window.told")
    project.change(project.step(2), "subject: Read this", "subject: First of two")
    expect(page.locator(f"#mail-{STEPS[1]} h2")).to_contain_text("First of two", timeout=PATIENCE)
    told = page.evaluate("told.length")
    project.change(project.step(6), "subject: ", "subject: Second of two, ")
    page.wait_for_function("told => window.told.length > told", arg=told)
    page.evaluate("release()")
    expect(page.locator(f"#mail-{STEPS[5]} h2")).to_contain_text("Second of two", timeout=PATIENCE)


def test_the_check_comes_by_itself(project: Project, view: View) -> None:
    with preview(project) as studio:
        page, _ = opened(view, f"{studio}/c/{SLUG}/checks")
        expect(page.locator("h1")).to_contain_text("may be applied", timeout=PATIENCE)
        page.evaluate(KEEP)
        project.change(project.step(2), BODY, "## {{ subscriber.nobody }}")
        expect(page.locator("h1")).to_contain_text("stop", timeout=PATIENCE)
        project.change(project.step(2), "## {{ subscriber.nobody }}", BODY)
        expect(page.locator("h1")).to_contain_text("may be applied", timeout=PATIENCE)
        assert kept(page)


def test_a_page_finds_its_studio_again(project: Project, view: View) -> None:
    with preview(project) as studio:
        page, _ = opened(view, studio + TWO)
        ready(page)
        page.evaluate(KEEP)
        page.evaluate(UNCHECKED)
    expect(page.locator("#status")).to_contain_text("Waiting for the studio", timeout=PATIENCE)
    words_in_mail(page, "What you will find in this series")  # what was there is still to be read
    project.change(project.step(2), BODY, "## Written in between")
    with preview(project, urlsplit(studio).port or 0):
        words_in_mail(page, "Written in between")
        expect(page.locator("#status")).not_to_contain_text("Waiting")
        assert kept(page)
        project.change(project.step(2), "## Written in between", "## Written after")
        words_in_mail(page, "Written after")
        page.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_label("Preheader").fill("Saved in the second run")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".preheader")).to_have_text("Saved in the second run", timeout=PATIENCE)


def test_a_form_of_an_earlier_run_saves_nothing_and_loses_nothing(project: Project, view: View) -> None:
    with preview(project) as studio:
        page, _ = opened(view, f"{studio}{TWO}?edit=1")
        ready(page)
        page.get_by_label("Subject").fill("Typed before the end")
    with preview(project, urlsplit(studio).port or 0):
        expect(page.locator("#status")).to_contain_text("Shows what you save", timeout=PATIENCE)
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".refusal")).to_contain_text("before the preview was started anew", timeout=PATIENCE)
        assert "Typed before" not in project.step(2).read_text(encoding="utf-8")
        expect(page.get_by_label("Subject")).to_have_value("Typed before the end")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("h1")).to_have_text("Typed before the end", timeout=PATIENCE)
    assert "subject: Typed before the end\n" in project.step(2).read_text(encoding="utf-8")
