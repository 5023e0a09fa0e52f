"""Which edition of the time zones this machine goes by, and which one the planned slots were reckoned with."""

from __future__ import annotations

import hashlib
import zoneinfo
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from backmail.store.tables import meta

__all__ = ["note", "noted", "present"]

_KEY = "tzdata"


def present() -> str:
    """Return the edition that `zoneinfo` goes by, such as "2026f".

    The system's zones come first, then the tzdata package's (PEP 615). A system that does not name its edition gets a
    name that is made from its zones.
    """
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / "Etc" / "UTC").is_file():
            return _named(folder) or _fingerprint(folder)
    return _named(files("tzdata") / "zoneinfo")


def noted(tx: sa.Connection) -> str | None:
    """Return the edition that the slots in the database were reckoned with, None when nobody has noted one yet."""
    return tx.scalar(sa.select(meta.c.value).where(meta.c.key == _KEY))


def note(tx: sa.Connection, edition: str) -> None:
    """Write down the edition that slots are reckoned with from now on."""
    insert = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    row = insert(meta).values(key=_KEY, value=edition)
    tx.execute(row.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": edition}))


def _named(folder: Path | Traversable) -> str:
    """Return what the source beside the zones says of itself in its first line, "" where there is none."""
    try:
        with (folder / "tzdata.zi").open(encoding="ascii") as file:
            return file.readline(100).removeprefix("# version ").strip()
    except (OSError, ValueError):
        return ""


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (data := path.read_bytes()).startswith(b"TZif"):
            digest.update(path.relative_to(folder).as_posix().encode("utf-8") + b"\0" + data)
    return f"unnamed-{digest.hexdigest()[:12]}"
