"""Judges drafts in their places: what a teaser cut off, rows of sections, a headed introduction, lone headings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from backmail.article.concepts import counted, named, numbered
from backmail.article.drafts import Draft
from backmail.article.exercises import as_exercise, closed_apart, deeper, in_phases, leads_to_exercises, trained
from backmail.article.pieces import Piece, judged_alone
from backmail.article.rules import Verdict, judged
from backmail.article.signals import Signals, is_imperative
from backmail.model.article import OUTSIDE_MAILS, Kind, Unit, UnitKind

__all__ = ["LEAD_WORDS", "judged_in_place"]

_SHORT_LEAD_WORDS = 60  # of one above deeper headings
LEAD_WORDS = 90  # a lead-in has hardly more; a section that ends in a colon and says more is a section
_ROW = 3  # sections with counted headings that make a row; sections of which the last may conclude
_CONCLUSION_WORDS = 250
_STEP_WORDS = 45  # of a step, with its heading, that is no section of its own
_FOLLOWING = 2  # sections behind one that cannot be the conclusion then, whatever it says
_MANY = 3  # behind one that cannot be it whatever its heading says
_INTRO_WORDS = range(12, 301)  # of a first section that introduces, though it has a heading


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
    pieces = closed_apart(_series(trained(in_phases(pieces, language), language), language), language)
    pieces = _below_how_to(_row_of_orders(_row_of_steps(pieces), language), language)
    pieces = _concluding(_summing_up_above(_not_concluding_yet(pieces, language)), language)
    if not introduced:
        pieces = _introduced(pieces)
    return _joined(_steps_together(_continued(_leading(pieces, language))), language)


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
    """Give a section the kind of its neighbours: exercises above and below it or twice on one side, or instructions."""
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
            done[number] = as_exercise(piece, language, like, between=bool(sided))
        elif piece.draft.kind is None and piece.kind is Kind.OTHER:
            done[number] = _as_instructions(piece, language, near)
    return done


def _as_instructions(piece: Piece, language: str, near: Sequence[Piece]) -> Piece:
    """Judge a section anew that stands among instructions: it is one more if it tells to do anything."""
    like = sum(each.kind is Kind.HOW_TO and each.draft.level == piece.draft.level for each in near)
    signals = Signals(piece.draft, language)
    if like < 2 or not piece.draft.heading or not signals.plain_orders + signals.advised:
        return piece
    return replace(piece, verdict=judged(piece.draft, language, ((Kind.HOW_TO, 0.6, f"how-to.series {like}"),)))


def _row_of_steps(pieces: Sequence[Piece]) -> list[Piece]:
    """Take sections whose headings count on ("1.", "2."; "Tip 3") for instructions where most in the row are."""
    done = list(pieces)
    own = [number for number, piece in enumerate(pieces) if piece.kind is not Kind.PRODUCT]
    for (label, _), row in itertools.groupby(own, key=lambda number: _row(pieces[number])):
        numbers = list(row)
        instructing = sum(pieces[number].kind is Kind.HOW_TO for number in numbers)
        if label is None or len(numbers) < _ROW or instructing * 2 < len(numbers):
            continue
        for number in numbers:
            piece = pieces[number]
            if piece.kind is Kind.OTHER and piece.draft.kind is None and piece.draft.prose:
                reasons = (*piece.draft.reasons, f"how-to.row {len(numbers)}")
                done[number] = replace(piece, verdict=Verdict(Kind.HOW_TO, 0.65, Kind.OTHER, reasons))
    return done


def _row_of_orders(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Judge plain sections anew whose headings order something ("Give it shade"), where most in their row do."""
    done = list(pieces)
    own = [number for number, piece in enumerate(pieces) if piece.kind is not Kind.PRODUCT and piece.draft.heading]
    for _, row in itertools.groupby(own, key=lambda number: pieces[number].draft.level):
        numbers = list(row)
        ordering = [number for number in numbers if is_imperative(pieces[number].draft.heading, language)]
        if len(ordering) < _ROW or len(ordering) * 2 < len(numbers):
            continue
        extra = ((Kind.HOW_TO, 0.8, f"how-to.row-of-orders {len(ordering)}"),)
        for number in ordering:
            piece = pieces[number]
            if piece.kind is Kind.OTHER and piece.draft.kind is None and piece.draft.prose:
                done[number] = replace(piece, verdict=judged(piece.draft, language, extra))
    return done


