"""One value of a YAML text is changed where it stands; all else stays as somebody wrote it, to the last byte."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from backmail.errors import InputError
from backmail.yamlfile.document import Data, Path
from backmail.yamlfile.reading import parse
from backmail.yamlfile.writing import dump, on_one_line

Scalar: TypeAlias = bool | int | float | str

_BREAK = re.compile(r"\r\n|\r|\n")
_OPENING = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_CLOSING = re.compile(r"(?<![^\r\n])---[ \t]*(?:\r\n|\r|\n|\Z)")
_COMMENT = re.compile(r"[ \t]#.*")
_COMMA = re.compile(r"\s*,[ \t]*")
_BY_HAND = "change it by hand: it is written in a way that only a person can change safely"


@dataclass(slots=True)
class _Node:
    """One value: from `start` to behind `end`, as indexes of characters. `kind` is map, list, text or alias."""

    kind: str
    start: int
    end: int
    flow: bool = False
    block: bool = False  # text below a | or >
    entries: list[tuple[_Node, _Node]] = field(default_factory=list)  # of a map: key and value
    items: list[_Node] = field(default_factory=list)  # of a list
    name: str = ""  # of a text: what it says


def settings_of(text: str) -> tuple[str, str, str]:
    """Cut the text of a file in three, with the settings between two lines `---` in the middle; joined, they are it.

    The middle is "" where there are no such lines at its top.
    """
    begins = int(text.startswith("\ufeff"))
    opening = _OPENING.match(text, begins)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return "", "", text
    return text[: opening.end()], text[opening.end() : closing.start()], text[closing.start() :]


def line_end(text: str) -> str:
    """Return how the lines of a text end: as its first one does, and \\n where there is none."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"


def with_value(text: str, path: Path, value: Scalar | None, *, file: str = "", first_line: int = 1) -> str:
    """Return a YAML text with another value at `path`; comments, order, quotes of others and line ends stay.

    A key that is not there yet is written below the others of its mapping.

    Args:
        text: strict YAML, see `parse`.
        path: keys, and positions in lists (from 0); what holds the last of them may itself not be there yet.
        value: what to write, on one line; None takes the key away.
        file: the name that errors show.
        first_line: the line of the file on which `text` begins.

    Raises:
        InputError: the text cannot be read, the path leads through something that holds no keys, or the value is one
            that cannot be changed alone, such as one that is written once and named in several places (& and *).
    """
    before = parse(text, file, first_line)
    wanted = _with(before.data, list(path), value)
    if wanted is _NOWHERE:
        raise InputError(before.fault(f"{path[-1]!r} cannot stand here", path[:-1]))
    if repr(wanted) == repr(before.data):  # True is no 1 here
        return text
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    changed = mark + _changed(text[len(mark) :], list(path), value)
    try:
        done = parse(changed, file, first_line).data
    except InputError:
        done = _NOWHERE
    if repr(done) != repr(wanted):
        message = f"{path[-1]!r} cannot be changed for you here"
        raise InputError(before.fault(message, path, hint=_BY_HAND))
    return changed


_NOWHERE: Any = object()


def _with(data: Data, path: list[str | int], value: Scalar | None) -> Any:
    """Return the data as it should be afterwards, or _NOWHERE."""
    made: Any = copy.deepcopy(data)
    made = {} if made is None else made
    holder = made
    for step in path[:-1]:
        if isinstance(holder, dict) and isinstance(step, str):
            if holder.get(step) is None:
                if value is None:
                    return copy.deepcopy(data)
                holder[step] = {}
            holder = holder[step]
        elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            holder = holder[step]
        else:
            return _NOWHERE
    last = path[-1]
    if isinstance(holder, dict) and isinstance(last, str):
        if value is None:
            if last not in holder:
                return copy.deepcopy(data)
            del holder[last]
        else:
            holder[last] = value
    elif isinstance(holder, list) and isinstance(last, int) and last < len(holder) and value is not None:
        holder[last] = value
    else:
        return _NOWHERE
    return made


def _changed(text: str, path: list[str | int], value: Scalar | None) -> str:
    """Return the text with one change made; whether it says what was meant is proved by who calls."""
    root = _read(text)
    node, steps = root, 0
    holder: _Node | None = None
    while node is not None and steps < len(path):
        below = _below(node, path[steps])
        if below is None:
            break
        holder, node, steps = node, below, steps + 1
    if value is None:
        return _without(text, holder, path[-1]) if holder is not None and steps == len(path) else text
    rest: Any = value
    for step in reversed(path[steps + 1 :] if node is not None and node.kind == "map" else path[steps:]):
        rest = {step: rest}
    if root is None or node is None:
        return text + _parted(text) + dump(rest).replace("\n", line_end(text))
    if steps < len(path) and node.kind == "map":
        return _added(text, node, str(path[steps]), rest)
    return _replaced(text, node, rest, in_flow=_in_flow(root, node))


def _below(node: _Node, step: str | int) -> _Node | None:
    if node.kind == "map":
        return next((value for key, value in node.entries if key.name == step), None)
    if node.kind == "list" and isinstance(step, int) and step < len(node.items):
        return node.items[step]
    return None


def _in_flow(root: _Node, node: _Node) -> bool:
    """Whether a value stands within { } or [ ]."""
    return any(each.flow and each is not node and each.start <= node.start < each.end for each in _all(root))


def _all(node: _Node) -> Iterator[_Node]:
    yield node
    for child in [*node.items, *(value for _, value in node.entries)]:
        yield from _all(child)


