"""The findings of a draft are those of `check`, after every edit, and only what was changed is judged again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backmail.cli import perform
from backmail.config import start_project
from backmail.desk import check, workshop
from backmail.desk.preview.drafts import Drafts
from backmail.model.campaign import Severity
from tests.desk.preview.conftest import Desk


def findings_of_check(desk: Desk) -> list[Any]:
    """Return what `check` says of the campaign, read and judged from nothing."""
    return check.check(check.read_all(desk.project, [desk.slug])[0], desk.project)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def clash(desk: Desk) -> None:
    step = desk.draft.steps[0].step
    assert step is not None
    old = next(line for line in desk.files[1].read_text(encoding="utf-8").split("\n") if line.startswith("subject: "))
    change(desk.files[1], old, f"subject: {step.subject}")


# Each of them makes findings that were not there before.
EDITS: tuple[Callable[[Desk], object], ...] = (
    lambda desk: append(desk.files[1], "\n[click here](http://example.org)\n"),
    lambda desk: append(desk.files[1], "\n{{ subscriber.nmae }}\n"),
    clash,
    lambda desk: append(desk.files[0], "\n![A chair](images/chair.jpg)\n"),
    lambda desk: change(desk.root / "config.yaml", "public_url:", "public_url: http://127.0.0.1:8000 #"),
    lambda desk: append(desk.folder / "article.txt", "\nOne more thing to say at the end.\n"),
    lambda desk: desk.files[1].unlink(),
)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one campaign of two mails, and one person: to judge more takes long and shows nothing else."""
    root = tmp_path_factory.mktemp("short") / "project"
    start_project(root)
    shutil.rmtree(root / "campaigns")
    shutil.copy(Path(__file__).parents[1] / "pots.txt", root)
    new = ["new", str(root / "pots.txt"), "--name", "pots", "--weeks", "2", "--project", str(root)]
    assert perform(new) == 0
    for path in (root / "people").iterdir():
        if path.stem != "anna":
            path.unlink()
    return root


@pytest.fixture
def desk(short: Path, tmp_path: Path) -> Desk:
    """A copy of it."""
    return Desk(Path(shutil.copytree(short, tmp_path / "project")), "pots")


def test_findings_are_those_of_check(desk: Desk) -> None:
    assert desk.draft.findings is None
    assert desk.drafts.check(desk.slug)
    assert desk.draft.findings is not None
    assert list(desk.draft.findings.all) == findings_of_check(desk)
    assert not desk.drafts.check(desk.slug)


def test_findings_are_those_of_check_after_each_edit(desk: Desk) -> None:
    desk.drafts.check(desk.slug)
    before: set[str] = set()
    for number, edit in enumerate(EDITS):
        edit(desk)
        assert desk.drafts.refresh() == (desk.slug,), number
        assert desk.draft.findings is None
        assert desk.drafts.check(desk.slug)
        assert desk.draft.findings is not None
        assert list(desk.draft.findings.all) == findings_of_check(desk), number
        told = {finding.message for finding in desk.draft.findings.all}
        assert told - before, number
        before = told


def test_only_what_was_changed_is_judged_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = check.of_mail

    def counted(renderer: Any, step: Any, subscriber: Any) -> Any:
        judged.append(step.id)
        return real(renderer, step, subscriber)

    monkeypatch.setattr(check, "of_mail", counted)
    people = len(check.readers(desk.drafts.people))
    desk.drafts.check(desk.slug)
    assert len(judged) == 2 * people
    judged.clear()
    append(desk.files[1], "\nMore.\n")
    desk.drafts.refresh()
    desk.drafts.check(desk.slug)
    assert judged == [desk.draft.steps[1].name] * people
    judged.clear()
    shutil.copy(desk.root / "people" / "anna.yaml", desk.root / "people" / "anni.yaml")
    desk.drafts.refresh()
    desk.drafts.check(desk.slug)
    assert judged == [each.name for each in desk.draft.steps]
    judged.clear()
    change(desk.root / "people" / "anna.yaml", "Anna", "Annabel")
    desk.drafts.refresh()
    desk.drafts.check(desk.slug)
    assert judged == [each.name for each in desk.draft.steps]


