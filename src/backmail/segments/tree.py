"""The tree of a segment; `str` writes it as the one line that reads back to the same tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, Union

_BARE = re.compile(r"""[^\s()"'][^\s()"]*""")  # what needs no quotes


@dataclass(frozen=True, slots=True)
class All:
    """Everybody."""

    def __str__(self) -> str:
        return "all"


@dataclass(frozen=True, slots=True)
class Tag:
    """Those who have the tag `name`."""

    name: str

    def __str__(self) -> str:
        return f"tag:{_quoted(self.name)}"


@dataclass(frozen=True, slots=True)
class Field:
    """Those whose field `name` is exactly `value`; a field that is not known is empty.

    `name` is that of a column of people (language, timezone, ...), else that of an attribute.
    """

    name: str
    value: str

    def __str__(self) -> str:
        return f"field:{self.name}={_quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Finished:
    """Those who walked through the campaign with the slug `campaign` to its end."""

    campaign: str

    def __str__(self) -> str:
        return f"finished:{_quoted(self.campaign)}"


@dataclass(frozen=True, slots=True)
class Not:
    """Those who are not of `inner`."""

    inner: Segment

    def __str__(self) -> str:
        return f"not {_within(self.inner, (And, Or))}"


@dataclass(frozen=True, slots=True)
class And:
    """Those who are of all the parts, two or more."""

    parts: tuple[Segment, ...]

    def __str__(self) -> str:
        return " and ".join(_within(part, (And, Or)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Those who are of one part at least; there are two or more."""

    parts: tuple[Segment, ...]

    def __str__(self) -> str:
        return " or ".join(_within(part, (Or,)) for part in self.parts)


Condition: TypeAlias = All | Tag | Field | Finished
Segment: TypeAlias = Union[Condition, Not, And, Or]  # noqa: UP007  # named above, before it is known


def conditions(segment: Segment) -> Iterator[Condition]:
    """Yield what a segment asks for, in the order in which it is written."""
    if isinstance(segment, Not):
        yield from conditions(segment.inner)
    elif isinstance(segment, And | Or):
        for part in segment.parts:
            yield from conditions(part)
    else:
        yield segment


def _within(segment: Segment, loose: tuple[type, ...]) -> str:
    """Return a part as text, in parentheses when it is of a kind that would fall apart."""
    return f"({segment})" if isinstance(segment, loose) else str(segment)


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
