"""Drafts: the campaigns of a project as their files stand now; where a file is broken, as they stood when last good."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backmail.config import Project
from backmail.desk.preview.findings import Findings
from backmail.desk.preview.mail import Mail
from backmail.errors import Fault
from backmail.model.campaign import Campaign, Step
from backmail.model.people import Subscriber

__all__ = ["Draft", "DraftStep", "Drafts"]


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


class Draft:
    """One campaign as its files stood at one moment. It is never changed: `Drafts` has a new one after each change.

    Attributes:
        slug: the name of its folder.
        folder: where it is.
        version: grows by one with every change of it.
        campaign: what was read, broken files as they were last good; None where campaign.yaml never was.
        steps: all step files in their order, broken ones among them.
        faults: what is wrong with files that are no step's: campaign.yaml, outline.yaml, catalog.yaml, config.yaml.
    """

    slug: str
    folder: Path
    version: int
    campaign: Campaign | None
    steps: tuple[DraftStep, ...]
    faults: tuple[Fault, ...]

    def step(self, name: str) -> DraftStep:
        """Return a step by its id, or, where it has none to be read, by the stem of its file.

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        raise NotImplementedError

    def mail(self, name: str, subscriber: Subscriber) -> Mail:
        """Return a step as one person gets it; where it cannot be rendered now, as it was rendered last, with faults.

        Composed once and kept; a change of another step's body does not compose it anew.

        Raises:
            UnknownName: there is no such step.
            InputError: it cannot be rendered, and never could be: all faults.
        """
        raise NotImplementedError

    @property
    def findings(self) -> Findings | None:
        """What `check` finds, and how heavy the mails get; None while it is being worked out."""
        raise NotImplementedError


class Drafts:
    """All drafts of a project. May be used from several threads."""

    def __init__(self, project: Project, only: str = "") -> None:
        """Read the drafts of a project.

        Args:
            project: where they are.
            only: the one campaign that is wanted, a slug or the path of its folder; "" for all.

        Raises:
            UnknownName: there is no campaign `only`.
        """
        raise NotImplementedError

    @property
    def project(self) -> Project:
        """The project as it was last good."""
        raise NotImplementedError

    @property
    def people(self) -> tuple[Subscriber, ...]:
        """The sample people, as they were last good."""
        raise NotImplementedError

    @property
    def slugs(self) -> tuple[str, ...]:
        """The names of the campaigns, in order."""
        raise NotImplementedError

    def draft(self, slug: str) -> Draft:
        """Return the draft of a campaign as it stands.

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        raise NotImplementedError

    def person(self, name: str) -> Subscriber:
        """Return a sample person by the stem of her file; the first for "".

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        raise NotImplementedError

    def refresh(self) -> tuple[str, ...]:
        """Read anew what was changed on disk; return the slugs of the drafts that are others now."""
        raise NotImplementedError

    def check(self, slug: str) -> bool:
        """Work out the findings of a draft as it stands, if they are not known; whether they are new.

        Only what a change concerns is judged again. It stops early when the draft is no longer the newest.

        Raises:
            UnknownName: there is no such campaign.
        """
        raise NotImplementedError
