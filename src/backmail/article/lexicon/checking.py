"""Judges the file of a language: its form, its patterns, its probes; all faults at once, each with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from typing import Any

from backmail.article.concepts import cleaned
from backmail.article.lexicon import LANGUAGES, Lexicon, built, extended, shipped, straighten
from backmail.errors import Fault, Place, did_you_mean

__all__ = ["MOST_SIGNS", "Checked", "checked"]

MOST_SIGNS = 500_000  # of a file
_MOST_FAULTS = 200  # of one kind that are listed: who mends these finds the others then
_LONGEST = 5_000  # signs of a pattern
_MOST_GROUPS = 100  # of a pattern: each costs its compiler a call inside a call

_TABLES = ("meta", "words", "headings", "phrases", "parts", "dose", "wording", "probe")
_META = ("proved", "absent")
_PROBE = ("concept", "yes", "no")
_WORDING = ("id", "find", "put")
# Words in a row that an entry may spell out without proof that it finds more than one text: so many at all, and so many
# that say something. Idioms are longer ("at the end of the day"), sentences of one article say more.
_PLAIN = 3
_TELLING = 2
_LONG = 6
# Of the concepts of headings, which one is heard where two are named: see rules.py for their weights. Those on one
# line give the same kind of block.
_STRONGEST_FIRST = (
    ("faq",), ("toc", "related", "chrome"), ("sources",), ("conclusion",), ("safety",), ("ingredients",),
    ("roadmap", "intro"), ("how_to",), ("avoid",), ("background",),
)  # fmt: skip
_RUN = re.compile(rf"[^\W\d_]+(?: [^\W\d_]+){{{_PLAIN},}}(?![?*+{{])")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_TURNS = re.compile(r"\?|\*|\+|\{(\d*)(,?)(\d*)\}")
_TABLE = re.compile(r"\[\[?([\w.-]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"([\w-]+)\s*=")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file of a language is: its faults, and how much stands in it.

    `unusable` are the faults for which it cannot be read at all; `faults` are all of them, in the order of the file.
    """

    language: str
    proved: bool
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    unusable: tuple[Fault, ...] = ()


def checked(language: str, text: str, file: str, *, extends: bool = False) -> Checked:
    """Return what is to be said about the file of a language.

    Arguments:
        language: whose words it holds.
        text: of the file.
        file: its name, for the places of the faults.
        extends: whether it adds to what ships, instead of being all that is known of the language.
    """
    if len(text) > MOST_SIGNS:
        fault = Fault(
            f"a file of words may have {MOST_SIGNS // 1000} kB, and this one has {len(text) // 1000}",
            Place(file, 1, 1),
            "keep the words that articles are understood by: the largest that ships has a quarter of that",
        )  # fmt: skip
        return Checked(language, False, {}, (fault,), (fault,))
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of more digits than Python reads is a plain ValueError
        fault = _no_toml(text, file, error)
        return Checked(language, False, {}, (fault,), (fault,))
    check = _Check(language, text, file, data, extends)
    broken = [*islice(check.form(), _MOST_FAULTS)]
    other: list[Fault] = [*islice(check.words(), _MOST_FAULTS)]
    if not broken:
        broken += islice(check.patterns(), _MOST_FAULTS)
    if not broken:
        other += islice(chain(check.missing(), check.probes(), check.sentences()), _MOST_FAULTS)
    proved = data.get("meta", {}).get("proved") is True if isinstance(data.get("meta", {}), dict) else False
    faults = sorted(
        [*broken, *other], key=lambda each: (each.place.line or 0, each.place.column or 0) if each.place else (0, 0)
    )
    return Checked(language, proved, check.counts() if not broken else {}, tuple(faults), tuple(broken))


