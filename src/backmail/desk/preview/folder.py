"""A campaign's folder over time: as its files stand, and in place of broken ones, as they were last good."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from backmail import campaign as campaigns
from backmail.config import Project
from backmail.desk.preview.stamps import Stamp, below
from backmail.errors import Fault, InputError, Place
from backmail.model.campaign import Campaign, Step
from backmail.yamlfile import read_text

__all__ = ["Content", "DraftStep", "Folder", "Reading"]

_WHOLE = "campaign.yaml"
_TEXTS = (".md", ".txt", ".yaml", ".yml", ".json")

Content: TypeAlias = str | Stamp  # a text, and of what is none only that it was written anew


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One step file of a draft.

    Attributes:
        number: its place in the series, from 1.
        file: its name in the campaign's folder.
        step: the step as it stands, or as it was last good; None where it never was.
        faults: why the file cannot be used as it stands now, () where it can.
    """

    number: int
    file: str
    step: Step | None
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """What addresses call it: the step's id, or, where it has none to be read, the stem of its file."""
        return self.step.id if self.step else Path(self.file).stem


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave: the campaign with last good files for broken ones, all its step files, and other faults."""

    campaign: Campaign | None
    steps: tuple[DraftStep, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Attempt:
    """Texts to be read, some of them not as they stand any more, and the faults of those that do."""

    texts: dict[str, str | None]
    replaced: set[str] = field(default_factory=set)
    faults: dict[Fault, str] = field(default_factory=dict)  # with the file's name, "" for others
    named: tuple[str, ...] = ()  # the files that the last reading found faults in

    def put(self, name: str, text: str | None) -> bool:
        """Read another text in place of a file's; whether that is something new. What was left out stays out."""
        if name in self.replaced and self.texts.get(name) in (text, None):
            return False
        self.texts[name] = text
        self.replaced.add(name)
        return True


