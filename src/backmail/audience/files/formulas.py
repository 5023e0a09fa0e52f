"""Cells that a spreadsheet would take for a formula: made harmless when written, and made right again when read.

OWASP, CSV injection: a cell that begins with = + - @, a tab or a line break may run a program on the machine of whoever
opens the file. An apostrophe before it is what spreadsheets themselves write for "this is text".
"""

from __future__ import annotations

import re

# With any apostrophes before it, so that what begins with one comes back as it was. The last four are full-width.
_ARMED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def harmless(text: str) -> str:
    """Return a cell as it may stand in a file."""
    return f"'{text}" if _ARMED.match(text) else text


def restored(text: str) -> str:
    """Return a cell as it was before `harmless`."""
    return text[1:] if text.startswith("'") and _ARMED.match(text) else text
