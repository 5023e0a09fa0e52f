"""Blocks in their company: what role a plain block plays, which blocks a lead-in introduces, where sections begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backmail.article.concepts import counted, named
from backmail.article.drafts import is_ingredients
from backmail.article.lexicon import lexicon
from backmail.article.pieces import Piece
from backmail.article.placing import LEAD_WORDS
from backmail.model.article import OUTSIDE_MAILS, Kind, UnitKind

__all__ = ["introduced", "sections", "with_roles"]

_SHORT_LEAD_WORDS = 60  # of one that ends without a colon
_EARLY = 3  # headings from the top, before the first instructions: a section there tells why
# What may stand between a lead-in and what it introduces, and between these.
_PASSED = (Kind.PRODUCT,)
_OPENED = (Kind.EXERCISE, Kind.HOW_TO, Kind.SAFETY, Kind.FAQ, Kind.OTHER)


def with_roles(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Return the pieces with a role for each that is "other" (and for a roadmap, which is an introduction)."""
    roles = [_role(pieces, number, language) for number in range(len(pieces))]
    return [_with_role(piece, *role) for piece, role in zip(pieces, roles, strict=True)]


def _with_role(piece: Piece, role: str | None, reason: str) -> Piece:
    reasons = (*piece.draft.reasons, reason) if reason else piece.draft.reasons
    return replace(piece, draft=replace(piece.draft, role=role, reasons=reasons))


def _role(pieces: Sequence[Piece], number: int, language: str) -> tuple[str | None, str]:
    """Return a piece's role and the reason for it."""
    piece = pieces[number]
    draft = piece.draft
    if draft.role:
        return draft.role, ""
    if piece.kind is Kind.INTRO and draft.heading and named("roadmap", draft.heading, language):
        return "roadmap", ""
    if piece.kind is not Kind.OTHER:
        return None, ""
    if not draft.prose:
        return ("heading", "heading.alone") if draft.heading else ("media", "other.nothing-to-read")
    return _role_of_prose(pieces, number, language)


def _role_of_prose(pieces: Sequence[Piece], number: int, language: str) -> tuple[str, str]:
    """Return the role of a plain block that says something, and the reason for it."""
    draft = pieces[number].draft
    if reason := _leads(pieces, number, language):
        return "lead", reason
    if is_ingredients(draft) or (draft.heading and named("ingredients", draft.heading, language)):
        return "ingredients", ""
    if draft.heading and (hit := named("background", draft.heading, language)):
        return "background", f"background.heading:{hit}"
    return ("background", "background.before-instructions") if _is_early(pieces, number) else ("body", "")


def _is_early(pieces: Sequence[Piece], number: int) -> bool:
    """Say whether a section with a heading is one of the first, with instructions below it and none above."""
    above = [
        each.kind for each in pieces[: min(number, 2 * _EARLY)] if each.draft.heading and each.draft.role != "title"
    ]
    plain = all(kind in (Kind.INTRO, Kind.OTHER, Kind.PRODUCT) for kind in above)
    instructs = any(each.kind in (Kind.EXERCISE, Kind.HOW_TO) for each in pieces[number + 1 : number + 2 * _EARLY])
    return bool(pieces[number].draft.heading) and number <= 2 * _EARLY and len(above) < _EARLY and plain and instructs


def _leads(pieces: Sequence[Piece], number: int, language: str) -> str:
    """Return why a piece only introduces what follows, or an empty string."""
    draft = pieces[number].draft
    below = _next(pieces, number)
    if below is None or not draft.heading or draft.words > LEAD_WORDS or draft.prose[-1].kind is not UnitKind.PARAGRAPH:
        return ""
    if below.draft.role in ("link-definitions", "related", "chrome") or not below.draft.heading:
        return ""
    if draft.prose[-1].text.endswith(":"):
        return "lead.colon"
    marked = draft.units[0].marked
    deeper = marked and below.draft.level > draft.level > 0
    introducing = lexicon(language).find("phrases.introducer", draft.text)
    if draft.words <= _SHORT_LEAD_WORDS and (deeper or (introducing and below.kind in (Kind.EXERCISE, Kind.HOW_TO))):
        return "lead.above-subsections" if deeper else f"lead.words '{introducing}'"
    return ""


def _next(pieces: Sequence[Piece], number: int) -> Piece | None:
    """Return the next piece that is no product, and no part of a web page around the article."""
    return next((piece for piece in pieces[number + 1 :] if not _is_passed(piece)), None)


def _is_passed(piece: Piece) -> bool:
    around = piece.draft.role in OUTSIDE_MAILS and piece.draft.units[0].region
    return piece.kind in _PASSED or bool(around)


def introduced(pieces: Sequence[Piece]) -> dict[int, tuple[int, ...]]:
    """Return, for the number of each lead-in or lone heading, the numbers of the pieces that it introduces.

    These are the pieces below it up to the next lead-in: in Markdown those with a deeper heading, else those of one
    kind or with headings that count on ("Step 1", "Step 2"). Products between them are passed over.
    """
    found = {}
    for number, piece in enumerate(pieces):
        if piece.draft.role in ("lead", "heading"):
            found[number] = tuple(_followers(pieces, number))
    return found


def _followers(pieces: Sequence[Piece], number: int) -> Iterator[int]:
    """Yield the numbers of what one lead-in introduces."""
    lead = pieces[number].draft
    first: Piece | None = None
    deeper = False
    for place in range(number + 1, len(pieces)):
        piece = pieces[place]
        if _is_passed(piece) or (first is not None and piece.draft.continues is not None):
            continue
        if piece.draft.role in ("lead", "heading") or piece.kind not in _OPENED or not piece.draft.heading:
            return
        if first is None:
            first, deeper = piece, piece.draft.level > lead.level > 0
        elif not (piece.draft.level > lead.level if deeper else _goes_on(first, piece)):
            return
        yield place


def _goes_on(first: Piece, piece: Piece) -> bool:
    """Say whether a piece belongs to the row that `first` began: the same kind, or a heading that counts on."""
    if piece.kind is first.kind and piece.kind is not Kind.OTHER:
        return True
    return counted(first.draft.units[0].raw) == counted(piece.draft.units[0].raw) is not None


def sections(pieces: Sequence[Piece], leads: dict[int, tuple[int, ...]]) -> list[int]:
    """Return the number of the section that each piece stands in, counted from 1.

    A piece with a heading begins a section, unless a lead-in introduces it, or its heading in Markdown is deeper than
    that of the section. What has no heading, and every product, stands in the section above it.
    """
    belongs = {place for places in leads.values() for place in places}
    numbers: list[int] = []
    current, level = 1, 0
    for number, piece in enumerate(pieces):
        draft = piece.draft
        begins = bool(draft.heading) and piece.kind is not Kind.PRODUCT and number not in belongs
        if draft.role == "title":
            begins = False
        marked = draft.units[0].marked and level > 0
        if numbers and begins and not (marked and draft.level > level):
            current += 1
        if begins and not (marked and draft.level > level):
            level = draft.level
        numbers.append(current)
    return numbers
