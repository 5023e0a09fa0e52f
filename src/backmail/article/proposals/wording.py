"""The words that are proposed around a step, per language: lexicon/<language>.proposals.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from backmail.article.lexicon import base_language


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language has for proposals. `phrases` maps "table.key" to its wordings, with slots in braces."""

    language: str
    empty: frozenset[str]
    leaning_start: frozenset[str]
    leaning: frozenset[str]
    joiners: frozenset[str]
    surplus: tuple[frozenset[str], ...]
    articles: frozenset[str]
    adjectives: Mapping[str, frozenset[str]]
    numbers: tuple[str, ...]
    conjunction: str
    phrases: Mapping[str, tuple[str, ...]]

    def count(self, number: int) -> str:
        """Return a small number as a word, a large one in digits."""
        return self.numbers[number] if number < len(self.numbers) else str(number)

    def join(self, parts: list[str] | tuple[str, ...]) -> str:
        """Return "a", "a and b" or "a, b and c"; with a comma before the last "and" where a part has one of its own."""
        if len(parts) < 2:
            return "".join(parts)
        comma = "," if any(f" {self.conjunction} " in part for part in parts) else ""
        return f"{', '.join(parts[:-1])}{comma} {self.conjunction} {parts[-1]}"

    def say(self, key: str, **slots: object) -> list[str]:
        """Return the wordings of a key with their slots filled; one whose slot is empty or missing is left out."""
        given = {name: str(value) for name, value in slots.items() if value not in ("", None) or name == "adjective"}
        said: list[str] = []
        for wording in self.phrases[key]:
            try:
                said.append(wording.format_map(given))
            except KeyError:
                continue
        return said

    def one(self, key: str, **slots: object) -> str:
        """Return the first wording of a key."""
        return self.say(key, **slots)[0]


@cache
def wording(language: str) -> Wording | None:
    """Return the words of a language, or None when there are none: proposals are then made of headings alone."""
    language = base_language(language)
    data = _read(language)
    if data is None:
        return None
    tables = ("subject", "inside", "preheader", "minutes", "teaser", "action", "headings")
    phrases = {f"{table}.{key}": _lines(value) for table in tables for key, value in data[table].items()}
    return Wording(
        language=language,
        empty=_words(data["empty"]),
        leaning_start=_words(data["leaning_start"]),
        leaning=frozenset(data["leaning"]),
        joiners=frozenset(data["joiners"]),
        surplus=tuple(_words(each) for each in data["surplus"]),
        articles=frozenset(data["articles"]),
        adjectives={name: _words(text) for name, text in data["adjectives"].items()},
        numbers=tuple(data["numbers"]["words"]),
        conjunction=data["numbers"]["and"],
        phrases=phrases,
    )


@cache
def refusals() -> tuple[str, ...]:
    """Return the parts of words that no proposal may hold, of all languages: a heading may be in any."""
    file = files("backmail.article.lexicon").joinpath("refused.toml")
    return tuple(part for parts in tomllib.loads(file.read_text(encoding="utf-8")).values() for part in parts)


def _read(language: str) -> dict[str, Any] | None:
    file = files("backmail.article.lexicon").joinpath(f"{language}.proposals.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace("’", "'").split())


def _lines(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
