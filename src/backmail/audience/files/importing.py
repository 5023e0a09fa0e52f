"""A file of people against those who are here: what an import would do, and doing it.

An import adds people and changes nobody: who is here stays as she is, nothing is lifted, and who said no stays away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa

from backmail.audience import consents, subscribers, suppressions
from backmail.audience.addresses import keyed
from backmail.audience.files.people import Entry, PeopleFile
from backmail.audience.suppressions import EVERYWHERE
from backmail.model.states import SubscriberState

__all__ = ["Import", "carry_out", "weigh"]


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do: whom it adds, and the lines of those it passes over, with the reason.

    Attributes:
        file: the name of the file.
        new: people who are not here.
        known: lines of those who are subscribers already.
        suppressed: lines of those to whom we may not write, subscribers or not.
        repeated: lines with an address that stood in the file before, each with the line where it did.
    """

    file: str
    new: tuple[Entry, ...]
    known: tuple[int, ...]
    suppressed: tuple[int, ...]
    repeated: tuple[tuple[int, int], ...]


def weigh(tx: sa.Connection, people: PeopleFile, pepper: bytes) -> Import:
    """Return what an import of the file would do; nothing is written."""
    first: dict[str, Entry] = {}
    repeated: list[tuple[int, int]] = []
    for entry in people.entries:
        before = first.setdefault(keyed(pepper, entry.subscriber.email), entry)
        if before is not entry:
            repeated.append((entry.line, before.line))
    here = subscribers.known(tx, first)
    stands = suppressions.standing_of(tx, first)
    refused = {
        address
        for address, entry in first.items()
        if entry.suppressed or any(one.scope == EVERYWHERE for one in stands.get(address, ()))
    }
    return Import(
        people.sheet.file,
        tuple(entry for address, entry in first.items() if address not in here and address not in refused),
        tuple(entry.line for address, entry in first.items() if address in here and address not in refused),
        tuple(entry.line for address, entry in first.items() if address in refused),
        tuple(repeated),
    )


def carry_out(tx: sa.Connection, weighed: Import, pepper: bytes, *, basis: str, now: dt.datetime) -> Import:
    """Add the people of an import, each with an entry in her record, and return what was done.

    They are active (pending where the file says so), and start no campaign by it. Somebody else may have added one of
    them since the import was weighed: she is left out.

    Args:
        tx: an open transaction that lasts.
        weighed: what to do, weighed in the same transaction.
        pepper: the installation's secret for hashes of addresses.
        basis: on what ground we may write to them, in the operator's words.
        now: the present instant.

    Raises:
        ValueError: no basis was given.
    """
    if not basis.strip():
        raise ValueError("people are imported on a ground")
    added: dict[str, int] = {}
    for state in SubscriberState:
        wanted = [one for one in weighed.new if one.pending == (state is SubscriberState.PENDING)]
        added |= subscribers.add_many(tx, (one.subscriber for one in wanted), pepper, now=now, state=state)
    done = [(added[address], one) for address, one in _by_address(weighed.new, pepper) if address in added]
    sources = [(id_, f"{weighed.file}:{one.line}") for id_, one in done]
    consents.record_imported(tx, sources, basis=basis, now=now)
    return replace(weighed, new=tuple(one for _, one in done))


def _by_address(entries: Sequence[Entry], pepper: bytes) -> list[tuple[str, Entry]]:
    return [(keyed(pepper, one.subscriber.email), one) for one in entries]