def _below_how_to(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Judge plain sections anew that stand deeper than a heading such as "How to plan your week" and tell to do it."""
    done = list(pieces)
    for number, piece in enumerate(pieces):
        draft = piece.draft
        named_so = draft.level > 0 and draft.units[0].marked and named("how_to", draft.heading, language)
        if not named_so or draft.heading.endswith("?"):
            continue
        for each in deeper(pieces, number):
            under = pieces[each]
            plain = under.kind is Kind.OTHER and under.draft.kind is None and under.draft.continues is None
            if not plain or not under.draft.heading or named("background", under.draft.heading, language):
                continue
            signals = Signals(under.draft, language)
            if signals.plain_orders and signals.plain_orders + signals.advised > 2:
                extra = ((Kind.HOW_TO, 0.9, f"how-to.below-heading:{named_so}"),)
                done[each] = replace(under, verdict=judged(under.draft, language, extra))
    return done


def _steps_together(pieces: Sequence[Piece]) -> list[Piece]:
    """Join short numbered steps of a plain text ("1. Wash it", a line or two, "2. ...") to the heading above them.

    Where a text marks its headings, its writer said that they are sections; long ones are tips, each a section.
    """
    done: list[Piece] = []
    number = 0
    while number < len(pieces):
        steps = _steps_below(pieces, number)
        if steps:
            draft = pieces[number].draft
            units = tuple(unit for piece in (pieces[number], *steps) for unit in piece.draft.units)
            reasons = tuple(each for each in draft.reasons if each != "heading.alone")
            whole = replace(draft, units=units, kind=None, role=None, reasons=reasons)
            verdict = Verdict(Kind.HOW_TO, 0.8, Kind.OTHER, (f"how-to.steps {len(steps)}",))
            done.append(replace(pieces[number], draft=whole, verdict=verdict))
        else:
            done.append(pieces[number])
        number += 1 + len(steps)
    return done


def _steps_below(pieces: Sequence[Piece], number: int) -> Sequence[Piece]:
    """Return the steps that stand below a heading, or none: at least three, counted from 1, most of them orders."""
    first = pieces[number].draft
    opens = first.units[0].kind is UnitKind.HEADING and not first.units[0].marked and first.words <= LEAD_WORDS
    if not opens or pieces[number].kind not in (Kind.OTHER, Kind.HOW_TO) or "heading.numbered" in first.reasons:
        return ()
    steps: list[Piece] = []
    for piece in pieces[number + 1 :]:
        heading = piece.draft.units[0]
        counts_on = "heading.numbered" in piece.draft.reasons and numbered(heading.raw) == len(steps) + 1
        if not counts_on or piece.kind not in (Kind.OTHER, Kind.HOW_TO, Kind.SAFETY) or piece.draft.kind is not None:
            break
        steps.append(piece)
    ordering = sum(piece.kind is Kind.HOW_TO for piece in steps)
    if len(steps) < _ROW or ordering * 2 < len(steps):
        return ()
    return steps if median(piece.draft.words for piece in steps) <= _STEP_WORDS else ()


def _row(piece: Piece) -> tuple[str | None, int]:
    """Return how a section's heading is counted, and its level."""
    first = piece.draft.units[0]
    return (counted(first.raw) if first.kind is UnitKind.HEADING else None, piece.draft.level)


def _summing_up_above(pieces: Sequence[Piece]) -> list[Piece]:
    """Take a summary that stands above the whole article ("Key takeaways") for its introduction."""
    done = list(pieces)
    headed = [number for number, piece in enumerate(pieces) if piece.draft.heading and piece.draft.role is None]
    if len(headed) > 2 and (first := pieces[headed[0]]).kind is Kind.CONCLUSION and first.draft.kind is None:
        reasons = (*first.verdict.reasons, "intro.summary-at-the-top")
        done[headed[0]] = replace(first, verdict=Verdict(Kind.INTRO, 0.7, Kind.CONCLUSION, reasons))
    return done


def _not_concluding_yet(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Judge a section anew that only its closing words made the conclusion, where more sections follow it.

    With many of them behind it, a heading makes none either: "The most important thing is to keep it clean".
    """
    done = list(pieces)
    sections = [number for number, piece in enumerate(pieces) if _is_of_article(piece) and piece.kind is not Kind.FAQ]
    for number in sections[1:-_MANY]:
        piece = pieces[number]
        if piece.kind is Kind.CONCLUSION and piece.draft.kind is None:
            done[number] = replace(piece, verdict=judged(piece.draft, language, ((Kind.CONCLUSION, -7.0, ""),)))
    for number in sections[:-_FOLLOWING]:
        piece = pieces[number]
        if piece.kind is Kind.CONCLUSION and all(each.startswith("conclusion.words") for each in piece.verdict.reasons):
            done[number] = replace(piece, verdict=judged(piece.draft, language, ((Kind.CONCLUSION, -3.0, ""),)))
    return done


def _concluding(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Take the last section of an article for its conclusion when it says goodbye and nothing else concludes."""
    own = [number for number, piece in enumerate(pieces) if _is_of_article(piece)]
    sections = [number for number in own if pieces[number].kind is not Kind.FAQ]
    if len(sections) < _ROW or any(pieces[number].kind is Kind.CONCLUSION for number in sections[_ROW - 1 :]):
        return list(pieces)
    last = sections[-1]
    piece = pieces[last]
    signals = Signals(piece.draft, language)
    plain = piece.kind in (Kind.OTHER, Kind.HOW_TO) and piece.draft.kind is None and piece.draft.continues is None
    instructs = signals.ordered_items or signals.code or piece.draft.heading.endswith("?")
    if not plain or instructs or piece.draft.words > _CONCLUSION_WORDS:
        return list(pieces)
    # Questions may stand behind a conclusion: then its words must be plain, for any section may stand above them.
    said = signals.farewells
    if len(said) < (1 if last == own[-1] else 2):
        return list(pieces)
    reasons = (*piece.draft.reasons, f"conclusion.last-section '{said[0]}'")
    done = list(pieces)
    done[last] = replace(piece, verdict=Verdict(Kind.CONCLUSION, 0.7 if len(said) > 1 else 0.62, piece.kind, reasons))
    return done


def _is_of_article(piece: Piece) -> bool:
    """Say whether a piece is a section of the article's own, not a teaser, sources or a part of the page."""
    if piece.kind in (Kind.PRODUCT, Kind.SOURCES) or piece.draft.role is not None:
        return False
    return bool(piece.draft.prose)


def _introduced(pieces: Sequence[Piece]) -> list[Piece]:
    """Take the first section for the introduction where nothing else is one and nothing speaks for another kind."""
    done = list(pieces)
    if any(piece.kind is Kind.INTRO for piece in pieces):
        return done
    for number, piece in enumerate(pieces):
        if piece.draft.role in OUTSIDE_MAILS or piece.draft.role in ("media", "heading"):
            continue
        if piece.kind is Kind.OTHER and piece.draft.kind is None and _words(piece.draft) in _INTRO_WORDS:
            reasons = (*piece.draft.reasons, "intro.first-section")
            done[number] = replace(piece, verdict=Verdict(Kind.INTRO, 0.65, Kind.OTHER, reasons))
        break
    return done


def _leading(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Take what leads to the sections below for no more than that, whatever its few sentences order or warn of."""
    done = list(pieces)
    own = [number for number, piece in enumerate(pieces) if piece.kind is not Kind.PRODUCT]
    for number, below in itertools.pairwise(own):
        piece = pieces[number]
        draft = piece.draft
        if piece.kind not in (Kind.HOW_TO, Kind.SAFETY, Kind.EXERCISE) or draft.kind is not None or not draft.prose:
            continue
        reason = "" if piece.kind is Kind.EXERCISE else _leads(piece, pieces[below], language)
        if piece.kind is not Kind.SAFETY:
            reason = reason or leads_to_exercises(piece, pieces[below], language)
        if reason:
            done[number] = replace(piece, verdict=Verdict(Kind.OTHER, 0.8, piece.kind, (reason,)))
    return done


def _leads(piece: Piece, below: Piece, language: str) -> str:
    """Return why a section that orders or warns only leads to the one below it, or an empty string."""
    draft = piece.draft
    if not all(unit.kind is UnitKind.PARAGRAPH for unit in draft.prose) or not below.draft.heading:
        return ""
    opens = below.kind in (Kind.EXERCISE, Kind.HOW_TO)
    if opens and piece.kind is Kind.HOW_TO and draft.words <= LEAD_WORDS and draft.prose[-1].text.endswith(":"):
        return "lead.colon"
    deeper = draft.units[0].marked and below.draft.level > draft.level > 0
    if not deeper or draft.words > _SHORT_LEAD_WORDS:
        return ""
    signals = Signals(draft, language)
    if piece.kind is Kind.HOW_TO:
        return "lead.above-subsections" if signals.plain_orders + signals.advised <= 1 else ""
    if below.kind is not Kind.HOW_TO:
        return ""
    unnamed = all(reason.startswith("safety.phrase") for reason in piece.verdict.reasons)
    return "lead.above-subsections" if unnamed and len(signals.told_to_stop) < 2 else ""


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


def _joined(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Join a heading without a text to the plain section that it opens, and lone headings above it to one.

    Above exercises, instructions, a FAQ or safety text, and above several sections of any kind, a lone heading stays a
    block of its own: it opens all of them.
    """
    done: list[Piece] = []
    for piece in reversed(pieces):
        below = done[-1] if done else None
        if below is None or not _opens(piece, below) or _opens_several(piece, done[::-1], language):
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


def _opens_several(lone: Piece, below: Sequence[Piece], language: str) -> bool:
    """Say whether two plain sections or more stand below a lone heading, deeper than it and all of one level.

    What asks why ("Why it hurts") has its answer right below it.
    """
    level = below[0].draft.level
    if named("background", lone.draft.heading, language):
        return False
    if not lone.draft.units[0].marked or level <= lone.draft.level or "heading.alone" in below[0].draft.reasons:
        return False
    inside = itertools.takewhile(lambda piece: piece.draft.level > lone.draft.level, below)
    plain = [piece for piece in inside if piece.kind is Kind.OTHER and piece.draft.heading]
    return sum(piece.draft.level == level for piece in plain) > 1
