"""Judges the sections of an article about exercises: told without a dose, listed below a heading, in a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.drafts import Draft
from backmail.article.lexicon import lexicon
from backmail.article.pieces import Piece, judged_alone
from backmail.article.rules import Point, Verdict, judged
from backmail.article.signals import Signals
from backmail.model.article import OUTSIDE_MAILS, Kind, UnitKind

__all__ = ["as_exercise", "closed_apart", "deeper", "in_phases", "leads_to_exercises", "trained"]

_ROW = 3  # exercises that make an article one about exercises
_SERIES_WORDS = range(15, 221)  # of an exercise that has its neighbours' shape
_EXERCISE_WORDS = 300  # of a section that may be one exercise
_LISTED_WORDS = 450  # of one below a heading that says that there are exercises
_LISTED = 7.0  # points that such a heading gives
_LEAD_WORDS = 45  # of a section that only says how often and how slowly
_ORDERED = 0.3  # of the sentences of one, at least, tell what to do
_AROUND = (*(OUTSIDE_MAILS - {"title"}), "media")  # what does not tell what an article is about
_TOP = 2  # sections from the top that tell what an article is about, beside its title and headings
_COUNT = re.compile(r"\b[1-9]\d?\b")
_PHASES = range(2, 6)  # headings that tell one exercise in parts
_ABOUT_SIGNS = 6000  # of these that are looked through


def trained(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Judge sections that move the body by what the article is about: exercises need no dose among exercises.

    What an animal is taught is no exercise, though it lies down and turns its head.
    """
    known = lexicon(language)
    top = [piece.draft for piece in pieces if piece.draft.role not in _AROUND][:_TOP]
    about = " | ".join(
        [*(f"{draft.heading} {draft.text}" for draft in top), *(piece.draft.heading for piece in pieces)]
    )
    about = about[:_ABOUT_SIGNS]
    told = sum(bool(known.find("phrases.animals", piece.draft.text[:_ABOUT_SIGNS])) for piece in pieces)
    if told >= _ROW and known.find("phrases.animals", about):
        return [_untrained(piece, language) for piece in pieces]
    pieces = _listed_exercises(pieces, language)
    found = sum(piece.kind is Kind.EXERCISE for piece in pieces)
    if known.find("headings.exercises", about) is None and found < _ROW:
        return list(pieces)
    return [_moved(piece, language) for piece in pieces]


