"""Whether what the database holds is whole, as far as the database itself can tell."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["damages"]


def damages(tx: sa.Connection, *, indexes: bool = False) -> list[str]:
    """Return what SQLite finds damaged, in its own words. It reads the whole file.

    With `indexes` it also sees that each index says what its table does, which takes longer.

    PostgreSQL finds damage when it reads a page, and needs nobody to ask.

    Raises:
        StoreError: from the transaction, where SQLite cannot even look.
    """
    if tx.dialect.name != "sqlite":
        return []
    # https://sqlite.org/pragma.html: one row "ok" where nothing is found
    look = sa.func.pragma_integrity_check if indexes else sa.func.pragma_quick_check
    name = "integrity_check" if indexes else "quick_check"
    found = [str(row[0]) for row in tx.execute(sa.select(look().table_valued(name).c[name])) if row[0] != "ok"]
    if found:
        return found  # nothing more can be asked of such a file
    strays = sa.func.pragma_foreign_key_check().table_valued("table", "rowid", "parent")
    return [
        f"row {rowid} of {table} belongs to a row of {parent} that is not there"
        for table, rowid, parent in tx.execute(sa.select(strays.c.table, strays.c.rowid, strays.c.parent))
    ]
