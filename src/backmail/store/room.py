"""Room on the disk of the database: nothing may leave of which it could not be written down that it left."""

from __future__ import annotations

import shutil

import sqlalchemy as sa

from backmail.errors import StoreBusy
from backmail.store.faults import fault

__all__ = ["check"]

_LEAST = 16 * 2**20  # bytes: a batch, what comes next for its people, and the log that both are written to first


def check(engine: sa.Engine) -> None:
    """See that the disk of a SQLite file has room; a server looks after its own, and memory has none to speak of.

    A hand-over changes a few rows and may still find room where the record of what became of it does not. Who starts
    then, again and again, would send the same mails each time.

    Raises:
        StoreBusy: there is hardly any.
    """
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return
    try:
        free = shutil.disk_usage(str(engine.url.database)).free
    except OSError:  # who uses the file next says what is wrong with it
        return
    if free < _LEAST:
        hint = f"{free // 2**20} MB are free, and {_LEAST // 2**20} must be: make room; sending goes on by itself"
        raise StoreBusy(fault(engine.url, "has no room left on its disk", hint))
