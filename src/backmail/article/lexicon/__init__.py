"""What the reading of an article knows of languages: word lists and patterns as data, one file per language."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

from backmail.article.lexicon.searching import CLOSING, OPENING, first, joined, prepared, search, straighten

__all__ = [
    "LANGUAGES",
    "Lexicon",
    "Lexicons",
    "Replacement",
    "base_language",
    "built",
    "extended",
    "lexicon",
    "shipped",
    "straighten",
    "without_probes",
]

# In the order in which a foreign heading is looked up.
LANGUAGES = ("en", "da", "de", "es", "fr", "it", "nb", "nl", "sv")
_SAME = {"no": "nb", "nn": "nb"}
_PROBES = "\n[[probe]]"  # they stand last in a file, and only its check reads them
_OWN = "+"  # parts a language from what names a project's own words for it


@lru_cache(maxsize=1024)  # every search comes through here
def base_language(tag: str) -> str:
    """Return the language of a tag as it is named here: "en-GB" is "en", Norwegian of any kind is "nb".

    The key of a project's own words for a language (see `Lexicons.key`) is of that language.
    """
    code = tag.partition(_OWN)[0].replace("_", "-").partition("-")[0].casefold()
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
        return joined(self.pattern)


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
        return joined(self.patterns.get(name, "(?!)"))

    def find(self, name: str, text: str) -> str | None:
        """Return the first piece of `text`, verbatim, that the patterns `name` find."""
        pattern = self.patterns.get(name)
        span = first(pattern, text) if pattern is not None else None
        return text[slice(*span)] if span else None

    def find_all(self, name: str, text: str) -> list[str]:
        """Return all such pieces, verbatim, in their order."""
        pattern = self.patterns.get(name)
        return [text[slice(*span)] for span in search(pattern).all(prepared(text))] if pattern is not None else []


def _joined(patterns: list[str], parts: Mapping[str, str]) -> str:
    """Return one pattern that finds any of `patterns` between word bounds, with {part} replaced by its meaning."""
    text = "|".join(patterns)
    for _ in range(3):  # a part may name a part that names a part
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part)
    return f"{OPENING}{text}{CLOSING}"


def shipped(language: str) -> str:
    """Return the text of the file of a language that ships with backmail."""
    return files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")


def without_probes(text: str) -> str:
    """Return the text of a file up to its first probe; its lines keep their numbers."""
    return text.partition(_PROBES)[0] + "\n"


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(without_probes(text))


def built(language: str, data: Mapping[str, Any]) -> Lexicon:
    """Return the lexicon that the tables of a file make; a table that is missing is an empty one.

    Arguments:
        language: whose words these are.
        data: the tables, as tomllib reads them, sound in form (see lexicon/checking.py).
    """
    listed = data.get("words", {})
    words = {name: frozenset(straighten(text).split()) for name, text in listed.items() if isinstance(text, str)}
    parts = {
        name: part if isinstance(part, str) else f"(?:{'|'.join(part)})" for name, part in data.get("parts", {}).items()
    }
    patterns = {
        f"{table}.{name}": _joined(found, parts)
        for table in ("headings", "phrases")
        for name, found in data.get(table, {}).items()
    }
    patterns["words.spellings"] = _joined(listed["spellings"], {}) if "spellings" in listed else "(?!)"
    for name, found in data.get("dose", {}).items():
        # In the order of the list: the first pattern that finds anything is the best one.
        for number, pattern in enumerate(found):
            patterns[f"dose.{name}.{number}"] = _joined([pattern], parts)
    replacements = tuple(
        Replacement(each["id"], _joined([each["find"]], parts), each.get("put")) for each in data.get("wording", ())
    )
    return Lexicon(language, words, patterns, replacements)


def extended(data: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of a language with a project's own in front: of what finds something, the first is shown."""
    both: dict[str, Any] = {"wording": [*own.get("wording", ()), *data.get("wording", ())]}
    for table in ("words", "headings", "phrases", "parts", "dose"):
        both[table] = dict(data.get(table, {}))
        for name, more in own.get(table, {}).items():
            there = both[table].get(name)
            both[table][name] = _together(more, there, words=table == "words")
    return both


def _together(own: str | list[str], there: str | list[str] | None, *, words: bool) -> str | list[str]:
    if there is None or (isinstance(own, str) and not words):
        return own  # a part that is one pattern takes the place of the one that ships
    if isinstance(own, str) and isinstance(there, str):
        return f"{own} {there}"
    return [*own, *([there] if isinstance(there, str) else there)]


@dataclass(frozen=True, slots=True)
class Lexicons:
    """A project's own word lists, by language: the text of its file for each. They extend what ships with backmail."""

    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of each of its word lists."""
        return tuple(self.key(language) for language in sorted(self.own))

    def key(self, language: str) -> str:
        """Return what `lexicon` is to be asked for: the language itself, or with a mark where the project has words.

        The mark is the fingerprint of the text: a key never means other words. Of texts that were not asked for again
        while as many others were as are kept, the key means no more than its language.
        """
        base = base_language(language)
        text = self.own.get(base)
        if text is None:
            return base
        key = f"{base}{_OWN}{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        with _lock:
            _texts[key] = text
            _texts.move_to_end(key)
            while len(_texts) > _MOST_TEXTS:
                _texts.popitem(last=False)
        return key


# Of the projects' own files, by key: while a preview stands, each saved text is another one, and old ones are let go.
_texts: OrderedDict[str, str] = OrderedDict()
_MOST_TEXTS = 64
_lock = Lock()


def lexicon(language: str) -> Lexicon:
    """Return what is known of a language; for one without a file: what is known of all of them together.

    The union serves to understand; it has no function words and no wordings to flag, for these would be guesses.
    A project's own file (`language` is then a key of `Lexicons`) adds to a language that ships; for another language
    it takes the place of the union.
    """
    return _lexicon(base_language(language), _texts.get(language))


@lru_cache(maxsize=_MOST_TEXTS + len(LANGUAGES) + 16)  # and languages without a file
def _lexicon(base: str, text: str | None) -> Lexicon:
    if text is not None:
        own = _read(text)
        return built(base, extended(_read(shipped(base)), own) if base in LANGUAGES else own)
    if base in LANGUAGES:
        return built(base, _read(shipped(base)))
    known = [lexicon(each) for each in LANGUAGES]
    names = dict.fromkeys(name for each in known for name in each.words if name != "function")
    keys = dict.fromkeys(name for each in known for name in each.patterns)
    words = {name: frozenset().union(*(each.words.get(name, frozenset()) for each in known)) for name in names}
    patterns = {name: "|".join(each.patterns[name] for each in known if name in each.patterns) for name in keys}
    return Lexicon(base, words, patterns, ())
