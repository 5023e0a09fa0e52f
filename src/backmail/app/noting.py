"""Keeps the ledger of noes beside the database up to date, and never lets a no fail for it."""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa

from backmail.app.upkeep import file_of
from backmail.config import Project
from backmail.errors import StoreError
from backmail.store import ledger

__all__ = ["Noting", "ledger_of"]

_LOG = logging.getLogger("backmail.noes")  # without a handler its warnings come on stderr


def ledger_of(project: Project, url: sa.URL) -> Path | None:
    """Return where the ledger of a database is: beside SQLite's file, in the project for a server, None in memory."""
    if url.get_backend_name() != "sqlite":
        return project.root / ".backmail" / "noes"
    file = file_of(url)
    if file is None:
        return None
    file = file.resolve()  # by another name, or through a link, it is the same database
    return file.with_name(f"{file.name}.noes")


class Noting:
    """The ledger of one installation. `trouble`: why its file cannot be written at the moment, "" when it can."""

    def __init__(self, store: sa.Engine, file: Path | None) -> None:
        """Take the database and the ledger's file, None for none."""
        self._store = store
        self.file = file
        self.trouble = ""

    def follow(self) -> None:
        """Bring the file up to what was said; what keeps it from that is told once, and the next call tries again."""
        if self.file is None:
            return
        try:
            ledger.follow(self._store, self.file)
        except (OSError, StoreError) as error:
            trouble = (error.strerror if isinstance(error, OSError) else None) or str(error)
            if trouble != self.trouble:
                _LOG.warning(
                    "%s: the ledger of noes cannot be written (%s). Every no stands in the database; "
                    "until this is mended, a restored backup would not know of the latest",
                    self.file,
                    trouble,
                )
            self.trouble = trouble
        else:
            self.trouble = ""
