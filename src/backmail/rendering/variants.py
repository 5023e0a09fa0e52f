"""The variants of each step: composed once per path of answers, found again for every further reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from backmail.links import INVALID_URL
from backmail.model.campaign import Step
from backmail.model.message import Composed, Neighbour, Progress, Reader, ReaderLinks
from backmail.model.people import Subscriber
from backmail.rendering.compose import Setting, compose
from backmail.rendering.decisions import Decision, Tree
from backmail.rendering.proxies import Build, prefix
from backmail.rendering.script import Script

# While exploring, a list that a template walks through has none, one or two items.
_ITEMS = 2


class Variants:
    """Composes the steps of one campaign, each variant once."""

    def __init__(self, setting: Setting) -> None:
        """Take the campaign and its looks."""
        self._setting = setting
        self._scripts: dict[str, Script] = {}
        self._trees: dict[str, Tree[Composed]] = {}
        self._lock = Lock()
        steps = tuple(replace(step, places={}) for step in setting.campaign.steps)
        fixed = replace(setting.campaign, places={}, steps=steps)
        self._prefix = prefix(f"{fixed!r}{setting.brand!r}{setting.company!r}{setting.theme.text}")

    def of(self, step: Step, reader: Reader) -> Composed:
        """Return the variant of a step that is for this reader.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
            AddressError: a condition cannot be worked out on her values.
        """
        found = self._tree(step).find(lambda decision: decision.holds(reader))
        return found or self._compose(step, lambda decision: decision.holds(reader))

    def all(self, step: Step, limit: int = 16) -> tuple[Composed, ...]:
        """Return the variants of a step, at most `limit`: all answers about the subscriber, yes tried before no.

        Where the reader stands in the series is as the campaign orders it.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
        """
        waiting: list[dict[Decision, bool]] = [{}]
        found: list[Composed] = []
        while waiting and len(found) < limit:
            explorer = _Explorer(waiting.pop(), self._in_order(step))
            found.append(self._tree(step).find(explorer) or self._compose(step, explorer))
            waiting += reversed(explorer.others)
        return tuple(found)

    def _in_order(self, step: Step) -> Reader:
        """Return a reader who gets every step in order; her own values are never looked at."""
        steps = self._setting.campaign.steps
        at = [each.id for each in steps].index(step.id)
        around = [Neighbour(each.subject, each.teaser, INVALID_URL) for each in steps]
        progress = Progress(
            number=at + 1,
            total=len(steps),
            previous=around[at - 1] if at else None,
            next=around[at + 1] if at + 1 < len(steps) else None,
        )
        views = {each.id: INVALID_URL for each in steps}
        links = ReaderLinks(INVALID_URL, INVALID_URL, INVALID_URL, INVALID_URL, views)
        return Reader(Subscriber(""), links, progress)

    def _tree(self, step: Step) -> Tree[Composed]:
        return self._trees.setdefault(step.id, Tree())

    def _compose(self, step: Step, answer: Callable[[Decision], bool]) -> Composed:
        """Compose the variant that the answers lead to, and keep it."""
        with self._lock:
            found = self._tree(step).find(answer)
            if found is not None:  # somebody else was as quick
                return found
            script = self._scripts.get(step.id)
            if script is None:
                script = self._scripts[step.id] = Script(self._setting.campaign, step)
            build = Build(self._prefix, answer)
            composed = compose(self._setting, step, script, build)
            self._tree(step).add(build.path, composed)
            return composed


class _Explorer:
    """Answers questions along a given path, and beyond it with yes, noting where no would lead."""

    def __init__(self, path: dict[Decision, bool], in_order: Reader) -> None:
        self._path = dict(path)
        self._in_order = in_order
        self.others: list[dict[Decision, bool]] = []

    def __call__(self, decision: Decision) -> bool:
        if decision not in self._path:
            self._path[decision] = self._first(decision)
        return self._path[decision]

    def _first(self, decision: Decision) -> bool:
        """Return the first answer to try."""
        if decision.field.path[0] != "subscriber":
            return decision.holds(self._in_order)
        if decision.test == "has" and decision.argument >= _ITEMS:
            return False
        self.others.append({**self._path, decision: False})
        return True
