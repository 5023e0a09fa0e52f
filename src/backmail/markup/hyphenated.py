"""Text as a name for files and addresses."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["hyphenated"]

# Letters that have no accent to take off; the usual spelling in addresses.
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "þ": "th", "ð": "d"}
)


def hyphenated(text: str, limit: int) -> str:
    """Return `text` as a-z, 0-9 and single hyphens, in whole words; "" where nothing is left.

    `limit`: the most characters; a first word that is longer is cut.
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    short = ""
    for word in re.findall(r"[a-z0-9]+", plain.replace("'", "")):
        longer = f"{short}-{word}" if short else word[:limit]
        if len(longer) > limit:
            break
        short = longer
    return short
