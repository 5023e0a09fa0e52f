"""A series that is quickly composed, and people to play it with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from backmail.campaign import read
from backmail.clock import Span
from backmail.config import Project, sample_campaigns
from backmail.model.campaign import Action, Step
from backmail.rendering import Setting, load_theme
from backmail.sending.published import Prepared, prepare
from backmail.simulate import Member, made

MONDAY = dt.datetime(2027, 3, 8, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
WEEK = 7 * DAY
STEPS = ("one", "two", "three", "four")


def project(root: Path) -> Project:
    """Return a project with nothing but defaults."""
    return Project(root)


@cache
def series() -> Prepared:
    """Return a campaign of four short mails, a week apart, on Tuesdays at nine; composed once for all tests."""
    sample = read(sample_campaigns()[0], project=Project(Path()))
    steps = tuple(_step(id_, Span(min(place, 1), "w")) for place, id_ in enumerate(STEPS))
    settings = Project(Path()).config
    setting = Setting(
        replace(sample, id="c-series", slug="series", steps=steps),
        load_theme(sample.theme),
        settings.brand,
        settings.company,
    )
    return prepare(setting)


def _step(id_: str, after: Span) -> Step:
    return Step(
        id_, f"{id_}.md", f"Mail {id_}", f"What mail {id_} is about", after, Action("Reply", "reply"), "Hello.", 1
    )


def people(count: int, zones: Sequence[str] = ()) -> list[Member]:
    """Return made-up people; with `zones` they live in those, in turn."""
    cast = list(made(count, seed=1))
    if not zones:
        return cast
    return [Member(one.who, replace(one.subscriber, timezone=zones[at % len(zones)])) for at, one in enumerate(cast)]
