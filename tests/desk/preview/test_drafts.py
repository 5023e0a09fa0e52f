"""Drafts follow the files; what is broken stands as it was last good, and holds nothing else up."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from backmail import campaign as campaigns
from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.folder import Folder
from backmail.errors import CampaignError, InputError, Place, UnknownName
from backmail.shipped import shipped
from tests.desk.preview.conftest import Desk

BROKEN = "---\nid: [\n---\nHello\n"


def test_all_campaigns_are_read_with_their_steps(desk: Desk) -> None:
    assert desk.drafts.slugs == (desk.slug,)
    draft = desk.draft
    assert (draft.slug, draft.folder, draft.version, draft.faults) == (desk.slug, desk.folder, 1, ())
    assert [(each.number, each.file, each.faults) for each in draft.steps] == [
        (number, path.name, ()) for number, path in enumerate(desk.files, 1)
    ]
    assert [each.step for each in draft.steps] == list(draft.campaign.steps if draft.campaign else ())
    assert [each.name for each in desk.drafts.people] == sorted(path.stem for path in (desk.root / "people").iterdir())
    assert desk.drafts.person("") == desk.drafts.people[0] == desk.anna


def test_what_is_not_there_is_told_with_what_is_near(desk: Desk) -> None:
    with pytest.raises(UnknownName, match=f"did you mean '{desk.slug}'"):
        desk.drafts.draft(desk.slug[:-1])
    with pytest.raises(UnknownName, match="did you mean 'anna'"):
        desk.drafts.person("ana")
    name = desk.draft.steps[0].name
    with pytest.raises(UnknownName, match=f"did you mean '{name}'"):
        desk.draft.step(name[:-1])
    with pytest.raises(UnknownName, match="there is no campaign 'other'"):
        Drafts(desk.project, "other")


def test_nothing_changes_while_no_file_does(desk: Desk) -> None:
    before = desk.draft
    assert desk.drafts.refresh() == ()
    desk.files[0].touch()
    (desk.folder / ".01-hidden.md.swp").write_text("an editor's own", encoding="utf-8")
    (desk.folder / "01-copy.md~").write_text("an editor's copy", encoding="utf-8")
    assert desk.drafts.refresh() == ()
    assert desk.draft is before


def test_a_saved_step_makes_another_draft(desk: Desk) -> None:
    before = desk.draft
    subject = desk.draft.steps[2].step
    assert subject is not None
    assert desk.change(desk.files[2], subject.subject, "Rolls & stretches") == (desk.slug,)
    after = desk.draft
    assert (after.version, before.version) == (2, 1)
    assert after.mail(subject.id, desk.anna).subject == "Rolls & stretches"
    assert before.mail(subject.id, desk.anna).subject == subject.subject


def test_only_the_mail_that_was_changed_is_composed_anew(desk: Desk) -> None:
    before = {each.name: desk.draft.mail(each.name, desk.anna).message for each in desk.draft.steps}
    path = desk.files[2]
    desk.write(path, path.read_text(encoding="utf-8") + "\nOne more sentence.\n")
    after = {each.name: desk.draft.mail(each.name, desk.anna).message for each in desk.draft.steps}
    assert [name for name in before if before[name] is not after[name]] == [desk.draft.steps[2].name]
    assert "One more sentence." in desk.draft.mail(desk.draft.steps[2].name, desk.anna).text


def test_another_subject_is_seen_by_the_mails_beside_it(desk: Desk) -> None:
    for each in desk.draft.steps:
        desk.draft.mail(each.name, desk.anna)
    step = desk.draft.steps[2].step
    assert step is not None
    desk.change(desk.files[2], step.subject, "A new subject")
    texts = [desk.draft.mail(each.name, desk.anna).text for each in desk.draft.steps]
    assert [step.subject in text for text in texts] == [False] * len(texts)
    assert [each.subject for each in (desk.draft.campaign.steps if desk.draft.campaign else ())][2] == "A new subject"


def test_a_broken_step_stays_as_it_was_last_good(desk: Desk) -> None:
    step = desk.draft.steps[2].step
    assert step is not None
    good = desk.draft.mail(step.id, desk.anna)
    assert desk.write(desk.files[2], BROKEN) == (desk.slug,)
    broken = desk.draft.step(step.id)
    assert broken.step == step
    assert broken.number == 3
    [fault] = broken.faults
    assert (fault.place and fault.place.file, fault.place and fault.place.line) == (str(desk.files[2]), 3)
    mail = desk.draft.mail(step.id, desk.anna)
    assert (mail.html, mail.faults, mail.number, mail.total) == (good.html, (fault,), 3, len(desk.files))
    assert desk.draft.mail(step.id, desk.drafts.person("misaki")).faults == (fault,)  # whom nobody looked at before
    assert desk.draft.faults == ()


def test_a_broken_step_keeps_back_no_edit_of_another(desk: Desk) -> None:
    desk.write(desk.files[2], BROKEN)
    desk.write(desk.files[0], desk.files[0].read_text(encoding="utf-8") + "\nStill edited.\n")
    first = desk.draft.steps[0]
    assert first.faults == ()
    assert "Still edited." in desk.draft.mail(first.name, desk.anna).text
    assert desk.draft.steps[2].faults


def test_a_step_that_was_mended_has_no_faults(desk: Desk) -> None:
    good = desk.files[2].read_text(encoding="utf-8")
    desk.write(desk.files[2], BROKEN)
    assert desk.write(desk.files[2], good) == (desk.slug,)
    assert all(not each.faults for each in desk.draft.steps)


def test_a_step_that_never_was_good_is_there_by_its_file(desk: Desk) -> None:
    desk.write(desk.folder / "08-new.md", BROKEN)
    new = desk.draft.step("08-new")
    assert (new.number, new.step, new.name) == (8, None, "08-new")
    assert new.faults
    with pytest.raises(InputError) as caught:
        desk.draft.mail("08-new", desk.anna)
    assert caught.value.faults == new.faults
    assert len(desk.draft.campaign.steps if desk.draft.campaign else ()) == 7


@pytest.mark.parametrize("half", ["", None])
def test_a_file_half_saved_is_not_forgotten(desk: Desk, half: str | None) -> None:
    step, path = desk.draft.steps[2].step, desk.files[2]
    assert step is not None
    if half is None:
        path.unlink()
        desk.drafts.refresh()
        assert len(desk.draft.steps) == 6
    else:
        desk.write(path, half)
        assert desk.draft.steps[2].step == step
    desk.write(path, BROKEN)
    assert desk.draft.steps[2].step == step
    assert desk.draft.steps[2].faults


def test_a_broken_campaign_yaml_stays_as_it_was(desk: Desk) -> None:
    before = desk.draft.campaign
    assert before is not None
    name = desk.draft.steps[0].name
    for text in (BROKEN, ""):
        desk.write(desk.folder / "campaign.yaml", text)
        assert desk.draft.campaign == before
        assert desk.draft.faults
        assert {fault.place and fault.place.file for fault in desk.draft.faults} == {str(desk.folder / "campaign.yaml")}
        assert desk.draft.mail(name, desk.anna).faults == ()
    (desk.folder / "campaign.yaml").unlink()
    assert desk.drafts.refresh() == (desk.slug,)
    assert desk.draft.campaign == before
    assert "no such file" in desk.draft.faults[0].message
    desk.write(desk.files[0], desk.files[0].read_text(encoding="utf-8") + "\nStill edited.\n")
    assert "Still edited." in desk.draft.mail(name, desk.anna).text


def test_a_campaign_that_never_was_good_shows_its_faults(desk: Desk) -> None:
    (desk.folder / "campaign.yaml").write_text("name: [", encoding="utf-8")
    draft = Drafts(desk.project).draft(desk.slug)
    assert draft.campaign is None
    assert draft.faults
    assert [each.step for each in draft.steps] == [None] * 7
    with pytest.raises(InputError) as caught:
        draft.mail(draft.steps[0].name, desk.anna)
    assert caught.value.faults == draft.faults


def test_all_steps_broken_from_the_start(desk: Desk) -> None:
    for path in desk.files:
        path.write_text(BROKEN, encoding="utf-8")
    draft = Drafts(desk.project).draft(desk.slug)
    assert draft.campaign is None
    assert draft.faults == ()
    assert all(each.faults and each.step is None for each in draft.steps)


@pytest.mark.parametrize(("name", "text"), [("outline.yaml", "weeks: none"), ("../../catalog.yaml", "products: 3")])
def test_broken_files_beside_the_steps_hold_nothing_up(desk: Desk, name: str, text: str) -> None:
    before = desk.draft.campaign
    desk.write(desk.folder / name, text)
    assert desk.draft.campaign == before
    assert [str(fault.place).partition(":")[0] for fault in desk.draft.faults] == [
        str((desk.folder / name).resolve() if ".." in name else desk.folder / name)
    ]
    assert all(not each.faults for each in desk.draft.steps)


def test_a_file_in_another_encoding_is_a_fault_of_its_step(desk: Desk) -> None:
    step = desk.draft.steps[0].step
    desk.files[0].write_bytes("---\nsubject: Grüße\n---\n".encode("utf-16"))
    desk.drafts.refresh()
    assert desk.draft.steps[0].step == step
    assert "UTF-16" in desk.draft.steps[0].faults[0].message


def test_a_file_that_clashes_is_at_fault_and_not_the_one_it_clashes_with(desk: Desk) -> None:
    first, fifth = desk.draft.steps[0].step, desk.draft.steps[4].step
    assert first is not None
    assert fifth is not None
    desk.change(desk.files[0], f"id: {first.id}", f"id: {fifth.id}")
    assert [each.step for each in desk.draft.steps][:1] == [first]
    assert desk.draft.steps[4].step == fifth
    told = [fault for each in desk.draft.steps for fault in each.faults]
    assert len(told) == 1
    assert f"is also that of {desk.files[0].name}" in told[0].message


def test_a_step_that_is_taken_away_breaks_no_other_for_good(desk: Desk) -> None:
    """A note that repeats it is at fault, and its mail stands as it was."""
    noted = next(each for each in desk.draft.steps if each.step and "repeats=stop-ask-help" in each.step.body)
    good = desk.draft.mail(noted.name, desk.anna).html
    next(path for path in desk.files if "stop-ask-help" in path.name).unlink()
    desk.drafts.refresh()
    again = desk.draft.step(noted.name)
    assert again.faults
    mail = desk.draft.mail(noted.name, desk.anna)
    assert (mail.html, mail.faults) == (good, again.faults)


def test_jinja_that_cannot_be_rendered_leaves_the_last_good_mail(desk: Desk) -> None:
    step = desk.draft.steps[1].step
    assert step is not None
    good = desk.draft.mail(step.id, desk.anna)
    desk.write(desk.files[1], desk.files[1].read_text(encoding="utf-8") + "\n{{ subscriber.frist_name }}\n")
    for who in (desk.anna, desk.drafts.person("misaki")):
        mail = desk.draft.mail(step.id, who)
        assert "frist_name" in mail.faults[0].message
        assert mail.subscriber == who
    assert desk.draft.mail(step.id, desk.anna).html == good.html
    with pytest.raises(InputError, match="frist_name"):
        Drafts(desk.project).draft(desk.slug).mail(step.id, desk.anna)


def test_a_broken_theme_leaves_the_last_good_mails(desk: Desk) -> None:
    name = desk.draft.steps[0].name
    good = desk.draft.mail(name, desk.anna)
    theme = desk.root / "templates" / "email" / "weekly" / "parts"
    theme.mkdir(parents=True)
    assert desk.write(theme / "plain.html.jinja", "{% if %}") == (desk.slug,)
    mail = desk.draft.mail(name, desk.anna)
    assert mail.html == good.html
    assert "plain.html.jinja" in str(mail.faults[0])
    desk.write(theme / "plain.html.jinja", "<div>Mine: {{ content }}</div>")
    mail = desk.draft.mail(name, desk.anna)
    assert mail.faults == ()
    assert "Mine:" in mail.html


def test_settings_are_followed_and_broken_ones_stay_as_they_were(desk: Desk) -> None:
    name, config = desk.draft.steps[0].name, desk.root / "config.yaml"
    good = config.read_text(encoding="utf-8")
    assert "Example Street" in good
    desk.change(config, "Example Street", "Other Street")
    assert "Other Street" in desk.draft.mail(name, desk.anna).text
    assert desk.write(config, "brand: {acent: red}") == (desk.slug,)
    assert "Other Street" in desk.draft.mail(name, desk.anna).text
    assert "acent" in desk.draft.faults[0].message
    config.unlink()
    desk.drafts.refresh()
    assert "Other Street" in desk.draft.mail(name, desk.anna).text
    assert "no such file" in desk.draft.faults[0].message
    desk.write(config, good)
    assert desk.draft.faults == ()
    assert desk.drafts.project == desk.project


def test_people_are_followed_and_broken_ones_stay_as_they_were(desk: Desk) -> None:
    name, file = desk.draft.steps[0].name, desk.root / "people" / "anna.yaml"
    desk.change(file, "Anna", "Annabel")
    assert "Annabel" in desk.draft.mail(name, desk.anna).text
    before = desk.drafts.people
    assert desk.write(file, "email: nobody") == (desk.slug,)
    assert desk.drafts.people == before
    assert str(file) in str(desk.draft.faults[0])
    shutil.rmtree(desk.root / "people")
    desk.drafts.refresh()
    assert [each.name for each in desk.drafts.people] == [each.name for each in before]


def test_campaigns_come_and_go_and_two_of_one_id_are_told(desk: Desk) -> None:
    other = desk.root / "campaigns" / "zz-copy"
    shutil.copytree(desk.folder, other)
    assert desk.drafts.refresh() == ("zz-copy",)
    assert list(desk.drafts.slugs) == [desk.slug, "zz-copy"]
    [fault] = desk.drafts.draft("zz-copy").faults
    assert f"is also that of {desk.slug!r}" in fault.message
    shutil.rmtree(other)
    assert desk.drafts.refresh() == ("zz-copy",)
    assert list(desk.drafts.slugs) == [desk.slug]
    with pytest.raises(UnknownName):
        desk.drafts.draft("zz-copy")


def test_one_campaign_by_its_path_stands_outside_of_the_project(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere" / "series"
    shutil.copytree(desk.folder, outside)
    drafts = Drafts(desk.project, str(outside))
    assert drafts.slugs == ("series",)
    [path, *_] = sorted(outside.glob("0*.md"))
    path.write_text(path.read_text(encoding="utf-8") + "\nFrom elsewhere.\n", encoding="utf-8")
    assert drafts.refresh() == ("series",)
    draft = drafts.draft("series")
    assert "From elsewhere." in draft.mail(draft.steps[0].name, drafts.person("")).text
    assert Drafts(desk.project, desk.slug).slugs == (desk.slug,)


@pytest.mark.parametrize("digit", ["²", "٣", "①"])
def test_a_digit_of_another_script_makes_no_step(desk: Desk, digit: str) -> None:
    steps = desk.draft.steps
    assert desk.write(desk.folder / f"{digit}-notes.md", "a note") == (desk.slug,)
    assert desk.draft.steps == steps
    assert [each.message for each in desk.draft.faults] == ["a step's file name begins with its number"]
    assert desk.change(desk.files[0], "subject: ", "subject: My ") == (desk.slug,)
    step = desk.draft.steps[0].step
    assert step is not None
    assert step.subject.startswith("My ")


@pytest.mark.parametrize("method", ["read", "changed"])
def test_a_campaign_that_fails_unexpectedly_keeps_no_other_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    shutil.copytree(desk.folder, desk.root / "campaigns" / "another")
    desk.change(desk.root / "campaigns" / "another" / "campaign.yaml", "\nid: ", "\nid: x")
    real = getattr(Folder, method)

    def failing(self: Folder, *args: object) -> object:
        if self.path.name == "another":
            raise ZeroDivisionError
        return real(self, *args)

    before = desk.drafts.draft("another")
    monkeypatch.setattr(Folder, method, failing)
    with (desk.root / "campaigns" / "another" / "campaign.yaml").open("a") as file:
        file.write("# more\n")
    assert set(desk.change(desk.files[0], "subject: ", "subject: My ")) == {"another", desk.slug}
    after = desk.drafts.draft("another")
    assert (after.campaign, after.steps) == (before.campaign, before.steps)
    [fault] = after.faults
    assert "(ZeroDivisionError at test_drafts.py:" in fault.message
    assert desk.draft.faults == ()
    assert desk.drafts.refresh() == ()  # nothing new
    assert Drafts(desk.project).draft("another").campaign is None
    monkeypatch.undo()
    with (desk.root / "campaigns" / "another" / "campaign.yaml").open("a") as file:
        file.write("# and more\n")
    assert desk.drafts.refresh() == ("another",)
    assert desk.drafts.draft("another").faults == ()


def test_a_theme_behind_a_link_is_followed(desk: Desk, tmp_path: Path) -> None:
    shared, theme = tmp_path / "shared", desk.root / "templates" / "email" / "weekly"
    shutil.copytree(shipped("templates") / "email" / "weekly", shared)
    theme.parent.mkdir(parents=True, exist_ok=True)
    theme.symlink_to(shared)
    desk.drafts.refresh()
    name = desk.draft.steps[0].name
    assert "NEW WORDS" not in desk.draft.mail(name, desk.anna).html
    assert desk.change(shared / "mail.html.jinja", "</body>", "<p>NEW WORDS</p></body>") == (desk.slug,)
    assert "NEW WORDS" in desk.draft.mail(name, desk.anna).html


def test_a_step_whose_name_is_no_text_is_left_out(desk: Desk) -> None:
    steps = desk.draft.steps
    odd = os.fsdecode(os.fsencode(desk.folder) + b"/08-caf\xe9.md")
    assert desk.write(Path(odd), "x") == (desk.slug,)
    [fault] = desk.draft.faults
    assert "not written in UTF-8" in fault.message
    assert fault.place == Place(str(desk.folder / "08-caf\ufffd.md"))
    assert desk.draft.steps == steps
    with pytest.raises(CampaignError, match="not written in UTF-8"):
        campaigns.read(desk.folder, project=desk.project)
    assert desk.change(desk.files[0], "subject: ", "subject: My ") == (desk.slug,)
    assert [each.step.subject[:3] for each in desk.draft.steps[:1] if each.step] == ["My "]
    Path(odd).unlink()
    assert desk.drafts.refresh() == (desk.slug,)
    assert desk.draft.faults == ()


def test_people_and_campaigns_whose_names_are_no_text_are_left_out(desk: Desk) -> None:
    people, slugs = desk.drafts.people, desk.drafts.slugs
    odd = os.fsdecode(b"caf\xe9")
    person = desk.root / "people" / f"{odd}.yaml"
    assert desk.write(person, (desk.root / "people" / "anna.yaml").read_text("utf-8")) == (desk.slug,)
    assert desk.drafts.people == people
    shutil.copytree(desk.folder, desk.root / "campaigns" / odd)
    assert desk.drafts.refresh() == (desk.slug,)
    assert desk.drafts.slugs == slugs
    shown = [Place(str(desk.root / name)) for name in ("people/caf\ufffd.yaml", "campaigns/caf\ufffd")]
    assert [each.place for each in desk.draft.faults] == [each.place for each in desk.drafts.faults] == shown
    with pytest.raises(CampaignError, match="not written in UTF-8"):
        Drafts(desk.project, odd)
    with pytest.raises(CampaignError, match="not written in UTF-8"):
        campaigns.read_all(desk.project)


def test_a_person_who_is_somebody_else_now_gets_another_mail(desk: Desk) -> None:
    name = desk.draft.steps[0].name
    assert "Hello Anna" in desk.draft.mail(name, desk.anna).text
    assert "Hello Bea" in desk.draft.mail(name, replace(desk.anna, first_name="Bea")).text


def test_many_threads_see_whole_drafts(desk: Desk) -> None:
    """While files change, whoever asks gets mails of one moment, and no error."""
    names, failures = [each.name for each in desk.draft.steps], []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                draft = desk.draft
                for name in names[:2]:
                    assert draft.mail(name, desk.anna).html
        except Exception as error:  # the test tells it
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    text = desk.files[0].read_text(encoding="utf-8")
    for number in range(5):
        desk.write(desk.files[0], f"{text}\nEdit {number}.\n")
        desk.write(desk.files[1], BROKEN if number % 2 else desk.files[6].read_text(encoding="utf-8"))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
