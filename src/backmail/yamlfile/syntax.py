"""PyYAML's complaints about broken syntax, said again in the words of the person who wrote the file."""

from __future__ import annotations

import re

import yaml

from backmail.errors import Fault
from backmail.yamlfile.document import Text

JINJA = "text that begins with {{ or {% must stand in quotes"
_QUOTE = "put the whole text in quotes"
_SINGLE = "put the whole text in 'single quotes'; write '' for a ' within"
_COLUMN = "start it in the same column as the line it belongs beside"
_NO_COLON = "a ':' is missing on this line"
_SETTING = "a setting is written name: value"

# What PyYAML says (its context and its problem, joined), what we say, the hint, and whether we point at the context.
_SAYINGS: tuple[tuple[str, str, str, bool], ...] = (
    (r"character '\\t'", "a tab stands here", "indent with spaces: YAML reads no tabs", False),
    (r"character (?P<sign>'.*'|\".*\") that cannot", "text may not begin with {sign}", _QUOTE, False),
    (r"quoted scalar.*(end of stream|document separator)", "the quote that opens here is never closed", "", True),
    (r"unknown escape character (?P<sign>.*)", "a \\ with {sign} means nothing in double quotes", _SINGLE, False),
    (r"escape sequence of", "this escape is not complete", _SINGLE, False),
    (r"could not find expected ':'", _NO_COLON, _SETTING, True),
    (r"scanning an (alias|anchor)", "text may not begin with * or &", _QUOTE, True),
    (r"(scanning|parsing) a tag|undefined tag handle", "text may not begin with !", _QUOTE, True),
    (r"scanning a block scalar", "after > or | the text begins on the next line", f"or {_QUOTE}", True),
    (r"scanning a directive|directive|incompatible", "a line may not begin with %", _QUOTE, True),
    (r"sequence entries are not", "a list may not begin on this line", "put its first '-' on a line of its own", False),
    (r"mapping keys are not", "text may not begin with ?", _QUOTE, False),
    (r"flow (sequence|mapping)", "this bracket is not closed, or a comma is missing", f"if it is text: {_QUOTE}", True),
    (r"expected the node content", "a value is missing here", f"if it is text: {_QUOTE}", False),
    (r"expected <block end>, but found '-'", "a list may not stand beside settings", "indent it below its name", False),
    (r"expected <block end>, but found '(<block.*|\?)'", "this line is indented unlike those above", _COLUMN, False),
    (r"<document start>", "this stands outside of all settings", _SETTING, False),
)  # fmt: skip


def explain(error: yaml.MarkedYAMLError, source: Text) -> Fault:
    """Return the fault for what PyYAML could not read."""
    mark = error.problem_mark or error.context_mark
    at = mark.index if mark else 0
    begun = error.context_mark.index if error.context_mark else at
    said = f"{error.context or ''}: {error.problem or ''}"
    for index in (at, begun):
        place = source.place(index)
        found = re.search(r"(?:[:-]\s+|^\s*)\{[{%]", source.line(place.line or 0))
        if found:
            return source.fault(JINJA, index - (place.column or 1) + found.end() - 1, "put the text in quotes")
    if "mapping values are not" in said:
        return _second_colon(source, at)
    for pattern, message, hint, at_context in _SAYINGS:
        if told := re.search(pattern, said, re.DOTALL):
            return source.fault(message.format(**told.groupdict()), begun if at_context else at, hint)
    if "expected <block end>" in said:
        return _after_the_end(source, at)
    return unreadable(source, at)


def unreadable(source: Text, index: int) -> Fault:
    """Return the fault for what cannot be read, when no better word is known."""
    return source.fault("this cannot be read", index, "put text with special signs in quotes")


def _second_colon(source: Text, at: int) -> Fault:
    place = source.place(at)
    before = source.line(place.line or 0)[: (place.column or 1) - 1]
    if re.search(r":\s", before):
        return source.fault("a second ':' stands on this line", at, _QUOTE)
    start = at - len(before)
    above = source.text[:start].rstrip()
    last = source.line(source.place(len(above)).line or 0)
    if not re.search(r":(\s|\Z)|\A\s*-\s", last):
        return source.fault(_NO_COLON, len(above) - len(last.strip()), _SETTING)
    return source.fault("this setting is indented unlike those above", at - len(before.lstrip()), _COLUMN)


def _opened_above(source: Text, at: int, quote: str) -> int | None:
    """Return where the quote opens that is closed before `at`, if that is on a line above; None if on the same."""
    start = source.text.rfind("\n", 0, at) + 1
    if source.text[start:at].count(quote) % 2 == 0:
        return None
    while start > 0:
        end, start = start, source.text.rfind("\n", 0, start - 1) + 1
        if source.text[start:end].count(quote) % 2:
            return source.text.rfind(quote, start, end)
    return None


def _after_the_end(source: Text, at: int) -> Fault:
    """Text goes on after a value was closed: `"Hello" said Anna`, `[News] for you`."""
    before = source.text[:at].rstrip(" ")[-1:]
    if before in ("'", '"'):
        opened = _opened_above(source, at, before)
        if opened is not None:
            return source.fault("this quote is not closed on its line", opened, f"close it with {before} at the end")
        other = _SINGLE if before == '"' else 'put the whole text in "double quotes"'
        return source.fault("text goes on after the closing quote", at, other)
    return source.fault("text goes on after the value has ended", at, _QUOTE)
