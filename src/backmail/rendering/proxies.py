"""What stands for a reader's value while a step is composed: it prints a token, and asks where that decides."""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from backmail.model.message import Field
from backmail.rendering.decisions import Decision
from backmail.rendering.fields import FILTERS, ITEM, READER, Known, Shape, has_default
from backmail.rendering.refused import UNKNOWN, Refused, suggestion

_ITEM_OF_LIST = Known(Shape.TEXT)
_DIGITS = 10
_MOST_PLACES = 20  # behind the point, for `round`
_STUB = 5


def prefix(text: str) -> str:
    """Return what all tokens of one build begin with: letters and digits whose first few nothing in `text` contains.

    It is made from `text` itself, so an article cannot hold it but by knowing a hash of itself. The first few already
    tell a token, so that one which a filter cut is seen.
    """
    digest = hashlib.sha256(text.encode("utf-8", "replace"))
    lowered = text.lower()
    candidates = (_candidate(digest.hexdigest(), turn) for turn in count())
    return next(found for found in candidates if found[:_STUB] not in lowered)


def _candidate(digest: str, turn: int) -> str:
    """Return the prefix to try in that turn: it begins and ends with a letter."""
    return f"bm{hashlib.sha256(f'{turn}{digest}'.encode()).hexdigest()[:_DIGITS]}x"


class Build:
    """One walk through a step's templates: gives out tokens for fields, and remembers what was asked and answered."""

    def __init__(self, token_prefix: str, answer: Callable[[Decision], bool]) -> None:
        """Take the prefix of all tokens, and who answers questions about the reader."""
        self._prefix = token_prefix
        self._answer = answer
        self.path: dict[Decision, bool] = {}
        self._numbers: dict[Field, int] = {}
        self.pattern = re.compile(rf"{token_prefix}(\d+)z")
        self._any = re.compile(token_prefix[:_STUB], re.IGNORECASE)

    def token(self, field: Field) -> str:
        """Return the token of a field."""
        return f"{self._prefix}{self._numbers.setdefault(field, len(self._numbers))}z"

    def field(self, number: str) -> Field:
        """Return the field of a token, by the number in it."""
        return list(self._numbers)[int(number)]

    def ask(self, decision: Decision) -> bool:
        """Return the answer to a question, the same each time it is asked."""
        if decision not in self.path:
            self.path[decision] = self._answer(decision)
        return self.path[decision]

    def tested(self, field: Field) -> bool:
        """Whether a condition made sure that the reader has this value."""
        return self.path.get(Decision(field)) is True or self.path.get(Decision(field, "none")) is False

    def whole(self, text: str) -> bool:
        """Whether all tokens in `text` are as they were given out: none cut, none with changed letters."""
        return len(self._any.findall(text)) == len(self.pattern.findall(text))

    def names(self) -> dict[str, ReadersValue]:
        """Return what templates know of the reader, by name."""
        return {name: ReadersValue(self, Field((name,)), known) for name, known in READER.items()}


