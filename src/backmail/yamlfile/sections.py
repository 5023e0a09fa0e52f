"""A whole section of a YAML file is written anew, or entries of its list are; all else stays to the last byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import yaml

from backmail.errors import InputError
from backmail.yamlfile.editing import line_end
from backmail.yamlfile.reading import parse
from backmail.yamlfile.writing import Writable, dump

_BY_HAND = "change it by hand: it is written in a way that only a person can change safely"
_BREAK = re.compile(r"\r\n|\r|\n")


def with_section(text: str, key: str, value: Writable, *, above: str = "", file: str = "") -> str:
    """Return a YAML text in which a key of the whole has another value, written on lines of its own.

    Comments within the former value go with it; those above the key stay.

    Args:
        text: strict YAML, a mapping, see `parse`.
        key: one of the whole's; where it is not there yet, it is added.
        value: what it is to be.
        above: the key above which, and above whose comments, a new one is added; "", or one that is not there: the end.
        file: the name that errors show.

    Raises:
        InputError: the text cannot be read, or cannot be changed without a person.
    """
    return _proved(text, key, value, file, lambda text, root: _section(text, root, key, value, above))


def with_entries(
    text: str,
    key: str,
    without: Collection[int],
    added: Sequence[Mapping[str, Any]],
    *,
    above: str = "",
    file: str = "",
) -> str:
    """Return a YAML text in which a list has entries less and more; the others stay as somebody wrote them.

    Args:
        text: strict YAML, a mapping, see `parse`.
        key: one of the whole's, with a list, with nothing, or not there yet.
        without: the positions of entries that go, from 0. Comments between entries stay.
        added: entries that are written below the others.
        above: as in `with_section`.
        file: the name that errors show.

    Raises:
        InputError: see `with_section`.
    """
    before = parse(text, file)
    former = before.data.get(key) if isinstance(before.data, dict) else None
    if not isinstance(former, list | None):
        raise InputError(before.fault(f"{key!r} is no list", (key,), hint=_BY_HAND))
    entries: list[Any] = former or []
    wanted = [each for number, each in enumerate(entries) if number not in without] + [dict(each) for each in added]
    if wanted == entries:
        return text

    def change(text: str, root: yaml.MappingNode | None) -> str:
        return _entries(text, root, key, without, wanted, len(added), above)

    return _proved(text, key, wanted, file, change)


def _proved(text: str, key: str, value: Any, file: str, change: Callable[[str, yaml.MappingNode | None], str]) -> str:
    """Return what a change made of a text, if it says what was meant and nothing else is another."""
    before = parse(text, file)
    data: Any = {} if before.data is None else before.data
    if isinstance(data, dict):
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        root = yaml.compose(text[len(mark) :], Loader=yaml.SafeLoader)
        changed = ""
        if root is None or (isinstance(root, yaml.MappingNode) and not root.flow_style):
            changed = mark + change(text[len(mark) :], root)
        try:
            if changed and repr(_sorted(parse(changed, file).data)) == repr(_sorted({**data, key: value})):
                return changed
        except InputError:
            pass
    raise InputError(before.fault(f"{key!r} cannot be changed for you here", (key,), hint=_BY_HAND))


def _sorted(data: Any) -> list[tuple[str, Any]]:
    return sorted(data.items()) if isinstance(data, dict) else []


def _section(text: str, root: yaml.MappingNode | None, key: str, value: Any, above: str) -> str:
    written = dump({key: value}).replace("\n", line_end(text))
    found = _find(root, key)
    if found is not None:
        start, end = _start(text, found[0]), _next_line(text, _end(text, found[1]))
        return text[:start] + written + text[end:]
    at = _above(text, root, above)
    parted = line_end(text) if at and text[at - 1] not in "\r\n" else ""
    return text[:at] + parted + written + text[at:]


def _entries(
    text: str,
    root: yaml.MappingNode | None,
    key: str,
    without: Collection[int],
    wanted: Sequence[Mapping[str, Any]],
    added: int,
    above: str,
) -> str:
    found = _find(root, key)
    written = dump({key: wanted[len(wanted) - added :]}).split("\n", 1)[1] if added else ""
    if found is None or (isinstance(found[1], yaml.SequenceNode) and found[1].flow_style and found[1].value):
        return _section(text, root, key, wanted, above)
    name, node = found
    if not isinstance(node, yaml.SequenceNode) or not node.value:  # nothing, or []: a comment beside it stays
        end = _end(text, node)
        line = _next_line(text, end)
        head = text[: name.end_mark.index] + ":" + text[end:line]
        head += "" if head.endswith(("\n", "\r")) else line_end(text)
        return head + written.replace("\n", line_end(text)) + text[line:]
    indent = " " * node.start_mark.column
    written = re.sub(r"(?m)^  ", indent, written).replace("\n", line_end(text))
    behind = _next_line(text, _end(text, node))
    parted = line_end(text) if written and text[behind - 1] not in "\r\n" else ""
    text = text[:behind] + parted + written + text[behind:]
    for number in sorted(without, reverse=True):
        start, end = _start(text, node.value[number]), _next_line(text, _end(text, node.value[number]))
        text = text[:start] + text[end:]
    return text if wanted else text[: name.end_mark.index] + ": []" + text[name.end_mark.index + 1 :]


def _find(root: yaml.MappingNode | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs: Sequence[tuple[yaml.Node, yaml.Node]] = root.value if root is not None else ()
    return next((pair for pair in pairs if pair[0].value == key), None)


def _above(text: str, root: yaml.MappingNode | None, above: str) -> int:
    """Return where a new section goes: in front of the comments of another, and of the blank lines above those."""
    found = _find(root, above)
    if found is None:
        return len(text)
    lines = text[: _start(text, found[0])].splitlines(keepends=True)
    while lines and lines[-1].lstrip().startswith("#"):
        lines.pop()
    while lines and not lines[-1].strip():
        lines.pop()
    return len("".join(lines))


def _end(text: str, node: yaml.Node) -> int:
    """Return where a value ends: PyYAML counts the blank lines and comments below some values as theirs."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            return max(_end(text, last[1]), int(last[0].end_mark.index) + 1)
        return _end(text, last)
    begin, end = int(node.start_mark.index), int(node.end_mark.index)
    return begin + len(text[begin:end].rstrip())


def _start(text: str, node: yaml.Node) -> int:
    index = int(node.start_mark.index)
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _next_line(text: str, index: int) -> int:
    found = _BREAK.search(text, index)
    return found.end() if found else len(text)
