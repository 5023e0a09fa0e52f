"""Names that a new campaign needs: a slug from its title, and a permanent id from its content."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Container

from backmail.markup import fold, hyphenated

MOVE = ".steps.json"  # what a move of steps is about to do; it stands in a folder only while that is being done
MERGE = ".merge.json"  # what a merge is about to write, likewise

_ID_LENGTH = 6


def slug(text: str, limit: int = 40) -> str:
    """Return `text` as a name for files and addresses: a-z, 0-9 and single hyphens, at most `limit` characters."""
    return hyphenated(text, limit) or "campaign"


def one_line(text: str) -> str:
    """Return `text` folded and without control characters, as settings of one line take it."""
    return fold("".join(sign for sign in text if unicodedata.category(sign) != "Cc" or sign.isspace()))


def campaign_id(name: str, article: str, taken: Container[str] = ()) -> str:
    """Return a new campaign's permanent id: `c-` and 6 characters of base32 of a hash over slug and article.

    An id that is taken gives way to the next 6 characters: the same input in the same project gives the same id.
    """
    digest = hashlib.sha256(f"{name}\0{article}".encode()).digest()
    while True:
        letters = base64.b32encode(digest).decode().rstrip("=").lower()
        for start in range(0, len(letters) - _ID_LENGTH + 1, _ID_LENGTH):
            candidate = f"c-{letters[start : start + _ID_LENGTH]}"
            if candidate not in taken:
                return candidate
        digest = hashlib.sha256(digest).digest()
