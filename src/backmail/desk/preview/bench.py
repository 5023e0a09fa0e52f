"""The bench that one step's mails are made and judged on, kept for as long as nothing that they show is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock

from backmail import rendering
from backmail.clock import Span
from backmail.config import Project
from backmail.desk.preview.stamps import Stamp, below
from backmail.desk.render import Renderer
from backmail.errors import InputError
from backmail.model.campaign import Action, Campaign, Finding, PictureFile, Severity, Step
from backmail.model.message import Message
from backmail.model.people import Subscriber
from backmail.rendering.routine import reduced

__all__ = ["Bench", "Themes", "benches"]


class Themes:
    """The themes of a project as their files stood at one moment, each loaded once."""

    def __init__(self, templates: Path) -> None:
        """Take the project's own `templates` folder; nothing is loaded."""
        self._templates = templates
        self._stamps: Mapping[str, Stamp] = below(templates, links=True)
        self._loaded: dict[str, rendering.Theme | InputError] = {}
        self._lock = Lock()

    def get(self, name: str) -> rendering.Theme:
        """Return a theme.

        Raises:
            InputError: it cannot be used.
        """
        with self._lock:
            if name not in self._loaded:
                try:
                    self._loaded[name] = rendering.load_theme(name, [self._templates])
                except InputError as error:
                    self._loaded[name] = error
            found = self._loaded[name]
        if isinstance(found, InputError):
            raise found
        return found

    @cached_property
    def digest(self) -> str:
        """Other files, another digest."""
        return _digest(sorted(self._stamps.items()))

    def now(self) -> Themes:
        """Return the themes as their files stand now: these, if none was changed."""
        return self if below(self._templates, links=True) == self._stamps else Themes(self._templates)


class Bench:
    """One step in its series, of which the other mails are there by what is shown of them in this one."""

    def __init__(self, project: Project, campaign: Campaign, step: Step, themes: Themes) -> None:
        """Take what the step's mails are made of; nothing is rendered.

        Args:
            project: whose settings.
            campaign: the series, the other steps blanked.
            step: one of it.
            themes: where its theme comes from.
        """
        self.step = step
        self._project = project
        self._campaign = campaign
        self._themes = themes
        self._messages: dict[str, tuple[Subscriber, Message]] = {}
        self._judged: dict[str, tuple[Subscriber, list[Finding]]] = {}
        self._lock = Lock()

    @property
    def pictures(self) -> Mapping[str, PictureFile]:
        """The pictures of the campaign's folder, by their names in it."""
        return self._campaign.pictures

    def like(self, other: Bench) -> bool:
        """Whether its mails are those of another, to the byte."""
        return (
            self._themes is other._themes
            and self._project.config == other._project.config
            and self._campaign == other._campaign
        )

    @cached_property
    def _inputs(self) -> str:
        return _digest((self._campaign, self._project.config, self._themes.digest))

    def digest(self, subscriber: Subscriber) -> str:
        """Return some letters and digits for what her mail is made of: another mail, others. Nothing is rendered."""
        return _digest((self._inputs, subscriber))

    def has(self, subscriber: Subscriber) -> bool:
        """Whether her mail was made already."""
        return self._messages.get(subscriber.name, (None, None))[0] == subscriber

    def message(self, subscriber: Subscriber) -> Message:
        """Return the step as one person gets it.

        Raises:
            InputError: it cannot be rendered, or she has a value that her mail cannot carry.
        """
        with self._lock:
            before, message = self._messages.get(subscriber.name, (None, None))
            if message is None or before != subscriber:
                message = self._renderer.message(self.step, subscriber)
                self._messages[subscriber.name] = subscriber, message
            return message

    def judge(self, subscriber: Subscriber) -> list[Finding]:
        """Return what is wrong with the step as one person gets it."""
        before, found = self._judged.get(subscriber.name, (None, None))
        if found is None or before != subscriber:
            found = self._judge(subscriber)
            self._judged[subscriber.name] = subscriber, found
        return found

    def _judge(self, subscriber: Subscriber) -> list[Finding]:
        from backmail.desk import check  # the first page does without

        try:
            return check.of_mail(self._judging, self.step, subscriber)
        except InputError as error:
            return [
                Finding("mail-unusable", Severity.ERROR, fault.message, "", self.step.id, fault.place, fault.hint)
                for fault in error.faults
            ]

    @cached_property
    def _renderer(self) -> Renderer:
        return Renderer(self._project, self._campaign, self._themes.get(self._campaign.theme))

    @cached_property
    def _judging(self) -> Renderer:
        """The renderer for mails that are judged, whose links are those of readers."""
        from backmail.desk import check

        project = check.on_the_web(self._project)
        return self._renderer if project is self._project else replace(self._renderer, project=project)


def benches(
    project: Project, campaign: Campaign | None, themes: Themes, before: Mapping[str, Bench]
) -> Mapping[str, Bench]:
    """Return a bench for each step of a campaign by its id; those of `before` that would make the same mails."""
    found: dict[str, Bench] = {}
    for bench in _new(project, campaign, themes) if campaign else ():
        old = before.get(bench.step.id)
        found[bench.step.id] = old if old is not None and old.like(bench) else bench
    return found


def _new(project: Project, campaign: Campaign, themes: Themes) -> Iterator[Bench]:
    blank: Sequence[Step] = [_blanked(step) for step in campaign.steps]
    for at, step in enumerate(campaign.steps):
        steps = (*blank[:at], step, *blank[at + 1 :])
        yield Bench(project, replace(campaign, steps=steps), step, themes)


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def _blanked(step: Step) -> Step:
    """Return a step with no more than the mails before and after it show: its subject, teaser and exercises' names."""
    return replace(
        step,
        preheader="",
        after=Span(0, "h"),
        action=Action("", "none"),
        body=reduced(step.body),
        body_line=0,
        schedule=None,
        places={},
    )
