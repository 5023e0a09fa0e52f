"""Cuts a block that is longer than a mail may be, between paragraphs, into blocks of about one length."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.drafts import Draft
from backmail.article.pieces import Piece
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["LONGEST", "cut"]

LONGEST = 500  # source words; a step has no more unless it is one block that cannot be cut
# An exercise, a product, a question with its answer and safety text stand whole in one mail.
_MAY_BE_CUT = frozenset({Kind.OTHER, Kind.INTRO, Kind.CONCLUSION, Kind.HOW_TO})
_WHOLE_ROLES = frozenset({"front-matter", "chrome", "related", "toc", "link-definitions", "ingredients", "title"})


def cut(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with those that are longer than LONGEST cut; what is cut off continues the first part."""
    return [part for piece in pieces for part in (_cut(piece) if _may_be_cut(piece) else [piece])]


def _may_be_cut(piece: Piece) -> bool:
    numbered = any(unit.kind is UnitKind.ITEM and unit.ordered for unit in piece.draft.units)
    steps = piece.kind is Kind.HOW_TO and numbered
    return (
        piece.draft.words > LONGEST and piece.kind in _MAY_BE_CUT and piece.draft.role not in _WHOLE_ROLES and not steps
    )


def _cut(piece: Piece) -> list[Piece]:
    """Return the parts of a piece: as few as its paragraphs allow, each as near to an equal share as they allow."""
    units = piece.draft.units
    words = list(itertools.accumulate((unit.words for unit in units), initial=0))
    places = [number for number in range(1, len(units)) if _allowed(units[number - 1], units[number])]
    bounds = [0]
    while words[-1] - words[bounds[-1]] > LONGEST:
        start = bounds[-1]
        left = words[-1] - words[start]
        share = left / math.ceil(left / LONGEST)
        begin = bisect.bisect_right(places, start)
        last = bisect.bisect_right(places, words[start] + LONGEST, begin, key=words.__getitem__)
        fitting = places[begin : max(last, begin + 1)]
        if not fitting:
            break
        bounds.append(min(fitting, key=lambda number: (abs(words[number] - words[start] - share), number)))
    parts = [units[start:stop] for start, stop in itertools.pairwise([*bounds, len(units)])]
    first = replace(piece, draft=replace(piece.draft, units=parts[0]))
    return [first, *(replace(piece, draft=_rest(piece.draft, part)) for part in parts[1:])]


def _allowed(before: Unit, after: Unit) -> bool:
    """Say whether a mail may end between two units: not behind a heading or a colon, not inside a list."""
    if before.kind is UnitKind.HEADING or before.text.endswith(":") or after.kind is UnitKind.RULE:
        return False
    return not (after.kind is UnitKind.ITEM and before.kind is UnitKind.ITEM)


def _rest(draft: Draft, units: tuple[Unit, ...]) -> Draft:
    """Return the draft of what was cut off."""
    origin = draft.start if draft.continues is None else draft.continues
    reasons = (*draft.reasons, f"continuation.longer-than-{LONGEST}-words")
    return replace(draft, units=units, heading="", role="continuation", continues=origin, reasons=reasons)
