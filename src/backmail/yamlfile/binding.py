"""Document + file model -> one checked value, or every fault with its place and the nearest right word."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError

from backmail.errors import Fault, InputError, did_you_mean
from backmail.yamlfile import wording
from backmail.yamlfile.document import Data, Document, in_order
from backmail.yamlfile.known import known_keys

Model = TypeVar("Model", bound=BaseModel)
_KEY = "[key]"  # how pydantic ends the path to a key of a free mapping


@dataclass(frozen=True, slots=True)
class _Problem:
    """One error of pydantic, at its path into the data (labels of unions left out)."""

    path: tuple[str | int, ...]
    type: str
    context: wording.Context
    value: object
    at_key: bool


def bind(document: Document, model: type[Model], error: type[InputError] = InputError) -> Model:
    """Return the file's data as `model`.

    Keys that begin with `x-` are dropped where the model does not know them. A key without a value counts as not set,
    unless the model takes None. A number that stands where text is asked for is taken as it was written (`007`).
    A validator of the model says what is wrong by a ValueError, in a sentence; a second line of it is the hint.

    Raises:
        InputError: (or `error`) with every fault in the order of the file.
    """
    data: Data = copy.deepcopy(document.data)
    if data is None:
        data = [] if issubclass(model, RootModel) else {}
    while True:
        try:
            return model.model_validate(data)
        except ValidationError as refused:
            problems = list(_problems(data, refused))
        if not [problem for problem in problems if _mended(document, data, problem)]:
            raise error(in_order(_faults(document, model, problems)))


def _problems(data: Data, refused: ValidationError) -> Iterator[_Problem]:
    for error in refused.errors(include_url=False):
        loc, at_key = error["loc"], False
        if loc and loc[-1] == _KEY:
            loc, at_key = loc[:-1], True
        ends_at_name = error["type"] in ("missing", "extra_forbidden")
        path = _path(data, loc[:-1] if ends_at_name else loc) + (loc[-1:] if ends_at_name else ())
        yield _Problem(path, error["type"], error.get("ctx", {}), error["input"], at_key)


def _path(data: Data, loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the part of pydantic's location that leads into the data: it also names the branches of unions."""
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            continue
        path.append(step)
    return tuple(path)


def _mended(document: Document, data: Data, problem: _Problem) -> bool:
    """Change `data` where the file may be read in a friendlier way; return whether it was."""
    if not problem.path or problem.type == "missing":
        return False
    holder: Any = data
    for step in problem.path[:-1]:
        holder = holder[step]
    last = problem.path[-1]
    if isinstance(holder, dict) and last not in holder:
        return False  # another problem of the same key was mended before
    written = document.written(problem.path)
    unset = str(last).startswith("x-") if problem.type == "extra_forbidden" else problem.value is None
    if unset and isinstance(holder, dict):
        del holder[last]
    elif problem.type == "string_type" and written is not None and not isinstance(holder[last], str):
        holder[last] = written
    else:
        return False
    return True


def _faults(document: Document, model: type[BaseModel], problems: list[_Problem]) -> Iterator[Fault]:
    missing = [problem for problem in problems if problem.type == "missing"]
    for problem in problems:
        if problem.type == "extra_forbidden":
            yield _unknown(document, model, problem, missing)
    for problem in missing:
        yield _missing(document, problem)
    rest = [problem for problem in problems if problem.type not in ("missing", "extra_forbidden")]
    for path, at_key in dict.fromkeys((problem.path, problem.at_key) for problem in rest):
        here = [problem for problem in rest if (problem.path, problem.at_key) == (path, at_key)]
        within = any(len(each.path) > len(path) and each.path[: len(path)] == path for each in problems)
        if within:  # one branch of a union took the value and looked inside: that is what was meant
            here = [problem for problem in here if not wording.is_about_kind(problem.type, problem.value)]
        if here:
            yield _refused(document, here)


def _unknown(document: Document, model: type[BaseModel], problem: _Problem, missing: list[_Problem]) -> Fault:
    """A key that is not known here; the missing key that it may have been meant for is taken off `missing`."""
    *above, name = problem.path
    word = str(name)
    beside = [each for each in missing if each.path[:-1] == tuple(above)]
    hint = did_you_mean(word, [str(each.path[-1]) for each in beside])
    if hint:
        meant = next(each for each in beside if repr(each.path[-1]) in hint)
        missing.remove(meant)
    else:
        keys = known_keys(model, tuple(above))
        hint = did_you_mean(word, keys) or (f"known here: {', '.join(keys)}" if keys else "")
    return document.fault(f"{word!r} is not a setting here", problem.path, key=True, hint=hint)


def _missing(document: Document, problem: _Problem) -> Fault:
    *above, name = problem.path
    if document.has(problem.path):
        return document.fault(f"{name!r} is needed, and nothing stands after it", problem.path, key=True)
    holder = next((step for step in reversed(above) if isinstance(step, str)), None)
    return document.fault(f"{name!r} is missing" + (f" in {holder!r}" if holder else ""), above, key=True)


def _refused(document: Document, problems: list[_Problem]) -> Fault:
    """One fault for what the branches of a union, or one type, have against the same value."""
    own = [problem for problem in problems if problem.type in ("value_error", "assertion_error")]
    problem = own[0] if own else problems[0]
    if own:
        message, hint = [*str(problem.context["error"]).split("\n"), ""][:2]
        return document.fault(message, problem.path, key=problem.at_key, hint=hint)
    takes = " or ".join(dict.fromkeys(wording.takes(each.type, each.context) for each in problems))
    choices = [word for each in problems for word in wording.choices(each.context)]
    hint = did_you_mean(str(problem.value), choices) if choices and isinstance(problem.value, str) else ""
    if isinstance(problem.value, bool) and "string_type" in {each.type for each in problems}:
        hint = f'if it is text: "{wording.shown(problem.value)}"'
    found = wording.size(problem.type, problem.value)
    return document.fault(
        f"{_named(problem.path)} takes {takes}, not {found}", problem.path, key=problem.at_key, hint=hint
    )


def _named(path: tuple[str | int, ...]) -> str:
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    whole = repr(name) if name is not None else "this file"
    return f"each entry of {whole}" if path and isinstance(path[-1], int) else whole
