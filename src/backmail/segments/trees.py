"""A segment as YAML writes it: `{and: [tag:x, {not: tag:y}]}`; the same tree as of the one line."""

from __future__ import annotations

from collections.abc import Callable

from backmail.errors import InputError, did_you_mean
from backmail.segments.parser import MAX_CONDITIONS, MAX_DEPTH, parse
from backmail.segments.tree import And, Not, Or, Segment, conditions

_JOINS: dict[str, Callable[[tuple[Segment, ...]], Segment]] = {"and": And, "or": Or}


def of_yaml(data: object) -> Segment:
    """Return the tree that YAML's values write: a text is read as one line; `and`, `or` hold a list, `not` one value.

    Raises:
        ValueError: for what is no segment, in a sentence; a second line of it is a hint.
    """
    tree = _tree(data, 1)
    if sum(1 for _ in conditions(tree)) > MAX_CONDITIONS:
        raise ValueError(f"more than {MAX_CONDITIONS} conditions")
    return tree


def _tree(data: object, depth: int) -> Segment:
    if isinstance(data, str):
        return _line(data)
    if depth > MAX_DEPTH:
        raise ValueError(f"more than {MAX_DEPTH} levels deep")
    if not isinstance(data, dict) or len(data) != 1:
        raise ValueError("a segment is a text, or one of and, or, not\nsuch as {and: [tag:x, {not: tag:y}]}")
    [(word, inner)] = data.items()
    if word == "not":
        return Not(_tree(inner, depth + 1))
    if word not in _JOINS:
        raise ValueError(f"{word!r} is not known here\n{did_you_mean(str(word), (*_JOINS, 'not'))}".rstrip())
    if not isinstance(inner, list) or len(inner) < 2:
        raise ValueError(f"{word!r} takes a list of two or more")
    return _JOINS[word](tuple(_tree(each, depth + 1) for each in inner))


def _line(text: str) -> Segment:
    try:
        return parse(text)
    except InputError as error:
        fault = error.faults[0]
        at = f" (at its character {fault.place.column})" if fault.place else ""
        raise ValueError(f"{fault.message}{at}\n{fault.hint}".rstrip()) from error
