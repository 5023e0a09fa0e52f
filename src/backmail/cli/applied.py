"""The campaign that a verb is about, as it was applied: its files are not looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backmail.errors import Fault, InputError, UnknownName

if TYPE_CHECKING:
    import sqlalchemy as sa

    from backmail.app import Backmail
    from backmail.sending.published import Published


def applied(app: Backmail, tx: sa.Connection, campaign: str) -> Published:
    """Return the published version of the campaign that is named by its slug, or by the path to its folder.

    Raises:
        UnknownName: it was never applied.
        InputError: it is one of backmail's own, which nobody starts by hand.
    """
    from backmail.sending.operations import campaign_named

    slug = Path(campaign).resolve().name if os.sep in campaign or campaign == os.curdir else campaign
    published = app.shelf.newest(tx, campaign_named(tx, slug))
    if published is None:
        raise UnknownName(f"{slug} was never applied", next_command=f"backmail apply {slug}")
    if published.campaign.system:
        hint = "it goes by itself as soon as a campaign is live"
        raise InputError(Fault(f"{slug} is one of backmail's own campaigns", hint=hint))
    return published
