"""Copies of a PostgreSQL database: made by its own pg_dump, and read back row by row with pg_restore.

Of a dump only the rows are taken, into tables that the migrations make: what else stands in the file is not run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import sqlalchemy as sa

from backmail.errors import Fault, Place, StoreError
from backmail.store.engine import reading
from backmail.store.tables import metadata

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["check", "drop", "load", "lock", "step", "tables_in", "take"]

_VERSIONS = sa.Table("alembic_version", sa.MetaData(), sa.Column("version_num", sa.Text, primary_key=True))
_ENTRY = re.compile(r"^\d+; \d+ \d+ TABLE DATA \S+ (\S+) ", re.MULTILINE)
_COPY = re.compile(rb"^COPY [^(]*\(([^)]*)\) FROM stdin;$")
_END = b"\\."
_PIECE = 2**16  # bytes that travel at a time


def take(store: sa.Engine, target: Path, environ: Mapping[str, str]) -> None:
    """Copy backmail's tables as they are at one moment into a new file, while others write to them.

    Args:
        store: the database. Where the address names no password, libpq looks for it as ever (PGPASSFILE, ~/.pgpass).
        target: the file, in pg_dump's own format.
        environ: the variables of this process.

    Raises:
        StoreError: pg_dump is not installed, is older than the server, or fails.
    """
    with reading(store) as tx:
        server = int((tx.dialect.server_version_info or (0,))[0])
        schema = tx.scalar(sa.select(sa.func.current_schema()))
        address = _connection(tx).info.dsn  # without the password: anybody can see a command line
        present = [name for name in sa.inspect(tx).get_table_names() if name in _ours()]
    program = _program("pg_dump", environ, at_least=server)
    only = [f'--table="{schema}"."{name}"' for name in sorted(present)]
    options = ["--format=custom", "--no-owner", "--no-privileges", "--encoding=UTF8", f"--file={target}"]
    _run([program, *options, *only, f"--dbname={address}"], _secret(store.url, environ))


def check(file: Path, environ: Mapping[str, str]) -> None:
    """See that a dump can be read from its beginning to its end, and holds the tables that matter.

    Raises:
        StoreError: it cannot, or does not.
    """
    _run([_program("pg_restore", environ), f"--file={os.devnull}", str(file)], environ, file)
    if not {"subscribers", "deliveries", "suppressions"} <= tables_in(file, environ):
        raise StoreError(Fault("it does not hold all of backmail's tables", Place(str(file))))


def tables_in(file: Path, environ: Mapping[str, str]) -> set[str]:
    """Return the names of backmail's tables that a dump holds the rows of.

    Raises:
        StoreError: it is no dump, or pg_restore cannot read it.
    """
    listed = _run([_program("pg_restore", environ), "--list", str(file)], environ, file)
    return set(_ENTRY.findall(listed)) & _ours()


def step(file: Path, environ: Mapping[str, str]) -> str | None:
    """Return the step of the migrations that a dumped database stood at, None where it was none of backmail's."""
    with _opened(file, _VERSIONS.name, environ) as lines:
        rows = b"".join(_pieces(lines)) if _columns(lines) else b""
    return rows.decode("ascii", "replace").strip() or None


def lock(tx: sa.Connection) -> None:
    """Let nobody read or write backmail's tables until the transaction ends; who is at it is waited for."""
    from psycopg import sql

    there = sorted(set(sa.inspect(tx).get_table_names()) & _ours())
    if there:
        names = sql.SQL(", ").join(map(sql.Identifier, there))
        _connection(tx).execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))


def drop(tx: sa.Connection) -> None:
    """Delete backmail's tables, with all that is in them, once the transaction ends."""
    metadata.drop_all(tx)
    _VERSIONS.drop(tx, checkfirst=True)


