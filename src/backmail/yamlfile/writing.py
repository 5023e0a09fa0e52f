"""Plain data -> YAML that a person likes to read, and that YAML 1.1 and 1.2 readers take for the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, Union

import yaml.nodes
import yaml.resolver

from backmail.yamlfile.scalars import resolve

Writable: TypeAlias = Union[bool, int, float, str, Sequence["Writable"], Mapping[str, "Writable"], None]  # noqa: UP007

_LONGEST_KEY = 1000  # YAML 1.2.2, 8.2.2: a key ends within 1024 characters, its quotes and escapes counted
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")  # line feeds apart
_ESCAPED = re.compile(rf"""["\\\n]|{_UNSEEN.pattern}""")
# What may stand unquoted: no sign with a meaning in front, no ": " or " #" within, no white space around.
_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]|[-:][^\s\-]")
_NOT_PLAIN = re.compile(r":(\s|\Z)|\s#|\A\.\.\.|\s\Z|[\n\t]")
_IN_BRACKETS = re.compile(r"[,\[\]{}?:#]")  # signs that mean something there, or to some readers
# YAML 1.1 (yaml.org/type: bool, int), where PyYAML's resolver knows less: y is true there, and some take 09:00 for 540.
_YAML_1_1 = re.compile(r"[yYnN]|[0-9]+(:[0-9]+)+")
_RESOLVER_1_1 = yaml.resolver.Resolver()


def dump(data: Writable) -> str:
    """Return `data` as YAML: keys in their order, one line for each value, quotes only where a reader could differ.

    Text of several lines is a literal block where that keeps it whole. The same data gives the same text, and
    `parse(dump(data), "").data == data`.

    Raises:
        TypeError: for a value or key of another type.
        ValueError: for text with half a character (a surrogate), or a key longer than 1000 characters.
    """
    return "".join(f"{line}\n" for line in _lines(data))


def on_one_line(value: bool | int | float | str | None, *, within_brackets: bool = False) -> str:
    """Return a value as it stands behind a key, on one line; `within_brackets`: inside of [ ] or { }, as YAML reads it.

    Raises:
        TypeError: for a value of another type.
        ValueError: for text with half a character (a surrogate).
    """
    written = _scalar(value)
    if within_brackets and isinstance(value, str) and not written.startswith('"') and _IN_BRACKETS.search(written):
        return f'"{_ESCAPED.sub(_escape, value)}"'
    return written


def _lines(data: Writable) -> Iterator[str]:
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _entry(f"{_key(key)}:", value)
    elif isinstance(data, Sequence) and not isinstance(data, str) and data:
        for value in data:
            yield from _entry("-", value)
    elif isinstance(data, str) and _is_block(data):
        yield from _block("", data)
    else:
        yield _scalar(data)


def _entry(head: str, value: Writable) -> Iterator[str]:
    """Yield the lines of one entry: of a mapping ("key:") or of a list ("-")."""
    if isinstance(value, str) and _is_block(value):
        yield from _block(f"{head} ", value)
    elif not _has_lines(value):
        yield f"{head} {_scalar(value)}"
    elif head == "-":
        yield from (("  " if number else "- ") + line for number, line in enumerate(_lines(value)))
    else:
        yield head
        yield from (f"  {line}" if line else "" for line in _lines(value))


def _has_lines(value: Writable) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str) and bool(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {key!r}")
    text = _text(key)
    if len(text) > _LONGEST_KEY:
        raise ValueError(f"a key of {len(text)} characters")
    return text


def _scalar(value: object) -> str:  # noqa: PLR0911  # one return for each kind of value
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case str():
            return _text(value)
        case Mapping():
            return "{}"
        case Sequence():
            return "[]"
    raise TypeError(f"{type(value).__name__} has no place in a YAML file")


def _float(value: float) -> str:
    text = repr(value)
    if text.endswith(("inf", "nan")):
        return text.replace("inf", ".inf").replace("nan", ".nan")
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 knows no exponent without a point
    return text


def _text(text: str) -> str:
    if not text.isascii():
        text.encode("utf-8")  # UnicodeEncodeError is a ValueError
    return text if _is_plain(text) else '"' + _ESCAPED.sub(_escape, text) + '"'


def _is_plain(text: str) -> bool:
    """Whether `text` may stand without quotes and is then text for readers of YAML 1.1 and of 1.2."""
    if not _PLAIN_START.match(text) or _NOT_PLAIN.search(text) or _UNSEEN.search(text):
        return False
    # The stubs leave this method out.
    tag = _RESOLVER_1_1.resolve(yaml.nodes.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if _YAML_1_1.fullmatch(text) or tag != "tag:yaml.org,2002:str":
        return False
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    code = ord(char)
    return _ESCAPES.get(char) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _is_block(text: str) -> bool:
    """Whether a literal block would hold the text as it is: several lines, and no white space that could be lost."""
    body = text.removesuffix("\n")
    lost = re.search(r"\A\s|[^\S\n](\n|\Z)|\n\Z", body) or _UNSEEN.search(text)
    return "\n" in body and not lost


def _block(head: str, text: str) -> Iterator[str]:
    yield head + ("|" if text.endswith("\n") else "|-")
    yield from (f"  {line}" if line else "" for line in text.removesuffix("\n").split("\n"))
