"""Reads a campaign's folder: every file of it, and all that is wrong with any of them told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from backmail import segments
from backmail.campaign.catalog import read_catalog
from backmail.campaign.chapters import below
from backmail.campaign.coverage import FILE as COVERAGE
from backmail.campaign.coverage import copies_in, steps_among, text_of
from backmail.campaign.folders import FILE, campaign_folders, not_named
from backmail.campaign.gather import Faults
from backmail.campaign.legible import illegible, legible
from backmail.campaign.outline import FILE as OUTLINE
from backmail.campaign.outline import outline_of, read_outline
from backmail.campaign.phrases import phrases
from backmail.campaign.pictures import pictures_in
from backmail.campaign.schema import CampaignFile, StepFile
from backmail.clock import Span
from backmail.config import Project
from backmail.errors import CampaignError, Fault, Place, UnknownName, did_you_mean
from backmail.markup import Container, containers
from backmail.model.campaign import Action, Campaign, CampaignKind, Catalog, First, Schedule, Step
from backmail.model.states import OnUncertain
from backmail.yamlfile import Document, bind, front_matter, parse, read_text, unified

_ARTICLES = ("article.txt", "article.md", "article.html")
_NOT_STEPS = frozenset({"article", "safety", "readme"})  # Markdown files that are no mails


@dataclass(frozen=True, slots=True)
class _Read:
    """A step that was read, with what stands where."""

    step: Step
    file: StepFile
    containers: tuple[Container, ...]
    document: Document


@dataclass(frozen=True, slots=True)
class _Folder:
    """A campaign's folder as it stands on disk, save for the files that have another text, or None for none."""

    path: Path
    instead: Mapping[str, str | None]

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self.instead[name] is not None if name in self.instead else (self.path / name).is_file()

    def text(self, path: Path) -> str:
        """Return the text of a file, its line ends as \\n.

        Raises:
            InputError: it cannot be read.
        """
        given = self.instead.get(path.name)
        return read_text(path) if given is None else unified(given)

    def markdown(self) -> list[Path]:
        """Return the Markdown files by name."""
        added = [name for name in self.instead if name.endswith(".md") and "/" not in name]
        return sorted({*self.path.glob("*.md"), *map(self.path.joinpath, added)} - self._without())

    def _without(self) -> set[Path]:
        return {self.path / name for name, text in self.instead.items() if text is None}


_AS_IT_STANDS: Mapping[str, str | None] = {}


def read(folder: Path, *, project: Project, instead: Mapping[str, str | None] = _AS_IT_STANDS) -> Campaign:
    """Return the campaign of a folder; `project` gives the catalogue of products.

    Args:
        folder: the campaign's.
        project: what it belongs to.
        instead: texts to be read in place of the folder's files of those names, and of the project's catalog.yaml;
            None: as if there were no such file.

    Raises:
        UnknownName: there is no such folder, or no campaign.yaml in it.
        CampaignError: files that cannot be used, all faults of all files at once.
    """
    files = _Folder(folder, instead)
    if not files.has(FILE):
        raise _unknown(folder, project)
    if not legible(folder.name):
        raise CampaignError(illegible(folder))
    faults = Faults()
    catalog = Catalog()
    with faults.gathered():
        catalog = _catalog(project.catalog, instead)
    for number in range(1, len(list(_added(files))) + 2):
        with faults.gathered():
            _outline(files, number)
    steps = list(_steps(files, faults))
    whole = len(steps) == len(steps_among(files.markdown()))
    faults.found.extend(_across(folder, steps, whole))
    with faults.gathered():
        document = parse(files.text(folder / FILE), str(folder / FILE))
        file = bind(document, CampaignFile, CampaignError)
    faults.tell()
    faults.found.extend(_whole_faults(file, document, steps))
    faults.tell()
    return _campaign(files, file, document, steps, catalog)


def _catalog(path: Path, instead: Mapping[str, str | None]) -> Catalog:
    if path.name in instead:
        text = instead[path.name]
        return Catalog() if text is None else read_catalog(path, unified(text))
    return read_catalog(path) if path.exists() else Catalog()


