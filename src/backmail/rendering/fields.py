"""The values that differ by reader: what there is, of which kind, and how one is looked up and filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from operator import add, attrgetter, mod, mul, sub
from typing import Any

from backmail.errors import AddressError
from backmail.model.message import Field, Reader


class Shape(Enum):
    """What a reader's value is, so far as templates care."""

    TEXT = "text"
    NUMBER = "number"
    LIST = "list"
    RECORD = "record"  # has names below it, and is no text itself


@dataclass(frozen=True)
class Known:
    """One reader's value that templates may use. `names` are below it; `open` says that any other name may be, too."""

    shape: Shape
    names: Mapping[str, Known] = field(default_factory=dict)
    open: bool = False
    optional: bool = False


_TEXT, _NUMBER = Known(Shape.TEXT), Known(Shape.NUMBER)
_MAYBE = Known(Shape.TEXT, optional=True)
_NEIGHBOUR = Known(Shape.RECORD, {"subject": _TEXT, "teaser": _TEXT, "url": _TEXT}, optional=True)
_SUBSCRIBER = {
    "email": _TEXT,
    "first_name": _MAYBE,
    "last_name": _MAYBE,
    "language": _MAYBE,
    "timezone": _MAYBE,
    "tags": Known(Shape.LIST),
    "attributes": Known(Shape.RECORD, open=True, optional=True),
}
_LINKS = {
    "unsubscribe": _TEXT,
    "confirm": _TEXT,
    "view": _TEXT,
    "calendar": _TEXT,
    "sheet": _TEXT,
    "media": _TEXT,
    "views": Known(Shape.RECORD, open=True),
}
_PROGRESS = {
    "number": _NUMBER,
    "total": _NUMBER,
    "previous": _NEIGHBOUR,
    "next": _NEIGHBOUR,
    "after_break": _TEXT,
    "had": Known(Shape.LIST),
}

READER: Mapping[str, Known] = {
    "subscriber": Known(Shape.RECORD, _SUBSCRIBER),
    "links": Known(Shape.RECORD, _LINKS),
    "progress": Known(Shape.RECORD, _PROGRESS),
}

# Filters of jinja that make sense on a reader's value, with the shape of what they give (None: the same as before).
FILTERS: Mapping[str, Shape | None] = {
    "abs": Shape.NUMBER,
    "capitalize": Shape.TEXT,
    "count": Shape.NUMBER,
    "d": None,
    "default": None,
    "first": Shape.TEXT,
    "float": Shape.NUMBER,
    "int": Shape.NUMBER,
    "join": Shape.TEXT,
    "last": Shape.TEXT,
    "length": Shape.NUMBER,
    "list": Shape.LIST,
    "lower": Shape.TEXT,
    "map": Shape.LIST,
    "reject": Shape.LIST,
    "replace": Shape.TEXT,
    "reverse": None,
    "round": Shape.NUMBER,
    "select": Shape.LIST,
    "sort": Shape.LIST,
    "string": Shape.TEXT,
    "title": Shape.TEXT,
    "trim": Shape.TEXT,
    "truncate": Shape.TEXT,
    "unique": Shape.LIST,
    "upper": Shape.TEXT,
    "wordcount": Shape.NUMBER,
}
# Written as filters too: an item of a list that filters made, and arithmetic.
ITEM = "item"
ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "%": mod}
_DEFAULTS = ("default", "d")
# Characters, or items, that filters may make of a value. A few `replace`, each on the last one's text, would not end.
_LONGEST = 100_000


def has_default(wanted: Field) -> bool:
    """Whether something stands in for the value where a reader has none."""
    return any(name in _DEFAULTS for name, _ in wanted.filters)


def value_of(wanted: Field, reader: Reader) -> Any:
    """Return the value of a field for one reader; None where she has none.

    Raises:
        AddressError: a filter cannot take her value.
    """
    value = _look_up(wanted.path, reader)
    for name, arguments in wanted.filters:
        given = [value_of(each, reader) if isinstance(each, Field) else each for each in arguments]
        try:
            value = _filtered(name, value, given)
        except Exception as error:
            raise AddressError(f"cannot work out {wanted} for this reader: {error}") from error
    return value


def text_of(wanted: Field, reader: Reader) -> str:
    """Return the value of a field for one reader as text: "" for none, a list joined by commas.

    Raises:
        AddressError: as `value_of`.
    """
    return as_text(value_of(wanted, reader))


def as_text(value: Any) -> str:
    """Return a value as a mail shows it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return ", ".join(map(as_text, value)) if isinstance(value, list | tuple) else str(value)


def getter(wanted: Field) -> Callable[[Reader], str]:
    """Return a fast `text_of` for one field."""
    path = wanted.path
    plain = len(path) == 2 and isinstance(path[1], str) and not wanted.filters
    if not plain:
        return lambda reader: text_of(wanted, reader)
    look_up = _top(path)

    def read(reader: Reader) -> str:
        value = look_up(reader)
        return value if type(value) is str else as_text(value)

    return read


def _look_up(path: Sequence[str | int], reader: Reader) -> Any:
    """Follow a path from the reader down."""
    if len(path) < 2:
        return getattr(reader, str(path[0]))
    value = _top(path[:2])(reader)
    for part in path[2:]:
        if value is None:
            return None
        if isinstance(part, int):
            value = value[part] if part < len(value) else None
        elif isinstance(value, Mapping):
            value = value.get(part)
        else:
            value = getattr(value, part)
    return value


def _filtered(name: str, value: Any, arguments: Sequence[Any]) -> Any:
    """Put one filter on a value. `default` also replaces an empty text: an empty name is as good as none."""
    if name in _DEFAULTS:
        return (arguments[0] if arguments else "") if value is None or value in ("", (), []) else value
    if name == ITEM:
        return value[arguments[0]] if arguments[0] < len(value) else None
    value = "" if value is None else value
    if name in ARITHMETIC:
        return ARITHMETIC[name](value, arguments[0])
    if _length(name, value, arguments) > _LONGEST:
        raise ValueError(f"that is longer than {_LONGEST:,} characters")
    environment, context = _jinja()
    result = environment.call_filter(name, value, arguments, context=context)
    if environment.call_test("undefined", result):  # the first item of no items
        return None
    return list(result) if isinstance(result, Iterator) else result


def _length(name: str, value: Any, arguments: Sequence[Any]) -> int:
    """Return the most that a filter can make of a value, so far as it grows with what it is given."""
    match name, value, arguments:
        case "replace", str(), [old, new, *_]:
            return len(value) + value.count(str(old)) * len(str(new))
        case "join", list() | tuple(), [between, *_]:
            return sum(len(as_text(each)) + len(str(between)) for each in value)
        case "map", list() | tuple(), [inner, *others]:
            return sum(_length(str(inner), each, others) for each in value)
        case _, str() | list() | tuple(), _:
            return len(value)
    return 0


@cache
def _top(path: Sequence[str | int]) -> Callable[[Reader], Any]:
    """Return what reads the first two names of a path at once: they are never missing, an item, or the shop's."""
    return attrgetter(f"{path[0]}.{path[1]}")


@cache
def _jinja() -> tuple[Any, Any]:
    """Return the environment that filters are called in: no escaping, which is done by place afterwards."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(autoescape=False)
    return environment, environment.from_string("").new_context()
