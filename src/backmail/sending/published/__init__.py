"""Published versions of campaigns: written once by `apply`, and all that sending ever looks at."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from backmail.sending.published.loading import load, newest, picture
from backmail.sending.published.names import WITH_SAFETY
from backmail.sending.published.shelf import Shelf
from backmail.sending.published.version import Published

if TYPE_CHECKING:
    from backmail.sending.published.publishing import Prepared, prepare, publish, published_as

__all__ = [
    "WITH_SAFETY",
    "Prepared",
    "Published",
    "Shelf",
    "load",
    "newest",
    "picture",
    "prepare",
    "publish",
    "published_as",
]

# Looked up when first asked for: who publishes composes, and who sends does not wait for jinja and premailer.
_PUBLISHING = frozenset({"Prepared", "prepare", "publish", "published_as"})


def __getattr__(name: str) -> Any:
    if name not in _PUBLISHING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.publishing"), name)
