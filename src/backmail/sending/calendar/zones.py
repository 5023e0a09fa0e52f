"""Whose zone counts: the reader's, else the campaign's, else that of the settings."""

from __future__ import annotations

from dataclasses import dataclass

from backmail import clock


@dataclass(frozen=True, slots=True)
class ChosenZone:
    """The zone that counts, and the names before it that no zone has: each wants a warning."""

    zone: str
    unknown: tuple[str, ...] = ()


def choose_zone(reader: str | None, campaign: str | None, settings: str) -> ChosenZone:
    """Return the first of the three that is the name of a zone; an unknown name counts as none.

    The reader's may come from anybody's file or form, the campaign's from an older tzdata.

    Raises:
        ValueError: when `settings` has to decide and is no zone either.
    """
    unknown: list[str] = []
    for name in (reader, campaign):
        if name and name in clock.zone_names():
            return ChosenZone(name, tuple(unknown))
        if name:
            unknown.append(name)
    return ChosenZone(clock.zone(settings).key, tuple(unknown))
