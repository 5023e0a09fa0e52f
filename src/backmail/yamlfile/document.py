"""A YAML file that was read: its plain data, and the line and column of every key and value."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, Union

from backmail.errors import Fault, Place

Data: TypeAlias = Union[bool, int, float, str, list["Data"], dict[str, "Data"], None]  # noqa: UP007  # names in quotes
Path: TypeAlias = Sequence[str | int]


@dataclass(frozen=True)
class Text:
    """The text of a file, or of a part of it that begins on line `first_line`."""

    file: str
    text: str
    first_line: int = 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", self.text))]

    def place(self, index: int) -> Place:
        """Return the place of the character `index` (from 0); a place past the end is that of the end."""
        index = min(index, len(self.text))
        at = bisect_right(self._starts, index) - 1
        return Place(self.file, self.first_line + at, index - self._starts[at] + 1)

    def line(self, number: int) -> str:
        """Return line `number` of the file without its end; "" for a line that the text does not have."""
        at = number - self.first_line
        if not 0 <= at < len(self._starts):
            return ""
        end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[at] : end].rstrip("\r\n")

    def fault(self, message: str, index: int, hint: str = "") -> Fault:
        """Return a fault that points at the character `index`."""
        place = self.place(index)
        return Fault(message, place, hint, self.line(place.line or 0))


@dataclass(frozen=True, slots=True)
class Node:
    """One value: its data, where it starts, and how it was written if it is a number.

    `size` counts it and all values within, `height` the levels within; both as if aliases were written out.
    """

    data: Data
    start: int
    written: str | None = None
    keys: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str | int, Node] = field(default_factory=dict)
    size: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file that was read. A path into it is a tuple of keys and of positions in lists (from 0)."""

    text: Text
    root: Node

    @property
    def file(self) -> str:
        """The file's name, as it was given."""
        return self.text.file

    @property
    def data(self) -> Data:
        """The plain data: None for an empty file. Keys are always text."""
        return self.root.data

    def place(self, path: Path, key: bool = False) -> Place:
        """Return where the value at `path` stands, or with `key` its key; for what is not there, what is nearest to it.

        A list's value has no key: then its own place is returned.
        """
        return self.text.place(self._index(path, key))

    def source(self, line: int) -> str:
        """Return the text of a line of the file, "" for a line that the document does not have."""
        return self.text.line(line)

    def written(self, path: Path) -> str | None:
        """Return the number at `path` as it was written ("007"), or None where no number stands."""
        steps, node = self._walk(path)
        return node.written if steps == len(path) else None

    def has(self, path: Path) -> bool:
        """Whether something stands at `path`, be it null."""
        return self._walk(path)[0] == len(path)

    def fault(self, message: str, path: Path, *, key: bool = False, hint: str = "") -> Fault:
        """Return a fault that points at the value at `path`, or with `key` at its key."""
        return self.text.fault(message, self._index(path, key), hint)

    def _walk(self, path: Path) -> tuple[int, Node]:
        """Return how many steps of the path lead somewhere, and to what."""
        node = self.root
        for steps, step in enumerate(path):
            if step not in node.within:
                return steps, node
            node = node.within[step]
        return len(path), node

    def _index(self, path: Path, key: bool) -> int:
        steps, node = self._walk(path)
        if steps and (key or steps < len(path)):
            holder = self._walk(path[: steps - 1])[1]
            return holder.keys.get(str(path[steps - 1]), node.start)
        return node.start


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults in the order of their places, each once."""
    return sorted(dict.fromkeys(faults), key=_position)


def _position(fault: Fault) -> tuple[int, int]:
    return (fault.place.line or 0, fault.place.column or 0) if fault.place else (0, 0)