def _listed_exercises(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Take the sections below a heading such as "5 exercises for your knees" for these exercises, told or described.

    They are deeper than it, at least two, and most of them speak of the body.
    """
    done = list(pieces)
    known = lexicon(language)
    for number, piece in enumerate(pieces):
        said = known.find("headings.exercises", piece.draft.heading) if _may_list(piece, language) else None
        below = deeper(pieces, number) if said else []
        level = min((pieces[each].draft.level for each in below if pieces[each].draft.heading), default=0)
        same = [each for each in below if pieces[each].draft.level == level]
        listed = [each for each in same if _may_be_listed(pieces[each], language)]
        bodily = [each for each in listed if _is_bodily(pieces[each], language)]
        if len(bodily) < 2 or len(bodily) * 2 < len(listed):
            continue
        if len(listed) == len(same) == _announced(piece.draft.heading):  # "5 exercises", and five there are
            bodily = [each for each in listed if pieces[each].kind in (Kind.OTHER, Kind.HOW_TO, Kind.EXERCISE)]
        reason = f"exercise.below-heading:{known.language} '{said}'"
        for each in bodily:
            verdict = judged(pieces[each].draft, language, ((Kind.EXERCISE, _LISTED, reason),))
            done[each] = replace(pieces[each], verdict=verdict)
    return done


def _announced(heading: str) -> int:
    """Return the number that a heading says, as in "5 exercises for your knees", or 0."""
    found = _COUNT.search(heading)
    return int(found[0]) if found else 0


def deeper(pieces: Sequence[Piece], number: int) -> list[int]:
    """Return the numbers of the pieces below a heading, up to the next one of its level."""
    level = pieces[number].draft.level
    found = []
    for each in range(number + 1, len(pieces)):
        if pieces[each].draft.level <= level and pieces[each].kind is not Kind.PRODUCT:
            break
        found.append(each)
    return found


def in_phases(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Join the parts of one exercise ("Starting position", "The movement", "Breathing") to the heading above them."""
    done: list[Piece] = []
    number = 0
    while number < len(pieces):
        below = [pieces[each] for each in _phases(pieces, number, language)]
        if below:
            parts = (pieces[number], *below)
            draft = replace(pieces[number].draft, units=tuple(unit for each in parts for unit in each.draft.units))
            draft = replace(draft, kind=None, role=None, reasons=_without_alone(draft.reasons))
            extra = ((Kind.EXERCISE, 3.0, f"exercise.phases {len(below)}"),)
            done.append(replace(pieces[number], draft=draft, verdict=judged(draft, language, extra)))
        else:
            done.append(pieces[number])
        number += 1 + len(below)
    return done


def _without_alone(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in reasons if each != "heading.alone")


def _phases(pieces: Sequence[Piece], number: int, language: str) -> Sequence[int]:
    """Return the numbers of the pieces below a heading if they are the parts in which it tells one exercise.

    Two of their headings name such a part, or one does where the heading above says that it tells how. Something in
    them moves the body.
    """
    draft = pieces[number].draft
    if draft.level == 0 or not draft.units[0].marked or draft.words > _LEAD_WORDS or draft.role == "title":
        return ()
    below = deeper(pieces, number)
    drafts = [pieces[each].draft for each in below]
    alike = len({each.level for each in drafts}) == 1 and all(each.heading and each.kind is None for each in drafts)
    if len(below) not in _PHASES or not alike or sum(each.words for each in drafts) > _EXERCISE_WORDS:
        return ()
    phases = sum(named("phases", each.heading, language) is not None for each in drafts)
    if phases < (1 if named("how_to", draft.heading, language) else 2):
        return ()
    return below if any(pieces[each].kind is Kind.EXERCISE for each in below) else ()


def _may_list(piece: Piece, language: str) -> bool:
    """Say whether a heading with deeper ones below it may name a list of exercises, rather than talk about exercise."""
    draft = piece.draft
    other = ("background", "avoid", "safety", "conclusion", "sources", "faq", "related", "toc")
    return bool(draft.heading) and draft.level > 0 and not any(named(each, draft.heading, language) for each in other)


def _may_be_listed(piece: Piece, language: str) -> bool:
    """Say whether a section may be one of several exercises by its kind, its length and what its heading names."""
    draft = piece.draft
    if draft.kind is not None or not draft.heading or not draft.prose or draft.heading.endswith("?"):
        return False
    other = ("how_to", "background", "avoid", "no_avoid", "ingredients", "exercises", "safety", "conclusion")
    short = _SERIES_WORDS.start <= draft.words <= _LISTED_WORDS
    return short and not any(named(each, draft.heading, language) for each in other)


def _is_bodily(piece: Piece, language: str) -> bool:
    """Say whether a section speaks of a body that moves or holds still."""
    if piece.kind not in (Kind.OTHER, Kind.HOW_TO, Kind.EXERCISE):
        return False
    signals = Signals(piece.draft, language)
    signs = (signals.positions, signals.doses, signals.body_parts, signals.movements, signals.exercise_name)
    return sum(bool(sign) for sign in signs) >= 2


def _untrained(piece: Piece, language: str) -> Piece:
    """Judge a section anew that only would be an exercise if it were for people."""
    if piece.kind is not Kind.EXERCISE or piece.draft.kind is not None:
        return piece
    return replace(piece, verdict=judged(piece.draft, language, ((Kind.EXERCISE, -9.0, ""),)))


def _moved(piece: Piece, language: str) -> Piece:
    """Judge a section of an article about exercises anew: orders that move parts of the body make it one."""
    draft = piece.draft
    plain = draft.kind is None and draft.continues is None and draft.heading and draft.prose
    if not plain or piece.kind not in (Kind.OTHER, Kind.HOW_TO) or draft.words > _EXERCISE_WORDS:
        return piece
    other = ("how_to", "background", "avoid", "no_avoid", "ingredients", "exercises")
    if draft.heading.endswith("?") or any(named(each, draft.heading, language) for each in other):
        return piece
    signals = Signals(draft, language)
    moves = signals.movements + len(signals.positions) + bool(signals.exercise_name)
    ordered = signals.bodily_orders > 1 and signals.share(signals.bodily_orders) >= _ORDERED
    if len(signals.body_parts) < 2 or not moves or not ordered or draft.prose[-1].text.endswith(":"):
        return piece
    reason = f"exercise.moves:{signals.known.language} '{', '.join(signals.body_parts[:3])}'"
    return replace(piece, verdict=judged(draft, language, ((Kind.EXERCISE, 4.5, reason),)))


def as_exercise(piece: Piece, language: str, like: int, *, between: bool) -> Piece:
    """Judge a section anew that stands among exercises: it is one if it moves the body or tells what to do with it.

    Right between two of them, orders and names of parts of the body are enough.
    """
    signals = Signals(piece.draft, language)
    told = signals.bodily_orders > 1 and signals.share(signals.bodily_orders) >= _ORDERED
    told = told or (between and signals.plain_orders > 1 and len(signals.body_parts) > 1)
    moves = signals.positions or signals.doses or (signals.movements and signals.orders) or told
    prose = piece.draft.prose
    if not piece.draft.heading or not prose or piece.draft.words not in _SERIES_WORDS or prose[-1].text.endswith(":"):
        return piece
    if not signals.body_parts or not moves or piece.draft.heading.endswith("?"):
        return piece
    if any(
        named(each, piece.draft.heading, language)
        for each in ("avoid", "no_avoid", "background", "safety", "conclusion")
    ):
        return piece
    extra: tuple[Point, ...] = ((Kind.EXERCISE, 3.0, f"exercise.series {like}"),)
    return replace(piece, verdict=judged(piece.draft, language, extra))


def leads_to_exercises(piece: Piece, below: Piece, language: str) -> str:
    """Return why a section about exercises only leads to the one below it, or an empty string.

    Its heading names several ("Exercises for the upper body"), and it describes none itself.
    """
    draft = piece.draft
    hit = named("exercises", draft.heading, language)
    if hit is None or below.kind is not Kind.EXERCISE:
        return ""
    if draft.units[0].marked:
        return f"lead.above-exercises:{hit}" if below.draft.level > draft.level > 0 else ""
    signals = Signals(draft, language)
    described = signals.positions or signals.exercise_name or signals.share(signals.orders) >= _ORDERED
    # "Do these sitting upright, twice a day" is about all of them: no part of the body, no seconds.
    if draft.words <= _LEAD_WORDS and len(signals.body_parts) < 2 and not signals.doses:
        described = False
    return "" if described else f"lead.above-exercises:{hit}"


def closed_apart(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Part the last of several exercises from a paragraph that closes all of them: a warning, a word about them all.

    Where others of them end in a warning, too, it is about the one exercise.
    """
    done: list[Piece] = []
    row: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and (piece.kind is Kind.EXERCISE or (row and piece.kind is Kind.PRODUCT)):
            row.append(piece)
            continue
        done += _row_closed(row, language)
        row = []
        done += [piece] if piece is not None else []
    return done


def _row_closed(row: Sequence[Piece], language: str) -> list[Piece]:
    """Return a row of exercises with the paragraph that closes it as a piece of its own."""
    exercises = [number for number, piece in enumerate(row) if piece.kind is Kind.EXERCISE]
    if len(exercises) < _ROW or any(_closes(row[number], language) for number in exercises[:-1]):
        return list(row)
    last = exercises[-1]
    if not _closes(row[last], language):
        return list(row)
    draft = row[last].draft
    tail = max(number for number, unit in enumerate(draft.units) if unit is draft.prose[-1])
    above = replace(row[last], draft=replace(draft, units=draft.units[:tail]))
    closing = judged_alone(Draft(draft.units[tail:]), language)
    if closing.kind is not Kind.SAFETY:
        closing = replace(closing, verdict=Verdict(Kind.OTHER, 0.65, Kind.EXERCISE, ("exercise.about-all",)))
    return [*row[:last], above, closing, *row[last + 1 :]]


def _closes(piece: Piece, language: str) -> bool:
    """Say whether the last paragraph of an exercise warns, or speaks of all exercises, and moves nothing itself."""
    prose = piece.draft.prose
    if piece.draft.kind is not None or len(prose) < 2 or prose[-1].kind is not UnitKind.PARAGRAPH:
        return False
    signals = Signals(Draft((prose[-1],)), language)
    if signals.doses or signals.positions:
        return False
    warned = signals.share(len(signals.warned)) >= 0.5 and (
        signals.told_to_ask or len(signals.warned) > 1 or len(signals.sentences) == 1
    )
    return warned or signals.known.find("phrases.any_exercise", prose[-1].text) is not None
