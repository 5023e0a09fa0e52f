"""Finds the doses of a text: an exercise's hold and repeats, an oven's heat, amounts, times, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backmail.article.lexicon import Lexicon, lexicon, straighten
from backmail.article.spans import line_of
from backmail.model.article import Excerpt, Kind, Unit, UnitKind

__all__ = ["dose_of"]

_OF_EXERCISES = ("hold", "repeats", "sides", "equipment")
_OF_INSTRUCTIONS = ("temperature", "amount", "time")
_INSTRUCTING = frozenset({Kind.HOW_TO, Kind.SAFETY, Kind.FAQ})
# A position reaches from its first word to the end of its clause.
_CLAUSE = re.compile(r"[^.,;:!?()]*")
_POSITION_WORDS = 20
_WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(r"[\s*_]*:")  # behind words that only name what follows: "Position de départ : debout"
_NEAR = 120  # signs of the clause in front of a position
# What stands in a clause behind these tells when or why, not how to begin: "Le dos se raidit quand on reste assis".
_WHEN = {
    language: re.compile(rf"\b(?:{words})\b[^.,;:!?()]*\Z", re.IGNORECASE)
    for language, words in {
        "en": "when|while|whenever|because",
        "da": "når|mens|fordi",
        "de": "wenn|weil|während",
        "es": "cuando|si|porque|mientras",
        "fr": "quand|lorsque|si|parce que|pendant que",
        "it": "quando|se|perché|mentre",
        "nb": "når|mens|fordi",
        "nl": "wanneer|als|omdat|terwijl",
        "sv": "när|medan|eftersom",
    }.items()
}


def dose_of(
    units: Sequence[Unit], language: str, kind: Kind = Kind.EXERCISE, role: str | None = None
) -> dict[str, Excerpt]:
    """Return what a block's text says of its dose, the first of each thing; what it does not say is absent.

    An exercise has position, hold, repeats, sides and equipment; instructions, safety text, answers and lists of
    ingredients have temperature, amount and time. Other blocks have none: a number in prose is no dose.

    Arguments:
        units: the body of the block, without its heading.
        language: the article's.
        kind: of the block.
        role: of the block.
    """
    names = _names(kind, role)
    known = lexicon(language)
    found: dict[str, Excerpt] = {}
    for unit in units:
        if unit.kind is UnitKind.CODE:
            continue
        for text in unit.parts or (unit.text,):
            for name, piece in _found(text, known, names):
                found.setdefault(name, Excerpt(piece, line_of(unit, piece)))
    return {name: found[name] for name in names if name in found}


def _names(kind: Kind, role: str | None) -> tuple[str, ...]:
    """Return what is looked for in a block."""
    if kind is Kind.EXERCISE:
        return ("position", *_OF_EXERCISES)
    return _OF_INSTRUCTIONS if kind in _INSTRUCTING or role == "ingredients" else ()


def _found(text: str, known: Lexicon, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name and verbatim piece of each thing that a text tells."""
    straight = straighten(text)
    if "position" in names and (place := _position(straight, known)):
        clause = _CLAUSE.match(text, place.end())
        piece = text[place.start() : clause.end() if clause else place.end()]
        yield "position", _short(piece, place.end() - place.start(), known)
    for name in names:
        number = 0
        while (key := f"dose.{name}.{number}") in known.patterns:
            if match := known.pattern(key).search(straight):
                group = 1 if match.lastindex else 0
                yield name, text[match.start(group) : match.end(group)].strip()
                break
            number += 1


def _position(text: str, known: Lexicon) -> re.Match[str] | None:
    """Return the first place of a text that says how to lie or stand, rather than when or why that is bad."""
    when = _WHEN.get(known.language)
    places = known.pattern("phrases.positions").finditer(text)
    found = (each for each in places if not _LABEL.match(text, each.end()))
    near = ((each, max(0, each.start() - _NEAR)) for each in found)
    return next((each for each, start in near if not (when and when.search(text, start, each.start()))), None)


def _short(piece: str, least: int, known: Lexicon) -> str:
    """Return a position up to the next thing to do ("... on the floor and let"), or up to its twentieth word.

    It never loses the words that gave it away, the first `least` characters, and does not end in "and a".
    """
    doing = known.words.get("imperatives", frozenset()) | known.words.get("movements", frozenset())
    joining = known.words.get("openers", frozenset())
    found = list(_WORD.finditer(straighten(piece)))
    words = [word[0].casefold() for word in found]
    stops = (
        number
        for number, word in enumerate(words)
        if number >= _POSITION_WORDS or (number and words[number - 1] in joining and word in doing)
    )
    stop = next((number for number in stops if found[number].start() >= least), len(words))
    while stop < len(words) and stop > 1 and words[stop - 1] in known.function_words:
        stop -= 1
    end = found[stop].start() if stop < len(words) else len(piece)
    return piece[: max(end, least)].strip()
