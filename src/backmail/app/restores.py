"""Restoring a backup: held still, told of every no that was said since, and only then put in the database's place."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from backmail.app.noting import ledger_of
from backmail.app.upkeep import file_of, fingerprints
from backmail.config import Project
from backmail.errors import Fault, InputError, Place, SafetyStop, StoreBusy, StoreError
from backmail.model.states import NoAct
from backmail.sending.operations import pause_campaign
from backmail.sending.operations.restoring import hold
from backmail.sending.published import Shelf
from backmail.sending.replaying import replay
from backmail.store import dumps, ids, ledger, nonce, snapshots, soundness, upgrade
from backmail.store.disk import sync
from backmail.store.engine import connect, durable, reading
from backmail.store.faults import fault, named
from backmail.store.ledger import Ledger
from backmail.store.noes import No, unkept, unknown
from backmail.store.tables import deliveries
from backmail.store.tables import noes as noes_table

__all__ = ["BECAUSE", "Restored", "restored"]

BECAUSE = "restored from a backup"
_STAMP = "%Y%m%dT%H%M%SZ"
_SQLITE = b"SQLite format 3\0"  # sqlite.org/fileformat2.html, 1.3
_DUMP = b"PGDMP"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        name: how a person knows the database.
        kept: where what it held before is kept, None where there was nothing.
        ledger: the file that noes were read from, None where there is none.
        said: what was said since the backup and holds again, by what it was.
        unreadable: lines of the ledger that nobody can read.
        held: the mails that may have gone out since the backup, by the campaign's slug.
    """

    name: str
    kept: Path | None
    ledger: Path | None
    said: Counter[NoAct]
    unreadable: int
    held: Counter[str]


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done: which file, in which project, as of when, by whom."""

    project: Project
    file: Path
    prints: dict[str, str]
    ledger: Ledger
    now: dt.datetime
    by: str
    environ: Mapping[str, str]

    def knowing(self, said: list[No]) -> _Task:
        """Return the same with more noes, in the order in which all of them were said."""
        known = {no.uid for no in self.ledger.noes}
        more = [no for no in said if no.uid not in known]
        both = sorted([*self.ledger.noes, *more], key=lambda no: no.at) if more else self.ledger.noes
        return replace(self, ledger=replace(self.ledger, noes=both))


def restored(
    project: Project, file: Path, *, now: dt.datetime, by: str, environ: Mapping[str, str] = os.environ
) -> Restored:
    """Put a backup in the place of the database, whose engine does not run.

    Whatever fails, and whenever the machine dies, the database is the old one, or the restored one with everything
    held; never one that sends what it does not know to be sent.

    Args:
        project: whose database; there need not be any.
        file: the backup.
        now: the present instant.
        by: who does it, as the machine knows the operator.
        environ: the variables that PostgreSQL's own programs are started with.

    Raises:
        ConfigError: a secret is missing.
        InputError: there is no such backup, or it is one of the other kind of database.
        SafetyStop: a worker is sending.
        StoreError: the backup is damaged, newer than this backmail, or another installation's; the database is locked.
    """
    prints = fingerprints(project)
    store = connect(project.database())
    try:
        _look(file, sqlite=store.dialect.name == "sqlite")
        noes = ledger_of(project, store.url)
        task = _Task(project, file, prints, _read(noes), now, by, environ)
        restore = _in_sqlite if store.dialect.name == "sqlite" else _in_postgresql
        kept, said, held = restore(store, task)
        _late(store, task, noes)
        there = noes if noes and noes.exists() else None
        return Restored(named(store.url), kept, there, said, task.ledger.unreadable, held)
    finally:
        store.dispose()


def _late(store: sa.Engine, task: _Task, noes: Path | None) -> None:
    """Let hold, too, what somebody said by another command while the copy was made ready."""
    said = _read(noes).noes
    with reading(store) as tx:
        missing = unknown(tx, said)
    if missing:
        with durable(store, "restore") as tx:
            replay(tx, Shelf(), missing, zone=task.project.config.zone)
            hold(tx, now=task.now)


def _look(file: Path, *, sqlite: bool) -> None:
    if not file.is_file():
        raise InputError(Fault("there is no such file", Place(str(file))))
    with file.open("rb") as opened:
        begins = opened.read(len(_SQLITE))
    if sqlite and begins.startswith(_DUMP):
        raise InputError(Fault("it is a backup of PostgreSQL, and the database is SQLite's", Place(str(file))))
    if not sqlite and begins == _SQLITE:
        raise InputError(Fault("it is a backup of SQLite, and the database is PostgreSQL's", Place(str(file))))
    if not begins.startswith(_SQLITE if sqlite else _DUMP):
        raise InputError(Fault("it is no backup", Place(str(file)), "`backmail db backup` makes one"))


def _read(noes: Path | None) -> Ledger:
    if noes is None:
        return Ledger([])
    try:
        return ledger.read(noes)
    except OSError as error:
        hint = "without it people who said no since the backup would get mails again"
        message = f"the ledger of noes cannot be read: {(error.strerror or str(error)).lower()}"
        raise StoreError(Fault(message, Place(str(noes)), hint)) from error


def _in_sqlite(store: sa.Engine, task: _Task) -> tuple[Path | None, Counter[NoAct], Counter[str]]:
    """Make a copy ready beside the database, then put it in its place."""
    database = file_of(store.url)
    if database is None:
        raise StoreError("a database in memory has no backup")
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = database.with_name(f"{database.name}.restoring")
    if copy.exists() and copy.samefile(task.file):
        message = "it was left behind by a restore that did not end, and is no backup"
        raise InputError(Fault(message, Place(str(task.file)), "name the backup that was being restored"))
    snapshots.remove(copy)
    try:
        snapshots.take_over(task.file, copy)
        there = database.exists() and database.stat().st_size > 0
        known = _nonce(store, task) if there else None
        if there:
            task = task.knowing(_known_to(store))
        with _of_backup(task.file, str(copy)), snapshots.opened(store.url, copy) as made:
            with reading(made) as tx:
                if damages := soundness.damages(tx, indexes=True):
                    raise StoreError(fault(made.url, f"is damaged: {damage}") for damage in damages)
                upgrade.recognise(tx, task.prints)
            with durable(made, "restore") as tx:
                said, held = _made_ready(tx, task, known)
        kept = _free(database.with_name(f"{database.name}.before-restore-{task.now.astimezone(dt.UTC):{_STAMP}}"))
        if there:
            _put(store, database, copy, kept)
        else:
            snapshots.aside(database, kept)  # a log that was left alone belongs to nothing
            copy.rename(database)
            sync(database)
        return (kept if there else None), said, held
    finally:
        snapshots.remove(copy)


def _known_to(store: sa.Engine) -> list[No]:
    """Return every no that SQLite's old database knows, as far as it can be read."""
    try:
        with reading(store) as tx:
            return _noes_of(tx)
    except StoreBusy:
        raise
    except StoreError:  # it is damaged: the ledger must do
        return []


