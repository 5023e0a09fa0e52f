"""config.example.yaml, made from the settings themselves: each with its default and its one line."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from backmail.config.schema import ConfigFile
from backmail.yamlfile import dump

_HEAD = """\
# Every setting of backmail with its default. Copy this file to config.yaml and keep the lines that you change.
# Secrets do not belong here: they stand in .env or in the environment.
"""


def example() -> str:
    """Return the text of config.example.yaml; read as a config.yaml it changes nothing."""
    return _HEAD + "".join(f"\n{line}" if not line[:1].isspace() else line for line in _settings(ConfigFile(), ""))


def _settings(model: BaseModel, indent: str) -> Iterator[str]:
    """Yield for each setting its explanation and its default."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        comment = f"{indent}# {field.description}\n"
        if isinstance(value, BaseModel):
            yield f"{comment}{indent}{name}:\n"
            yield from _settings(value, indent + "  ")
        else:
            yield f"{comment}{indent}{dump({name: value})}"
