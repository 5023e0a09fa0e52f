"""The order of a campaign's steps, and how one of them gets another place: its file is renamed, its id stays."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backmail import campaign as campaigns
from backmail.campaign.names import MOVE
from backmail.config import Project
from backmail.desk import check, saving
from backmail.errors import BackmailError, CampaignError, Fault, Place, UnknownName, did_you_mean
from backmail.model.campaign import Campaign, Finding, Step
from backmail.yamlfile import parse, settings_of, with_value

__all__ = ["Moved", "after_a_move", "finish", "listed", "move", "unsafe"]

_NUMBER = re.compile(r"\d+")
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
    finish(folder)
    return campaigns.read(folder, project=project)


def move(campaign: Campaign, step: str, after: str | None, project: Project) -> Moved:
    """Put a step behind another one, or (None) in front of all.

    The files get numbers anew, of two digits at least, so that the order of their names is that of the mails. Their ids
    stay, and so does the rhythm of the series: how long the third mail waits is the third place's, whichever mail
    stands there.

    Raises:
        UnknownName: there is no such step, with the nearest that is.
        CampaignError: a step was to stand behind itself.
        OSError: the folder is not ours to write to. The next call brings the move to its end.
    """
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
        journal = {"schema": 1, "steps": [[change.file, change.name, change.after] for change in plan]}
        saving.put(campaign.folder / MOVE, (json.dumps(journal, indent=1) + "\n").encode())
        finish(campaign.folder)
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
        CampaignError: what a file was to become stands there already, or its settings cannot be read.
        OSError: the folder is not ours to write to.
    """
    journal = folder / MOVE
    try:
        plan = [_Change(*each) for each in json.loads(journal.read_text(encoding="utf-8"))["steps"]]
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError) as error:
        hint = "delete it; `backmail steps` says how the mails stand"
        raise CampaignError(Fault("this note of a move cannot be read", Place(str(journal)), hint)) from error
    for change in plan:
        old, new = folder / change.file, folder / change.name
        if old.exists():
            _put_after(old, change.after)
            if old != new:
                _renamed(old, new)
    saving.last(folder)
    journal.unlink()


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


def _renamed(old: Path, new: Path) -> None:
    """Rename a file, and never over another: somebody may have made one since the move was interrupted.

    Raises:
        CampaignError: there is one.
    """
    if new.exists():
        raise CampaignError(Fault(f"{old.name} is to get this name, and a file stands here", Place(str(new))))
    os.replace(old, new)  # noqa: PTH105  # the name under which a test can let it fail


def _after(path: Path) -> Any:
    """Return `after` as it stands in a file, None where it does not."""
    data = parse(settings_of(_text(path))[1], str(path), first_line=2).data
    return data.get("after") if isinstance(data, dict) else None


def _put_after(path: Path, after: str | float | None) -> None:
    """Write another `after` into a file; all else in it stays."""
    text = _text(path)
    head, settings, rest = settings_of(text)
    changed = head + with_value(settings, ("after",), after, file=str(path), first_line=2) + rest
    if changed != text:
        saving.put(path, changed.encode("utf-8"))


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
