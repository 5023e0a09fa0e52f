"""A step becomes a message: composed once for each variant, addressed to each reader, written as bytes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# At once, not when asked for: their modules have the same names, and whoever imports those would hide the functions.
from backmail.rendering.address import address
from backmail.rendering.wire import wire

if TYPE_CHECKING:
    from backmail.rendering.compose import Setting
    from backmail.rendering.confined import shared
    from backmail.rendering.reader import reader_for
    from backmail.rendering.sheet import load_sheet, sheet_of
    from backmail.rendering.theme import Theme, load_theme
    from backmail.rendering.variants import Variants

__all__ = [
    "Setting",
    "Theme",
    "Variants",
    "address",
    "load_sheet",
    "load_theme",
    "reader_for",
    "shared",
    "sheet_of",
    "wire",
]

# Looked up when first asked for: jinja, Markdown and premailer take longer to import than most commands take to run.
_HOMES = {
    "Setting": "compose",
    "Theme": "theme",
    "Variants": "variants",
    "load_sheet": "sheet",
    "load_theme": "theme",
    "reader_for": "reader",
    "shared": "confined",
    "sheet_of": "sheet",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
