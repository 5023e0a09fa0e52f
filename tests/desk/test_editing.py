"""Fields beside a mail: the same file is saved, and nothing that somebody wrote is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from backmail.config import Project, find_project
from backmail.desk.editing import Changed, StepForm, form_of, save
from backmail.errors import BackmailError, CampaignError, InputError

STEP = """\
---
# why this mail is first
id: why   # permanent
subject: 'Why it''s time'
preheader: A line that inboxes show.
after: 0
action: {text: "Ask us, please", kind: reply}   # one thing
teaser: ""
---
Hello {{ subscriber.first_name | default('there') }},

::: how-to id=b01
keep `{{` and {% raw %}{%{% endraw %}
:::

---

{# a remark #} Ærlig talt 🙂
"""
CAMPAIGN = """\
format: 1
id: c-aaaaaa
name: Test
kind: drip
from: {name: Anna, email: anna@example.org}
"""


@dataclass
class Desk:
    """One campaign of one step, to be edited."""

    project: Project
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "01-why.md"

    def form(self) -> StepForm:
        one: Any = type("One", (), {"folder": self.folder, "file": "01-why.md"})
        return form_of(one, one)

    def save(self, **changes: str) -> None:
        save(self.project, self.folder, "01-why.md", replace(self.form(), **changes))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    folder = tmp_path / "campaigns" / "test"
    folder.mkdir(parents=True)
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    (folder / "01-why.md").write_bytes(STEP.encode())
    return Desk(find_project(tmp_path), folder)


def test_the_form_says_what_the_file_says(desk: Desk) -> None:
    form = desk.form()
    assert (form.subject, form.preheader) == ("Why it's time", "A line that inboxes show.")
    assert (form.action_text, form.action_kind, form.action_url) == ("Ask us, please", "reply", "")
    assert form.body == STEP.partition('""\n---\n')[2]


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"subject": "Now: or never"}, "'Why it''s time'", '"Now: or never"'),
        ({"subject": "{{ campaign.name }} – nu"}, "'Why it''s time'", '"{{ campaign.name }} – nu"'),
        ({"preheader": ""}, "preheader: A line that inboxes show.\n", ""),
        ({"action_text": "No, thanks"}, '"Ask us, please"', '"No, thanks"'),
        ({"action_kind": "link", "action_url": "https://example.org/x"}, "reply}", 'link, url: "https://example.org/x"}'),
        ({"action_kind": "none"}, "reply}", "none}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_what_was_changed_changes(
    desk: Desk, changes: dict[str, str], before: str, after: str, break_: str, mark: str
) -> None:
    desk.path.write_bytes((mark + STEP).replace("\n", break_).encode())
    desk.save(**changes)
    assert desk.path.read_bytes().decode() == (mark + STEP.replace(before, after, 1)).replace("\n", break_)


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_body_is_saved_as_it_was_typed_with_the_line_ends_of_the_file(desk: Desk, break_: str) -> None:
    desk.path.write_bytes(STEP.replace("\n", break_).encode())
    typed = "\n---\nHi {{ subscriber.email }} {# x #}\n\n::: how-to id=b01\n{% raw %}{{{% endraw %} ø\n:::\n---\nend"
    desk.save(body=typed.replace("\n", "\r\n"))  # as a browser sends it
    head = STEP.partition('""\n---\n')[0] + '""\n---\n'
    assert desk.path.read_bytes().decode() == (head + typed).replace("\n", break_)
    assert desk.form().body == typed


def test_line_ends_that_are_mixed_stay_when_the_body_does(desk: Desk) -> None:
    desk.path.write_bytes(STEP.encode() + b"one\r\ntwo\rthree\n")
    desk.save(subject="Other", body=desk.form().body.replace("\n", "\r\n"))
    assert desk.path.read_bytes().endswith(b"one\r\ntwo\rthree\n")


@pytest.mark.parametrize(("head", "body"), [("\n", "\r\n"), ("\r\n", "\n"), ("\n", "\r")])
def test_a_body_keeps_its_own_line_ends(desk: Desk, head: str, body: str) -> None:
    settings, fence, text = STEP.partition('""\n---\n')
    top = (settings + fence).replace("\n", head)
    desk.path.write_bytes((top + text.replace("\n", body)).encode())
    desk.save(body=desk.form().body.replace("Hello", "Hi\nand hello").replace("\n", "\r\n"))
    assert desk.path.read_bytes().decode() == top + text.replace("Hello", "Hi\nand hello").replace("\n", body)


def test_of_mixed_line_ends_those_of_lines_that_stay_do(desk: Desk) -> None:
    head = STEP.partition('""\n---\n')[0] + '""\n---\n'
    desk.path.write_bytes(head.encode() + b"one\r\ntwo\n\nthree\rfour\n\r\nfive")
    desk.save(body="one\n2\n\nthree\nand\nfour\n\nfive!\n")
    assert desk.path.read_bytes() == head.encode() + b"one\r\n2\r\n\nthree\rand\r\nfour\n\r\nfive!\r\n"


def test_an_action_comes_and_its_link_goes(desk: Desk) -> None:
    desk.path.write_text(STEP.replace('action: {text: "Ask us, please", kind: reply}   # one thing\n', ""), "utf-8")
    assert desk.form().action_kind == "none"
    desk.save(action_text="Read on", action_kind="link", action_url="https://example.org")
    assert "action:\n  text: Read on\n  kind: link\n  url: https://example.org\n---\n" in desk.path.read_text("utf-8")
    desk.save(action_kind="print")
    assert "action:\n  text: Read on\n  kind: print\n---\n" in desk.path.read_text("utf-8")


def test_nothing_is_written_where_nothing_changed(desk: Desk) -> None:
    before = desk.path.stat().st_mtime_ns, desk.path.stat().st_ino
    desk.save()
    assert (desk.path.stat().st_mtime_ns, desk.path.stat().st_ino) == before


def test_a_file_that_was_changed_underneath_is_left_alone(desk: Desk) -> None:
    form = desk.form()
    theirs = STEP.replace("time'", "now'").encode()
    desk.path.write_bytes(theirs)
    with pytest.raises(Changed, match="changed since you began") as refused:
        save(desk.project, desk.folder, "01-why.md", replace(form, subject="Mine"))
    assert refused.value.present is not None
    assert refused.value.present.subject == "Why it's now"
    assert desk.path.read_bytes() == theirs
    save(desk.project, desk.folder, "01-why.md", replace(form, subject="Mine", seen=refused.value.present.seen))
    assert "subject: Mine\n" in desk.path.read_text("utf-8")


def test_a_file_that_was_broken_underneath_is_left_alone(desk: Desk) -> None:
    form = desk.form()
    desk.path.write_bytes(b"---\nid: [\n---\n")
    with pytest.raises(Changed) as refused:
        save(desk.project, desk.folder, "01-why.md", form)
    assert refused.value.present is None


@pytest.mark.parametrize(
    ("changes", "line", "said"),
    [
        ({"subject": ""}, 4, "subject"),
        ({"subject": "a\u2028b"}, 4, "one line"),
        ({"action_kind": "link"}, 7, "needs a url"),
        ({"action_url": "https://example.org"}, 7, "reply has no url"),
        ({"action_kind": "dance"}, 7, "dance"),
        ({"action_text": ""}, 7, "a button needs a text"),
        ({"body": "::: how-to id=x\nnever closed\n"}, 10, "closed"),
    ],
)
def test_what_could_not_be_read_again_is_refused_at_its_line(
    desk: Desk, changes: dict[str, str], line: int, said: str
) -> None:
    with pytest.raises(CampaignError, match=said) as refused:
        desk.save(**changes)
    place = refused.value.faults[0].place
    assert place is not None
    assert (Path(place.file).name, place.line) == ("01-why.md", line)
    assert desk.path.read_bytes() == STEP.encode()


def test_faults_that_only_follow_are_not_told(desk: Desk) -> None:
    note = "---\nid: two\nsubject: Two\n---\n::: note id=b1 repeats=why\nStop.\n:::\n"
    (desk.folder / "02-two.md").write_text(note, "utf-8")
    with pytest.raises(CampaignError) as refused:
        desk.save(action_kind="link")
    assert len(refused.value.faults) == 1


def test_another_broken_file_is_no_reason_to_refuse(desk: Desk) -> None:
    (desk.folder / "02-other.md").write_text("no settings", "utf-8")
    desk.save(subject="Other")
    assert "subject: Other\n" in desk.path.read_text("utf-8")


@pytest.mark.parametrize("text", [b"---\nid: [\n---\n", b"no settings\n", b"\xff\xfe"])
def test_a_file_whose_settings_cannot_be_read_has_no_form(desk: Desk, text: bytes) -> None:
    desk.path.write_bytes(text)
    with pytest.raises(InputError):
        desk.form()


def test_mode_and_link_stay(desk: Desk, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.md"
    desk.path.rename(real)
    real.chmod(0o640)
    desk.path.symlink_to(real)
    desk.save(subject="Other")
    assert desk.path.is_symlink()
    assert "subject: Other\n" in real.read_text("utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_read_only_is_left_alone(desk: Desk) -> None:
    desk.path.chmod(0o444)
    with pytest.raises(PermissionError, match="the file is read-only"):
        desk.save(subject="Other")
    assert desk.path.read_bytes() == STEP.encode()
    assert desk.path.stat().st_mode & 0o777 == 0o444


def test_a_link_that_lies_in_wait_is_not_written_through(desk: Desk, tmp_path: Path) -> None:
    victim = tmp_path / "victim.rc"
    victim.write_text("precious\n", "utf-8")
    (desk.folder / ".01-why.md.partial").symlink_to(victim)
    desk.save(subject="Other")
    assert victim.read_text("utf-8") == "precious\n"
    assert not desk.path.is_symlink()
    assert "subject: Other\n" in desk.path.read_text("utf-8")


def test_a_save_beside_a_move_of_another_program_is_refused(desk: Desk) -> None:
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(desk.folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(CampaignError, match="another backmail is changing the files"):
            desk.save(subject="Other")
    finally:
        os.close(handle)
    assert desk.path.read_bytes() == STEP.encode()


@pytest.mark.parametrize("dies", ["replace", "fsync"])
def test_a_disk_that_gives_up_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, dies: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, dies, full)
    with pytest.raises(OSError, match="No space"):
        desk.save(subject="Other")
    assert desk.path.read_bytes() == STEP.encode()
    assert sorted(path.name for path in desk.folder.iterdir()) == ["01-why.md", "campaign.yaml"]


def test_of_two_who_save_at_once_one_is_told(desk: Desk) -> None:
    form, start = desk.form(), threading.Barrier(2)
    told: list[BackmailError | None] = []

    def one(subject: str) -> None:
        start.wait()
        try:
            save(desk.project, desk.folder, "01-why.md", replace(form, subject=subject))
            told.append(None)
        except BackmailError as error:
            told.append(error)

    threads = [threading.Thread(target=one, args=(subject,)) for subject in ("First", "Second")]
    run(threads)
    assert sorted(type(each) is Changed for each in told) == [False, True]
    assert desk.form().subject in ("First", "Second")


def run(threads: list[threading.Thread]) -> None:
    do: Callable[[threading.Thread], None]
    for do in (threading.Thread.start, threading.Thread.join):
        for thread in threads:
            do(thread)
