"""Databases for tests: SQLite in a file and in memory, and PostgreSQL, each new for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from backmail.store.engine import connect, durable
from backmail.store.tables import engine as engine_table
from backmail.store.tables import metadata
from backmail.store.upgrade import upgrade
from tests.postgres import programs, server
from tests.store.world import in_memory

_names = count()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL in which the tests may do as they like."""
    with server(tmp_path_factory.mktemp("postgres")) as address:
        yield address


@contextmanager
def schema(server_address: str) -> Iterator[str]:
    """Make an empty schema, for as long as it is needed, and give the address that leads into it."""
    name = f"backmail_test_{os.getpid()}_{next(_names)}"
    admin = connect(server_address)
    with durable(admin) as tx:
        tx.execute(sa.schema.CreateSchema(name))
    url = admin.url.update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    with durable(admin) as tx:
        tx.execute(sa.schema.DropSchema(name, cascade=True))
    admin.dispose()


@pytest.fixture
def postgres_programs(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pg_dump and pg_restore be those of the server, whatever else the machine has."""
    if folder := programs():
        monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The address of an empty schema in PostgreSQL."""
    with schema(postgres_server) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'backmail.db'}"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def sqlite_upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the present tables: to copy it is quicker than to make it."""
    path = tmp_path_factory.mktemp("store") / "backmail.db"
    made = connect(f"sqlite:///{path}")
    upgrade(made)
    made.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_upgraded(postgres_server: str) -> Iterator[str]:
    """The address of a schema with the present tables."""
    with schema(postgres_server) as address:
        made = connect(address)
        upgrade(made)
        made.dispose()
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest) -> str:
    """The address of an upgraded database of each kind that several programs can open."""
    return str(request.getfixturevalue(f"shared_{request.param}"))


@pytest.fixture
def shared_sqlite(sqlite_upgraded: Path, tmp_path: Path) -> str:
    """The address of a SQLite file with the present tables."""
    return f"sqlite:///{shutil.copy(sqlite_upgraded, tmp_path / 'backmail.db')}"


@pytest.fixture
def shared_postgres(postgres_upgraded: str) -> str:
    """The address of a PostgreSQL with the present tables, emptied."""
    made = connect(postgres_upgraded)
    with durable(made) as tx:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        tx.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
        tx.execute(engine_table.insert().values(id=1))
    made.dispose()
    return postgres_upgraded


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def store(request: pytest.FixtureRequest, sqlite_upgraded: Path) -> Iterator[sa.Engine]:
    """An upgraded database of each kind."""
    if request.param == "memory":
        made = in_memory(sqlite_upgraded)
    else:
        made = connect(str(request.getfixturevalue(f"shared_{request.param}")), patience=2)
    yield made
    made.dispose()
