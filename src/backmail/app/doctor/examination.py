"""All that the doctor looks at, in the order in which one thing needs the other."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.app.doctor.carrier import carrier
from backmail.app.doctor.database import database
from backmail.app.doctor.said import Said
from backmail.app.doctor.settings import public_address, settings
from backmail.clock import Clock
from backmail.config import Project


def examine(project: Project, *, clock: Clock) -> Iterator[Said]:
    """Look at the settings, the database, the public address and the transport; each line comes when it is known."""
    yield from settings(project)
    examined = database(project, now=clock.now())
    yield from examined.said
    yield from public_address(project, examined.nonce)
    yield from carrier(project)
