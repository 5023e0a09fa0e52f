"""The words around an article's own: labels, footer lines and dates, one data file per language."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_FALLBACK = "en"
# Languages written from right to left (CLDR 46, layout/orientation), those with any number of readers.
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)


@dataclass(frozen=True)
class Phrases:
    """The phrases of one language."""

    language: str
    texts: Mapping[str, str]
    months: tuple[str, ...]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the phrase `key` with its gaps filled.

        Raises:
            LookupError: no such phrase, or a gap without a value.
        """
        if key not in self.texts:
            raise LookupError(f"there is no phrase {key!r}")
        return self.texts[key].format(**values)

    def many(self, key: str, number: int, **values: Any) -> str:
        """Return the phrase `key` for a count: its form `one` or `many`."""
        return self(f"{key}_{'one' if number == 1 else 'many'}", number=number, **values)

    def date(self, date: dt.date) -> str:
        """Return a date with the month as a word."""
        return self("date", day=date.day, month=self.months[date.month - 1], year=date.year)


@cache
def phrases(language: str) -> Phrases:
    """Return the phrases for a language tag such as `da` or `da-DK`, in English where we have none in that language."""
    primary = _primary(language)
    path = _HERE / f"{primary}.toml"
    if not (primary.isalpha() and path.is_file()):
        primary, path = _FALLBACK, _HERE / f"{_FALLBACK}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Phrases(primary, data["phrases"], tuple(data["months"]))


def direction(language: str) -> str:
    """Return `rtl` or `ltr` for a language tag."""
    return "rtl" if _primary(language) in _RIGHT_TO_LEFT else "ltr"


def same_language(one: str, other: str) -> bool:
    """Whether two language tags name the same language, whatever the region."""
    return _primary(one) == _primary(other)


def _primary(language: str) -> str:
    """Return the first part of a language tag."""
    return language.partition("-")[0].lower()
