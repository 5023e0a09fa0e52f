"""Backmail: a project with its database, its published campaigns, its links and its transport."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from backmail.app import carriers
from backmail.clock import SystemClock, Ticking
from backmail.config import Config, Project
from backmail.links import INVALID_URL, Links
from backmail.sending.delivery import Leases, Office, Pump, Ticked
from backmail.sending.operations import resume_due
from backmail.sending.published import Shelf
from backmail.store import upgrade
from backmail.store.engine import connect, durable, reading, relaxed
from backmail.store.pauses import standing
from backmail.transports import verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from backmail.model.delivery import Blame, Refused
    from backmail.transports import Transport

__all__ = ["Backmail", "opened"]


class Backmail:
    """All parts of one installation. Whoever opens it closes it (`opened`)."""

    def __init__(
        self,
        project: Project,
        store: sa.Engine,
        links: Links,
        pepper: bytes,
        *,
        clock: Ticking,
        transport: Transport | None = None,
        live_needed: bool | None = None,
    ) -> None:
        """Join the parts.

        Args:
            project: its settings and folders.
            store: its database, with the present tables.
            links: signs readers' links.
            pepper: hashes addresses.
            clock: the machine's, or a virtual one.
            transport: instead of the one that the settings ask for.
            live_needed: whether a campaign must be live to be sent; None: if the transport reaches anybody.
        """
        self.project = project
        self.store = store
        self.links = links
        self.pepper = pepper
        self.clock = clock
        self.shelf = Shelf()
        self.alone = False  # set by an engine that holds the file lock
        self.live_needed = project.config.transport.kind != "folder" if live_needed is None else live_needed
        lease = dt.timedelta(seconds=project.config.engine.lease)
        self.leases = Leases(clock, f"{os.getpid()}-{uuid.uuid4().hex[:12]}", lease)
        self._transport = transport

    @property
    def config(self) -> Config:
        """The settings."""
        return self.project.config

    @property
    def zone(self) -> str:
        """The zone of people and campaigns that name none: an IANA name."""
        return self.config.zone

    @cached_property
    def transport(self) -> Transport:
        """What carries messages out.

        Raises:
            ConfigError: the relay's password is missing.
        """
        return self._transport or carriers.transport(self.project, self.clock, self.leases.may_write)

    @property
    def blame(self) -> Callable[[Refused], Blame]:
        """Who is wrong when the transport's provider refuses."""
        return verdict.smtp

    def now(self) -> dt.datetime:
        """Return the present instant, UTC."""
        return self.clock.now()

    def reading(self) -> AbstractContextManager[sa.Connection]:
        """Open a transaction that only reads."""
        return reading(self.store)

    def relaxed(self) -> AbstractContextManager[sa.Connection]:
        """Open a transaction of the delivery protocol, which a power cut may undo."""
        return relaxed(self.store)

    def durable(self) -> AbstractContextManager[sa.Connection]:
        """Open a transaction that is on the disk when it ends."""
        return durable(self.store)

    @cached_property
    def pump(self) -> Pump:
        """What delivers."""
        return Pump(
            Office(
                store=self.store,
                clock=self.clock,
                shelf=self.shelf,
                links=self.links,
                transport=self.transport,
                blame=self.blame,
                leases=self.leases,
                zone=self.zone,
                live_needed=self.live_needed,
                alone=self.alone,
                sweep_every=dt.timedelta(seconds=self.config.engine.sweep),
            )
        )

    async def tick(self) -> Ticked:
        """End pauses whose time is over, then deliver one batch of what is due."""
        self._end_pauses()
        return await self.pump.tick()

    def next_look(self, now: dt.datetime) -> dt.datetime | None:
        """Return when something comes up next (UTC), None when nothing waits."""
        return self.pump.next_look()

    async def drain(self) -> None:
        """Claim nothing more: what is on its way is finished, the rest of the batch is put back."""
        self.pump.draining = True

    def _end_pauses(self) -> None:
        now = self.now()
        with self.reading() as tx:
            over = any(pause.until is not None and pause.until <= now for pause in standing(tx).values())
        if over:
            with self.durable() as tx:
                resume_due(tx, now)


@contextmanager
def opened(project: Project, *, clock: Ticking | None = None, transport: Transport | None = None) -> Iterator[Backmail]:
    """Open a project with its database, which is made or upgraded first where that is needed.

    Args:
        project: where it is.
        clock: instead of the machine's.
        transport: instead of the one that the settings ask for.

    Raises:
        ConfigError: a secret is missing or cannot be read.
        StoreError: the database cannot be used, or belongs to another installation.
    """
    secrets = project.secrets()
    store = connect(project.database())
    try:
        upgrade.upgrade(store)
        upgrade.check(store, {name: upgrade.fingerprint(value) for name, value in secrets.lasting().items()})
        links = Links(secrets.key, project.config.site.public_url or INVALID_URL)
        yield Backmail(project, store, links, secrets.pepper, clock=clock or SystemClock(), transport=transport)
    finally:
        store.dispose()
