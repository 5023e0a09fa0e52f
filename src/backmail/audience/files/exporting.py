"""Everybody as CSV: the columns of an import, then what only backmail says of them; read again it is the same."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sa

from backmail.audience.files.formulas import harmless
from backmail.audience.files.people import STATE, SUPPRESSED
from backmail.audience.subscribers import Person, all_ids, many, own_fields
from backmail.audience.suppressions import EVERYWHERE, Suppression, standing_of
from backmail.audience.values import COLUMNS, TAGS_APART

__all__ = ["export"]


class Out(Protocol):
    """What can be written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""
        ...


def export(tx: sa.Connection, out: Out) -> int:
    """Write everybody, those added first first, and return how many that are.

    Cells that a spreadsheet would take for a formula are made harmless with an apostrophe, which an import takes off.

    Args:
        tx: a transaction that reads.
        out: takes the text, as UTF-8 and with line ends untouched.
    """
    own = own_fields(tx)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([harmless(name) for name in (*COLUMNS, *own, STATE, SUPPRESSED)])
    count = 0
    for ids in all_ids(tx):
        people = many(tx, ids)
        stands = standing_of(tx, (person.address for person in people.values()))
        for person in people.values():
            writer.writerow([harmless(cell) for cell in _cells(person, own, stands.get(person.address, ()))])
        count += len(people)
    return count


def _cells(person: Person, own: Iterable[str], stands: Iterable[Suppression]) -> list[str]:
    who = person.subscriber
    # A no to one campaign is not one to all mail: only that keeps her out of an import.
    reasons = dict.fromkeys(one.reason.value for one in stands if one.scope == EVERYWHERE)
    return [
        who.email,
        who.first_name or "",
        who.last_name or "",
        who.language or "",
        who.timezone or "",
        TAGS_APART.join(who.tags),
        *(who.attributes.get(name, "") for name in own),
        person.state.value,
        TAGS_APART.join(reasons),
    ]
