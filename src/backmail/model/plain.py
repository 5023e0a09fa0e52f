"""Frozen values as plain JSON values, and back to values that are equal: by their annotations, whatever they are."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

__all__ = ["frozen", "plain"]

Value = TypeVar("Value")

_DATES = (dt.datetime, dt.date, dt.time)


def plain(value: Any) -> Any:
    """Return a value as JSON has it: objects, arrays, texts, numbers, true, false and null.

    Args:
        value: a dataclass of the model, or what stands in one: enums, paths, dates, times, tuples, mappings by text.

    Raises:
        TypeError: something of another kind, which `frozen` could not give back.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, _DATES):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept as JSON")


def frozen(kind: type[Value], data: Mapping[str, Any]) -> Value:
    """Return the dataclass that `plain` was given.

    A field that the data does not have takes its default: what an older backmail wrote can be read.

    Raises:
        TypeError: the dataclass has a field of a kind that `plain` does not know, or one is missing.
    """
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy doubts that a class can be hashed
    return kind(**{name: _value(hints[name], each) for name, each in data.items() if name in hints})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, data: Any) -> Any:
    """Return what an annotation says that the data is."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None if data is None else _value(_but_none(hint), data)
    if origin is tuple:
        return _tuple(get_args(hint), data)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        of = get_args(hint)[1]
        return {key: _value(of, each) for key, each in data.items()}
    return data if hint is Any or origin is Literal else _single(hint, data)


def _single(kind: Any, data: Any) -> Any:
    """Return what is one thing: a dataclass, or what stands in JSON as one text or number."""
    if dataclasses.is_dataclass(kind):
        return frozen(kind, data)  # type: ignore[arg-type]  # a class, since it stands as an annotation
    if issubclass(kind, _DATES):
        return kind.fromisoformat(data)
    if issubclass(kind, bool | int | float | str | Enum | Path):
        return data if type(data) is kind else kind(data)
    raise TypeError(f"{kind} cannot be read from JSON")


def _but_none(hint: Any) -> Any:
    """Return the one kind that something optional is of.

    Raises:
        TypeError: it may be of several, and the data does not tell which.
    """
    [*kinds] = (each for each in get_args(hint) if each is not NoneType)
    if len(kinds) != 1:
        raise TypeError(f"{hint} cannot be read from JSON: it may be one thing or another")
    return kinds[0]


def _tuple(kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_value(kinds[0], each) for each in data)
    return tuple(_value(kind, each) for kind, each in zip(kinds, data, strict=True))
