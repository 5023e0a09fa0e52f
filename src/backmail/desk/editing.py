"""The fields of a step, to be changed beside its mail: read from its file, and saved into the same file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from backmail import campaign as campaigns
from backmail.config import Project
from backmail.desk import saving
from backmail.desk.preview.drafts import Draft, DraftStep
from backmail.errors import BackmailError, CampaignError, Fault, InputError, Place
from backmail.yamlfile import Document, front_matter, line_end, read_text, settings_of, unified, with_value

__all__ = ["ACTIONS", "Changed", "StepForm", "form_of", "proposals", "save"]

ACTIONS = ("link", "calendar", "print", "reply", "none")

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class StepForm:
    """What can be changed of a step beside its mail. The body's line ends are \\n, whatever the file's are.

    `seen` is the sha256 of the file's bytes as they were when the form was filled.
    """

    subject: str
    preheader: str
    action_text: str
    action_kind: str
    action_url: str
    body: str
    seen: str


class Changed(CampaignError):  # noqa: N818  # it says what happened
    """The file was changed since the form was filled. `present` is what stands in it now, None where it is unreadable.

    `exit_code` is that of an input: nothing was written.
    """

    def __init__(self, fault: Fault, present: StepForm | None) -> None:
        super().__init__(fault)
        self.present = present


def proposals(draft: Draft, step: DraftStep, form: StepForm) -> tuple[str, ...]:
    """Return the subjects that were proposed for a step when it was made from the article, but the one in the form."""
    proposed = campaigns.proposed_subjects(draft.folder).get(step.step.id if step.step else "", ())
    return tuple(subject for subject in proposed if subject != form.subject)


def form_of(draft: Draft, step: DraftStep) -> StepForm:
    """Return the fields of a step as its file stands on disk now, which may be newer than the draft.

    Raises:
        InputError: the file cannot be read, or its settings cannot: they are mended in an editor.
    """
    return _form(draft.folder / step.file)


def save(project: Project, folder: Path, file: str, changed: StepForm) -> None:
    """Write what was changed of a step into its file; all else in it stays as it is, to the last byte.

    Args:
        project: the project that the campaign stands in.
        folder: the campaign's folder.
        file: the step's file in it.
        changed: all fields, those that were left alone among them.

    Raises:
        Changed: the file was changed since `changed.seen`; nothing is written.
        CampaignError: with these fields the step could not be read: all its faults; or another program changes files of
            the campaign at this moment. Nothing is written.
        InputError: the file or its settings cannot be read.
        OSError: the disk is full, or the file is read-only; it is as it was then.
    """
    path = folder / file
    with saving.alone(folder):  # two pages may save the same file at once: one of them sees what the other wrote
        data = _bytes(path)
        if _seen(data) != changed.seen:
            raise _changed_underneath(path)
        raw = data.decode("utf-8")
        text = _with(raw, _form(path), changed, str(path))
        if text == raw:
            return
        _prove(project, folder, file, text)
        if _bytes(path) != data:  # reading took a moment, and editors save when they like
            raise _changed_underneath(path)
        saving.put(path, text.encode("utf-8"))


def _bytes(path: Path) -> bytes:
    read_text(path)  # says in plain words why it cannot be read
    return path.read_bytes()


def _seen(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _form(path: Path) -> StepForm:
    data = _bytes(path)
    document, body, _ = front_matter(read_text(path), str(path))
    if document is None:
        raise CampaignError(Fault("a step begins with its settings between two lines ---", Place(str(path), 1, 1)))
    kind = _said(document, "action", "kind")
    return StepForm(
        _said(document, "subject"),
        _said(document, "preheader"),
        _said(document, "action", "text"),
        kind or "none",
        _said(document, "action", "url"),
        body,
        _seen(data),
    )


def _said(document: Document, *path: str) -> str:
    """Return a value as text, a number as it was written; "" where there is none, or no text."""
    if (written := document.written(path)) is not None:
        return written
    value = document.data
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _changed_underneath(path: Path) -> Changed:
    try:
        present = _form(path)
    except InputError:
        present = None
    message = "this file was changed since you began: by your editor, or in another window?"
    hint = "nothing was saved; compare the two below, and save yours again or take the one on disk"
    return Changed(Fault(message, Place(str(path)), hint), present)


def _with(raw: str, present: StepForm, changed: StepForm, file: str) -> str:
    """Return the text of a step file with what differs from the fields as they are."""
    head, settings, rest = settings_of(raw)
    for path, value in _differing(present, changed):
        settings = with_value(settings, path, value, file=file, first_line=2)
    body = unified(changed.body)
    if body != present.body:
        fence = re.match(r"---[ \t]*(?:\r\n|\r|\n)?", rest)[0]  # type: ignore[index]  # with settings there is one
        between = "" if fence.endswith(("\r", "\n")) else line_end(raw)
        rest = fence + between + _with_line_ends(body, rest[len(fence) :], line_end(raw))
    return head + settings + rest


def _with_line_ends(body: str, former: str, otherwise: str) -> str:
    """Return a body whose lines end as those of the former one; lines that stay do so to the byte.

    Args:
        body: its line ends are \\n.
        former: what stood there, with the line ends of the file. New lines end as its first one does.
        otherwise: how lines end where the former body has no line end.
    """
    old, new = _LINES.findall(former), _LINES.findall(body)
    plain = [unified(line) for line in old]
    ends = {line_end(line) for line, read in zip(old, plain, strict=True) if read.endswith("\n")}
    usual = line_end(former) if ends else otherwise
    if len(ends) < 2:  # all alike
        return body.replace("\n", usual)
    made = []
    for what, begins, ends_at, from_, to in SequenceMatcher(None, plain, new).get_opcodes():
        made += old[begins:ends_at] if what == "equal" else [line.replace("\n", usual) for line in new[from_:to]]
    return "".join(made)


def _differing(present: StepForm, changed: StepForm) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Give the settings that change, each with its value; None for one that goes."""
    subject, preheader = changed.subject.strip(), changed.preheader.strip()
    if subject != present.subject.strip():
        yield ("subject",), subject
    if preheader != present.preheader.strip():
        yield ("preheader",), preheader or None
    text, kind, url = changed.action_text.strip(), changed.action_kind, changed.action_url.strip()
    if (text, kind, url) == (present.action_text.strip(), present.action_kind, present.action_url.strip()):
        return
    if kind != "link" and url == present.action_url.strip():
        url = ""  # the address of the link that was
    yield ("action", "text"), text
    yield ("action", "kind"), kind
    yield ("action", "url"), url or None


def _prove(project: Project, folder: Path, file: str, text: str) -> None:
    """See that the campaign can be read with this text; what other files suffer from already is not this one's fault.

    Raises:
        CampaignError: the faults that the text brings.
    """
    path = str(folder / file)
    before = _faults(project, folder, {})
    found = _faults(project, folder, {file: text})
    own = [fault for fault in found if fault.place and fault.place.file == path]
    new = own or [fault for fault in found if fault not in before]  # others may only follow from its own
    if new:
        raise CampaignError(new)


def _faults(project: Project, folder: Path, instead: dict[str, str]) -> tuple[Fault, ...]:
    try:
        campaigns.read(folder, project=project, instead=instead)
    except BackmailError as error:
        return error.faults
    return ()
