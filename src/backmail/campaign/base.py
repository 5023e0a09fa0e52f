"""base.json: the steps as backmail generated them last, block by block: what a merge with later edits begins from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from backmail.errors import CampaignError, Fault, InputError, Place
from backmail.yamlfile import read_text

__all__ = ["FILE", "GeneratedStep", "Part", "Piece", "PieceKind", "base_text", "read_base", "read_numbers", "steps_of"]

FILE = "base.json"
_SCHEMA = 1


class PieceKind(StrEnum):
    """What a piece of a step's body is."""

    BLOCK = "block"  # a block of the article
    NOTE = "note"  # the safety sentence that is repeated, with the block that it is from
    LINKS = "links"  # where the article's reference links lead


@dataclass(frozen=True, slots=True)
class Piece:
    """The name of a piece: `block` is the id of the block that it holds or repeats, "" for links."""

    kind: PieceKind
    block: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a step's body with its Markdown."""

    piece: Piece
    text: str


@dataclass(frozen=True, slots=True)
class GeneratedStep:
    """A step as backmail generates it. `settings` is the YAML between the two lines ---."""

    id: str
    file: str
    settings: str
    parts: tuple[Part, ...]

    @property
    def body(self) -> str:
        """The Markdown below its settings, without the line end at its end."""
        return "\n\n".join(part.text for part in self.parts if part.text)

    @property
    def text(self) -> str:
        """The text of its file."""
        return f"---\n{self.settings}---\n{self.body}\n"


def base_text(steps: Sequence[GeneratedStep], numbers: Sequence[tuple[str, str]]) -> str:
    """Return the text of base.json. Texts stand in it line by line, so that a version control shows what changed.

    Args:
        steps: as they are generated.
        numbers: the id of each block of the article with a key of its text.
    """
    data = {
        "schema": _SCHEMA,
        "about": "Written by backmail: the mails before your edits. `backmail resplit` needs it; leave it as it is.",
        "steps": [
            {
                "id": step.id,
                "file": step.file,
                "settings": step.settings.split("\n"),
                "parts": [
                    {"what": part.piece.kind.value, "block": part.piece.block, "text": part.text.split("\n")}
                    for part in step.parts
                ],
            }
            for step in steps
        ],
        "blocks": dict(numbers),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_base(folder: Path) -> tuple[GeneratedStep, ...] | None:
    """Return the steps of a campaign's folder as backmail generated them last; None where that was not kept.

    Raises:
        CampaignError: base.json is there and cannot be used.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return steps_of(read_text(path))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = "this is not what backmail wrote: what the mails were before your edits cannot be read"
        hint = "take the file back from your version control"
        raise CampaignError(Fault(message, Place(str(path)), hint)) from error
    except InputError as error:
        raise CampaignError(error.faults) from error


def read_numbers(folder: Path) -> list[tuple[str, str]]:
    """Return the ids that the blocks of a campaign's article had last, each with a key of its text; [] if unknown."""
    try:
        data = json.loads((folder / FILE).read_text(encoding="utf-8"))["blocks"]
        return [(str(id_), str(key)) for id_, key in data.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []  # `resplit` tells of a file that is broken


def steps_of(text: str) -> tuple[GeneratedStep, ...]:
    """Return the steps that the text of a base.json has.

    Raises:
        ValueError, KeyError, TypeError, RecursionError: it is none.
    """
    data = json.loads(text)
    if data["schema"] != _SCHEMA:
        raise ValueError(f"schema {data['schema']!r}")
    return tuple(_step(each) for each in data["steps"])


def _step(data: dict[str, Any]) -> GeneratedStep:
    parts = [
        Part(Piece(PieceKind(each["what"]), str(each["block"])), "\n".join(each["text"])) for each in data["parts"]
    ]
    return GeneratedStep(str(data["id"]), str(data["file"]), "\n".join(data["settings"]), tuple(parts))
