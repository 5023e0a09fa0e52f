"""Pictures that an article holds itself: each gets a short address by its bytes, which stand elsewhere from then on."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

__all__ = ["SCHEME", "address_of", "held", "lifted"]

SCHEME = "held"  # no address of a page is joined to one that has a scheme of its own
# A short one stands in for a picture that a script would load, or counts readers; it says nothing.
_LEAST = 400
_HELD = re.compile(
    rf"data:image/(?P<kind>png|jpe?g|gif|webp)(?:;[\w=-]{{1,40}}){{0,3}};base64,(?P<bytes>[A-Za-z0-9+/=%_-]{{{_LEAST},}})",
    re.IGNORECASE,
)


def address_of(data: bytes, kind: str) -> str:
    """Return the address of a picture that an article held: it means the same in every copy of the article.

    Arguments:
        data: its bytes.
        kind: png, jpeg ...: a name's ending or the last part of a media type.
    """
    ending = kind.casefold().replace("jpeg", "jpg").partition("+")[0]
    return f"{SCHEME}:{hashlib.sha256(data).hexdigest()[:16]}.{ending}"


def lifted(text: str) -> str:
    """Return HTML or Markdown with the address of each picture in the place of its bytes."""
    return _HELD.sub(lambda found: next((address for address, _ in _pictures(found)), found[0]), text)


def held(text: str) -> dict[str, bytes]:
    """Return the pictures that `lifted` puts addresses in the place of, by these."""
    return dict(picture for found in _HELD.finditer(text) for picture in _pictures(found))


def _pictures(found: re.Match[str]) -> Iterator[tuple[str, bytes]]:
    """Yield address and bytes; nothing for what is no base64."""
    try:
        data = base64.b64decode(unquote_to_bytes(found["bytes"]), altchars=None, validate=True)
    except ValueError:
        return
    yield address_of(data, found["kind"]), data
