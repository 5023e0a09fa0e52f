"""The fence line that opens a container: its name and attributes, read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from backmail.errors import did_you_mean

CONTAINERS = ("exercise", "how-to", "safety", "faq", "product", "sources", "note")

_COMMON = ("id", "lang")
_OWN: Mapping[str, tuple[str, ...]] = {
    "exercise": ("position", "hold", "repeats", "sides", "equipment"),
    "product": ("sku",),
    "note": ("repeats",),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {"product": ("id", "sku"), "note": ("id", "repeats")}

FENCE = re.compile(r":{3,}")
_NAME = re.compile(r":{3,}[ \t]*([^\s:=]*)")
_ATTRIBUTE = re.compile(r'[ \t]+([a-z][a-z-]*)=(?:"([^"]*)"|([^\s"]+))')
_ENTITIES = {"&quot;": '"', "&#123;": "{", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_BARE = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a fence, and at which character of the line (counted from 0)."""

    message: str
    at: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence line. `name` is empty for a closing one; a fence with flaws is not a fence but text."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    flaws: tuple[Flaw, ...] = ()


def read_fence(line: str) -> Fence:
    """Return what the fence `line` says; it begins with `:::` and has no white space at its end."""
    found = _NAME.match(line)
    assert found is not None, line  # noqa: S101  # callers match FENCE first
    name = found[1]
    if not name:
        rest = line[found.end() :].strip()
        return Fence("", {}, (Flaw(f"{rest!r} is not the name of a container", found.end()),) if rest else ())
    if name not in CONTAINERS:
        hint = did_you_mean(name, CONTAINERS) or f"the containers are {', '.join(CONTAINERS)}"
        return Fence(name, {}, (Flaw(f"there is no container {name!r}", found.start(1), hint),))
    return _with_attributes(name, line, found.end())


def _with_attributes(name: str, line: str, at: int) -> Fence:
    """Read the attributes of `line` from character `at` on."""
    known = _COMMON + _OWN.get(name, ())
    attributes: dict[str, str] = {}
    flaws: list[Flaw] = []
    while at < len(line):
        found = _ATTRIBUTE.match(line, at)
        if found is None:
            rest = line[at:].lstrip()
            start = len(line) - len(rest)
            flaws.append(Flaw(f"cannot read {rest!r}", start, 'write key=value or key="several words"'))
            break
        key, value = found[1], found[2] if found[2] is not None else found[3]
        if key not in known:
            hint = did_you_mean(key, known) or f"{name} knows {', '.join(known)}"
            flaws.append(Flaw(f"{key!r} is not an attribute of {name}", found.start(1), hint))
        elif key in attributes:
            flaws.append(Flaw(f"{key!r} is given twice", found.start(1)))
        attributes[key] = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], value)
        at = found.end()
    missing = [key for key in _NEEDED.get(name, ("id",)) if not attributes.get(key)]
    if missing and not flaws:
        flaws.append(Flaw(f"{name} needs {' and '.join(missing)}", 0, f"write ::: {name} {missing[0]}=..."))
    return Fence(name, attributes, tuple(flaws))


def attribute(key: str, value: str) -> str:
    """Return ` key=value` for a fence line, with quotes where the value needs them.

    `"` is written `&quot;`, and a brace that jinja would take for a sign of its own `&#123;`; `read_fence` gives the
    value back as it was.
    """
    if _BARE.fullmatch(value):
        return f" {key}={value}"
    value = re.sub(r"&(?=(?:quot|amp|#123);)", "&amp;", value)
    value = re.sub(r"\{(?=[{%#])", "&#123;", value)
    return f' {key}="{value.replace(chr(34), "&quot;")}"'
