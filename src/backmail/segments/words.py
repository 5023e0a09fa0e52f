"""One line -> the words of a segment, each with its place; what is no word is noted, and passed on as the nearest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backmail.errors import Fault, did_you_mean
from backmail.segments.tree import All, Condition, Field, Finished, Tag
from backmail.yamlfile.document import Text

Role: TypeAlias = Literal["(", ")", "and", "or", "not", "condition", "end"]

_KINDS = ("tag", "field", "finished")
_KEYWORDS: dict[str, Role] = {"and": "and", "or": "or", "not": "not", "all": "condition"}
_SIGNS: dict[str, Role] = {"&": "and", "&&": "and", "|": "or", "||": "or"}

_SPACE = re.compile(r"\s*")
_KIND = re.compile(r"""([^\s()"':]*):""")
_FIELD = re.compile(r"""([^\s()"'=]*)=""")
_QUOTED = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)
_BARE = re.compile(r"""[^\s()"'][^\s()"]*""")
_REST = re.compile(r"[^\s()]*")
_LONE = re.compile(r"""\s+[^\s()"':]+(?=[\s()]|\Z)""")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # as attributes are named in people's files


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its part in the sentence, where it begins (from 0), how it is written; a condition's own tree."""

    role: Role
    at: int
    text: str
    condition: Condition | None = None


class Words:
    """The words of one text, in order; `faults` is what is wrong with single words once all have been taken."""

    def __init__(self, text: Text) -> None:
        self.faults: list[Fault] = []
        self._source = text
        self._text = text.text
        self._at = 0

    def __iter__(self) -> Iterator[Word]:
        while True:
            self._take(_SPACE)
            start = self._at
            if start == len(self._text):
                yield Word("end", start, "")
                return
            role, condition = self._word()
            yield Word(role, start, self._text[start : self._at], condition)

    def note(self, message: str, at: int, hint: str = "") -> None:
        """Note a fault at the character `at` (from 0), unless that place has one: what follows from it is no news."""
        fault = self._source.fault(message, at, hint)
        if all(fault.place != other.place for other in self.faults):
            self.faults.append(fault)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found

    def _word(self) -> tuple[Role, Condition | None]:
        char = self._text[self._at]
        if char in "()":
            self._at += 1
            return ("(" if char == "(" else ")"), None
        if char == "!":
            self.note("'!' means nothing here", self._at, "write not")
            self._at += 1
            return "not", None
        start = self._at
        kind = self._take(_KIND)
        if kind is None:
            return self._keyword()
        return "condition", self._condition(kind[1], start)

    def _keyword(self) -> tuple[Role, Condition | None]:
        """Take a word without a colon: and, or, not, all, or what somebody meant by it."""
        start = self._at
        word = self._taken(_REST)
        small = word.casefold()
        if small in _KEYWORDS:
            role = _KEYWORDS[small]
            return role, All() if role == "condition" else None
        role, hint = _meant(word)
        self.note(f"{word!r} says nothing here", start, hint)
        return role, All() if role == "condition" else None

    def _condition(self, kind: str, start: int) -> Condition:
        """Take the rest of a condition, behind its colon."""
        known = kind.casefold()
        name_at = self._at
        field = self._take(_FIELD) if known == "field" else None
        value = self._value(kind) if known != "field" or field else ""
        if known == "tag":
            return Tag(value)
        if known == "finished":
            return Finished(value)
        if known == "field":
            self._judge_field(field, name_at)
            return Field(field[1] if field else "", value)
        hint = did_you_mean(kind, _KINDS) or f"a field is written field:{kind}={value}"
        self.note(f"'{kind}:' is not known here", start, hint)
        return All()

    def _judge_field(self, field: re.Match[str] | None, at: int) -> None:
        if field is None:
            name = self._taken(_REST)
            self.note("a field is asked for with its value", at, f"write field:{name or 'language'}=...")
        elif not _NAME.fullmatch(field[1]):
            hint = "letters, digits, '.', '_' and '-' can; no spaces around '='"
            self.note(f"{field[1]!r} cannot be the name of a field", at, hint)

    def _value(self, kind: str) -> str:
        """Take a value, with or without quotes; only a field's may be empty."""
        start = self._at
        value = self._written()
        bad = next((char for char in value if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")), None)
        if bad is not None:
            self.note(f"an invisible character (U+{ord(bad):04X}) stands in this value", start, "delete it")
        if not value and (self._at == start or kind.casefold() != "field"):
            self.note("a value is missing here", start, "no space stands before a value; one with spaces has quotes")
            after = self._text[self._at :].split(maxsplit=1)
            if self._at == start and after and after[0].casefold() not in _KEYWORDS:
                self._take(_LONE)  # it was meant as the value
        return value

    def _written(self) -> str:
        start = self._at
        if quoted := self._take(_QUOTED):
            end = self._at
            if self._taken(_REST):
                self.note("text goes on after the closing quote", end, "put quotes around the whole value")
            return _ESCAPE.sub(r"\1", quoted[2])
        if self._text[start : start + 1] in ('"', "'"):
            self._at = len(self._text)
            self.note("the quote that opens here is never closed", start)
            return ""
        bare = self._take(_BARE)
        end = self._at
        if self._taken(_REST):
            self.note("a quote stands within this value", end, 'put the whole value in quotes, and write \\" within')
        return bare[0] if bare else ""

    def _taken(self, pattern: re.Pattern[str]) -> str:
        found = self._take(pattern)
        return found[0] if found else ""


def _meant(word: str) -> tuple[Role, str]:
    """Return what a word that says nothing was probably meant to be, and a hint."""
    if word in _SIGNS:
        return _SIGNS[word], f"write {_SIGNS[word]}"
    if "=" in word:
        return "condition", f"a field is written field:{word}"
    for keyword, role in _KEYWORDS.items():
        if hint := did_you_mean(word, [keyword]):
            return role, hint
    return "condition", f"a tag is written tag:{word}"
