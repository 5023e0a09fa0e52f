"""File names that are text: what cannot be written as UTF-8 has no place in a page, an address or a file of ours."""

from __future__ import annotations

from pathlib import Path

from backmail.errors import Fault, Place, visible

__all__ = ["illegible", "legible"]


def legible(name: str) -> bool:
    """Whether a name that the system gave is text. POSIX allows any bytes; PEP 383 hands others on as half characters.

    Args:
        name: of a file or folder, without the folders above it.
    """
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def illegible(path: Path) -> Fault:
    """Return the fault of a file or folder whose name is no text; the name is shown as far as it can be."""
    hint = "rename it: letters without accents, digits and hyphens are safe everywhere"
    return Fault("this name is not written in UTF-8, so it is left out", Place(visible(str(path))), hint)
