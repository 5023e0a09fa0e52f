"""Judges drafts in their places: what a teaser cut off, rows of exercises, a headed introduction, lone headings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backmail.article.drafts import Draft
from backmail.article.rules import Point, Verdict, judged, settled
from backmail.article.signals import Signals
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["LEAD_WORDS", "Piece", "judged_alone", "judged_in_place"]

LEAD_WORDS = 90  # a lead-in has hardly more; a section that ends in a colon and says more is a section
_SERIES_WORDS = range(15, 221)  # of an exercise that has its neighbours' shape
_INTRO_WORDS = range(12, 301)  # of a first section that introduces, though it has a heading


@dataclass(frozen=True, slots=True)
class Piece:
    """A draft with its verdict, and what a marketer decided about it (None where nothing)."""

    draft: Draft
    verdict: Verdict
    week: int | None = None
    dropped_because: str = ""

    @property
    def kind(self) -> Kind:
        """What it is for."""
        return self.verdict.kind


def judged_alone(draft: Draft, language: str) -> Piece:
    """Return the piece that a draft is, without a look at its neighbours."""
    return Piece(draft, judged(draft, language) if draft.kind is None else settled(draft))


def judged_in_place(drafts: Sequence[Draft], language: str, *, introduced: bool) -> list[Piece]:
    """Return the pieces that the drafts are, in their order.

    Arguments:
        drafts: of the whole text.
        language: the article's.
        introduced: whether something above the text (front matter) is its introduction.
    """
    cut_off: dict[int, list[Unit]] = {}
    for draft in drafts:
        if draft.continues is not None:
            cut_off.setdefault(draft.continues, []).extend(draft.units)
    drafts = [_lone(draft) if draft.start not in cut_off else draft for draft in drafts]
    pieces = [judged_alone(_whole(draft, cut_off), language) for draft in drafts]
    pieces = [replace(piece, draft=draft) for piece, draft in zip(pieces, drafts, strict=True)]
    pieces = _series(pieces, language)
    if not introduced:
        pieces = _introduced(pieces)
    return _joined(_continued(_leading(pieces)))


def _lone(draft: Draft) -> Draft:
    """Return a section without a text as what it is, a heading alone."""
    silent = (UnitKind.HEADING, UnitKind.RULE)
    alone = bool(draft.heading) and all(unit.kind in silent for unit in draft.units)
    if draft.kind is not None or not alone:
        return draft
    return replace(draft, kind=Kind.OTHER, role="heading", reasons=(*draft.reasons, "heading.alone"))


def _whole(draft: Draft, cut_off: Mapping[int, Sequence[Unit]]) -> Draft:
    """Return a section together with what a product teaser cut off it: they are of one kind."""
    if draft.kind is not None or draft.continues is not None:
        return draft
    return replace(draft, units=(*draft.units, *cut_off.get(draft.start, ())))


def _series(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Give a section the kind of its neighbours where exercises stand above and below it, or twice on one side."""
    done = list(pieces)
    own = [number for number, piece in enumerate(pieces) if piece.kind is not Kind.PRODUCT]
    for place, number in enumerate(own):
        piece = pieces[number]
        near = [pieces[each] for each in (*own[max(0, place - 2) : place], *own[place + 1 : place + 3])]
        like = sum(each.kind is Kind.EXERCISE and each.draft.level == piece.draft.level for each in near)
        sided = (
            place and place + 1 < len(own) and all(pieces[own[place + step]].kind is Kind.EXERCISE for step in (-1, 1))
        )
        if piece.draft.kind is None and piece.kind in (Kind.OTHER, Kind.HOW_TO) and (sided or like >= 2):
            done[number] = _as_exercise(piece, language, like)
    return done


