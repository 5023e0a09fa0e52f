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
from backmail.app.dying import Dying
from backmail.app.noting import Noting, ledger_of
from backmail.clock import SystemClock, Ticking
from backmail.config import Config, Project
from backmail.links import INVALID_URL, Links
from backmail.sending.delivery import Leases, Office, Pump, Ticked
from backmail.sending.operations import resume_due
from backmail.sending.published import Shelf
from backmail.store import upgrade
from backmail.store.engine import connect, durable, reading, relaxed, watched
from backmail.store.noes import touched
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
        noting: Noting | None = None,
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
            noting: keeps the ledger of noes; None for a database that nobody restores.
        """
        self.project = project
        self.store = store
        self.links = links
        self.pepper = pepper
        self.clock = clock
        self.shelf = Shelf()
        self.alone = False  # set by an engine whose file lock proves it
        self.live_needed = project.config.transport.kind != "folder" if live_needed is None else live_needed
        lease = dt.timedelta(seconds=project.config.engine.lease)
        self.leases = Leases(clock, f"{os.getpid()}-{uuid.uuid4().hex[:12]}", lease)
        self._transport = transport
        self._noting = noting or Noting(store, None)

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

    @contextmanager
    def durable(self) -> Iterator[sa.Connection]:
        """Open a transaction that is on the disk when it ends; a no in it stands in the ledger then, too."""
        with durable(self.store) as tx:
            yield tx
            said = touched(tx)
        if said:
            self._noting.follow()

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
        """End pauses whose time is over, then deliver one batch of what is due, and note the noes that came of it."""
        self._end_pauses()
        ticked = await self.pump.tick()
        self._noting.follow()
        return ticked

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
    crash_at = project.crash_at()
    store = connect(project.database(), always_durable=project.config.engine.durable)
    if crash_at:
        store = watched(store, Dying(crash_at))
    try:
        upgrade.upgrade(store)
        upgrade.check(store, {name: upgrade.fingerprint(value) for name, value in secrets.lasting().items()})
        links = Links(secrets.key, project.config.site.public_url or INVALID_URL)
        noting = Noting(store, ledger_of(project, store.url))
        noting.follow()  # who noted a no and died before it stood in the file
        yield Backmail(
            project, store, links, secrets.pepper, clock=clock or SystemClock(), transport=transport, noting=noting
        )
    finally:
        store.dispose()
