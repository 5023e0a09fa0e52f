"""What the reading of an article knows of languages: word lists and patterns as data, one file per language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["LANGUAGES", "Lexicon", "Replacement", "base_language", "lexicon", "straighten"]

# In the order in which a foreign heading is looked up.
LANGUAGES = ("en", "da", "de", "es", "fr", "nb", "sv")
_SAME = {"no": "nb", "nn": "nb"}
_NEVER = re.compile(r"(?!)")
_APOSTROPHES = "'‘ʼ´`"


def straighten(text: str) -> str:
    """Return `text` with every kind of apostrophe as ’; it keeps its length, so that places in it stay true."""
    for sign in _APOSTROPHES:  # much faster than str.translate, and every search comes through here
        text = text.replace(sign, "’")
    return text


def base_language(tag: str) -> str:
    """Return the language of a tag as it is named here: "en-GB" is "en", Norwegian of any kind is "nb"."""
    code = tag.replace("_", "-").partition("-")[0].casefold()
    return _SAME.get(code, code)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A wording that a marketer should see: `put` is a template for its place, None for no proposal."""

    id: str
    pattern: str
    put: str | None

    @property
    def find(self) -> re.Pattern[str]:
        """The compiled pattern; it is for straightened text."""
        return _compiled(self.pattern)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words and patterns of one language (or of all, for a language that has none of its own).

    `patterns` are named by their table: "headings.faq", "phrases.stop", "dose.hold.0". They are compiled when first
    used: an article needs a fifth of them.
    """

    language: str
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, str]
    replacements: tuple[Replacement, ...]

    @property
    def function_words(self) -> frozenset[str]:
        """The words that hold sentences together; none for a language without a file."""
        return self.words.get("function", frozenset())

    def pattern(self, name: str) -> re.Pattern[str]:
        """Return the compiled pattern of that name, for straightened text; an unknown name finds nothing."""
        return _compiled(self.patterns.get(name, "(?!)"))

    def find(self, name: str, text: str) -> str | None:
        """Return the first piece of `text`, verbatim, that the patterns `name` find."""
        found = self.pattern(name).search(straighten(text))
        return text[found.start() : found.end()] if found else None

    def find_all(self, name: str, text: str) -> list[str]:
        """Return all such pieces, verbatim, in their order."""
        return [text[found.start() : found.end()] for found in self.pattern(name).finditer(straighten(text))]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _joined(patterns: list[str], parts: Mapping[str, str]) -> str:
    """Return one pattern that finds any of `patterns` between word bounds, with {part} replaced by its meaning."""
    text = "|".join(patterns)
    for _ in range(3):  # a part may name a part that names a part
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part)
    return rf"(?<!\w)(?:{text})(?!\w)"


def _read(language: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def _built(language: str, data: dict[str, Any]) -> Lexicon:
    words = {name: frozenset(straighten(text).split()) for name, text in data["words"].items() if isinstance(text, str)}
    parts = {name: part if isinstance(part, str) else f"(?:{'|'.join(part)})" for name, part in data["parts"].items()}
    patterns = {
        f"{table}.{name}": _joined(listed, parts)
        for table in ("headings", "phrases")
        for name, listed in data[table].items()
    }
    patterns["words.spellings"] = _joined(data["words"]["spellings"], {}) if "spellings" in data["words"] else "(?!)"
    for name, listed in data["dose"].items():
        # In the order of the list: the first pattern that finds anything is the best one.
        for number, pattern in enumerate(listed):
            patterns[f"dose.{name}.{number}"] = _joined([pattern], parts)
    replacements = tuple(
        Replacement(each["id"], _joined([each["find"]], parts), each.get("put")) for each in data["wording"]
    )
    return Lexicon(language, words, patterns, replacements)


@cache
def lexicon(language: str) -> Lexicon:
    """Return what is known of a language; for one without a file: what is known of all of them together.

    The union serves to understand; it has no function words and no wordings to flag, for these would be guesses.
    """
    base = base_language(language)
    if base in LANGUAGES:
        return _built(base, _read(base))
    known = [lexicon(each) for each in LANGUAGES]
    names = dict.fromkeys(name for each in known for name in each.words if name != "function")
    keys = dict.fromkeys(name for each in known for name in each.patterns)
    words = {name: frozenset().union(*(each.words.get(name, frozenset()) for each in known)) for name in names}
    patterns = {name: "|".join(each.patterns[name] for each in known if name in each.patterns) for name in keys}
    return Lexicon(base, words, patterns, ())
