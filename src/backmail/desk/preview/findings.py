"""What `check` says of a draft, step by step, and how heavy each mail gets for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backmail.model.campaign import Finding, Severity

__all__ = ["Findings", "Heaviest"]


@dataclass(frozen=True, slots=True)
class Heaviest:
    """The most that a mail weighs: `size` in bytes of its HTML, `person` how she is called in a list."""

    size: int
    person: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one draft, errors first, and the heaviest mail of each step by its id."""

    all: tuple[Finding, ...]
    heaviest: Mapping[str, Heaviest] = field(default_factory=dict)

    def of(self, step: str) -> tuple[Finding, ...]:
        """Return those about one step; "" for those about the whole campaign."""
        return tuple(finding for finding in self.all if finding.step == step)

    def count(self, severity: Severity, step: str | None = None) -> int:
        """Return how many of a severity there are, of one step or (None) of all."""
        return sum(finding.severity is severity for finding in (self.all if step is None else self.of(step)))
