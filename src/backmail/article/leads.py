"""Takes a section apart whose paragraphs or entries are exercises, each with its name in bold before its text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import cleaned, named
from backmail.article.drafts import Draft
from backmail.article.signals import Signals
from backmail.model.article import Unit, UnitKind

__all__ = ["with_named_exercises"]

_FEWEST = 2  # exercises that a list of them has
_NAME_WORDS = 8
_WORDS = 8  # behind the name
_SETS = re.compile(r"\b\d{1,2} ?[x×] ?\d{1,3}\b", re.IGNORECASE)  # "3 x 12"
_SIZE = re.compile(r"\d ?(?:[cm]?m|inch|in|k?g|[cm]?l|€|eur|kr)\b", re.IGNORECASE)  # "60 x 40 cm"
_LED = re.compile(
    r"\s*(?:[-*+]\s+|\d{1,2}[.)]\s+)?(?P<mark>\*\*|__)(?P<name>[^*_\n]{2,80}?)\s*(?P=mark)\s*(?P<rest>\S.*)", re.DOTALL
)


def with_named_exercises(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with each exercise of a list as a draft of its own, below the one with the list's heading.

    A list of exercises has a heading that says so ("The poses"), or names of exercises in bold; each entry moves a
    body, and entries of a list with bullets say how long or how many times, for the steps of one exercise are such
    entries, too.
    """
    done: list[Draft] = []
    for draft in drafts:
        done += _parted(draft, language)
    return done


def _parted(draft: Draft, language: str) -> list[Draft]:
    if draft.kind is not None or draft.role is not None or not draft.heading:
        return [draft]
    below = (*draft.units[1:], None)
    names = {
        place: name
        for place, (unit, next_one) in enumerate(zip(draft.units, below, strict=True))
        if (name := _name(unit) or _dosed_name(unit, next_one, language))
    }
    if len(names) < _FEWEST:
        return [draft]
    starts = [*names, len(draft.units)]
    parts = [
        Draft(draft.units[start:stop], names[start], min(draft.level + 1, 6), reasons=("exercise.bold-name",))
        for start, stop in itertools.pairwise(starts)
    ]
    if not _are_exercises(draft, parts, language):
        return [draft]
    return [replace(draft, units=draft.units[: starts[0]]), *parts]


def _name(unit: Unit) -> str:
    """Return the bold words that a unit begins with, where they name the rest of it; else an empty string."""
    if unit.kind not in (UnitKind.PARAGRAPH, UnitKind.ITEM) or (found := _LED.match(unit.raw)) is None:
        return ""
    name = cleaned(found["name"]).rstrip(".:")
    named_so = len(name.split()) <= _NAME_WORDS and not name.endswith(("?", "!"))
    parted = found["rest"][0] in "-–—:.(" or found["name"].rstrip()[-1] in ".:"
    return name if named_so and parted and len(found["rest"].split()) >= _WORDS else ""


def _dosed_name(unit: Unit, below: Unit | None, language: str) -> str:
    """Return the bold words of a line that has nothing else but a dose ("**Squat** – 3 x 12"), above its text."""
    if unit.kind is not UnitKind.PARAGRAPH or below is None or (found := _LED.match(unit.raw)) is None:
        return ""
    name = cleaned(found["name"]).rstrip(".:")
    text = below.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM) and below.words >= _WORDS and _LED.match(below.raw) is None
    short = len(name.split()) <= _NAME_WORDS and len(found["rest"].split()) < _WORDS
    if not text or not short or _SIZE.search(found["rest"]):
        return ""
    return name if _SETS.search(found["rest"]) or Signals(Draft((unit,)), language).doses else ""


def _are_exercises(draft: Draft, parts: Sequence[Draft], language: str) -> bool:
    """Say whether most parts of a section tell how a body moves or holds still."""
    told = [Signals(part, language) for part in parts]
    bodily = sum(bool(each.body_parts) and bool(each.positions or each.doses or each.movements > 1) for each in told)
    if bodily * 3 < len(parts) * 2:
        return False
    called = named("exercises", draft.heading, language) is not None
    names = sum(bool(each.exercise_name) for each in told)
    dosed = sum(bool(each.doses) for each in told)
    listed = any(part.units[0].kind is UnitKind.ITEM for part in parts)
    if listed:
        return (called or names * 2 >= len(parts)) and dosed * 3 >= len(parts) * 2
    return called or names * 2 >= len(parts)
