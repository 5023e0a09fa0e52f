"""Finds a day that is written out: "May 3, 2021", "3. Mai 2021", "le 3 mai 2021", "3 de mayo de 2021", "03.05.2021"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from backmail.article.lexicon import LANGUAGES, base_language

__all__ = ["day_in"]

_YEARS = range(1990, 2100)
_LONGEST = 400  # signs of a text that is looked through
_DAY_FIRST = re.compile(
    r"(?<!\w)(\d{1,2})(?:st|nd|rd|th|er|[.º])?\s(?:of\s|de\s)?([^\W\d_]{3,12})\.?,?\s(?:de\s|del\s)?(\d{4})(?!\d)"
)
_MONTH_FIRST = re.compile(r"(?<!\w)([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})(?!\d)")
_NUMBERS = re.compile(r"(?<![\w./-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?![\d])")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def day_in(text: str, language: str) -> str:
    """Return the earliest day (ISO) that a text names, "" when it names none: later ones say when it was changed.

    Days in numbers are read with the day first; in English, where half of the writers put the month first, only those
    are read that leave no doubt.
    """
    shown = " ".join(text[:_LONGEST].split())
    return min((day for day in _days(shown, base_language(language)) if day), default="")


def _days(text: str, language: str) -> Iterator[str]:
    for hit in _ISO.finditer(text):
        yield _iso(int(hit[1]), int(hit[2]), int(hit[3]))
    for hit in _DAY_FIRST.finditer(text):
        yield _iso(int(hit[3]), _month(hit[2], language), int(hit[1]))
    for hit in _MONTH_FIRST.finditer(text):
        yield _iso(int(hit[3]), _month(hit[1], language), int(hit[2]))
    for hit in _NUMBERS.finditer(text):
        day, month = int(hit[1]), int(hit[3])
        if language == "en" and hit[2] != "." and day != month:
            if day <= 12 and month <= 12:
                continue
            day, month = (month, day) if month > 12 else (day, month)
        yield _iso(int(hit[4]), month, day)


def _iso(year: int, month: int, day: int) -> str:
    """Return a day as ISO writes it, "" for one that is not in the calendar."""
    try:
        return dt.date(year, month, day).isoformat() if year in _YEARS else ""
    except ValueError:
        return ""


def _month(name: str, language: str) -> int:
    """Return the number of a month, 0 when this is the name of none; pages of any language have English dates."""
    wanted = name.casefold()
    found = (_months(each).get(wanted, 0) for each in dict.fromkeys((language, "en")) if each in LANGUAGES)
    return next((number for number in found if number), 0)


@lru_cache
def _months(language: str) -> Mapping[str, int]:
    """Return the months of a language by their names, written out and short."""
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context=context, locale=language).items():
                names.setdefault(name.casefold().rstrip("."), number)
    return names