class Folder:
    """One campaign's folder, and what it is remembered by."""

    def __init__(self, path: Path) -> None:
        """Take the folder; nothing is read."""
        self.path = path
        self._stamps: Mapping[str, Stamp] = {}
        self._contents: dict[str, Content] = {}
        self._unnamed: tuple[str, ...] = ()  # Markdown files whose names are no text: they are left out
        self._good: dict[str, str] = {}  # the last text of each file that could be used
        self._steps: dict[str, Step] = {}  # by file name, as last good
        self._campaign: Campaign | None = None

    @property
    def there(self) -> bool:
        """Whether it is a campaign's; one that is known stays one for as long as it has a file that counts."""
        return (self.path / _WHOLE).is_file() or (self._campaign is not None and any(self.path.glob("*.md")))

    @property
    def beside(self) -> Mapping[str, Content]:
        """All that its mails are not made of: the article, outline.yaml, pictures ... by name."""
        return {name: each for name, each in self._contents.items() if not _is_step(name) and name != _WHOLE}

    def changed(self) -> bool:
        """Look at the files anew; whether one of them says something else than before."""
        found = below(self.path)
        stamps = {name: each for name, each in found.items() if campaigns.legible(name)}
        unnamed = tuple(name for name in found if name not in stamps and name.endswith(".md") and "/" not in name)
        if stamps == self._stamps and self._contents and unnamed == self._unnamed:
            return False
        before, old, known = self._contents, self._stamps, self._unnamed
        self._contents = {
            name: before[name] if old.get(name) == each and name in before else _content(self.path / name, each)
            for name, each in stamps.items()
        }
        self._stamps, self._unnamed = stamps, unnamed
        return before != self._contents or known != unnamed

    def read(self, project: Project, catalog: Mapping[str, str | None]) -> Reading:
        """Return what the files say that `changed` saw.

        Where files are broken, they are read as they were last good, and those that never were are left out: one broken
        file keeps back no edit of another.

        Args:
            project: what the campaign belongs to.
            catalog: the text of its catalog.yaml by that name, None where it has none; nothing where it cannot be read.
        """
        texts: dict[str, str | None] = {name: each for name, each in self._contents.items() if isinstance(each, str)}
        attempt = _Attempt({**texts, **dict.fromkeys(self._unnamed), **catalog})
        attempt.faults |= {campaigns.illegible(self.path / name): "" for name in self._unnamed}
        if _WHOLE not in self._contents:
            attempt.put(_WHOLE, self._good.get(_WHOLE))
            attempt.faults[Fault("there is no such file any more", Place(str(self.path / _WHOLE)))] = _WHOLE
        while (campaign := self._tried(attempt, project)) is None and self._other_texts(attempt, project):
            pass
        if campaign is not None:
            self._remember(campaign, attempt)
        return self._reading(campaign or self._campaign, attempt)

    def unread(self, error: Exception, before: Reading | None) -> Reading:
        """Return what was read before, where `changed` or `read` failed in a way that nobody thought of."""
        message = "this campaign is shown as it was before: backmail cannot read it as it stands"
        hint = "undo what was changed last in this folder; the files of the other campaigns are read as ever"
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
        fault = Fault(f"{message} ({what})", Place(str(self.path)), hint)
        return replace(before, faults=(fault,)) if before else Reading(None, (), (fault,))

    def _tried(self, attempt: _Attempt, project: Project) -> Campaign | None:
        """Read the texts of an attempt; keep the faults of those that stand so."""
        try:
            return campaigns.read(self.path, project=project, instead=attempt.texts)
        except InputError as error:
            by_name = {fault: self._name(fault, project) for fault in error.faults}
            attempt.named = tuple(dict.fromkeys(filter(None, by_name.values())))
            first = not attempt.replaced  # later, what is wrong with the folder is that files are left out
            attempt.faults |= {
                fault: name for fault, name in by_name.items() if (name or first) and name not in attempt.replaced
            }
            return None

    def _other_texts(self, attempt: _Attempt, project: Project) -> bool:
        """Put texts that were good in the place of those with faults; whether there was anything left to put.

        A file that did not change since it was good is broken by another's change: then those go back instead.
        """
        moved = [self._back(attempt, name) for name in attempt.named if not self._stands_good(attempt, name)]
        if any(moved):
            return True
        changed = [name for name in attempt.texts if self._is_edit(attempt, name)]
        moved = [self._back(attempt, name) for name in changed]
        if not any(moved):
            moved = [attempt.put(name, None) for name in attempt.named if name != _WHOLE]
        return any(moved)

    def _stands_good(self, attempt: _Attempt, name: str) -> bool:
        return name in self._good and attempt.texts.get(name) == self._good[name]

    def _is_edit(self, attempt: _Attempt, name: str) -> bool:
        """Whether a file of the campaign is new, or another than it was when good."""
        counts = _is_step(name) or name in (_WHOLE, "outline.yaml", "catalog.yaml")
        return counts and attempt.texts[name] is not None and not self._stands_good(attempt, name)

    def _back(self, attempt: _Attempt, name: str) -> bool:
        """Take a file back to its last good text; one that has none is left out, save what no campaign is without."""
        if name in self._good:
            return attempt.put(name, self._good[name])
        return name != _WHOLE and attempt.put(name, None)

    def _name(self, fault: Fault, project: Project) -> str:
        """Return the name of the file that a fault is about, "" where it is no file of the campaign's."""
        path = Path(fault.place.file) if fault.place else Path()
        return path.name if path.parent == self.path or path == project.catalog else ""

    def _remember(self, campaign: Campaign, attempt: _Attempt) -> None:
        """Keep what could be used."""
        self._campaign = campaign
        self._steps |= {step.file: step for step in campaign.steps}
        for name, text in attempt.texts.items():
            if text is not None:  # one that was put in place of another was good before
                self._good[name] = text

    def _reading(self, campaign: Campaign | None, attempt: _Attempt) -> Reading:
        files = campaigns.steps_among(self.path / name for name in self._contents if _is_step(name))
        read = {step.file: step for step in campaign.steps} if campaign else {}
        steps = tuple(
            DraftStep(
                number,
                path.name,
                read.get(path.name) or self._steps.get(path.name),
                tuple(fault for fault, name in attempt.faults.items() if name == path.name),
            )
            for number, path in enumerate(files, 1)
        )
        others = tuple(fault for fault, name in attempt.faults.items() if not _is_step(name))
        return Reading(campaign, steps, others)


def _content(path: Path, written: Stamp) -> Content:
    """Return the text of a file; of one that holds none, or cannot be read, only when it was written."""
    if path.suffix not in _TEXTS:
        return written
    try:
        return read_text(path)
    except InputError:
        return written


def _is_step(name: str) -> bool:
    return campaigns.is_step(name) and "/" not in name