def _put(store: sa.Engine, database: Path, copy: Path, kept: Path) -> None:
    """Put a copy in the database's place, and keep beside what was there."""
    try:
        snapshots.take(store, kept)
    except StoreBusy:
        snapshots.remove(kept)
        raise
    except StoreError:  # damaged: it can neither be read page by page nor be written into, but its file can be moved
        snapshots.remove(kept)
        store.dispose()
        snapshots.aside(database, kept)
        copy.rename(database)
        sync(database)
    else:
        store.dispose()
        try:
            snapshots.put_in_place(copy, store)
        except BaseException:
            snapshots.remove(kept)
            raise


def _in_postgresql(store: sa.Engine, task: _Task) -> tuple[Path | None, Counter[NoAct], Counter[str]]:
    """Empty the database and fill it from the dump in one transaction: until its end everybody sees the old one."""
    with _of_backup(task.file, named(store.url)):
        step = dumps.step(task.file, task.environ)
        if step is None:
            raise StoreError(Fault("it holds nothing of backmail's", Place(str(task.file))))
        if step not in upgrade.steps():
            message = f"it was made by a newer backmail: it stands at step {step}"
            raise StoreError(Fault(message, Place(str(task.file))), next_command="pip install --upgrade backmail")
        dumps.check(task.file, task.environ)
    known = _nonce(store, task)
    kept = _kept_dump(store, task)
    try:
        with durable(store, "restore") as tx:
            dumps.lock(tx)  # from here on nobody says a no, and nobody sends
            task = _as_it_stands(tx, task)
            dumps.drop(tx)
            upgrade.bring_up(tx, step)
            dumps.load(tx, task.file, task.environ)
            with _of_backup(task.file, named(store.url)):
                upgrade.recognise(tx, task.prints)
            said, held = _made_ready(tx, task, known)
    except BaseException:
        if kept:
            snapshots.remove(kept)
        raise
    return kept, said, held