def _as_exercise(piece: Piece, language: str, like: int) -> Piece:
    """Judge a section anew that stands among exercises: it is one if it moves the body or tells what to do with it."""
    signals = Signals(piece.draft, language)
    moves = signals.positions or signals.doses or (signals.movements and signals.orders)
    prose = piece.draft.prose
    if not piece.draft.heading or not prose or piece.draft.words not in _SERIES_WORDS or prose[-1].text.endswith(":"):
        return piece
    if not signals.body_parts or not moves:
        return piece
    extra: tuple[Point, ...] = ((Kind.EXERCISE, 3.0, f"exercise.series {like}"),)
    return replace(piece, verdict=judged(piece.draft, language, extra))


def _introduced(pieces: Sequence[Piece]) -> list[Piece]:
    """Take the first section for the introduction where nothing else is one and nothing speaks for another kind."""
    done = list(pieces)
    if any(piece.kind is Kind.INTRO for piece in pieces):
        return done
    for number, piece in enumerate(pieces):
        if piece.draft.role in ("title", "chrome", "media", "toc", "heading"):
            continue
        if piece.kind is Kind.OTHER and piece.draft.kind is None and _words(piece.draft) in _INTRO_WORDS:
            reasons = (*piece.draft.reasons, "intro.first-section")
            done[number] = replace(piece, verdict=Verdict(Kind.INTRO, 0.65, Kind.OTHER, reasons))
        break
    return done


def _leading(pieces: Sequence[Piece]) -> list[Piece]:
    """Take a few orders that end in a colon above exercises or steps for what leads to them, not for instructions."""
    done = list(pieces)
    own = [number for number, piece in enumerate(pieces) if piece.kind is not Kind.PRODUCT]
    for number, below in itertools.pairwise(own):
        draft = pieces[number].draft
        if (
            pieces[number].kind is not Kind.HOW_TO
            or draft.kind is not None
            or not draft.prose
            or draft.words > LEAD_WORDS
        ):
            continue
        plain = all(unit.kind is UnitKind.PARAGRAPH for unit in draft.prose) and draft.prose[-1].text.endswith(":")
        if plain and pieces[below].kind in (Kind.EXERCISE, Kind.HOW_TO) and pieces[below].draft.heading:
            done[number] = replace(pieces[number], verdict=Verdict(Kind.OTHER, 0.8, Kind.HOW_TO, ("lead.colon",)))
    return done


def _words(draft: Draft) -> int:
    return sum(unit.words for unit in draft.prose)


def _continued(pieces: Sequence[Piece]) -> list[Piece]:
    """Give what a teaser cut off the kind of the section that it goes on with."""
    verdicts = {piece.draft.start: piece.verdict for piece in pieces}
    return [_continuing(piece, verdicts.get(piece.draft.continues or 0)) for piece in pieces]


def _continuing(piece: Piece, origin: Verdict | None) -> Piece:
    if origin is None:
        return piece
    verdict = replace(origin, reasons=piece.draft.reasons)
    return replace(piece, verdict=verdict, draft=replace(piece.draft, role="continuation"))


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Join a heading without a text to the plain section that it opens, and lone headings above it to one.

    Above exercises, instructions, a FAQ or safety text a lone heading stays a block of its own: it opens all of them.
    """
    done: list[Piece] = []
    for piece in reversed(pieces):
        below = done[-1] if done else None
        if below is None or not _opens(piece, below):
            done.append(piece)
            continue
        draft = replace(
            below.draft,
            units=(*piece.draft.units, *below.draft.units),
            heading=piece.draft.heading,
            level=piece.draft.level,
            reasons=tuple(dict.fromkeys((*piece.draft.reasons, *below.draft.reasons))),
        )
        done[-1] = replace(done[-1], draft=draft)
    return done[::-1]


def _opens(lone: Piece, below: Piece) -> bool:
    """Say whether a lone heading is one with the section below it: another lone heading, or a plain section."""
    if "heading.alone" not in lone.draft.reasons or not below.draft.heading or below.draft.continues is not None:
        return False
    levels = below.draft.level - lone.draft.level
    plain = below.kind is Kind.OTHER and below.draft.kind is None
    return (levels > 0 or (levels == 0 and not lone.draft.units[0].marked)) and (
        plain or "heading.alone" in below.draft.reasons
    )
