"""What every test has: guards against the network and this machine's settings, and databases to stand on."""

import signal

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

# A run in the background of a shell begins with Ctrl-C switched off, and so would every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
