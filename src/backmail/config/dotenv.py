"""Reads .env files: NAME=value lines, with what shells and other programs allow in them; no value is ever shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from backmail.errors import ConfigError, Fault, InputError, Place
from backmail.yamlfile import read_text

_ENTRY = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=(.*)")
_QUOTED = re.compile(r"""[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\.)*)")[ \t]*(#.*)?""")
_COMMENT = re.compile(r"[ \t]#")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$", "`": "`"}  # any other \ stands for itself


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a variable, and where it stands."""

    text: str = field(repr=False)
    place: Place


def read_dotenv(path: Path) -> dict[str, Value]:
    """Return the variables of a .env file, empty ones left out.

    A value stands bare, up to a `#` behind white space; in single quotes, as it is; or in double quotes, where `\\n`,
    `\\r`, `\\t`, `\\"`, `\\\\`, `\\$` and a backslash before a backtick are what they are to others. Nothing is put in
    for `$NAME`.

    Raises:
        ConfigError: the file cannot be read, or with every line that is none of its kind. No line is shown.
    """
    try:
        text = read_text(path)
    except InputError as error:
        raise ConfigError(Fault(fault.message, fault.place, fault.hint) for fault in error.faults) from None
    found: dict[str, Value] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            place = Place(str(path), number)
            try:
                name, value = _entry(line.strip())
                _no_other(found.get(name), name, value)
            except ValueError as error:
                message, _, hint = str(error).partition("\n")
                faults.append(Fault(message, place, hint))
            else:
                if value:
                    found[name] = Value(value, place)
    if faults:
        raise ConfigError(faults)
    return found


def _entry(line: str) -> tuple[str, str]:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        raise ValueError("this line is neither NAME=value nor a comment\na name has letters, digits and _ alone")
    name, rest = entry.groups()
    if "\0" in rest:
        raise ValueError(f"the value of {name} holds a character of code 0")
    if not rest.lstrip(" \t").startswith(("'", '"')):
        return name, _COMMENT.split(rest, maxsplit=1)[0].strip()
    quoted = _QUOTED.fullmatch(rest)
    if quoted is None:
        hint = 'write NAME="value", with \\" for a quote within'
        raise ValueError(f"the quotes around the value of {name} do not close at its end\n{hint}")
    single, double, _ = quoted.groups()
    return name, _ESCAPED.sub(_meant, double) if single is None else single


def _meant(escaped: re.Match[str]) -> str:
    return _ESCAPES.get(escaped[1], escaped[0])


def _no_other(first: Value | None, name: str, value: str) -> None:
    if first is not None and value and value != first.text:
        raise ValueError(f"{name} stands here with another value than on line {first.place.line}\nkeep one of the two")
