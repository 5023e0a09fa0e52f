"""What a marketer decided about blocks: where they begin, their kind, their week, to leave them out; it always wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.drafts import section
from backmail.article.pieces import Piece, judged_alone
from backmail.article.rules import Verdict
from backmail.errors import Fault, UsageError, did_you_mean
from backmail.markup import fold
from backmail.model.article import Article, Block, Caution, Kind, Override, Unit

__all__ = ["REASON", "first_words", "mark", "overridden"]

REASON = "override"
_FIRST_WORDS = 6
_MARK = re.compile(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*=\s*(.+?)\s*")
_HOW = 'write the lines of the source and a kind, such as "26-27=safety"'


def overridden(
    pieces: Sequence[Piece], overrides: Sequence[Override], language: str
) -> tuple[list[Piece], list[Caution]]:
    """Return the pieces as the overrides want them, and a caution for each override that fits no block any more.

    First all blocks are split and merged, then kinds, weeks and drops are set: what is split off goes by its own
    first words.
    """
    done = list(pieces)
    stale: list[Caution] = []
    bounds = [each for each in overrides if each.split_at is not None or each.merge_with is not None]
    for override in (*bounds, *(each for each in overrides if each not in bounds)):
        number = _find(done, override.block)
        if number is None:
            stale.append(_stale(override, "no block begins with these words", 1))
            continue
        why = _applied(done, number, override, language)
        if why:
            stale.append(_stale(override, why, done[number].draft.start))
    return done, stale


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
        hint = f"the article has lines 1 to {last}"
        raise UsageError(Fault(f"no text begins on the lines {start}-{end}", hint=hint))
    for block in blocks:
        for unit in block.units:
            if unit.start < start <= unit.end or unit.start <= end < unit.end:
                message = f"lines {start}-{end} cut through the paragraph of lines {unit.start}-{unit.end}"
                raise UsageError(Fault(message, hint=f"write {unit.start}-{unit.end}={kind}"))
    return tuple(override for block in inside for override in _marked(article, block, start, end, kind))


def first_words(units: Sequence[Unit], others: Sequence[str]) -> str:
    """Return as many first words of a block as tell it from the blocks with the folded texts `others`."""
    words = _key(units).split(" ")
    count = min(_FIRST_WORDS, len(words))
    while count < len(words) and any(text.startswith(" ".join(words[:count])) for text in others):
        count += 1
    return " ".join(words[:count])


def _key(units: Sequence[Unit]) -> str:
    """Return the text of some units as overrides are compared with it."""
    return fold(" ".join(unit.text or unit.raw for unit in units)).casefold()


def _kind(name: str) -> Kind:
    try:
        return Kind(name.casefold())
    except ValueError:
        known = [kind.value for kind in Kind]
        hint = did_you_mean(name.casefold(), known) or f"the kinds are {', '.join(known)}"
        raise UsageError(Fault(f"there is no kind {name!r}", hint=hint)) from None


def _marked(article: Article, block: Block, start: int, end: int, kind: Kind) -> list[Override]:
    """Return the overrides for one block of which the lines from start to end get a kind."""
    others = [_key(each.units) for each in article.blocks if not each.file and each is not block]
    inside = [unit for unit in block.units if start <= unit.start <= end]
    behind = [unit for unit in block.units if unit.start > end]
    made = []
    if inside[0] is not block.units[0]:
        made.append(Override(first_words(block.units, others), split_at=inside[0].start))
        others.append(_key(block.units))
    words = first_words(inside, [*others, _key(behind)])
    if behind:
        made.append(Override(words, split_at=behind[0].start))
    return [*made, Override(words, kind=kind)]


def _find(pieces: Sequence[Piece], block: str) -> int | None:
    """Return the number of the first piece that begins with these words, or whose heading they are."""
    wanted = fold(block).casefold()
    if not wanted:
        return None
    named = [number for number, piece in enumerate(pieces) if fold(piece.draft.heading).casefold() == wanted]
    begun = [number for number, piece in enumerate(pieces) if _key(piece.draft.units).startswith(wanted)]
    return next(iter([*named, *begun]), None)


def _applied(pieces: list[Piece], number: int, override: Override, language: str) -> str:
    """Change the pieces as one override wants; return why not, or an empty string."""
    piece = pieces[number]
    if override.split_at is not None:
        return _split(pieces, number, override.split_at, language)
    if override.merge_with is not None:
        return _merged(pieces, number, override.merge_with, language)
    if override.kind is not None:
        role = "continuation" if piece.draft.continues is not None else None
        verdict = Verdict(override.kind, 1.0, None, (REASON,))
        pieces[number] = replace(piece, draft=replace(piece.draft, role=role, reasons=()), verdict=verdict)
    if override.week is not None:
        pieces[number] = replace(piece, week=override.week)
    if override.drop_because is not None:
        pieces[number] = replace(piece, dropped_because=override.drop_because)
    return ""


def _split(pieces: list[Piece], number: int, line: int, language: str) -> str:
    """Split a piece where a unit begins; a part with a heading of its own is judged, one without keeps the kind."""
    piece = pieces[number]
    units = piece.draft.units
    place = next((each for each, unit in enumerate(units) if unit.start == line), 0)
    if not place:
        return f"no paragraph of it begins on line {line}"
    role = None if piece.draft.role in ("heading", "lead") else piece.draft.role
    first = replace(piece, draft=replace(piece.draft, units=units[:place], role=role))
    if not first.draft.prose:  # only its heading is left
        first = replace(first, verdict=Verdict(Kind.OTHER, piece.verdict.confidence, None, ()))
    second = judged_alone(replace(section(units[place:]), reasons=(REASON,)), language)
    if not second.draft.heading:
        second = replace(second, verdict=replace(piece.verdict, reasons=()))
    pieces[number : number + 1] = [first, second]
    return ""


def _merged(pieces: list[Piece], number: int, other: str, language: str) -> str:
    """Join a piece with the one right below it; the whole is judged anew."""
    below = _find(pieces[number + 1 :], other)
    if below is None:
        return "no block below it begins with the words of the one that should join it"
    if below:
        return "the block that should join it is not the next one"
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
    return ""


def _stale(override: Override, why: str, line: int) -> Caution:
    wanted = ", ".join(
        f"{name} {value}"
        for name, value in (
            ("kind", override.kind),
            ("merge with", override.merge_with),
            ("split at line", override.split_at),
            ("week", override.week),
            ("drop because", override.drop_because),
        )
        if value is not None
    )
    return Caution("stale-override", f"{override.block!r} ({wanted}): {why}", line, text=override.block)
