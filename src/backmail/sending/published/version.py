"""One published version of a campaign, as sending uses it: no file of the campaign is read, and little composed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING

from backmail.errors import Fault, UnknownName, did_you_mean
from backmail.links import Links
from backmail.model.campaign import Brand, Campaign, Company
from backmail.model.message import Composed, Reader
from backmail.model.people import Subscriber
from backmail.rendering import kept
from backmail.rendering.decisions import Tree
from backmail.rendering.reader import reader_for
from backmail.sending.published.names import is_safe

if TYPE_CHECKING:
    from backmail.sending.published.composing import Composer

__all__ = ["Published"]


@dataclass(eq=False)
class Published:
    """A version of a campaign.

    Attributes:
        campaign: as its files said it when it was published.
        number: of the version, from 1.
        brand, company: those of the settings at that time.
        theme: the files of the theme, by their path in it.
        safety_steps: ids of the steps that hold the campaign's safety text; none where it has no such text.
        exposed: ids of the steps that hold an exercise and not the safety text.
    """

    campaign: Campaign
    number: int
    brand: Brand
    company: Company
    theme: Mapping[str, str] = field(repr=False)
    safety_steps: frozenset[str]
    exposed: frozenset[str]
    stored: Mapping[tuple[str, str], bytes] = field(repr=False)  # by step and variant, packed
    _steps: dict[tuple[str, bool], _Step] = field(default_factory=dict, repr=False)
    _composer: Composer | None = field(default=None, repr=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def needs_safety(self, step_id: str) -> bool:
        """Return whether a step may reach only those who got the safety text, unless it goes with it."""
        return step_id in self.exposed

    def reader(
        self,
        step_id: str,
        subscriber: Subscriber,
        links: Links,
        delivery_ids: Mapping[str, str],
        *,
        beside: Sequence[int] = (),
        not_to_come: Collection[str] = (),
        last: dt.date | None = None,
    ) -> Reader:
        """Return a step's reader, as `rendering.reader_for`: `delivery_ids` are of this step and those she was handed.

        Raises:
            UnknownName: this version has no such step.
            TemplateError: the subject of a neighbour cannot be rendered.
        """
        step = self.campaign.step(step_id)
        if step is None:
            raise self._unknown(step_id)
        return reader_for(
            self.campaign,
            step,
            subscriber,
            links,
            delivery_ids,
            beside=beside,
            not_to_come=not_to_come,
            last=last,
        )

    def compose(self, step_id: str, reader: Reader, variant: str | None = None, with_safety: bool = False) -> Composed:
        """Return the variant of a step for one reader: the same object each time.

        It was composed when the version was published. One that nobody thought of then is composed now, from what was
        published, with the same result.

        Args:
            step_id: the step.
            reader: who reads it.
            variant: the name of the variant that was handed over before; then it is that one, whoever she is by now.
            with_safety: whether she never got the safety text. Steps that do not need it go as they are.

        Raises:
            UnknownName: this version has no such step.
            TemplateError: what was not thought of cannot be rendered.
            AddressError: a condition cannot be worked out on her values.
        """
        safe = is_safe(variant) if variant is not None else with_safety and self.needs_safety(step_id)
        with self._lock:
            step = self._of(step_id, safe)
            if variant is not None and variant in step.by_name:
                return step.by_name[variant]
            found = step.tree.find(lambda decision: decision.holds(reader)) if variant is None else None
            return found or self._composed(step_id, reader, variant or "", safe=safe)

    def _of(self, step_id: str, safe: bool) -> _Step:
        """Return what is stored of a step, unpacked when it is first asked for."""
        key = (step_id, safe)
        if key not in self._steps:
            if self.campaign.step(step_id) is None:
                raise self._unknown(step_id)
            mine = [body for (step, name), body in self.stored.items() if step == step_id and is_safe(name) == safe]
            self._steps[key] = _Step(mine)
        return self._steps[key]

    def _unknown(self, step_id: str) -> UnknownName:
        known = [step.id for step in self.campaign.steps]
        message = f"version {self.number} of {self.campaign.slug} has no step {step_id!r}"
        return UnknownName(Fault(message, hint=did_you_mean(step_id, known) or f"there are {', '.join(known)}"))

    def _composed(self, step_id: str, reader: Reader, variant: str, *, safe: bool) -> Composed:
        """Return what is not stored."""
        if self._composer is None:
            # Jinja, Markdown and premailer: only now, since sending starts quickly without them.
            from backmail.rendering import Setting
            from backmail.rendering.theme import kept_theme
            from backmail.sending.published.composing import Composer

            theme = kept_theme(self.campaign.theme, self.theme)
            self._composer = Composer(Setting(self.campaign, theme, self.brand, self.company))
        return self._composer.of(step_id, reader, safe=safe, pinned=variant)


class _Step:
    """The stored variants of a step: by their names, and by the answers that lead to them."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self.by_name: dict[str, Composed] = {}
        self.tree: Tree[Composed] = Tree()
        for path, composed in map(kept.read, bodies):
            self.by_name[composed.variant] = composed
            self.tree.add(path, composed)
