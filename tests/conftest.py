"""What every test has: guards against the network and this machine's settings, and databases to stand on."""

from tests.databases import (
    empty,
    postgres,
    postgres_programs,
    postgres_server,
    postgres_upgraded,
    shared,
    shared_postgres,
    shared_sqlite,
    sqlite_upgraded,
    store,
)
from tests.guards import no_network, no_settings_of_this_machine

__all__ = [
    "empty",
    "no_network",
    "no_settings_of_this_machine",
    "postgres",
    "postgres_programs",
    "postgres_server",
    "postgres_upgraded",
    "shared",
    "shared_postgres",
    "shared_sqlite",
    "sqlite_upgraded",
    "store",
]
