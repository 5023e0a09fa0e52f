"""Forms: what is saved is in the file, what is not is on the page again, and a reload sends nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import lxml.html
import pytest

from backmail.config import Project
from backmail.desk import steps
from backmail.desk.given import given
from backmail.desk.into import into
from backmail.desk.new import Wishes
from backmail.desk.preview.drafts import Drafts
from backmail.web.studio.site import site
from tests.web.counter import Client
from tests.web.studio.conftest import HERE, SLUG

TOP = f"/studio/c/{SLUG}"
SECOND = "stop-ask-help"
MAIL = f"{TOP}/e/{SECOND}"
OWN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
HOSTILE = "</textarea><script>alert(1)</script>\"'&{{ 7*7 }} ø 🙂"


@dataclass
class Studio:
    """A studio, and somebody who presses its buttons."""

    project: Project
    client: Client

    @property
    def folder(self) -> Path:
        return self.project.campaigns / SLUG

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("[0-9]*.md"))

    @property
    def second(self) -> Path:
        return self.folder / f"02-{SECOND}.md"

    def form(self, path: str, has: str) -> dict[str, str]:
        """Return the fields of the first form of a page that has a field or button of that name."""
        return fields(self.client.get(path), has)

    def press(self, path: str, form: dict[str, str], **changes: str) -> httpx.Response:
        return self.client.post(path, data={**form, **changes}, headers=OWN)


def fields(answer: httpx.Response, has: str) -> dict[str, str]:
    page = lxml.html.document_fromstring(answer.text)
    found = next(form for form in page.forms if form.xpath(f".//*[@name='{has}']"))
    said = {name: value or "" for name, value in found.form_values()}
    if "body" in said:
        said["body"] = said["body"].removeprefix("\n")  # browsers pass over a line end behind <textarea>
    return said


@pytest.fixture
def studio(project: Project) -> Iterator[Studio]:
    with closing(Client(site(Drafts(project)), HERE)) as client:
        yield Studio(project, client)


def test_what_is_saved_is_in_the_file_and_on_the_page(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1&as=misaki", "subject")
    assert form["subject"] == "Read this before your first exercise"
    before = studio.second.read_text("utf-8")
    body = form["body"].replace("## What", "## All: what")
    answer = studio.press(f"{MAIL}?as=misaki", form, subject="{{ 7 + 7 }}: ø", body=body)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{MAIL}?as=misaki&edit=1")
    wanted = before.replace("subject: Read this before your first exercise", 'subject: "{{ 7 + 7 }}: ø"')
    assert studio.second.read_text("utf-8") == wanted.replace("## What", "## All: what")
    shown = studio.client.get(answer.headers["location"])
    assert "14: ø" in shown.text


def test_a_reload_after_saving_sends_nothing(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1", "subject")
    saved = studio.press(MAIL, form, subject="New")
    assert studio.client.get(saved.headers["location"]).status_code == 200
    assert studio.press(MAIL, form, subject="Again").status_code == 409


def test_a_file_changed_underneath_is_left_and_both_are_shown(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1", "subject")
    theirs = (
        studio.second.read_text("utf-8").replace("Read this", "Theirs: <b>read</b>").replace("Theirs: <", "Theirs <")
    )
    studio.second.write_text(theirs, "utf-8")
    answer = studio.press(MAIL, form, subject="Mine", body=form["body"] + HOSTILE)
    assert answer.status_code == 409
    assert studio.second.read_text("utf-8") == theirs
    page = lxml.html.document_fromstring(answer.text)
    assert "Theirs <b>read</b> before" in page.xpath("string(//*[@class='refusal'])")
    again = fields(answer, "subject")
    assert again["subject"] == "Mine"
    assert again["body"].replace("\r\n", "\n") == form["body"].replace("\r\n", "\n") + HOSTILE
    assert studio.press(MAIL, again).status_code == 303
    assert "subject: Mine\n" in studio.second.read_text("utf-8")


def test_a_form_of_an_earlier_run_saves_nothing_and_stays_typed(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1&as=misaki", "subject")
    before = studio.second.read_bytes()
    answer = studio.press(f"{MAIL}?as=misaki", form, subject="Mine", preheader=HOSTILE, token="of yesterday")
    assert answer.status_code == 422
    assert studio.second.read_bytes() == before
    assert "started anew" in lxml.html.document_fromstring(answer.text).xpath("string(//*[@class='refusal'])")
    again = fields(answer, "subject")
    assert (again["subject"], again["preheader"]) == ("Mine", HOSTILE)
    assert studio.press(f"{MAIL}?as=misaki", again).status_code == 303
    assert "subject: Mine\n" in studio.second.read_text("utf-8")


def test_what_cannot_be_read_is_refused_and_stays_typed(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1", "subject")
    before = studio.second.read_bytes()
    refused: list[tuple[dict[str, str], str]] = [
        ({"subject": ""}, "subject"),
        ({"action_kind": "link", "action_url": "javascript:alert(1)"}, "not an address on the web"),
        ({"action_kind": '"><script>'}, "script"),
        ({"body": "\n::: how-to id=b1\nopen"}, "closed"),
    ]
    for changes, said in refused:
        answer = studio.press(MAIL, form, **({"preheader": HOSTILE} | changes))
        assert answer.status_code == 422
        assert studio.second.read_bytes() == before
        page = lxml.html.document_fromstring(answer.text)
        assert said in page.xpath("string(//*[@class='refusal'])")
        again = fields(answer, "subject")
        assert again["preheader"] == HOSTILE
        assert {name: again[name] for name in changes} == changes
        assert "<script>alert" not in answer.text
        assert not page.xpath("//form//script")


def test_a_disk_that_is_full_loses_nothing_that_was_typed(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    form = studio.form(f"{MAIL}?edit=1", "subject")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    answer = studio.press(MAIL, form, subject="Mine")
    assert answer.status_code == 422
    assert "no space left on device" in answer.text
    assert fields(answer, "subject")["subject"] == "Mine"


def test_mails_move_and_their_person_stays(studio: Studio) -> None:
    ids = [each.id for each in steps.listed(SLUG, studio.project).steps]
    form = studio.form(f"{TOP}?as=misaki", "direction")
    answer = studio.press(f"{MAIL}/move", form, direction="earlier")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TOP}?as=misaki")
    assert [each.id for each in steps.listed(SLUG, studio.project).steps] == [ids[1], ids[0], *ids[2:]]
    assert studio.client.get(TOP).text.index(f"/e/{ids[1]}") < studio.client.get(TOP).text.index(f"/e/{ids[0]}")
    assert studio.press(f"{MAIL}/move", form, direction="later").status_code == 303
    assert [each.id for each in steps.listed(SLUG, studio.project).steps] == ids


def test_the_answer_to_a_move_asked_for_anew_is_the_sequence(studio: Studio) -> None:
    answer = studio.client.get(f"{MAIL}/move?as=misaki")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TOP}?as=misaki")
    assert studio.client.get("/studio/c/nothing/e/nothing/move").status_code == 303


def test_a_mail_that_is_gone_loses_nothing_that_was_typed(studio: Studio) -> None:
    form = studio.form(f"{MAIL}?edit=1", "subject")
    studio.second.unlink()
    answer = studio.press(f"{MAIL}?edit=1", form, subject="Mine", body=HOSTILE)
    assert answer.status_code == 404
    page = lxml.html.document_fromstring(answer.text)
    assert page.get_element_by_id("f-subject").get("value") == "Mine"
    assert page.get_element_by_id("f-body").text == "\n" + HOSTILE  # browsers pass over the first line end
    assert not studio.second.exists()


def test_what_cannot_be_is_told(studio: Studio) -> None:
    before, form = studio.files, studio.form(TOP, "direction")
    for path, changes, status, said in (
        (f"{MAIL}/move", {"direction": "up"}, 400, "earlier or later"),
        (f"{TOP}/e/shoulders-wrists-grow-stiff/move", {"direction": "earlier"}, 422, "first mail already"),
        (f"{TOP}/e/nothing/move", {"direction": "earlier"}, 404, "nothing"),
        ("/studio/c/nothing/outline", {"do": "rewrite"}, 404, "nothing"),
        (f"{TOP}/outline", {"do": "sing"}, 400, "correct, take-back or rewrite"),
        (f"{TOP}/outline", {"do": "correct", "words": "<b>Nothing", "kind": "faq"}, 422, "no block begins"),
        (f"{TOP}/outline", {"do": "take-back", "words": "Nothing", "what": "kind"}, 422, "nothing was decided"),
        (f"{TOP}/outline", {"do": "correct", "words": "x", "kind": "faq", "of": "two"}, 400, "number of an article"),
        (f"{TOP}/outline", {"do": "take-back", "words": "x", "what": "kind", "of": "2"}, 422, "no article 2"),
    ):
        answer = studio.press(path, form, **changes)
        assert answer.status_code == status
        assert said in lxml.html.document_fromstring(answer.text).text_content()
        assert studio.files == before


def test_the_outline_is_corrected_rewritten_and_taken_back(studio: Studio) -> None:
    path = f"{TOP}/outline"
    page = lxml.html.document_fromstring(studio.client.get(path).text)
    [form] = page.xpath("//li[@id='b19']//form[.//select]")
    answer = studio.press(path, dict(form.form_values()), kind="other")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?block=b19#b19")
    assert "kind: other" in (studio.folder / "outline.yaml").read_text("utf-8").partition("blocks:")[0]
    shown = studio.client.get(path)
    assert "would be written anew" in shown.text
    before = studio.files
    assert studio.press(path, fields(shown, "do"), do="rewrite").status_code == 303
    shown = studio.client.get(path)
    assert "would be written anew" not in shown.text
    assert "You said: this is other" in shown.text
    assert len(studio.files) == len(before)
    assert studio.press(path, fields(shown, "what")).status_code == 303
    assert "overrides: []" in (studio.folder / "outline.yaml").read_text("utf-8")


def test_the_outline_of_a_second_article_is_corrected_in_its_own_file(studio: Studio) -> None:
    text = "Soil in a pot gets tired within a year.\nhow to renew it\nTake out the upper half, and fill in compost.\n"
    (studio.project.root / "soil.txt").write_text(text, "utf-8")
    into(given(studio.project.root / "soil.txt"), SLUG, studio.project, Wishes(weeks=1))
    with closing(Client(site(Drafts(studio.project)), HERE)) as client:
        path, pressed = f"{TOP}/outline", Studio(studio.project, client)
        page = lxml.html.document_fromstring(client.get(path).text)
        [form] = page.xpath("//li[@id='c02']//form[.//select]")
        assert pressed.press(path, dict(form.form_values()), kind="other").status_code == 303
        outline = studio.folder / "article-2/outline.yaml"
        assert "kind: other" in outline.read_text("utf-8").partition("blocks:")[0]
        assert pressed.press(path, fields(client.get(path), "what")).status_code == 303
        assert "overrides: []" in outline.read_text("utf-8")


def test_an_outline_of_mails_edited_by_hand_says_why_it_waits(studio: Studio) -> None:
    studio.second.write_text(studio.second.read_text("utf-8").replace("Read this", "Read it"), "utf-8")
    path = f"{TOP}/outline"
    page = lxml.html.document_fromstring(studio.client.get(path).text)
    [form] = page.xpath("//li[@id='b19']//form[.//select]")
    assert studio.press(path, dict(form.form_values()), kind="other").status_code == 303
    shown = studio.client.get(path).text
    assert "They are not written anew" in shown
    assert studio.second.name in shown
    assert studio.press(path, fields(studio.client.get(path), "do"), do="rewrite").status_code == 422


def test_a_campaign_written_by_hand_has_no_outline_to_correct(studio: Studio) -> None:
    (studio.folder / "article.txt").unlink()
    with closing(Client(site(Drafts(studio.project)), HERE)) as client:
        answer = client.get(f"{TOP}/outline")
    assert answer.status_code == 200
    assert "written by hand" in answer.text


def test_a_broken_file_elsewhere_keeps_the_outline_as_it_is(studio: Studio) -> None:
    form = studio.form(f"{TOP}/outline", "words")
    studio.second.write_text("---\nid: [\n---\n", "utf-8")
    answer = studio.press(f"{TOP}/outline", form, kind="other")
    assert answer.status_code == 422
    assert studio.second.name in answer.text
