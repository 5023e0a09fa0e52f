"""The order of a campaign's steps, and how one of them gets another place: its file is renamed, its id stays."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backmail import campaign as campaigns
from backmail.campaign.folder import synced
from backmail.campaign.names import MOVE
from backmail.config import Project
from backmail.desk import check, saving
from backmail.errors import BackmailError, CampaignError, Fault, Place, UnknownName, did_you_mean
from backmail.model.campaign import Campaign, Finding, Step
from backmail.yamlfile import parse, read_text, settings_of, with_value

__all__ = ["Moved", "after_a_move", "finish", "listed", "move", "unsafe"]

_NUMBER = re.compile(r"[0-9]+")
_A_NAME = re.compile(r"[0-9][^/\\\0]*\.md")  # of a step, and nothing that leads out of its folder
_RULES = frozenset({"safety-late", "safety-absent", "product-first", "products-two", "lead-in-parted"})


@dataclass(frozen=True, slots=True)
class _Change:
    """One file of a move: its name now, its name then, and `after` as it is to stand in it (None: not at all)."""

    file: str
    name: str
    after: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: the steps in their new order, and the files that were renamed, each with its new name."""

    steps: tuple[Step, ...]
    renamed: tuple[tuple[str, str], ...]
    rhythm: bool  # whether waiting times went to other mails, because they stay with their places


def listed(name: str, project: Project) -> Campaign:
    """Return a campaign with its steps in order; a move that was interrupted is brought to its end first.

    Raises:
        InputError: there is no such campaign, or it cannot be read.
    """
    folder = campaigns.folder_of(name, project)
    with saving.TURN:
        finish(folder)
        return campaigns.read(folder, project=project)


def move(campaign: Campaign, step: str, after: str | None, project: Project) -> Moved:
    """Put a step behind another one, or (None) in front of all.

    The files get numbers anew, of two digits at least, so that the order of their names is that of the mails. Their ids
    stay, and so does the rhythm of the series: how long the third mail waits is the third place's, whichever mail
    stands there. The order is that of the files at this moment, which may be another than that of `campaign`.

    Raises:
        UnknownName: there is no such step, with the nearest that is.
        CampaignError: a step was to stand behind itself, another move is under way, or a file cannot be changed as it
            would have to be. Nothing was done then.
        OSError: a file is read-only, and nothing was done; or the disk gave up. The next call brings the move to its
            end then.
    """
    with saving.alone(campaign.folder):
        return _move(campaigns.read(campaign.folder, project=project), step, after, project)


def _move(campaign: Campaign, step: str, after: str | None, project: Project) -> Moved:
    steps = list(campaign.steps)
    moved = _named(campaign, step)
    before = None if after is None else _named(campaign, after)
    if moved is before:
        raise CampaignError(Fault(f"{moved.id!r} cannot stand behind itself", Place(str(campaign.folder / moved.file))))
    steps.remove(moved)
    steps.insert(steps.index(before) + 1 if before else 0, moved)
    plan = list(_planned(campaign, steps))
    rhythm = any(change.after != _after(campaign.folder / change.file) for change in plan)
    if rhythm or any(change.file != change.name for change in plan):
        _texts(campaign.folder, plan)  # what cannot be done is told before anything is
        _note(campaign, plan)
        _finish(campaign.folder)
    renamed = tuple((change.file, change.name) for change in plan if change.file != change.name)
    return Moved(campaigns.read(campaign.folder, project=project).steps, renamed, rhythm)


def after_a_move(campaign: Campaign, step: str, *, earlier: bool) -> str | None:
    """Return behind which step (None: in front of all) a step stands when it moves one place.

    Raises:
        UnknownName: there is no such step.
        CampaignError: it is the first or the last already.
    """
    moved = _named(campaign, step)
    at = campaign.steps.index(moved)
    if earlier:
        if at == 0:
            raise CampaignError(Fault("this is the first mail already", Place(str(campaign.folder / moved.file))))
        return campaign.steps[at - 2].id if at > 1 else None
    if at + 1 == len(campaign.steps):
        raise CampaignError(Fault("this is the last mail already", Place(str(campaign.folder / moved.file))))
    return campaign.steps[at + 1].id


def unsafe(campaign: Campaign, project: Project) -> list[Finding]:
    """Return what the order of the mails breaks of the rules of a series, such as exercises before their safety text.

    None where the article cannot be read: `check` says why.
    """
    try:
        found = check.against_the_article(campaign, project)
    except BackmailError:
        return []
    return [finding for finding in found if finding.id in _RULES]


def finish(folder: Path) -> None:
    """Bring a move that was interrupted to its end; without one nothing is done.

    Raises:
        CampaignError: what a file was to become stands there already, its settings cannot be read, the note of the move
            is none of ours, or another program is at it.
        OSError: the folder is not ours to write to.
    """
    if os.path.lexists(folder / MOVE):
        with saving.alone(folder):
            _finish(folder)