def _kept_dump(store: sa.Engine, task: _Task) -> Path | None:
    """Keep what the database holds now in a dump beside the ledger, None where it holds nothing."""
    with reading(store) as tx:
        if not sa.inspect(tx).has_table(deliveries.name):
            return None
        upgrade.recognise(tx, {})  # a newer one may hold what this backmail cannot delete
        _nobody_sends(tx)
    folder = task.project.root / ".backmail"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = _free(folder / f"before-restore-{task.now.astimezone(dt.UTC):{_STAMP}}.dump")
    os.close(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    dumps.take(store, kept, task.environ)
    sync(kept)
    return kept


def _nobody_sends(tx: sa.Connection) -> None:
    """See that no worker has mails in its hands.

    Raises:
        SafetyStop: one has.
    """
    clock = sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()) * 1_000_000, sa.BigInteger)
    at_work = tx.scalar(sa.select(sa.func.count()).where(deliveries.c.lease_until > clock))
    if at_work:
        message = f"a worker is sending {at_work} mails at this moment: stop it, then restore"
        raise SafetyStop(message, next_command="backmail status")


def _as_it_stands(tx: sa.Connection, task: _Task) -> _Task:
    """Return the task as of the moment in which the old tables are locked, with every no that they know.

    A worker that waited for mails to come up may have sent some while the dump was read.
    """
    if not sa.inspect(tx).has_table(deliveries.name):
        return task
    _nobody_sends(tx)
    clock: dt.datetime = tx.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return replace(task.knowing(_noes_of(tx)), now=max(task.now, clock.astimezone(dt.UTC)))


def _noes_of(tx: sa.Connection) -> list[No]:
    """Return every no that a database knows: who noted one may have died before it stood in the ledger."""
    return [no for _, no in unkept(tx, everything=True)] if sa.inspect(tx).has_table(noes_table.name) else []


def _free(path: Path) -> Path:
    """Return a name that nobody has: that one, or with a number after it where a restore was said twice in a second."""
    names = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return path if not path.exists() else next(each for each in names if not each.exists())


def _nonce(store: sa.Engine, task: _Task) -> str | None:
    """Return what the installation is known by until now, None where its database cannot tell."""
    try:
        with reading(store) as tx:
            upgrade.recognise(tx, task.prints)
            return nonce.known(tx)
    except StoreBusy:
        raise
    except StoreError:  # it is empty, damaged, or not ours: that is why it is restored
        return None


def _made_ready(tx: sa.Connection, task: _Task, known: str | None) -> tuple[Counter[NoAct], Counter[str]]:
    """Make a database that stands as it stood at the backup one that may be opened.

    First the ids, so that nothing that is planned here gets one that was given before. Then the noes, each as of its
    own instant, so that what one of them planned again is among what may have gone out. Then that is held, and last of
    all sending rests, until the operator has looked.
    """
    upgrade.bring_up(tx)
    ids.jump(tx, now=task.now)
    if known is not None:
        nonce.keep(tx, known)
    shelf = Shelf()
    said = replay(tx, shelf, task.ledger.noes, zone=task.project.config.zone)
    held = hold(tx, now=task.now, versions=shelf)
    pause_campaign(tx, None, now=task.now, by=task.by, because=BECAUSE)
    return said, held


@contextmanager
def _of_backup(file: Path, name: str) -> Iterator[None]:
    """Let what is wrong with the database of that name be said of the backup, which is what a person named."""
    try:
        yield
    except StoreError as error:
        faults = [
            Fault(each.message.replace(f"the database {name}", "the backup"), each.place or Place(str(file)), each.hint)
            for each in error.faults
        ]
        raise type(error)(faults, next_command=error.next_command) from error
