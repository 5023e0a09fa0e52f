"""Composes the steps of one setting: as they are, and with the safety text above for those who never got it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from backmail.campaign.with_safety import exposed, with_safety
from backmail.model.campaign import Step
from backmail.model.message import Composed, Reader
from backmail.rendering import Setting, Variants, shared
from backmail.rendering.decisions import Decision
from backmail.sending.published.names import WITH_SAFETY, below

__all__ = ["Composer", "Explored"]


@dataclass(frozen=True, slots=True)
class Explored:
    """A variant that readers can need, with the outcomes of the questions about a reader that lead to it."""

    safe: bool
    path: Mapping[Decision, bool]
    composed: Composed


class Composer:
    """The steps of one setting, each variant composed when it is first needed."""

    def __init__(self, setting: Setting) -> None:
        """Take the campaign and its looks; others' templates are kept from running on."""
        self.exposed = exposed(setting.campaign)
        self._steps = {step.id: step for step in setting.campaign.steps}
        self._safe_steps = {
            step.id: with_safety(setting.campaign, step) for step in setting.campaign.steps if step.id in self.exposed
        }
        steps = tuple(self._safe_steps.get(step.id, step) for step in setting.campaign.steps)
        self._variants = Variants(setting, shared())
        safe = replace(setting, campaign=replace(setting.campaign, steps=steps))
        self._safe_variants = Variants(safe, shared())
        self._named: dict[tuple[str, str], Composed] = {}

    def step(self, step_id: str, *, safe: bool) -> Step:
        """Return a step as it is composed."""
        return self._safe_steps[step_id] if safe else self._steps[step_id]

    def of(self, step_id: str, reader: Reader, *, safe: bool, pinned: str = "") -> Composed:
        """Return the variant of a step for one reader, or the one of that name; the same object each time.

        Raises:
            TemplateError: the step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
            AddressError: a condition cannot be worked out on her values.
        """
        if not safe:
            return self._variants.of(self._steps[step_id], reader, pinned)
        return self._renamed(self._safe_variants.of(self._safe_steps[step_id], reader, below(pinned)))

    def explored(self) -> Iterator[Explored]:
        """Compose all variants that readers can need, step by step.

        Raises:
            TemplateError: a step or the theme cannot be rendered.
            ConfigError: the brand cannot be used.
        """
        for step in self._steps.values():
            for path, composed in self._variants.explored(step):
                yield Explored(False, path, composed)
            if step.id in self._safe_steps:
                for path, composed in self._safe_variants.explored(self._safe_steps[step.id]):
                    yield Explored(True, path, self._renamed(composed))

    def _renamed(self, composed: Composed) -> Composed:
        """Return a variant under the name that tells it from the one without the safety text."""
        key = (composed.step, composed.variant)
        if key not in self._named:
            name = f"{WITH_SAFETY}, {composed.variant}" if composed.variant else WITH_SAFETY
            self._named[key] = replace(composed, variant=name)
        return self._named[key]