def _outline(files: _Folder, number: int) -> None:
    """Read the outline.yaml of an article by its number for its faults alone.

    Raises:
        InputError: it cannot be used.
    """
    name = below(number, OUTLINE)
    if name in files.instead:
        text = files.instead[name]
        if text is not None:
            outline_of(unified(text), str(files.path / name))
    else:
        read_outline((files.path / name).parent)


def read_all(project: Project) -> tuple[Campaign, ...]:
    """Return all campaigns of a project, in the order of their folders; folders that begin with a dot are none.

    Raises:
        CampaignError: files that cannot be used, or two folders with one id; all faults of all campaigns at once.
    """
    faults, campaigns = Faults(), []
    for folder in campaign_folders(project.campaigns):
        with faults.gathered():
            campaigns.append(read(folder, project=project))
    faults.found.extend(fault for _, fault in twins(campaigns))
    faults.found.extend(not_named(project.campaigns))
    faults.tell()
    return tuple(campaigns)


def twins(campaigns: Iterable[Campaign]) -> Iterator[tuple[Campaign, Fault]]:
    """Give the campaigns whose id an earlier one has, each with the fault of it."""
    first: dict[str, Campaign] = {}
    for campaign in campaigns:
        other = first.setdefault(campaign.id, campaign)
        if other is not campaign:
            message = f"the id {campaign.id!r} is also that of {other.slug!r}: an id belongs to one campaign"
            hint = "if this folder is a copy, give it an id of its own"
            yield campaign, Fault(message, campaign.places["id"], hint)


def _unknown(folder: Path, project: Project) -> UnknownName:
    """Return the error for a campaign that is not there."""
    names = [path.name for path in campaign_folders(project.campaigns)]
    hint = did_you_mean(folder.name, names) or (f"there are {', '.join(names)}" if names else "")
    if folder.is_dir():
        return UnknownName(Fault(f"{folder.name!r} is not a campaign: it has no {FILE}", Place(str(folder)), hint))
    return UnknownName(
        Fault(f"there is no campaign {folder.name!r}", Place(str(folder)), hint),
        next_command="" if names else "backmail new ARTICLE",
    )


def _steps(folder: _Folder, faults: Faults) -> Iterator[_Read]:
    """Give the steps of a folder in their order; what cannot be read is kept among the faults."""
    found = folder.markdown()
    faults.found.extend(illegible(path) for path in found if not legible(path.name))
    markdown = [path for path in found if legible(path.name)]
    files = steps_among(markdown)
    for path in markdown:
        if path not in files and path.stem.lower() not in _NOT_STEPS and not path.name.startswith("."):
            hint = f"number it: {len(files) + 1:02}-{path.name}"
            faults.found.append(Fault("a step's file name begins with its number", Place(str(path)), hint))
    if not files:
        faults.found.append(
            Fault("a campaign needs at least one step", Place(str(folder.path)), "such as 01-welcome.md")
        )
    for number, path in enumerate(files):
        with faults.gathered():
            yield _step(path, folder.text(path), first=number == 0)


@lru_cache(maxsize=128)  # while a series is written, one file of it is changed at a time
def _step(path: Path, text: str, *, first: bool) -> _Read:
    """Read one step file; its faults are those of its settings and of its body together."""
    name = str(path)
    document, body, body_line = front_matter(text, name)
    if document is None:
        message = "a step begins with its settings between two lines ---"
        raise CampaignError(Fault(message, Place(name, 1, 1), "id: ... and subject: ... are needed"))
    faults = Faults()
    with faults.gathered():
        file = bind(document, StepFile, CampaignError)
    with faults.gathered():
        found = containers(body, name, body_line)
    faults.tell()
    after = file.after or (Span(0, "h") if first else Span(1, "w"))
    action = file.action.action() if file.action else Action("", "none")
    places = _places(document)
    step = Step(
        file.id, path.name, file.subject, file.preheader, after, action, body, body_line, file.teaser, None, places
    )
    return _Read(step, file, found, document)