class ReadersValue:
    """A value that is not known yet. Jinja prints it as a token, puts filters on it, and asks it questions."""

    __slots__ = ("_build", "_field", "_known")
    __hash__ = None  # type: ignore[assignment]  # two readers' values may be equal or not: it is no key

    def __init__(self, build: Build, field: Field, known: Known) -> None:
        """Take the walk it belongs to, the field it stands for, and what is known about that."""
        self._build, self._field, self._known = build, field, known

    @property
    def field(self) -> Field:
        """The field it stands for."""
        return self._field

    def child(self, name: object) -> ReadersValue:
        """Return the value of that name, or number, below this one.

        Raises:
            Refused: there is none.
        """
        if isinstance(name, int) and self._known.shape is Shape.LIST:
            return self._item(name)
        if isinstance(name, str) and self._known.shape is Shape.RECORD:
            found = self._known.names.get(name) or (Known(Shape.TEXT, optional=True) if self._known.open else None)
            if found is not None:
                return ReadersValue(self._build, Field((*self._field.path, name)), found)
        hint = suggestion(str(name), self._known.names)
        if isinstance(name, str) and name in FILTERS:
            hint = f"write {self._field} | {name}"
        raise Refused(f"{self._field} has no {name!r}", hint, UNKNOWN)

    def filtered(
        self, name: str, arguments: Sequence[object], named: Mapping[str, object], function: Any
    ) -> ReadersValue:
        """Return this value with a filter of jinja put on it, to be worked out for each reader.

        Raises:
            Refused: the filter makes no sense here.
        """
        if name not in FILTERS:
            hint = f"known: {', '.join(FILTERS)}"
            raise Refused(f"the filter {name!r} cannot be put on a reader's value such as {self._field}", hint)
        self._is_no_record()
        shape = FILTERS[name] or self._known.shape
        given = [_plain(each) for each in _positional(function, arguments, named)]
        _check_given(name, given)
        return self._with(name, given, shape)

    def is_none(self) -> bool:
        """Ask whether the reader has no such value."""
        return self._known.optional and self._build.ask(Decision(self._field, "none"))

    def _with(self, name: str, arguments: Sequence[object], shape: Shape) -> ReadersValue:
        filters = (*self._field.filters, (name, tuple(arguments)))
        return ReadersValue(self._build, Field(self._field.path, filters), Known(shape))

    def _item(self, number: int) -> ReadersValue:
        if self._field.filters:
            return self._with(ITEM, [number], Shape.TEXT)
        return ReadersValue(self._build, Field((*self._field.path, number)), _ITEM_OF_LIST)

    def _is_no_record(self) -> None:
        if self._known.shape is Shape.RECORD:
            hint = f"take one of {', '.join(self._known.names)}" if self._known.names else f"take {self._field}.NAME"
            raise Refused(f"{self._field} is no text", hint)

    def __str__(self) -> str:
        self._is_no_record()
        unsure = self._field.path[:2] == ("subscriber", "attributes") and not has_default(self._field)
        if unsure and not self._build.tested(Field(self._field.path)):
            hint = f"write {{{{ {self._field} | default('...') }}}}, or test it with {{% if %}} before"
            raise Refused(f"not every reader has {self._field}", hint, "merge-no-fallback")
        return self._build.token(self._field)

    __html__ = __str__

    def __format__(self, _spec: str) -> str:
        return str(self)

    def __bool__(self) -> bool:
        if self._known.shape is Shape.RECORD and not self._known.optional:
            return True
        return self._build.ask(Decision(self._field))

    def __iter__(self) -> Iterator[ReadersValue]:
        if self._known.shape is not Shape.LIST:
            raise Refused(f"{self._field} is no list", "known lists: subscriber.tags")
        for number in count():
            if not self._build.ask(Decision(self._field, "has", number)):
                return
            yield self._item(number)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, item: object) -> bool:
        return self._build.ask(Decision(self._field, "in", _plain(item)))

    def _compare(self, test: str, other: object) -> bool:
        other_shape = _shape(other)
        if other_shape is not None and {self._known.shape, other_shape} == {Shape.TEXT, Shape.NUMBER}:
            text, number = (self, other) if self._known.shape is Shape.TEXT else (other, self)
            words = f"{_said(text)} is text, and {_said(number)} is a number"
            raise Refused(words, f"write {_said(text)} | int" if isinstance(text, ReadersValue) else "")
        return self._build.ask(Decision(self._field, test, _plain(other)))

    def __eq__(self, other: object) -> bool:
        return self._compare("==", other)

    def __ne__(self, other: object) -> bool:
        return self._compare("!=", other)

    def __lt__(self, other: object) -> bool:
        return self._compare("<", other)

    def __le__(self, other: object) -> bool:
        return self._compare("<=", other)

    def __gt__(self, other: object) -> bool:
        return self._compare(">", other)

    def __ge__(self, other: object) -> bool:
        return self._compare(">=", other)

    def _calculated(self, sign: str, other: object) -> ReadersValue:
        if self._known.shape is not Shape.NUMBER or _shape(other) is not Shape.NUMBER:
            hint = "put texts together with ~, and make a text a number with | int"
            raise Refused(f"cannot work out {_said(self)} {sign} {_said(other)}", hint)
        return self._with(sign, [_plain(other)], Shape.NUMBER)

    def __add__(self, other: object) -> ReadersValue:
        return self._calculated("+", other)

    __radd__ = __add__

    def __sub__(self, other: object) -> ReadersValue:
        return self._calculated("-", other)

    def __mul__(self, other: object) -> ReadersValue:
        return self._calculated("*", other)

    __rmul__ = __mul__

    def __mod__(self, other: object) -> ReadersValue:
        return self._calculated("%", other)


def _check_given(name: str, given: Sequence[object]) -> None:
    """Look at what a filter is given: it is put on each reader's value while mails go out, far from any limit.

    Raises:
        Refused: `map` would bring in a filter that is not among ours, or `round` would work with endless numbers.
    """
    if name == "map" and (not given or given[0] not in FILTERS):
        raise Refused(f"map cannot put {given[0] if given else 'nothing'!r} on readers' values", "map('upper')")
    if name == "round" and any(not isinstance(each, int | str) or _digits(each) > _MOST_PLACES for each in given):
        raise Refused("round takes a small number of places", "round(2)")


def _digits(places: int | str) -> int:
    return abs(places) if isinstance(places, int) else 0


def _said(value: object) -> str:
    return str(value.field) if isinstance(value, ReadersValue) else repr(value)


def _shape(value: object) -> Shape | None:
    """Return the shape of what something is compared with; None for what has none, such as none."""
    if isinstance(value, ReadersValue):
        return value._known.shape
    if isinstance(value, bool) or value is None:
        return None
    return Shape.TEXT if isinstance(value, str) else Shape.NUMBER if isinstance(value, int | float) else None


def _plain(value: object) -> object:
    """Return an argument as a field keeps it: fields for readers' values, tuples for lists."""
    if isinstance(value, ReadersValue):
        return value.field
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if value is None or isinstance(value, str | int | float):
        return value
    raise Refused(f"{type(value).__name__} cannot be put together with a reader's value")


def _positional(function: Any, arguments: Sequence[object], named: Mapping[str, object]) -> Sequence[object]:
    """Return a filter's arguments without names, in the order that it takes them."""
    if not named:
        return arguments
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name not in _PASSED]
    bound = inspect.Signature(parameters).bind(None, *arguments, **named)
    bound.apply_defaults()
    if bound.kwargs:
        raise Refused(f"{', '.join(bound.kwargs)} cannot be given to a filter of a reader's value")
    return bound.args[1:]


# What jinja itself hands to some filters before the value.
_PASSED = frozenset({"context", "eval_ctx", "environment", "env"})
