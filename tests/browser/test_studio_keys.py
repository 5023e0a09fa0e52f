"""The studio by keyboard alone: every stop can be seen, and the single keys do what the page says of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.studio import NARROW, PATIENCE, SLUG, STEPS, Project, View, here, new_project, opened, ready

MOST_STOPS = 80
# Whether the stop that has the focus can be seen: a ring around it (or around the card that it stands for), in the
# window, and not all of it under what sticks to an edge. WCAG 2.4.7 and 2.4.11.
SEEN = """(() => {
    const one = document.activeElement, card = one.closest(".pressed");
    const ring = [getComputedStyle(one), getComputedStyle(one, "::after")]
        .some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    const box = (card && one.matches("h2 a") ? card : one).getBoundingClientRect();
    const hit = (x, y) => { const at = document.elementFromPoint(x, y); return at && (card ?? one).contains(at); };
    const there = [.1, .3, .5, .7, .9].some(down => [.1, .5, .9].some(across =>
        hit(box.left + across * box.width, box.top + down * box.height)));
    const name = `${one.tagName} ${one.id} ${one.textContent.trim().slice(0, 40)}`;
    return ring && there ? "" : `${name}: ring ${ring}, seen ${there}`;
})()"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which the subject of the third mail is changed."""
    return new_project(tmp_path_factory.mktemp("keys") / "my-news")


@pytest.fixture(scope="module")
def studio(project: Project) -> Iterator[str]:
    """The address of its studio."""
    with here(project) as url:
        yield url


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until a stop has the focus; each stop on the way can be seen."""
    wanted = wanted.first
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN) == ""
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no way by Tab to {wanted}")


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_by_keyboard_from_the_address_to_a_saved_subject(width: int, studio: str, project: Project, view: View) -> None:
    page, ears = opened(view, f"{studio}/c/{SLUG}", width=width)
    ready(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.evaluate(SEEN) == ""
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, page.get_by_role("link", name="3 "))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/e/{STEPS[2]}")
    ready(page)
    tab_to(page, page.locator("#choice-look a", has_text="Inverted"))
    page.keyboard.press("Enter")
    page.wait_for_url("**look=inverted")
    expect(page.locator("#choice-look [aria-current]")).to_have_text("Inverted")
    assert page.evaluate("document.activeElement.textContent") == "Inverted"  # no way back to the top
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("e")
    page.wait_for_url("**edit=1")
    ready(page)
    tab_to(page, page.get_by_label("Subject"))
    page.keyboard.press("Control+a")
    page.keyboard.type("jwd? A subject by keyboard")
    assert page.url.endswith("edit=1")  # no letter of it did anything
    expect(page.locator("#c-subject")).to_contain_text("26 of 50")
    tab_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("jwd? A subject by keyboard", timeout=PATIENCE)
    assert "subject: jwd? A subject by keyboard\n" in project.step(3).read_text(encoding="utf-8")
    assert (ears.complaints, ears.away) == ([], [])


def test_single_keys_do_what_the_help_says(studio: str, view: View) -> None:
    page, ears = opened(view, f"{studio}/c/{SLUG}/e/{STEPS[2]}")
    ready(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    said = set(dialog.locator("kbd").all_inner_texts())
    page.keyboard.press("j")
    assert page.url.endswith(STEPS[2])  # while the help is read, keys are only read about
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    pressed = {"?", "g"}

    def press(key: str, address: str) -> None:
        pressed.add(key)
        page.keyboard.press(key)
        page.wait_for_url(f"**{address}", timeout=PATIENCE)
        ready(page)

    mail = f"/e/{STEPS[2]}"
    press("j", f"/e/{STEPS[3]}")
    press("k", mail)
    press("w", f"{mail}?w=600")
    press("w", f"{mail}?w=full")
    press("w", f"{mail}?w=320")
    press("w", mail)
    press("d", f"{mail}?look=dark")
    press("d", f"{mail}?look=inverted")
    press("d", mail)
    press("i", f"{mail}?img=all")
    press("i", f"{mail}?img=off")
    press("i", mail)
    for key, form in zip("2345", ("text", "source", "mime", "headers"), strict=True):
        press(key, f"{mail}?view={form}")
    press("1", mail)
    press("e", f"{mail}?edit=1")
    for key, screen in (("i", "/inbox"), ("c", "/checks"), ("o", "/outline"), ("s", f"/{SLUG}")):
        page.keyboard.press("g")
        press(key, screen)
    assert said == pressed - set("234")  # "1 to 5"
    assert (ears.complaints, ears.away) == ([], [])


def test_single_keys_can_be_turned_off_for_good(studio: str, view: View) -> None:
    page, ears = opened(view, f"{studio}/c/{SLUG}/e/{STEPS[2]}")
    ready(page)
    page.keyboard.press("?")
    page.get_by_label("Single keys do this").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    ready(page)
    for key in "jwd?":
        page.keyboard.press(key)
    page.get_by_role("button", name="Keys").click()  # whatever a key began would have ended before this opens
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.url.endswith(f"/e/{STEPS[2]}")
    page.get_by_label("Single keys do this").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/e/{STEPS[3]}")
    assert (ears.complaints, ears.away) == ([], [])


def test_with_another_key_held_or_in_a_field_no_single_key_does_anything(studio: str, view: View) -> None:
    page, _ = opened(view, f"{studio}/c/{SLUG}/e/{STEPS[2]}?edit=1")
    ready(page)
    page.keyboard.press("Alt+j")
    page.keyboard.press("Control+Shift+d")
    for field in ("Subject", "Preheader", "Text"):
        page.get_by_label(field, exact=True).focus()
        page.keyboard.type("jkwdi1?")
    page.get_by_label("The button leads to").focus()
    page.keyboard.press("d")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith(f"/e/{STEPS[2]}?edit=1")