def _places(document: Document) -> Mapping[str, Place]:
    """Return where each setting stands, those one level down as `from.email`."""
    data = document.data if isinstance(document.data, dict) else {}
    places = {key: document.place((key,)) for key in data}
    for key, value in data.items():
        if isinstance(value, dict):
            places |= {f"{key}.{inner}": document.place((key, inner)) for inner in value}
    return places


def _across(folder: Path, steps: list[_Read], whole: bool) -> Iterator[Fault]:
    """Give what is wrong between steps: two with one id, a note that names no step (it may be one that is broken)."""
    first: dict[str, str] = {}
    for each in steps:
        other = first.setdefault(each.step.id, each.step.file)
        if other != each.step.file:
            message = f"the id {each.step.id!r} is also that of {other}: an id belongs to one step"
            yield each.document.fault(message, ("id",))
    for each in steps:
        for container in each.containers:
            target = container.attributes.get("repeats", "") if container.name == "note" else ""
            if whole and target and target not in first:
                place = Place(str(folder / each.step.file), container.start, 1)
                hint = did_you_mean(target, first) or f"the steps are {', '.join(first)}"
                source = each.step.body.split("\n")[container.start - each.step.body_line]
                yield Fault(f"this note repeats a step {target!r}, and there is none of that id", place, hint, source)


def _whole_faults(file: CampaignFile, document: Document, steps: list[_Read]) -> Iterator[Fault]:
    """Give what is wrong between a campaign's kind and its steps, and with the segment of its audience."""
    if file.kind != "drip" and len(steps) > 1:
        message = f"a {file.kind} has one step, and this folder has {len(steps)}"
        yield document.fault(message, ("kind",), hint="a series of several mails is of kind drip")
    place = document.place(("audience",))
    yield from segments.faults(file.audience, place, document.source(place.line or 0))


def _campaign(files: _Folder, file: CampaignFile, document: Document, steps: list[_Read], catalog: Catalog) -> Campaign:
    """Return what was read as the model has it."""
    folder = files.path
    schedule = file.schedule.schedule() if file.schedule else Schedule()
    sender = file.sender.sender()
    return Campaign(
        id=file.id,
        slug=folder.resolve().name,
        name=file.name,
        kind=CampaignKind(file.kind),
        language=file.language,
        sender=sender,
        steps=tuple(_scheduled(each, schedule) for each in steps),
        folder=folder,
        greeting=file.greeting.greeting() if file.greeting else phrases(file.language).greeting,
        signature=sender.name if file.signature is None else file.signature,
        disclaimer=file.disclaimer or "",
        source_url=file.source_url,
        theme=file.theme,
        audience=file.audience,
        zone=file.zone,
        schedule=schedule,
        article=next(filter(files.has, _ARTICLES), ""),
        added=tuple(_added(files)),
        catalog=catalog,
        start=file.starting(),
        reenter=file.reenter.after if file.reenter else None,
        exits=tuple(dict.fromkeys(file.exits)),
        priority=file.caps.priority,
        on_uncertain=OnUncertain(file.on_uncertain),
        first=First(file.schedule.first) if file.schedule else First.AT_ONCE,
        utm=file.utm.utm() if file.utm else None,
        routine=file.routine,
        pictures=pictures_in(folder, frozenset(_copies(files))),
        places=_places(document),
    )


def _added(files: _Folder) -> Iterator[str]:
    """Give the further articles of a folder, in order."""
    number = 2
    while found := next(filter(files.has, (below(number, name) for name in _ARTICLES)), ""):
        yield found
        number += 1


def _copies(files: _Folder) -> Iterator[str]:
    """Give the names of the copies of pictures, of all articles of a folder."""
    for number in range(1, len(list(_added(files))) + 2):
        name = below(number, COVERAGE)
        text = files.instead[name] if name in files.instead else text_of((files.path / name).parent)
        yield from copies_in(text or "")


def _scheduled(each: _Read, schedule: Schedule) -> Step:
    """Return a step with the campaign's schedule as far as it has none of its own."""
    return replace(each.step, schedule=each.file.schedule(schedule))