def _finish(folder: Path) -> None:
    """Do what the note of a move says; that there is none any longer is no fault: another thread had it."""
    plan = _noted(folder / MOVE)
    texts = _texts(folder, plan)
    for change in plan:
        old, new = folder / change.file, folder / change.name
        if change.file in texts:
            saving.put(old, texts[change.file].encode("utf-8"))
        if old != new and old.exists():
            _free(new, old)
            os.replace(old, new)  # noqa: PTH105  # the name under which a test can let it fail
    synced(folder)
    (folder / MOVE).unlink(missing_ok=True)


def _note(campaign: Campaign, plan: Sequence[_Change]) -> None:
    """Write down what a move is about to do.

    Raises:
        CampaignError: what another one is about to do is noted there.
    """
    journal = campaign.folder / MOVE
    note = {"schema": 1, "steps": [[change.file, change.name, change.after] for change in plan]}
    try:
        saving.put(journal, (json.dumps(note, indent=1) + "\n").encode(), new=True)
    except FileExistsError as error:
        hint = f"wait for it; if it was stopped: backmail steps {shlex.quote(campaign.slug)}"
        raise CampaignError(Fault("another move of these mails is under way", Place(str(journal)), hint)) from error


def _noted(journal: Path) -> list[_Change]:
    """Return what the note of a move says; nothing where there is none.

    A note may come with a project that somebody else made. It names steps of its own folder, or it is not followed.

    Raises:
        CampaignError: it is none of ours.
    """
    try:
        if journal.is_symlink():
            raise ValueError("a link")
        steps = json.loads(journal.read_text(encoding="utf-8"))["steps"]
        json.dumps(steps, ensure_ascii=False).encode("utf-8")  # half of a sign, which no file can be called
        plan = [_Change(*each) for each in steps]
        if not all(_is_ours(change) for change in plan):
            raise ValueError("no names of steps")
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        hint = "delete it; `backmail steps` says how the mails stand"
        raise CampaignError(Fault("this note of a move cannot be read", Place(str(journal)), hint)) from error
    return plan


def _is_ours(change: _Change) -> bool:
    names = (change.file, change.name)
    plain = all(isinstance(name, str) and _A_NAME.fullmatch(name) and Path(name).name == name for name in names)
    return plain and (change.after is None or isinstance(change.after, str | int | float))


def _texts(folder: Path, plan: Sequence[_Change]) -> dict[str, str]:
    """Return the new text of each file that gets one, by the name that it has now; nothing is written.

    Raises:
        InputError: settings that cannot be changed for a person, a file in the place of one that moves.
        PermissionError: a file that would be changed is read-only.
    """
    texts = {}
    for change in plan:
        old, new = folder / change.file, folder / change.name
        if not old.exists():  # it moved before the move was interrupted
            continue
        if old != new:
            _free(new, old)
        text = _text(old)
        changed = _with_after(text, change.after, str(old))
        if changed != text:
            saving.may_put(old)
            texts[change.file] = changed
    return texts


def _named(campaign: Campaign, name: str) -> Step:
    """Return the step of an id; the stem of its file will do."""
    for step in campaign.steps:
        if name in (step.id, step.file, step.file.removesuffix(".md")):
            return step
    ids = [step.id for step in campaign.steps]
    hint = did_you_mean(name, ids) or f"the steps are {', '.join(ids)}"
    raise UnknownName(Fault(f"there is no step {name!r} in {campaign.slug!r}", Place(str(campaign.folder)), hint))


def _planned(campaign: Campaign, steps: Sequence[Step]) -> Iterator[_Change]:
    """Give for each step its new name, and the waiting time of its new place.

    No name is that of another step's file now: each file can be renamed for itself, in any order, at any time.
    """
    rests = [_NUMBER.sub("", step.file, count=1) for step in steps]
    width = max(2, len(str(len(steps))))
    for number, (step, rest) in enumerate(zip(steps, rests, strict=True), start=1):
        ending = rest if rests.count(rest) == 1 else _own(step.id, rests)
        place = campaign.steps[number - 1]
        yield _Change(step.file, f"{number:0{width}}{ending}", _after(campaign.folder / place.file))


def _own(id_: str, rests: Sequence[str]) -> str:
    """Return the ending of a name that no other file has: with the step's id."""
    ending = f"-{id_}.md"
    while ending in rests:
        ending = f"-{ending}"
    return ending


def _free(new: Path, old: Path) -> None:
    """See that a name is free: somebody may have made a file of it since the move was interrupted.

    Raises:
        CampaignError: it is not.
    """
    if os.path.lexists(new):
        raise CampaignError(Fault(f"{old.name} is to get this name, and a file stands here", Place(str(new))))


def _after(path: Path) -> Any:
    """Return `after` as it stands in a file, None where it does not."""
    data = parse(settings_of(_text(path))[1], str(path), first_line=2).data
    return data.get("after") if isinstance(data, dict) else None


def _with_after(text: str, after: str | float | None, file: str) -> str:
    """Return the text of a step with another `after`; all else in it stays."""
    head, settings, rest = settings_of(text)
    if not head:
        raise CampaignError(Fault("a step begins with its settings between two lines ---", Place(file, 1, 1)))
    return head + with_value(settings, ("after",), after, file=file, first_line=2) + rest


def _text(path: Path) -> str:
    read_text(path)  # says in plain words why it cannot be read
    return path.read_bytes().decode("utf-8")
