"""The questions that a template asks about a reader, and the tree of their outcomes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from backmail.errors import AddressError
from backmail.model.message import Field, Reader
from backmail.rendering.fields import value_of

Leaf = TypeVar("Leaf")

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One yes-or-no question about a reader's value.

    `test` is "true" (is there anything?), "none", "has" (item number `argument`, counted from 0), "in" (does it hold
    `argument`?), or a comparison with `argument`, which may be another field.
    """

    field: Field
    test: str = "true"
    argument: Any = None

    def __str__(self) -> str:
        match self.test:
            case "true":
                return str(self.field)
            case "has":
                return f"{self.field}[{self.argument}]"
            case "none":
                return f"{self.field} is none"
            case "in":
                return f"{_shown(self.argument)} in {self.field}"
            case comparison:
                return f"{self.field} {comparison} {_shown(self.argument)}"

    def holds(self, reader: Reader) -> bool:
        """Return the answer for one reader; comparing with a value that she does not have gives no.

        Raises:
            AddressError: her value cannot be compared so.
        """
        value = value_of(self.field, reader)
        argument = value_of(self.argument, reader) if isinstance(self.argument, Field) else self.argument
        match self.test:
            case "true":
                return bool(value)
            case "has":
                return bool(argument < len(value or ()))
            case "none":
                return value is None
            case "in":
                return bool(argument in (value or ()))
            case "==" | "!=" as test:
                return bool(_COMPARE[test]("" if value is None and isinstance(argument, str) else value, argument))
            case test:
                return value is not None and argument is not None and self._ordered(test, value, argument)

    def _ordered(self, test: str, value: Any, argument: Any) -> bool:
        try:
            return _COMPARE[test](value, argument)
        except TypeError as error:
            raise AddressError(f"cannot compare {self.field} with {argument!r} for this reader: {error}") from error


def _shown(argument: object) -> str:
    """Return an argument as a template writes it."""
    return str(argument) if isinstance(argument, Field) else repr(argument)


@dataclass(slots=True)
class Tree(Generic[Leaf]):
    """What came out for each path of outcomes: a leaf, or a decision with a branch for each answer that was met."""

    leaf: Leaf | None = None
    decision: Decision | None = None
    branches: dict[bool, Tree[Leaf]] = field(default_factory=dict)

    def find(self, answer: Callable[[Decision], bool]) -> Leaf | None:
        """Return the leaf that the answers lead to, or None where nobody went that way yet."""
        tree = self
        while tree.decision is not None:
            branch = tree.branches.get(answer(tree.decision))
            if branch is None:
                return None
            tree = branch
        return tree.leaf

    def add(self, path: Mapping[Decision, bool], leaf: Leaf) -> None:
        """Put a leaf where the path, in the order the questions were asked, leads to."""
        tree = self
        for decision, outcome in path.items():
            if tree.decision is None:
                tree.decision = decision
            tree = tree.branches.setdefault(outcome, Tree())
        tree.leaf = leaf
