"""Backing up: the database as it is at one moment, while the engine runs, into one file that was looked at."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backmail.app.upkeep import file_of, fingerprints
from backmail.config import Project
from backmail.errors import Fault, InputError, Place, StoreError
from backmail.store import dumps, snapshots, soundness
from backmail.store.disk import sync
from backmail.store.engine import connect, reading
from backmail.store.faults import fault, named
from backmail.store.upgrade import recognise

__all__ = ["BackedUp", "backed_up"]

_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """`name`: how a person knows the database. `file`: the backup; `size`: in bytes."""

    name: str
    file: Path
    size: int


def backed_up(project: Project, to: Path, *, now: dt.datetime, environ: Mapping[str, str] = os.environ) -> BackedUp:
    """Make a backup that only this user may read, and that is on the disk and was found whole before it has its name.

    Args:
        project: whose database.
        to: a file that is not there yet, or a folder, in which it is named by the instant.
        now: the present instant.
        environ: the variables that PostgreSQL's own programs are started with.

    Raises:
        ConfigError: a secret is missing.
        InputError: the file is there already, or its folder is not.
        StoreError: the database cannot be read, is none of ours, or is damaged.
    """
    prints = fingerprints(project)
    store = connect(project.database())
    try:
        source = file_of(store.url)
        if source is not None and not source.exists():
            raise StoreError(fault(store.url, "is not there: there is nothing to back up"))
        with reading(store) as tx:
            recognise(tx, prints)
        file = _target(to, now, "db" if source else "dump")
        part = file.with_name(f".{file.name}.backmail-part")  # a name that no file of theirs has
        snapshots.remove(part)
        try:
            _copy(store, part, environ)
            part.replace(file)
            sync(file)
        except BaseException:
            snapshots.remove(part)
            raise
        return BackedUp(named(store.url), file, file.stat().st_size)
    finally:
        store.dispose()


def _target(to: Path, now: dt.datetime, ending: str) -> Path:
    file = to / f"backmail-{now.astimezone(dt.UTC):{_STAMP}}.{ending}" if to.is_dir() else to
    if file.exists() or file.is_symlink():
        again = f"backmail db backup {shlex.quote(str(file.parent))}"
        message = "it is there already, and a backup is never written over another file"
        raise InputError(
            Fault(message, Place(str(file)), "name a folder, and each backup gets a name of its own"),
            next_command=again,
        )
    if not file.parent.is_dir():
        raise InputError(Fault("there is no such folder", Place(str(file.parent))))
    return file


def _copy(store: sa.Engine, part: Path, environ: Mapping[str, str]) -> None:
    if store.dialect.name == "postgresql":
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # pg_dump itself leaves the mode as it is
        dumps.take(store, part, environ)
        dumps.check(part, environ)
        sync(part)
        return
    snapshots.take(store, part)
    with snapshots.opened(store.url, part) as copy, reading(copy) as tx:
        damages = soundness.damages(tx, indexes=True)
    if damages:
        hint = "what is damaged must not take the place of a good backup; restore the last one"
        raise StoreError(fault(store.url, f"is damaged: {damage}", hint) for damage in damages)
