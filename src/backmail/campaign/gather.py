"""Collects faults from many readings, so that all of them can be told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from backmail.errors import CampaignError, Fault, InputError


@dataclass(slots=True)
class Faults:
    """The faults found so far, in the order in which they were met."""

    found: list[Fault] = field(default_factory=list)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the faults of an input that cannot be used instead of stopping at it."""
        try:
            yield
        except InputError as error:
            self.found.extend(error.faults)

    def tell(self, next_command: str = "") -> None:
        """Raise them all.

        Raises:
            CampaignError: if there are any.
        """
        if self.found:
            raise CampaignError(self.found, next_command=next_command)
