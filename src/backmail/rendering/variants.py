"""The variants of each step: composed once per path of answers, found again for every further reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from threading import Lock

from backmail.links import INVALID_URL, TEST_KEY, Links
from backmail.model.campaign import Step
from backmail.model.message import Composed, Neighbour, Progress, Reader
from backmail.model.people import Subscriber
from backmail.rendering.bounded import bounded
from backmail.rendering.compose import Setting, compose
from backmail.rendering.confined import Confined
from backmail.rendering.decisions import Answer, Decision, Tree, as_named
from backmail.rendering.proxies import Build, prefix
from backmail.rendering.script import Script

# While exploring, a list that a template walks through has none, one or two items.
_ITEMS = 2


class Variants:
    """Composes the steps of one campaign, each variant once."""

    def __init__(self, setting: Setting, confined: Confined | None = None) -> None:
        """Take the campaign and its looks, and where templates are composed that may not end; here, if nowhere."""
        self._setting = setting
        self._confined = confined
        self._scripts: dict[str, Script] = {}
        self._trees: dict[str, Tree[Composed]] = {}
        self._lock = Lock()
        steps = tuple(replace(step, places={}) for step in setting.campaign.steps)
        fixed = replace(setting.campaign, places={}, steps=steps)
        self._prefix = prefix(f"{fixed!r}{setting.brand!r}{setting.company!r}{setting.theme.text}")

    def of(self, step: Step, reader: Reader, pinned: str = "") -> Composed:
        """Return the variant of a step that is for this reader, or the one whose name is pinned.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
            AddressError: a condition cannot be worked out on her values.
        """

        def holds(decision: Decision) -> bool:
            return decision.holds(reader)

        answer = as_named(pinned, holds) if pinned else holds
        return self._tree(step).find(answer) or self._compose(step, answer)

    def all(self, step: Step, limit: int = 16) -> tuple[Composed, ...]:
        """Return the variants of a step, as `explored` finds them.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
        """
        return tuple(composed for _, composed in self.explored(step, limit))

    def explored(self, step: Step, limit: int = 16) -> tuple[tuple[Mapping[Decision, bool], Composed], ...]:
        """Return the variants of a step that readers can need, each with the path of outcomes that leads to it.

        All answers about the subscriber are tried, yes before no, for those who get every step in order, then for those
        who got nothing before this one: it was all skipped, or stands in front of where they began.

        Args:
            step: one of the campaign.
            limit: how many variants are tried for each of the two, since every condition may double them.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
        """
        found: dict[str, tuple[Mapping[Decision, bool], Composed]] = {}
        for reader in self._readers(step):
            waiting: list[dict[Decision, bool]] = [{}]
            for _ in range(limit):
                explorer = _Explorer(waiting.pop(), reader)
                composed = self._tree(step).find(explorer) or self._compose(step, explorer)
                found.setdefault(composed.variant, (explorer.asked, composed))
                waiting += reversed(explorer.others)
                if not waiting:
                    break
        return tuple(found.values())

    def _readers(self, step: Step) -> Iterator[Reader]:
        """Give those who stand differently in the series; their own values are never looked at."""
        campaign, links = self._setting.campaign, Links(TEST_KEY, INVALID_URL)
        ids = {each.id: each.id for each in campaign.steps}
        in_order = [each.subject for each in campaign.steps]
        at = [each.id for each in campaign.steps].index(step.id)

        def neighbour(number: int) -> Neighbour:
            return Neighbour(in_order[number], campaign.steps[number].teaser, INVALID_URL)

        total, hers = len(in_order), links.for_reader(step.id, ids)
        following = neighbour(at + 1) if at + 1 < total else None
        all_before = tuple(each.id for each in campaign.steps[:at])
        for before, had in [(neighbour(at - 1), all_before), (None, ())] if at else [(None, ())]:
            yield Reader(Subscriber(""), hers, Progress(at + 1, total, before, following, had=had))

    def _tree(self, step: Step) -> Tree[Composed]:
        return self._trees.setdefault(step.id, Tree())

    def _compose(self, step: Step, answer: Answer) -> Composed:
        """Compose the variant that the answers lead to, and keep it."""
        with self._lock:
            found = self._tree(step).find(answer)
            if found is not None:  # somebody else was as quick
                return found
            path, composed = self._made(step, answer)
            self._tree(step).add(path, composed)
            return composed

    def _made(self, step: Step, answer: Answer) -> tuple[Mapping[Decision, bool], Composed]:
        """Return the variant that the answers lead to, with the path of them."""
        setting = self._setting
        if self._confined and not bounded(setting.campaign, step, setting.theme):
            return self._confined.compose(setting, step, self._prefix, answer)
        script = self._scripts.get(step.id)
        if script is None:
            script = self._scripts[step.id] = Script(setting.campaign, step)
        build = Build(self._prefix, answer)
        return build.path, compose(setting, step, script, build)


class _Explorer:
    """Answers questions along a given path, and beyond it with yes, noting where no would lead."""

    def __init__(self, path: dict[Decision, bool], standing: Reader) -> None:
        self._path = dict(path)
        self._standing = standing
        self.asked: dict[Decision, bool] = {}
        self.others: list[dict[Decision, bool]] = []

    def __call__(self, decision: Decision) -> bool:
        if decision not in self._path:
            self._path[decision] = self._first(decision)
        self.asked[decision] = self._path[decision]
        return self._path[decision]

    def _first(self, decision: Decision) -> bool:
        """Return the first answer to try."""
        if decision.field.path[0] != "subscriber":
            return decision.holds(self._standing)
        if decision.test == "has" and decision.argument >= _ITEMS:
            return False
        self.others.append({**self._path, decision: False})
        return True
