"""The word lists that remarks are made by, one file per language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_SHIPPED = ("en", "da")


@cache
def _lists(language: str) -> dict[str, list[str]]:
    """Return the lists of `language`."""
    return tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))


def _languages(language: str) -> tuple[str, ...]:
    """Return whose lists to read for a mail in `language`: its own, and the English ones, which turn up everywhere."""
    own = language.lower().partition("-")[0]
    return tuple(dict.fromkeys(each for each in (own, "en") if each in _SHIPPED))


@cache
def vague_links(language: str) -> frozenset[str]:
    """Return the link texts that do not say where the link leads, in lower case."""
    return frozenset(text for each in _languages(language) for text in _lists(each)["vague_links"])


@cache
def claims(language: str) -> re.Pattern[str]:
    """Return a pattern for the words that promise what no mail can keep; in the lists, * stands for any ending."""
    return _pattern("claims", language)


@cache
def spam(language: str) -> re.Pattern[str]:
    """Return a pattern for the words by which filters know spam; the lists are written as those of claims."""
    return _pattern("spam", language)


@cache
def speaks_of_next(language: str) -> re.Pattern[str]:
    """Return a pattern for words that announce another mail; the lists are written as those of claims."""
    return _pattern("next", language)


def _pattern(name: str, language: str) -> re.Pattern[str]:
    words = [word for each in _languages(language) for word in _lists(each)[name]]
    pieces = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)", re.IGNORECASE)
