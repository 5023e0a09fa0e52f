"""Which keys a file model knows at a path, read off its fields, for "did you mean"."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

Path = tuple[str | int, ...]


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys of the models that may stand at `path` below `model`, in the order of their fields."""
    kinds: list[Any] = [model]
    for step in path:
        kinds = [within for kind in kinds for within in _within(kind, step)]
    return list(dict.fromkeys(key for kind in kinds for each in _models(kind) for key in _keys(each)))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _choices(kind: Any) -> Iterator[Any]:
    """Yield the types that a type stands for: itself, or the branches of a union."""
    if get_origin(kind) is Annotated:
        yield from _choices(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for branch in get_args(kind):
            yield from _choices(branch)
    else:
        yield kind


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    for choice in _choices(kind):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            if choice.__pydantic_root_model__:
                yield from _models(choice.model_fields["root"].annotation)
            else:
                yield choice


def _within(kind: Any, step: str | int) -> Iterator[Any]:
    """Yield the types that may stand behind one step of a path."""
    for choice in _choices(kind):
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            if choice.__pydantic_root_model__:
                yield from _within(choice.model_fields["root"].annotation, step)
            else:
                yield from (
                    field.annotation for name, field in choice.model_fields.items() if (field.alias or name) == step
                )
        elif isinstance(step, int):
            yield from get_args(choice)[:1]  # list[X], tuple[X, ...]
        else:
            yield from get_args(choice)[1:2]  # dict[str, X], Mapping[str, X]