def _written(value: Any, *, flow: bool) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{on_one_line(key)}: {_written(each, flow=True)}" for key, each in value.items()) + "}"
    return on_one_line(value, within_brackets=flow)


def _replaced(text: str, node: _Node, value: Any, *, in_flow: bool) -> str:
    """Return the text with another value in the place of one."""
    new = _written(value, flow=in_flow)
    end = _end(text, node)
    if node.block:  # a comment beside the sign | or > stays
        said = _COMMENT.search(text, node.start, _line_end(text, node.start))
        new += said[0] if said else ""
    if node.start == end:  # nothing stands there yet: behind "name:", or in { } behind a bare name
        before = text[: node.start]
        new = f" {new}" if before.endswith((":", "-")) else f": {new}" if in_flow else f" {new}"
    return text[: node.start] + new + text[end:]


def _added(text: str, holder: _Node, key: str, value: Any) -> str:
    """Return the text with one more key at the end of a mapping."""
    if holder.flow:
        entry = f"{on_one_line(key, within_brackets=True)}: {_written(value, flow=True)}"
        if not holder.entries:
            return text[: holder.start + 1] + entry + text[holder.end - 1 :]
        at = _end(text, holder.entries[-1][1])
        at = max(at, holder.entries[-1][0].end)
        return f"{text[:at]}, {entry}{text[at:]}"
    break_ = line_end(text)
    first = holder.entries[0][0].start
    indent = " " * (first - _line_start(text, first))
    at = _next_line(text, _end(text, holder, keep=True))
    lines = dump({key: value}).removesuffix("\n").split("\n")
    entry = break_.join(indent + line for line in lines)
    if at == len(text) and not text.endswith(("\n", "\r")):
        return text + break_ + entry
    return text[:at] + entry + break_ + text[at:]


def _without(text: str, holder: _Node, key: str | int) -> str:
    """Return the text without a key; a mapping that has no other is left as {}."""
    place = next(number for number, (each, _) in enumerate(holder.entries) if each.name == key)
    name, value = holder.entries[place]
    end = max(_end(text, value), name.end)
    if holder.flow:
        return _without_in_flow(text, holder, place, end)
    if len(holder.entries) == 1:
        return text[: name.start] + "{}" + text[end:]
    start = _line_start(text, name.start)
    if text[start : name.start].strip():  # "- name: value": the next key takes its place
        following = holder.entries[place + 1][0].start if place + 1 < len(holder.entries) else end
        return text[: name.start] + text[following:]
    return text[:start] + text[_next_line(text, end) :]


def _without_in_flow(text: str, holder: _Node, place: int, end: int) -> str:
    name = holder.entries[place][0]
    if place:
        behind = max(_end(text, holder.entries[place - 1][1]), holder.entries[place - 1][0].end)
        if _COMMA.fullmatch(text, behind, name.start):
            return text[:behind] + text[end:]
    comma = _COMMA.match(text, end)
    return text[: name.start] + text[comma.end() if comma else end :]


def _end(text: str, node: _Node, *, keep: bool = False) -> int:
    """Return where a value ends: PyYAML counts the blank lines and comments below some values as theirs.

    `keep`: such blank lines are a part of text that is written with |+ or >+, and stay in front of what follows.
    """
    if node.kind in ("map", "list") and not node.flow:
        last = node.items[-1] if node.kind == "list" else node.entries[-1][1]
        return max(_end(text, last, keep=keep), node.entries[-1][0].end if node.entries else 0)
    if not node.block:
        return node.end
    header = text[node.start : _line_end(text, node.start)]
    if keep and "+" in header.split("#")[0]:
        return len(text[: node.end].removesuffix("\n").removesuffix("\r"))
    return max(node.start + len(header), node.start + len(text[node.start : node.end].rstrip()))


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _line_end(text: str, index: int) -> int:
    found = _BREAK.search(text, index)
    return found.start() if found else len(text)


def _next_line(text: str, index: int) -> int:
    found = _BREAK.search(text, index)
    return found.end() if found else len(text)


def _parted(text: str) -> str:
    return "" if not text or text.endswith(("\n", "\r")) else line_end(text)


def _read(text: str) -> _Node | None:
    """Return the value of a text that `parse` has read, with what stands where; None for an empty one."""
    events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            node = _node(event, events)
            return None if node.kind == "text" and node.start == node.end else node
    return None


def _node(event: yaml.Event, events: Iterator[yaml.Event]) -> _Node:
    start, end = _span(event)
    if isinstance(event, yaml.ScalarEvent):
        return _Node("text", start, end, block=event.style in ("|", ">"), name=event.value)
    if isinstance(event, yaml.AliasEvent):
        return _Node("alias", start, end)
    is_map = isinstance(event, yaml.MappingStartEvent)
    made = _Node("map" if is_map else "list", start, end, flow=bool(getattr(event, "flow_style", False)))
    inside: list[_Node] = []
    for inner in events:
        if isinstance(inner, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            made.end = _span(inner)[1]
            break
        inside.append(_node(inner, events))
    if is_map:
        made.entries = list(zip(inside[::2], inside[1::2], strict=True))
    else:
        made.items = inside
    return made


def _span(event: yaml.Event) -> tuple[int, int]:
    """Return where an event begins and ends; PyYAML's stubs let it be nowhere."""
    return (event.start_mark.index if event.start_mark else 0, event.end_mark.index if event.end_mark else 0)