def _no_toml(text: str, file: str, error: Exception) -> Fault:
    """Return the fault of a file that is no TOML."""
    found = re.search(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
    if found:
        return Fault(f"this is no TOML: {found[1]}", Place(file, int(found[2]), int(found[3])))
    if isinstance(error, RecursionError):
        lines = text.split("\n")
        deepest = max(range(len(lines)), key=lambda number: sum(map(lines[number].count, "[{")))
        return Fault("lists stand in lists deeper than any file of words has them", Place(file, deepest + 1, 1))
    return Fault(f"this is no TOML: {error}", Place(file, 1, 1))


@cache
def _known() -> Mapping[str, Any]:
    """Return the tables of English, which every language has to have an answer to."""
    return tomllib.loads(shipped("en"))


@cache
def _keys_of(table: str) -> tuple[str, ...]:
    """Return the keys that a table of any language may have: some help with what only some languages do."""
    return tuple(dict.fromkeys(key for each in LANGUAGES for key in tomllib.loads(shipped(each)).get(table, {})))


class _Check:
    """One file under judgement; every method yields faults."""

    def __init__(self, language: str, text: str, file: str, data: dict[str, Any], extends: bool) -> None:
        self.language, self.file, self.data, self.extends = language, file, data, extends
        self.lines = text.splitlines()

    def fault(self, message: str, path: tuple[str, ...], piece: str = "", hint: str = "", number: int = 0) -> Fault:
        """Return a fault at the place of a table, a key of it, or a piece of text below that."""
        line, column = self._place(path, piece, number)
        return Fault(message, Place(self.file, line, column), hint, self.lines[line - 1] if self.lines else "")

    def _place(self, path: tuple[str, ...], piece: str, number: int) -> tuple[int, int]:
        """Return line and column of the `number`-th table of a name, of a key in it, and there of a piece of text."""
        found, seen, table, key = (1, 1), -1, "", ""
        for count, line in enumerate(self.lines, start=1):
            if head := _TABLE.match(line):
                seen += head[1] == path[0]
                table, key = (head[1] if seen == number else ""), ""
                if table == path[0]:
                    found = (count, 1)
            elif table == path[0] and (name := _KEY.match(line)):
                key = name[1]
                if path[1:] == (key,):
                    found = (count, 1)
            if piece and table == path[0] and path[1:] in ((), (key,)) and piece in line:
                return count, line.index(piece) + 1
        return found

    def form(self) -> Iterator[Fault]:
        """Tables, keys and types: what is not known here would be read by nobody."""
        for table, keys in self.data.items():
            if table not in _TABLES:
                yield self.fault(f"there is no table {table!r}", (table,), hint=did_you_mean(table, _TABLES))
            elif table in ("wording", "probe"):
                yield from self._listed(table, keys)
            elif not isinstance(keys, dict):
                yield self.fault(f"{table!r} is a table: write [{table}]", (table,))
            elif table == "meta":
                for key in keys:
                    if key not in _META:
                        yield self.fault(f"[meta] has no {key!r}", (table, key), hint=did_you_mean(key, _META))
            else:
                yield from self._keys(table, keys)

    def _keys(self, table: str, keys: Mapping[str, Any]) -> Iterator[Fault]:
        known = _keys_of(table)
        for key, value in keys.items():
            # A part is a name of the file's own, for its patterns; every other key is asked for by the code.
            if key not in known and table != "parts":
                yield self.fault(f"[{table}] has no {key!r}", (table, key), hint=did_you_mean(key, known))
            single = table == "parts" or (table == "words" and key != "spellings")
            listed = table != "words" or key == "spellings"
            strings = isinstance(value, list) and all(isinstance(each, str) for each in value)
            if not ((single and isinstance(value, str)) or (listed and strings)):
                wanted = "one text of words between blanks" if not listed else "a list of patterns"
                yield self.fault(f"{key} is {wanted}", (table, key))

    def _listed(self, table: str, entries: Any) -> Iterator[Fault]:
        """The tables that are written once for each entry: [[wording]] and [[probe]]."""
        names = _WORDING if table == "wording" else _PROBE
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            yield self.fault(f"each {table} has a table of its own: write [[{table}]]", (table,))
            return
        for number, entry in enumerate(entries):
            for key in entry:
                if key not in names:
                    yield self.fault(f"[[{table}]] has no {key!r}", (table, key), "", did_you_mean(key, names), number)
            needed = ("id", "find") if table == "wording" else ("concept",)
            for key in needed:
                if not isinstance(entry.get(key), str):
                    yield self.fault(f"a {table} needs {key} = '...'", (table,), number=number)
            if table == "probe":
                concept = entry.get("concept")
                if isinstance(concept, str) and concept not in _concepts():
                    hint = did_you_mean(concept, _concepts())
                    yield self.fault(f"there is no concept {concept!r}", (table, "concept"), concept, hint, number)
                for key in ("yes", "no"):
                    texts = entry.get(key, [])
                    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
                        yield self.fault(f"{key} is a list of texts", (table, key), number=number)

    def words(self) -> Iterator[Fault]:
        """Words are compared in small letters, each is needed once."""
        for key, value in self.table("words").items():
            if key == "spellings" or not isinstance(value, str):
                continue
            seen: set[str] = set()
            for word in value.split():
                if word != word.lower():
                    yield self.fault(f"{word!r} finds nothing: write it in small letters", ("words", key), word)
                if word in seen:
                    yield self.fault(f"{word!r} stands in {key} twice", ("words", key), word)
                seen.add(word)

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of the file, or an empty one."""
        found = self.data.get(name, {})
        return found if isinstance(found, dict) else {}

    def entries(self) -> Iterator[tuple[tuple[str, ...], int, str]]:
        """Yield table and key, the number of the table among those of its name, and pattern, of every pattern."""
        for table in ("words", "headings", "phrases", "parts", "dose"):
            for key, value in self.table(table).items():
                if table != "words" or key == "spellings":
                    yield from (((table, key), 0, each) for each in ([value] if isinstance(value, str) else value))
        for number, wording in enumerate(self.data.get("wording", ())):
            yield ("wording", "find"), number, wording["find"]

    def patterns(self) -> Iterator[Fault]:
        """Every pattern can be read, finds something rather than nothing, ends, and is written once."""
        parts = self.everything().get("parts", {})
        seen: set[tuple[tuple[str, ...], str]] = set()
        for path, number, pattern in self.entries():
            if path[0] != "wording" and (path, pattern) in seen:
                yield self.fault(f"the same pattern stands in {path[1]} twice", path, pattern, number=number)
            seen.add((path, pattern))
            names = re.findall(r"\{([a-z_]+)\}", pattern)
            unknown = [name for name in names if name not in parts]
            for name in unknown:
                yield self.fault(f"there is no part {{{name}}}", path, pattern, did_you_mean(name, parts), number)
            if not unknown:
                yield from self._pattern(path, number, pattern)

    def _pattern(self, path: tuple[str, ...], number: int, pattern: str) -> Iterator[Fault]:
        spelled = re.sub(r"\{[a-z_]+\}", "x", pattern)
        if pattern.count("(") > _MOST_GROUPS or len(pattern) > _LONGEST:
            message = f"a pattern may have {_LONGEST} signs and {_MOST_GROUPS} groups: this one has more"
            yield self.fault(message, path, pattern, "write it as several", number)
            return
        try:
            compiled = re.compile(spelled, re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            yield self.fault(f"this pattern cannot be read: {error}", path, pattern, number=number)
            return
        if path[0] != "parts" and compiled.search(""):
            yield self.fault(
                "this pattern finds nothing at all, everywhere: it matches no text", path, pattern, number=number
            )
        if endless := _endless_group(pattern):
            message = (
                f"the group that ends in {endless!r} may repeat without end, which can take for ever on a long line"
            )
            yield self.fault(message, path, pattern, "say how often at most: {0,4}", number)
        if "'" in pattern:
            yield self.fault("texts are searched with ’ for every apostrophe: write ’", path, pattern, number=number)

    def everything(self) -> Mapping[str, Any]:
        """Return the tables as they are used: those of the file, with what it extends."""
        return extended(tomllib.loads(shipped(self.language)), self.data) if self.extends else self.data

    def missing(self) -> Iterator[Fault]:
        """A language says of every concept how it is written, or in [meta] that it does without."""
        absent = self.table("meta").get("absent", [])
        for concept in absent:
            if concept not in _concepts(words=True):
                hint = did_you_mean(concept, _concepts(words=True))
                yield self.fault(f"there is no concept {concept!r}", ("meta", "absent"), concept, hint)
        if self.extends:
            return
        for concept in _concepts(words=True):
            table, _, key = concept.partition(".")
            there = key in self.table(table) or (table == "wording" and self._has_wording(key))
            if not there and concept not in absent:
                yield self.fault(f"nothing for {concept}", ("meta",), hint="write it, or name it in absent of [meta]")
            if there and concept in absent:
                yield self.fault(f"{concept} is there, and said to be absent", ("meta", "absent"), concept)

    def _has_wording(self, name: str) -> bool:
        return any(each["id"] == name for each in self.data.get("wording", ()))

    def probes(self) -> Iterator[Fault]:
        """Each text of a probe is found by its concept, or is not; that of a heading by no stronger concept before."""
        known = built(self.language, self.everything())
        last = max((number for number, line in enumerate(self.lines) if line.startswith("[[probe]]")), default=-1)
        for number, line in enumerate(self.lines):
            if (head := _TABLE.match(line)) and head[1] != "probe" and 0 <= self._first_probe() < number < last:
                yield Fault("probes stand last in a file", Place(self.file, number + 1, 1), source=line)
        for number, probe in enumerate(self.data.get("probe", ())):
            concept = probe["concept"]
            for text in probe.get("yes", ()):
                if not _finds(known, concept, text):
                    yield self.fault(f"{concept} does not find {text!r}", ("probe", "yes"), text, number=number)
                elif first := _stronger(known, concept, text):
                    message = f"{text!r} is caught by {first} before {concept}"
                    yield self.fault(message, ("probe", "yes"), text, number=number)
            for text in probe.get("no", ()):
                if found := _finds(known, concept, text):
                    message = f"{concept} finds {found!r} in {text!r}"
                    yield self.fault(message, ("probe", "no"), text, number=number)

    def _first_probe(self) -> int:
        return next((number for number, line in enumerate(self.lines) if line.startswith("[[probe]]")), -1)

    def sentences(self) -> Iterator[Fault]:
        """An entry is a way of speaking, not a sentence of one text.

        One that spells out many words in a row must find two different pieces in the probes of its concept.
        """
        parts = self.everything().get("parts", {})
        small = built(self.language, self.everything()).function_words
        for path, number, pattern in self.entries():
            run = next((each for each in _RUN.findall(pattern) if _tells(each, small)), None)
            if run is None or path[0] in ("words", "parts"):
                continue
            concept = ".".join(path) if path[0] != "wording" else f"wording.{self.data['wording'][number]['id']}"
            own = built(self.language, {"parts": parts, "headings": {"it": [pattern]}})
            probes = [each for each in self.data.get("probe", ()) if each["concept"] == concept]
            texts = [text for probe in probes for text in probe.get("yes", ())]
            pieces = {piece.casefold() for text in texts if (piece := own.find("headings.it", cleaned(text)))}
            if len(pieces) < 2:
                message = f"{run!r} are many words in a row: is it a sentence of one text?"
                hint = f"let it vary, or show two probes of {concept} in which it finds different words"
                yield self.fault(message, path, pattern, hint, number)

    def counts(self) -> dict[str, int]:
        """Return how many words or patterns each concept has."""
        found = {}
        for table in ("words", "headings", "phrases", "dose"):
            for key, value in self.table(table).items():
                found[f"{table}.{key}"] = len(value.split() if isinstance(value, str) else value)
        for wording in self.data.get("wording", ()):
            name = f"wording.{wording['id']}"
            found[name] = found.get(name, 0) + 1
        return found


def _tells(run: str, small: frozenset[str]) -> bool:
    """Say whether words in a row say as much as a sentence of somebody's text."""
    words = run.casefold().split()
    return len(words) >= _LONG or sum(word not in small for word in words) > _TELLING


@cache
def _concepts(*, words: bool = False) -> tuple[str, ...]:
    """Return the names of all concepts; with `words` those of single words, too, which no probe is needed for."""
    known = _known()
    tables = ("words", "headings", "phrases", "dose") if words else ("headings", "phrases", "dose")
    names = [f"{table}.{key}" for table in tables for key in known[table]]
    return (*names, *dict.fromkeys(f"wording.{each['id']}" for each in known["wording"]))


def _finds(known: Lexicon, concept: str, text: str) -> str | None:
    """Return what a concept finds in a text, as the code would ask for it."""
    table, _, key = concept.partition(".")
    if table == "headings":
        return known.find(concept, cleaned(text))
    if table == "wording":
        straight = straighten(text)
        found = (each.find.search(straight) for each in known.replacements if each.id == key)
        return next((match[0] for match in found if match), None)
    names = [name for name in known.patterns if name == concept or name.startswith(f"{concept}.")]
    return next((piece for name in names if (piece := known.find(name, text))), None)


def _stronger(known: Lexicon, concept: str, text: str) -> str:
    """Return the concept of headings that is heard before `concept` where a heading names both, or ""."""
    table, _, key = concept.partition(".")
    rank = next((number for number, names in enumerate(_STRONGEST_FIRST) if key in names), 0)
    for names in _STRONGEST_FIRST[: rank if table == "headings" else 0]:
        for name in names:
            if _finds(known, f"headings.{name}", text):
                return f"headings.{name}"
    return ""


def _endless_group(pattern: str) -> str:
    """Return the end of a group that has no greatest number of turns, or "".

    A single sign may repeat without end (\\w+); of groups, those that repeat inside each other make a search take time
    beyond all bounds, and none needs to.
    """
    signs = _CLASS.sub(lambda found: "_" * len(found[0]), re.sub(r"\\.", "__", pattern))
    for close in re.finditer(r"\)", signs):
        turns = _TURNS.match(signs, close.end())
        if turns and (turns[0] in ("*", "+") or (turns[2] and not turns[3])):
            return pattern[max(0, close.start() - 12) : turns.end()]
    return ""
