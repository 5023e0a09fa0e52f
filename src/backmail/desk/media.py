"""The bytes of the pictures that a campaign's mails show: what `apply` puts into the database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from backmail.errors import CampaignError, Fault, Place
from backmail.model.campaign import Campaign

__all__ = ["media"]


def media(campaign: Campaign, root: Path) -> Mapping[str, bytes]:
    """Return the bytes of all pictures of a campaign's folder, by their names in it.

    Args:
        campaign: as it was read.
        root: the project's folder, which the campaign's may be named from.

    Raises:
        CampaignError: one is another by now, or is gone, or cannot be read.
    """
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, picture in campaign.pictures.items():
        path = root / campaign.folder / name
        data = _bytes(path)
        if hashlib.sha256(data).hexdigest() == picture.digest:
            found[name] = data
        else:
            hint = "do the same again once the file stays as it is"
            faults.append(Fault("this picture was changed meanwhile, or cannot be read", Place(str(path)), hint))
    if faults:
        raise CampaignError(faults)
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
