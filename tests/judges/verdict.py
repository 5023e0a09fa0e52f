"""What a judge says of one thing, and the table of what it says of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


class Absent(Exception):  # noqa: N818  # it tells of no error: a judge is left out
    """A judge is not on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Verdict:
    """What a judge says: `subject` is what a row is about, `told` what it found, `good` whether that will do.

    One that does not `decide` is there for comparison.
    """

    subject: str
    good: bool
    told: str = ""
    decides: bool = True


def table(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Give a row for each subject: how many of its things are good, and what is told of the others, once each."""
    for subject, group in groupby(sorted(verdicts, key=lambda each: each.subject), key=lambda each: each.subject):
        all_of_it = list(group)
        good = sum(each.good for each in all_of_it)
        notes = list(dict.fromkeys(each.told for each in all_of_it if each.told))
        yield f"  {subject:<44}{good:>4} of {len(all_of_it):<4}{'' if good == len(all_of_it) else '  NO'}"
        yield from (f"      {note}" for note in notes[:_SHOWN])
        if len(notes) > _SHOWN:
            yield f"      and {len(notes) - _SHOWN} more"


_SHOWN = 12
