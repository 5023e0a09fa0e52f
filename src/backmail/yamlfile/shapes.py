"""What a kind of value looks like, for JSON Schema: a pattern, and the sentence an editor shows where it does not fit.

Editors flag slips by these; our own validators judge. A shape may take more than its validator and never less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import WithJsonSchema

__all__ = ["AGAIN", "any_case", "either", "shape", "text"]

AGAIN = "again"  # a key of ours for "$ref", which pydantic would look up among its own models
_AROUND = r"\s*"


def text(pattern: str = "", wanted: str = "", *, examples: Sequence[str] = (), numbers: bool = False) -> dict[str, Any]:
    """Return the shape of a text.

    Args:
        pattern: what it must match, as JSON Schema and JavaScript have it: anywhere, unless it says ^ and $.
        wanted: what is shown where it does not, in words.
        examples: what is shown beside its explanation.
        numbers: whether a number counts as text, as `yamlfile.bind` takes it: a sku of 1234.
    """
    said: dict[str, Any] = {"type": ["string", "number"] if numbers else "string"}
    if pattern:
        said |= {"pattern": pattern}
    if wanted:
        # Both are words of the language server: the one for the pattern, the other for all else that does not fit.
        said |= {"patternErrorMessage": wanted, "errorMessage": wanted}
    return said | ({"examples": list(examples)} if examples else {})


def either(*shapes: dict[str, Any], examples: Sequence[Any] = ()) -> dict[str, Any]:
    """Return the shape of what may look in one of several ways."""
    return {"anyOf": list(shapes)} | ({"examples": list(examples)} if examples else {})


def any_case(*words: str) -> str:
    """Return the pattern of one of the words in capitals or small letters: JavaScript has no (?i)."""
    return "^(" + "|".join("".join(f"[{char}{char.upper()}]" for char in word) for word in words) + ")$"


def shape(said: dict[str, Any]) -> WithJsonSchema:
    """Return a shape as the mark of a type: Annotated[str, AfterValidator(...), shape(text(...))]."""
    return WithJsonSchema(said)


ONE_LINE = text(rf"^{_AROUND}[^\n]*{_AROUND}$", "one line of text", numbers=True)
SOME_LINE = text(rf"^{_AROUND}\S[^\n]*{_AROUND}$", "one line of text, which must not be empty", numbers=True)
