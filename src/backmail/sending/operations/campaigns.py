"""The campaign that somebody means, by the name that people know it by."""

from __future__ import annotations

import shlex

import sqlalchemy as sa

from backmail.errors import Fault, UnknownName, did_you_mean
from backmail.store.tables import campaigns

__all__ = ["campaign_named"]


def campaign_named(tx: sa.Connection, slug: str) -> str:
    """Return the id of the applied campaign with that slug; its id itself will do too.

    Raises:
        UnknownName: none of that name was applied.
    """
    ids: dict[str, str] = {row.slug: row.id for row in tx.execute(sa.select(campaigns.c.slug, campaigns.c.id))}
    known = ids | {id_: id_ for id_ in ids.values()}
    if slug not in known:
        own = sorted(name for name in ids if not name.startswith("_"))
        near = did_you_mean(slug, own)
        hint = near or (f"there are: {', '.join(own)}" if own else "none was applied yet")
        # After a slip of the pen the name is to be mended; to publish something does not help.
        raise UnknownName(
            Fault(f"no campaign {slug!r} was applied", hint=hint),
            next_command="" if near else f"backmail apply {shlex.quote(slug)}",
        )
    return known[slug]
