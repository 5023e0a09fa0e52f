"""The questions that a template asks about a reader, and the tree of their outcomes."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from backmail.errors import AddressError
from backmail.model.message import Field, Reader
from backmail.rendering.fields import value_of

Leaf = TypeVar("Leaf")
Answer: TypeAlias = "Callable[[Decision], bool]"

# Bytes of a variant's name. It stands in a key of the database, and PostgreSQL takes none of more than 2,700.
_LONGEST = 1000

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


def named(path: Mapping[Decision, bool]) -> str:
    """Return the name of the variant that a path of outcomes leads to; another path has another name."""
    name = ", ".join(_outcome(decision, outcome) for decision, outcome in path.items())
    data = name.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return name
    return f"{data[:_LONGEST].decode('utf-8', 'ignore')}... {hashlib.sha256(data).hexdigest()[:16]}"


def as_named(name: str, otherwise: Answer) -> Answer:
    """Return answers that lead to the variant of that name again, whatever the reader has become meanwhile.

    Args:
        name: as `named` made it.
        otherwise: answers what the name does not tell, which is where it was too long.
    """
    rest, known = name, dict[Decision, bool]()

    def answer(decision: Decision) -> bool:
        nonlocal rest
        if decision not in known:
            told = [outcome for outcome in (True, False) if f"{rest}, ".startswith(f"{_outcome(decision, outcome)}, ")]
            known[decision] = told[0] if told else otherwise(decision)
            rest = rest[len(_outcome(decision, told[0])) + 2 :] if told else rest
        return known[decision]

    return answer


def _outcome(decision: Decision, outcome: bool) -> str:
    return f"{decision}: {'yes' if outcome else 'no'}"


@dataclass(slots=True)
class Tree(Generic[Leaf]):
    """What came out for each path of outcomes: a leaf, or a decision with a branch for each answer that was met."""

    leaf: Leaf | None = None
    decision: Decision | None = None
    branches: dict[bool, Tree[Leaf]] = field(default_factory=dict)

    def find(self, answer: Answer) -> Leaf | None:
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
