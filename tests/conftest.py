"""What every test has: guards against the network and this machine's settings, and databases to stand on."""

import os
import signal

from hypothesis import settings

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

# The suite has ten minutes. Runs on a desk try other examples each time; what CI tries is always the same.
# `HYPOTHESIS=thorough` tries many more.
settings.register_profile("suite", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "suite"))
