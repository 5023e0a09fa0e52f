"""How the database stands: whether it is there and ours, its disk, its clock, its time zones, what waits in it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backmail.app.doctor.said import Grade, Said, faults_of
from backmail.app.noting import ledger_of
from backmail.app.upkeep import file_of, fingerprints
from backmail.config import Project
from backmail.errors import ConfigError, StoreError
from backmail.sending.operations import held, held_by_restore, retriable
from backmail.store import tzdata
from backmail.store.engine import connect, reading
from backmail.store.faults import named
from backmail.store.noes import unkept
from backmail.store.nonce import known
from backmail.store.tables import campaigns, deliveries, versions
from backmail.store.upgrade import check

_ABOUT = "database"
_PATIENCE = 5.0  # seconds for a server to answer
_LEAST = 100 * 2**20  # bytes: a campaign's worth of rows and its write-ahead log
_LOW = 2**30
_APART = dt.timedelta(seconds=5)
_TIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is to say, and the installation's nonce: "" where the database cannot tell it."""

    said: list[Said]
    nonce: str = ""


def database(project: Project, *, now: dt.datetime) -> Examined:
    """Look at the database; one that is not there yet is not made."""
    try:
        address = project.database()
        engine = connect(address, patience=_PATIENCE)
    except (ConfigError, StoreError) as error:
        return Examined(list(faults_of(error, _ABOUT)))
    file = file_of(engine.url)
    if file is not None and not file.exists():
        return Examined([Said(_ABOUT, Grade.OK, f"{file} is not there yet: the first command that needs it makes it")])
    try:
        prints = _fingerprints(project)
        check(engine, prints)
        with reading(engine) as tx:
            said = [Said(_ABOUT, Grade.OK, f"{named(engine.url)}: {_kind(tx, ours=bool(prints))}"), *_disk(file)]
            said += [*_clock(tx, now), *_zones(tx), *_waiting(tx), *_noes(tx, ledger_of(project, engine.url))]
            return Examined(said, known(tx) or "")
    except StoreError as error:
        return Examined([*faults_of(error, _ABOUT), *_disk(file)])
    finally:
        engine.dispose()


def _fingerprints(project: Project) -> dict[str, str]:
    try:
        return fingerprints(project)
    except ConfigError:  # has been said
        return {}


def _kind(tx: sa.Connection, *, ours: bool) -> str:
    version = ".".join(map(str, tx.dialect.server_version_info or ()))
    name = "SQLite" if tx.dialect.name == "sqlite" else "PostgreSQL"
    return f"{name} {version}, up to date" + (", and of this installation" if ours else "")


def _disk(file: Path | None) -> Iterator[Said]:
    if file is None:
        return
    free = shutil.disk_usage(file.parent).free
    grade = Grade.ERROR if free < _LEAST else Grade.WARNING if free < _LOW else Grade.OK
    yield Said(
        "disk", grade, f"{free // 2**20:,} MB free for the database" + ("" if grade is Grade.OK else ": make room")
    )


def _clock(tx: sa.Connection, now: dt.datetime) -> Iterator[Said]:
    """Say whether this machine's clock can be right: nothing in the database can have happened later than now."""
    if tx.dialect.name == "postgresql":
        theirs = tx.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        if abs(theirs - now) > _APART:
            message = (
                f"this machine says {now:{_TIME}} UTC, the database's server {theirs.astimezone(dt.UTC):{_TIME}} UTC"
            )
            yield Said("clock", Grade.WARNING, message)
            return
    moments = (versions.c.published_at, campaigns.c.live_at, deliveries.c.first_handed_at, deliveries.c.accepted_at)
    latest = max(filter(None, (tx.scalar(sa.select(sa.func.max(column))) for column in moments)), default=now)
    if latest > now + _APART:
        message = f"this machine says {now:{_TIME}} UTC, and the database knows of {latest:{_TIME}} UTC"
        yield Said("clock", Grade.ERROR, f"{message}: one of the two clocks was wrong")
    else:
        yield Said("clock", Grade.OK, f"{now:{_TIME}} UTC")


def _zones(tx: sa.Connection) -> Iterator[Said]:
    present, noted = tzdata.present(), tzdata.noted(tx)
    if noted in (None, present):
        yield Said("time zones", Grade.OK, f"edition {present}")
    else:
        message = f"edition {present}, and slots were reckoned with {noted}: `backmail run` reckons them anew first"
        yield Said("time zones", Grade.WARNING, message, "backmail run")


def _waiting(tx: sa.Connection) -> Iterator[Said]:
    """Say what waits for a decision, or for something to be mended."""
    restored = held_by_restore(tx)
    for slug, count in restored.items():
        message = f"{count} of {slug} may have gone out before the database was restored, and you are to decide"
        yield Said("deliveries", Grade.WARNING, message, f"backmail settle {slug}")
    for slug, count in held(tx).items():
        if others := count - restored.get(slug, 0):
            message = f"{others} of {slug}: nobody can tell whether they arrived, and you are to decide"
            yield Said("deliveries", Grade.WARNING, message, f"backmail settle {slug}")
    if count := len(retriable(tx)):
        yield Said("deliveries", Grade.WARNING, f"{count} wait for something to be mended", "backmail retry")


def _noes(tx: sa.Connection, ledger: Path | None) -> Iterator[Said]:
    """Say whether a restored backup would know of everybody who said no."""
    if ledger is None:
        return
    count = len(unkept(tx, everything=not ledger.exists()))
    if count:
        message = f"{count} of them do not stand in {ledger}: a restored backup would not know of them"
        yield Said("noes", Grade.WARNING, message, "backmail status")
