"""What an engine finds when it starts: which campaigns may send, and when the next mail is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from backmail.store import claims
from backmail.store.tables import campaigns

if TYPE_CHECKING:
    from backmail.app.backmail import Backmail

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """`sending`: slugs of the campaigns that may send now, in the order they are asked.

    `waiting`: slugs of those that are published and may not, paused or not live yet. `due`: when the next mail comes up
    (UTC), None when none waits.
    """

    sending: tuple[str, ...]
    waiting: tuple[str, ...]
    due: dt.datetime | None


def outlook(backmail: Backmail) -> Outlook:
    """Look at the campaigns; those of the installation itself (to confirm an address) are not named."""
    with backmail.reading() as tx:
        heads = claims.heads(tx, live_needed=backmail.live_needed)
        own = sa.select(campaigns.c.id, campaigns.c.slug).where(~campaigns.c.system, campaigns.c.version.is_not(None))
        slugs = {row.id: row.slug for row in tx.execute(own.order_by(campaigns.c.slug))}
    sending = [slugs[head.campaign] for head in heads if head.campaign in slugs]
    return Outlook(
        tuple(sending),
        tuple(slug for slug in slugs.values() if slug not in sending),
        min((head.at for head in heads if head.at is not None), default=None),
    )
