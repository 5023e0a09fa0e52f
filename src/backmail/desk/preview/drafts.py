"""Drafts: the campaigns of a project as their files stand now; where a file is broken, as they stood when last good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from backmail import campaign as campaigns
from backmail.config import Project, read_config
from backmail.desk.preview.bench import Bench, Themes, benches
from backmail.desk.preview.draft import Draft
from backmail.desk.preview.folder import DraftStep, Folder, Reading
from backmail.desk.preview.matter import Articles, Matter
from backmail.desk.preview.stamps import below, stamp
from backmail.desk.render import people_of, shipped_people
from backmail.errors import Fault, InputError, Place, UnknownName, did_you_mean
from backmail.model.people import Subscriber
from backmail.yamlfile import read_text

__all__ = ["Draft", "DraftStep", "Drafts"]

_CONFIG, _WHOLE = "config.yaml", "campaign.yaml"

Faults: TypeAlias = tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Around:
    """What all drafts of a project have in common, as it was last good, and what is wrong with it now.

    `catalog` is the text of catalog.yaml by that name, None where there is none; it is empty where it cannot be read.
    """

    project: Project
    people: tuple[Subscriber, ...]
    themes: Themes
    catalog: Mapping[str, str | None]
    config_faults: Faults = ()
    people_faults: Faults = ()


@dataclass(slots=True)
class _Known:
    """What outlives the drafts of one campaign."""

    folder: Folder
    reading: Reading | None = None
    good: dict[str, Bench] = field(default_factory=dict)
    articles: Articles = field(default_factory=Articles)
    version: int = 0


class Drafts:
    """All drafts of a project. May be used from several threads."""

    def __init__(self, project: Project, only: str = "") -> None:
        """Read the drafts of a project.

        Args:
            project: where they are.
            only: the one campaign that is wanted, a slug or the path of its folder; "" for all.

        Raises:
            UnknownName: there is no campaign `only`.
            CampaignError: the name of its folder is no text.
        """
        self._only = campaigns.folder_of(only, project) if only else None
        if self._only and not ((self._only / _WHOLE).is_file() and campaigns.legible(self._only.name)):
            campaigns.read(self._only, project=project)  # which tells what there is
        self._lock, self._checks = Lock(), Lock()
        self._known: dict[str, _Known] = {}
        self._drafts: dict[str, Draft] = {}
        self._config = stamp(project.root / _CONFIG)
        self._stamps: tuple[object, ...] = ()
        self._not_named: Faults = ()
        self._around = _Around(project, (), Themes(project.templates), {})
        self.refresh()

    @property
    def project(self) -> Project:
        """The project as it was last good."""
        return self._around.project

    @property
    def people(self) -> tuple[Subscriber, ...]:
        """The sample people, as they were last good."""
        return self._around.people

    @property
    def faults(self) -> Faults:
        """What is wrong with files that all drafts have in common: config.yaml, people/, and folders beside them."""
        return (*self._around.config_faults, *self._around.people_faults, *self._not_named)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The names of the campaigns, in order."""
        return tuple(self._drafts)

    def draft(self, slug: str) -> Draft:
        """Return the draft of a campaign as it stands.

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        drafts = self._drafts
        if slug in drafts:
            return drafts[slug]
        hint = did_you_mean(slug, drafts) or (f"there are {', '.join(drafts)}" if drafts else "")
        raise UnknownName(Fault(f"there is no campaign {slug!r}", hint=hint))

    def person(self, name: str) -> Subscriber:
        """Return a sample person by the stem of her file; the first for "".

        Raises:
            UnknownName: there is none, with the nearest that is.
        """
        people = self.people
        return campaigns.person(people, name) if name else people[0]

    def refresh(self) -> tuple[str, ...]:
        """Read anew what was changed on disk; return the slugs of the drafts that are others now.

        A draft whose folder has gone is one of them.
        """
        with self._lock:
            before, self._around = self._around, self._looked_around()
            slugs = self._folders()
            for slug in slugs:
                self._read(slug, before)
            twins = self._twins(slugs)
            old, new = self._drafts, {slug: self._draft(slug, twins.get(slug, ())) for slug in slugs}
            self._drafts = new
            return tuple(slug for slug in {**old, **new} if old.get(slug) is not new.get(slug))

    def check(self, slug: str) -> bool:
        """Work out the findings of a draft as it stands, if they are not known; whether they are new.

        Only what a change concerns is judged again. It stops early when the draft is no longer the newest.

        Raises:
            UnknownName: there is no such campaign.
        """
        with self._checks:
            draft = self.draft(slug)
            if draft.findings is not None:
                return False
            from backmail.desk.preview.checking import findings  # the first page does without

            found = findings(draft.matter, self._known[slug].articles, lambda: self._drafts.get(slug) is draft)
            if found is not None:
                draft.found(found)
            return found is not None

    def _looked_around(self) -> _Around:
        """Return what all drafts have in common as it stands now; what is broken, as it was last good."""
        around = self._around
        project, themes = around.project, around.themes.now()
        config = stamp(project.root / _CONFIG)
        stamps = (config, below(project.people), stamp(project.catalog))
        if stamps == self._stamps and themes is around.themes:
            return around
        faults = around.config_faults
        if config != self._config:
            project, faults = _configured(project)
        self._stamps, self._config = stamps, config
        people, people_faults = _people(project, around.people)
        return _Around(project, people, themes, _catalog(project.catalog), faults, people_faults)

    def _folders(self) -> list[str]:
        """Return the slugs of all campaigns, those not known before made known."""
        found = [self._only] if self._only else campaigns.campaign_folders(self.project.campaigns)
        self._not_named = () if self._only else tuple(campaigns.not_named(self.project.campaigns))
        for folder in found:
            self._known.setdefault(folder.resolve().name, _Known(Folder(folder)))
        return sorted(slug for slug, known in self._known.items() if known.folder.there)

    def _read(self, slug: str, before: _Around) -> None:
        """Read a campaign's folder, if anything that counts was changed."""
        known, around = self._known[slug], self._around
        try:
            if known.folder.changed() or known.reading is None or before.catalog != around.catalog:
                known.reading = known.folder.read(around.project, around.catalog)
        except Exception as error:  # whatever it is, the other campaigns are read
            known.reading = known.folder.unread(error, known.reading)

    def _twins(self, slugs: list[str]) -> Mapping[str, Faults]:
        """Return the faults of campaigns that have the id of another."""
        readings = [self._known[slug].reading for slug in slugs]
        read = [each.campaign for each in readings if each is not None and each.campaign is not None]
        return {campaign.slug: (fault,) for campaign, fault in campaigns.twins(read)}

    def _draft(self, slug: str, twin: Faults) -> Draft:
        """Return the draft of a campaign: the one that there is, unless anything of it was changed."""
        known, around, old = self._known[slug], self._around, self._drafts.get(slug)
        assert known.reading is not None  # noqa: S101  # _read read it
        matter = Matter(
            slug=slug,
            reading=known.reading,
            faults=(*self.faults, *twin),
            project=around.project,
            people=around.people,
            benches=old.matter.benches if old else {},
            beside=known.folder.beside,
            themes=around.themes,
        )
        if old is not None and old.matter == matter:
            return old
        made = benches(around.project, known.reading.campaign, around.themes, matter.benches)
        known.version += 1
        return Draft(known.folder.path, known.version, replace(matter, benches=made), known.good)


def _configured(project: Project) -> tuple[Project, Faults]:
    """Return a project with what its config.yaml says now; as it was, with the faults, where that cannot be used."""
    path = project.root / _CONFIG
    if not path.exists():
        return project, (Fault("there is no such file any more", Place(str(path))),) if project.found else ()
    try:
        return replace(project, config=read_config(path), found=True), ()
    except InputError as error:
        return project, error.faults


def _people(project: Project, before: tuple[Subscriber, ...]) -> tuple[tuple[Subscriber, ...], Faults]:
    """Return the sample people; those of before, or where there were none those that ship, while a file is broken."""
    try:
        return people_of(project), ()
    except InputError as error:
        return before or shipped_people(), error.faults


def _catalog(path: Path) -> Mapping[str, str | None]:
    """Return the text of the catalogue, if it can be read; the campaigns that need it tell why it cannot."""
    try:
        return {path.name: read_text(path) if path.exists() else None}
    except InputError:
        return {}
