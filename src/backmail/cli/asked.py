"""What several verbs of the operator ask first: which campaign is meant, by its name, and whether an engine runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa


def campaign_id(tx: sa.Connection, campaign: str | None) -> str | None:
    """Return the id of the campaign that is named by its slug or by the path to its folder; None for no name.

    Raises:
        UnknownName: it was never applied.
    """
    from backmail.sending.operations import campaign_named

    if campaign is None:
        return None
    return campaign_named(tx, Path(campaign).resolve().name if os.sep in campaign else campaign)


def running(database: sa.URL) -> bool | None:
    """Return whether an engine runs on a database, None where nobody can tell."""
    from backmail.engines.seen import seen

    try:
        return seen(database) is not None
    except LookupError:
        return None
