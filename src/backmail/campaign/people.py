"""Reads the sample people of a project: people/NAME.yaml."""

from __future__ import annotations

from pathlib import Path

from backmail.campaign.gather import Faults
from backmail.campaign.legible import illegible, legible
from backmail.campaign.schema import PersonFile
from backmail.errors import CampaignError, UnknownName, did_you_mean
from backmail.model.people import Subscriber
from backmail.yamlfile import bind, load

_ENDINGS = (".yaml", ".yml")


def read_person(path: Path) -> Subscriber:
    """Return the person of one file; her name is the file's stem.

    Raises:
        InputError: the file cannot be used.
    """
    return bind(load(path), PersonFile, CampaignError).subscriber(path.stem)


def read_people(folder: Path) -> tuple[Subscriber, ...]:
    """Return the people of a folder in the order of their files; none where there is no folder.

    Raises:
        CampaignError: files that cannot be used, all faults at once.
    """
    if not folder.is_dir():
        return ()
    faults, people = Faults(), []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.suffix in _ENDINGS and not path.name.startswith("."):
            if not legible(path.name):
                faults.found.append(illegible(path))
                continue
            with faults.gathered():
                people.append(read_person(path))
    faults.tell()
    return tuple(people)


def person(people: tuple[Subscriber, ...], name: str) -> Subscriber:
    """Return the person of that name.

    Raises:
        UnknownName: there is none.
    """
    for each in people:
        if each.name == name:
            return each
    hint = did_you_mean(name, [each.name for each in people])
    raise UnknownName(f"there is no person {name!r} in people/" + (f": {hint}" if hint else ""))