def test_the_article_is_understood_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    understood: list[object] = []
    real = workshop.articles_of

    def counted(*given: Any) -> Any:
        understood.append(given)
        return real(*given)

    monkeypatch.setattr(workshop, "articles_of", counted)
    for number in range(3):
        append(desk.files[1], f"\nMore {number}.\n")
        desk.drafts.refresh()
        desk.drafts.check(desk.slug)
    assert len(understood) == 1
    append(desk.folder / "article.txt", "\nAnd an end.\n")
    desk.drafts.refresh()
    desk.drafts.check(desk.slug)
    assert len(understood) == 2


def test_a_check_stops_when_there_is_a_newer_draft(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = check.of_mail

    def counted(renderer: Any, step: Any, subscriber: Any) -> Any:
        judged.append(step.id)
        if len(judged) == 3:
            append(desk.files[0], "\nSaved meanwhile.\n")
            desk.drafts.refresh()
        return real(renderer, step, subscriber)

    monkeypatch.setattr(check, "of_mail", counted)
    old = desk.draft
    assert not desk.drafts.check(desk.slug)
    assert len(judged) == 3
    assert old.findings is None
    assert desk.draft.findings is None
    assert desk.drafts.check(desk.slug)
    assert desk.draft.findings is not None


def test_broken_files_are_findings_and_the_rest_is_judged(desk: Desk) -> None:
    append(desk.files[0], "\n[click here](http://example.org)\n")
    desk.write(desk.files[1], "---\nid: [\n---\n")
    desk.write(desk.folder / "outline.yaml", "weeks: many")
    desk.drafts.check(desk.slug)
    found = desk.draft.findings
    assert found is not None
    step = desk.draft.steps[1]
    [own] = found.of(step.name)
    assert (own.id, own.severity, own.message) == ("file-unusable", Severity.ERROR, step.faults[0].message)
    assert own.place == step.faults[0].place
    [whole] = [finding for finding in found.of("") if finding.id == "file-unusable"]
    assert whole.place is not None
    assert whole.place.file == str(desk.folder / "outline.yaml")
    assert any(finding.id == "a11y-link-text" for finding in found.of(desk.draft.steps[0].name))
    assert found.count(Severity.ERROR) >= 2
    assert found.count(Severity.ERROR, step.name) == 1
    assert found.all[0].severity is Severity.ERROR
    assert {finding.campaign for finding in found.all} == {desk.slug}


def test_a_campaign_that_never_was_good_has_its_faults_as_findings(desk: Desk) -> None:
    (desk.folder / "campaign.yaml").write_text("name: [", encoding="utf-8")
    drafts = Drafts(desk.project)
    drafts.check(desk.slug)
    found = drafts.draft(desk.slug).findings
    assert found is not None
    assert [finding.message for finding in found.all] == [fault.message for fault in drafts.draft(desk.slug).faults]


def test_the_heaviest_mail_is_that_of_the_longest_person(desk: Desk) -> None:
    desk.drafts.check(desk.slug)
    found = desk.draft.findings
    assert found is not None
    for each in desk.draft.steps:
        heaviest = found.heaviest[each.name]
        assert heaviest.person == "somebody with very long names"
        assert heaviest.size == desk.draft.mail(each.name, check.LONG).size
        assert all(desk.draft.mail(each.name, who).size <= heaviest.size for who in desk.drafts.people)
    append(desk.files[0], "\n{% if subscriber.first_name == 'Anna' %}\n" + "long " * 500 + "\n{% endif %}\n")
    desk.drafts.refresh()
    desk.drafts.check(desk.slug)
    assert desk.draft.findings is not None
    assert desk.draft.findings.heaviest[desk.draft.steps[0].name].person == "Anna Holm"
