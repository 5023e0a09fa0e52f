"""What a marketer decided about blocks: where they begin, their kind, their week, to leave them out; it always wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backmail.article.drafts import section
from backmail.article.pieces import Piece, judged_alone
from backmail.article.remembering import Spot, begins, first_words, found, key_of, like, spots, spots_of, words_of
from backmail.article.rules import Verdict, judged
from backmail.errors import Fault, UsageError, did_you_mean
from backmail.markup import fold
from backmail.model.article import NO_PRODUCT, Article, Block, Caution, Decision, Kind, Override, Remembered, Unit
from backmail.model.campaign import Catalog

__all__ = ["REASON", "Applied", "decided", "mark", "overridden"]

REASON = "override"
_MARK = re.compile(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*=\s*(.+?)\s*")
_HOW = 'write the lines of the source and a kind, such as "26-27=safety"'
_NO_PARAGRAPH = "no paragraph of it begins {}"


@dataclass(frozen=True, slots=True)
class Applied:
    """An override, renewed, with the first source line of the block that it is about; or `stale`: why there is none."""

    override: Override
    start: int = 0
    stale: str = ""


def overridden(
    pieces: Sequence[Piece], overrides: Sequence[Override], language: str, catalog: Catalog
) -> tuple[list[Piece], list[Applied]]:
    """Return the pieces as the overrides want them, and what became of each override, in their order.

    First all blocks are split and merged, then the rest is set: what is split off goes by its own first words.
    """
    done = list(pieces)
    applied: dict[int, Applied] = {}
    bounds = {number for number, each in enumerate(overrides) if each.decides in ("split_at", "merge_with")}
    for number in sorted(range(len(overrides)), key=lambda each: (each not in bounds, each)):
        applied[number] = _applied(done, overrides[number], language, catalog)
    return done, [applied[number] for number in range(len(overrides))]


def decided(applied: Sequence[Applied], blocks: Sequence[Block]) -> tuple[tuple[Decision, ...], list[Caution]]:
    """Return the decisions, each with the id of the block that it is about; and a caution for each that has none."""
    homes = {unit.start: block.id for block in blocks if not block.file for unit in block.units}
    decisions = [Decision(each.override, "" if each.stale else homes[each.start], each.stale) for each in applied]
    stale = [
        Caution("stale-override", decision.complaint, max(1, each.start), text=decision.override.block)
        for decision, each in zip(decisions, applied, strict=True)
        if decision.stale
    ]
    return tuple(decisions), stale


def mark(article: Article, marked: str) -> tuple[Override, ...]:
    """Return the overrides that give source lines a kind: "26-27=safety", "40=faq".

    Lines that are a part of a block are split off first; where they hold several blocks, each gets the kind.

    Raises:
        UsageError: when it cannot be read, names an unknown kind, or lines that hold no text or cut a paragraph.
    """
    found = _MARK.fullmatch(marked)
    if found is None:
        raise UsageError(Fault(f"{marked!r} cannot be understood", hint=_HOW))
    start, end = int(found[1]), int(found[2] or found[1])
    kind = _kind(found[3])
    blocks = [block for block in article.blocks if not block.file and block.start <= end and start <= block.end]
    inside = [block for block in blocks if any(start <= unit.start <= end for unit in block.units)]
    if start > end or not inside:
        last = max((block.end for block in article.blocks if not block.file), default=0)
        hint = f"the article has {article.source.where(1, last)}"
        raise UsageError(Fault(f"no text begins on {article.source.where(start, end)}", hint=hint))
    for block in blocks:
        for unit in block.units:
            if unit.start < start <= unit.end or unit.start <= end < unit.end:
                of = article.source.where(unit.start, unit.end)
                message = f"{article.source.where(start, end)} cut through the paragraph of {of}"
                raise UsageError(Fault(message, hint=f"write {unit.start}-{unit.end}={kind}"))
    return tuple(override for block in inside for override in _marked(article, block, start, end, kind))


def _kind(name: str) -> Kind:
    try:
        return Kind(name.casefold())
    except ValueError:
        known = [kind.value for kind in Kind]
        hint = did_you_mean(name.casefold(), known) or f"the kinds are {', '.join(known)}"
        raise UsageError(Fault(f"there is no kind {name!r}", hint=hint)) from None


def _marked(article: Article, block: Block, start: int, end: int, kind: Kind) -> list[Override]:
    """Return the overrides for one block of which the lines from start to end get a kind."""
    spot = spots_of(article)[block.id]
    others = [words_of(each.units) for each in article.blocks if not each.file and each is not block]
    inside = [unit for unit in block.units if start <= unit.start <= end]
    behind = [unit for unit in block.units if unit.start > end]
    made = []
    if inside[0] is not block.units[0]:
        made.append(Override(first_words(spot.text, others), split_at=inside[0].start))
        others.append(spot.text)
    words = first_words(words_of(inside), [*others, words_of(behind)])
    if behind:
        made.append(Override(words, split_at=behind[0].start))
    alone = spot.remembered() if not made and spot.text in others else None
    return [*made, Override(words, kind=kind, known=alone)]


def _spots(pieces: Sequence[Piece]) -> list[Spot]:
    """Return the pieces in their places."""
    return spots(
        (each.draft.units, each.draft.heading, each.draft.kind is not Kind.PRODUCT and each.draft.role != "title")
        for each in pieces
    )


def _applied(pieces: list[Piece], override: Override, language: str, catalog: Catalog) -> Applied:
    """Change the pieces as one override wants; return what became of it."""
    places = _spots(pieces)
    number = found(places, override)
    if isinstance(number, str):
        return Applied(override, stale=number)
    piece, spot = pieces[number], places[number]
    others = [each.text for each in places if each is not spot]
    renewed = _renewed(override, spot, others)
    if override.split_at is not None:
        return _split(pieces, number, renewed, language)
    if override.merge_with is not None:
        return _merged(pieces, number, renewed, places, language)
    if override.product is not None:
        known = [product.sku for product in catalog.products]
        if override.product not in (NO_PRODUCT, *known):
            hint = did_you_mean(override.product, known)
            why = f"the catalogue has no product {override.product!r}" + (f"; {hint}" if hint else "")
            return Applied(renewed, piece.draft.start, why)
    pieces[number] = _set(piece, override, language)
    return Applied(renewed, piece.draft.start)


def _renewed(override: Override, spot: Spot, others: Sequence[str]) -> Override:
    """Return an override with the words, the key and the text that its block has now."""
    known = spot.remembered(override.known.other if override.known else "")
    fits = begins(spot, override.block) or fold(override.block).casefold() == spot.heading.casefold()
    words = override.block if fits else first_words(spot.text, others)
    return replace(override, block=words, key=key_of(known), known=known)


def _set(piece: Piece, override: Override, language: str) -> Piece:
    """Return a piece as an override that leaves its bounds alone wants it."""
    match override.decides:
        case "kind":
            return _of_kind(piece, override.kind or piece.kind)
        case "product" if override.product == NO_PRODUCT:
            return _of_kind(replace(piece, sku=""), _without_product(piece, language))
        case "product":
            return replace(_of_kind(piece, Kind.PRODUCT), sku=override.product or "")
        case "heading":
            return replace(piece, heading=override.heading)
        case "week":
            return replace(piece, week=override.week)
    return replace(piece, dropped_because=override.drop_because or "")


def _of_kind(piece: Piece, kind: Kind) -> Piece:
    role = "continuation" if piece.draft.continues is not None else None
    return replace(
        piece, draft=replace(piece.draft, role=role, reasons=()), verdict=Verdict(kind, 1.0, None, (REASON,))
    )


def _without_product(piece: Piece, language: str) -> Kind:
    """Return what a piece is if it is no product."""
    verdict = judged(replace(piece.draft, kind=None), language) if piece.draft.kind is Kind.PRODUCT else piece.verdict
    kind = verdict.kind if verdict.kind is not Kind.PRODUCT else verdict.runner_up
    return kind if kind is not None and kind is not Kind.PRODUCT else Kind.OTHER


def _split(pieces: list[Piece], number: int, override: Override, language: str) -> Applied:
    """Split a piece where a unit begins; a part with a heading of its own is judged, one without keeps the kind."""
    piece = pieces[number]
    units = piece.draft.units
    place = _paragraph(units, override)
    if isinstance(place, str):
        return Applied(override, piece.draft.start, place)
    role = None if piece.draft.role in ("heading", "lead") else piece.draft.role
    first = replace(piece, draft=replace(piece.draft, units=units[:place], role=role))
    if not first.draft.prose:  # only its heading is left
        first = replace(first, verdict=Verdict(Kind.OTHER, piece.verdict.confidence, None, ()))
    second = judged_alone(replace(section(units[place:]), reasons=(REASON,)), language)
    if not second.draft.heading:
        second = replace(second, verdict=replace(piece.verdict, reasons=()))
    pieces[number : number + 1] = [first, second]
    text = words_of(units[place : place + 1])
    at: int | str | None = override.split_at
    if isinstance(at, int):
        at = units[place].start
    elif at and not begins(Spot(text, "", ()), at):
        at = first_words(text, [words_of([unit]) for unit in units if unit is not units[place]])
    return Applied(replace(override, split_at=at, known=_with_other(override, text)), piece.draft.start)


def _paragraph(units: Sequence[Unit], override: Override) -> int | str:
    """Return the number of the unit that a new block begins with, or why there is none.

    The paragraph that was meant is looked for first: its line is another one as soon as something is written above it.
    """
    at, meant = override.split_at, override.known.other if override.known else ""
    texts = [words_of([unit]) for unit in units]
    if meant:
        same = [place for place, text in enumerate(texts) if text == meant] or [
            place for place, text in enumerate(texts) if like(text, meant)
        ]
        why = _NO_PARAGRAPH.format(f"as the one did that was meant ({meant[:40]!r})")
    elif isinstance(at, str):
        same = [place for place, text in enumerate(texts) if begins(Spot(text, "", ()), at)]
        why = _NO_PARAGRAPH.format(f"with {at!r}")
    else:
        same = [place for place, unit in enumerate(units) if unit.start == at]
        why = _NO_PARAGRAPH.format(f"at {at}")
    same = [place for place in same if place] if isinstance(at, int) or len(same) > 1 else same
    if len(same) > 1:
        return f"{len(same)} paragraphs of it are like that one"
    return same[0] if same and same[0] else why


def _merged(pieces: list[Piece], number: int, override: Override, places: Sequence[Spot], language: str) -> Applied:
    """Join a piece with the one right below it; the whole is judged anew."""
    start = pieces[number].draft.start
    meant = override.known.other if override.known else ""
    below = _joining(places[number + 1 :], override.merge_with or "", meant)
    if below is None:
        return Applied(override, start, "no block below it begins with the words of the one that should join it")
    if below:
        return Applied(override, start, "the block that should join it is not the next one")
    first, second = pieces[number], pieces[number + 1]
    kind = first.draft.kind if first.draft.role != "heading" else None
    draft = replace(
        first.draft,
        units=(*first.draft.units, *second.draft.units),
        kind=kind,
        role=None if first.draft.role in ("heading", "lead") else first.draft.role,
        reasons=(REASON,),
    )
    whole = judged_alone(draft, language)
    pieces[number : number + 2] = [replace(whole, week=first.week or second.week)]
    spot, words = places[number + 1], override.merge_with or ""
    if not (begins(spot, words) or fold(words).casefold() == spot.heading.casefold()):
        words = first_words(spot.text, [each.text for each in places if each is not spot])
    return Applied(replace(override, merge_with=words, known=_with_other(override, spot.text)), start)


def _joining(below: Sequence[Spot], words: str, meant: str) -> int | None:
    """Return which of the blocks below is the one that should join: by its text as it was, else by its first words."""
    if meant:
        same = [number for number, each in enumerate(below) if each.text == meant or like(each.text, meant)]
        if same:
            return same[0]
    wanted = fold(words).casefold()
    named = [number for number, each in enumerate(below) if wanted and each.heading.casefold() == wanted]
    begun = [number for number, each in enumerate(below) if begins(each, words)]
    return next(iter([*named, *begun]), None)


def _with_other(override: Override, text: str) -> Remembered | None:
    return replace(override.known, other=text) if override.known else None
