"""What the delivery of mails stands on: the database, clocks, published versions, links, a transport."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from backmail.clock import Ticking
from backmail.links import Links
from backmail.model.delivery import Blame, Refused
from backmail.sending.delivery.leases import Leases
from backmail.sending.published import Shelf
from backmail.transports import Transport

__all__ = ["Office"]


@dataclass(frozen=True, slots=True)
class Office:
    """All that a pump needs, chosen by `app`.

    Attributes:
        store: the database.
        clock: tells instants and ticks.
        shelf: where published versions are had from.
        links: signs readers' links and Message-IDs.
        transport: carries messages out.
        blame: who is wrong when the transport's provider refuses.
        leases: this worker's; the transport asks them before each write.
        zone: of the settings.
        live_needed: whether only campaigns that somebody let go live are sent.
        alone: whether no other engine was at work when this one started, as a file lock proves.
        sweep_every: how often what dead workers left behind is looked for.
    """

    store: sa.Engine
    clock: Ticking
    shelf: Shelf
    links: Links
    transport: Transport
    blame: Callable[[Refused], Blame]
    leases: Leases
    zone: str
    live_needed: bool
    alone: bool
    sweep_every: dt.timedelta
