"""Tags: labels that people have, and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from backmail.audience.bulk import among, portions, put_new
from backmail.store import walks
from backmail.store.tables import tags

__all__ = ["tag", "tags_of", "untag"]


def tag(tx: sa.Connection, ids: Iterable[int], words: Iterable[str], *, now: dt.datetime) -> list[tuple[int, str]]:
    """Give people tags, and return those they did not have, as (subscriber, tag) in order.

    Rows are written and nothing else: what a tag begins or ends is decided by `sending.decisions.tagged`.

    Args:
        tx: an open transaction.
        ids: of subscribers.
        words: the tags.
        now: the present instant.
    """
    wanted = list(words)
    rows = [{"subscriber": id_, "tag": word, "since": now} for id_ in ids for word in wanted]
    return sorted((id_, word) for id_, word in put_new(tx, tags, rows, tags.c.subscriber, tags.c.tag))


def untag(tx: sa.Connection, ids: Iterable[int], words: Iterable[str]) -> list[tuple[int, str]]:
    """Take tags away from people, and return those they had, as (subscriber, tag) in order."""
    wanted = list(words)
    gone: list[tuple[int, str]] = []
    for portion in portions(ids):
        theirs = among(tx, tags.c.subscriber, portion) & tags.c.tag.in_(wanted)
        done = tx.execute(tags.delete().where(theirs).returning(tags.c.subscriber, tags.c.tag))
        gone += [(row.subscriber, row.tag) for row in done]
    return sorted(gone)


def tags_of(tx: sa.Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of people, in the order of the alphabet, by subscriber; who has none is not in the answer."""
    return dict(walks.tags(tx, ids))