def load(tx: sa.Connection, file: Path, environ: Mapping[str, str]) -> None:
    """Put the rows of a dump into the tables of its step, which are there and empty.

    Raises:
        StoreError: the dump cannot be read, or does not fit the tables.
    """
    from psycopg import sql

    look = sa.inspect(tx)
    held = tables_in(file, environ)
    for name, _ in look.get_sorted_table_and_fkc_names():
        if name is None or name not in held or name == _VERSIONS.name:
            continue
        columns = {column["name"] for column in look.get_columns(name)}
        with _opened(file, name, environ) as lines:
            given = _columns(lines)
            if not given:
                continue
            if not set(given) <= columns:
                raise StoreError(Fault(f"the table {name} has columns that backmail does not know", Place(str(file))))
            into = sql.SQL("COPY {} ({}) FROM STDIN WITH (ENCODING 'UTF8')").format(
                sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, given))
            )
            with _connection(tx).cursor() as cursor, cursor.copy(into) as copy:
                for piece in _pieces(lines):
                    copy.write(piece)


def _pieces(lines: IO[bytes]) -> Iterator[bytes]:
    """Yield the rows that follow, as they are, many at a time, up to the end of the table."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if line.rstrip(b"\r\n") == _END:
            break
        piece.append(line)
        size += len(line)
        if size > _PIECE:
            yield b"".join(piece)
            piece, size = [], 0
    else:
        raise StoreError("the backup ends in the middle of a table")
    if piece:
        yield b"".join(piece)
    for _ in lines:  # what follows is no row
        pass


def _columns(lines: IO[bytes]) -> list[str]:
    """Return the columns of the rows that come next, [] when none come."""
    for line in lines:
        if found := _COPY.match(line.rstrip(b"\r\n")):
            return [name.strip().strip('"') for name in found[1].decode("utf-8").split(",")]
    return []


@contextmanager
def _opened(file: Path, table: str, environ: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """Give the rows of one table as pg_restore writes them."""
    command = [_program("pg_restore", environ), "--data-only", f"--table={table}", "--file=-", str(file)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=dict(environ)
    ) as process:
        assert process.stdout is not None  # noqa: S101  # it was asked for, and so was the next
        assert process.stderr is not None  # noqa: S101
        yield process.stdout
        process.stdout.close()
        words = process.stderr.read().decode("utf-8", "replace")
    if process.returncode:  # one that was killed has a negative one
        raise _unreadable(file, words or "pg_restore was stopped")


def _run(command: list[str], environ: Mapping[str, str], file: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, check=False, env=dict(environ), stdin=subprocess.DEVNULL)
    words = done.stderr.decode("utf-8", "replace")
    if done.returncode and file:
        raise _unreadable(file, words)
    if done.returncode:
        raise StoreError(Fault("pg_dump could not copy the database", hint=_first(words)))
    return done.stdout.decode("utf-8", "replace")


def _program(name: str, environ: Mapping[str, str], at_least: int = 0) -> str:
    path = shutil.which(name, path=environ.get("PATH"))
    hint = "backups of PostgreSQL are made and read with its own programs"
    again = f"sudo apt-get install postgresql-client{f'-{at_least}' if at_least else ''}"
    if path is None:
        raise StoreError(Fault(f"{name} is not installed, or not in PATH", hint=hint), next_command=again)
    if at_least:
        said = _run([path, "--version"], environ)
        found = re.search(r"\d+", said)
        if found and int(found[0]) < at_least:
            message = f"{path} is of PostgreSQL {found[0]}, and the server is {at_least}: an older one cannot copy it"
            raise StoreError(Fault(message, hint=hint), next_command=again)
    return path


def _ours() -> set[str]:
    return {*metadata.tables, _VERSIONS.name}


def _connection(tx: sa.Connection) -> Connection[Any]:
    from psycopg import Connection

    raw = tx.connection.driver_connection
    assert isinstance(raw, Connection)  # noqa: S101  # what the engine's driver has
    return raw


def _secret(url: sa.URL, environ: Mapping[str, str]) -> dict[str, str]:
    return dict(environ) | ({"PGPASSWORD": str(url.password)} if url.password is not None else {})


def _unreadable(file: Path, words: str) -> StoreError:
    return StoreError(Fault(f"it cannot be read as a backup of PostgreSQL: {_first(words)}", Place(str(file))))


def _first(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[0] if lines else "it said nothing"
