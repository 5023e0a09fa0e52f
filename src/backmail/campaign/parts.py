"""A step's body, as somebody edited it, taken apart again into the pieces that backmail once put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from backmail.campaign.base import GeneratedStep, Part, Piece, PieceKind
from backmail.campaign.merge import merge_text
from backmail.markup import attribute, containers, fold
from backmail.markup.fences import CONTAINERS, FENCE, read_fence

__all__ = [
    "Held",
    "Taken",
    "as_it_stands",
    "bare",
    "heading",
    "lost",
    "merge_part",
    "taken_apart",
]

_NOTE = "note"
_HEADING = "## "
_ALIKE = 50.0  # of 100: a paragraph with less of another's words is another paragraph


@dataclass(frozen=True, slots=True)
class Held:
    """A piece as it stands in a step: its text, and what the marketer wrote of her own below it."""

    piece: Piece
    text: str
    own: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A body in its pieces, in order; `head` and `tail` are the marketer's own words above and below all of them."""

    held: tuple[Held, ...]
    head: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A container or a paragraph: `lines` are the first and behind the last one of its body, counted from 0."""

    text: str
    lines: tuple[int, int]
    piece: Piece | None = None


@dataclass(slots=True)
class _Found:
    """What was found of a piece so far: its chunks, and the marketer's own that follow."""

    piece: Piece
    chunks: list[_Chunk] = field(default_factory=list)
    own: list[_Chunk] = field(default_factory=list)


def taken_apart(step: GeneratedStep, body: str, known: Iterable[Piece], strays: Mapping[str, Piece]) -> Taken:
    """Return a step's body in pieces.

    Args:
        step: as it was generated.
        body: as it stands now, lines ending in \\n.
        known: the pieces of all steps: a container says by its id which one it is, wherever it was moved to.
        strays: paragraphs of pieces that are missing in their own steps, each with its piece: see `lost`.
    """
    chunks = _chunks(body)
    whose = _aligned(step, chunks)
    mine, all_ = set(whose), set(known)
    for index, chunk in enumerate(chunks):
        piece = chunk.piece if chunk.piece in all_ else strays.get(fold(chunk.text))
        if whose[index] is None and piece not in mine:
            whose[index] = piece
    return _grouped(body.split("\n"), chunks, whose)


def as_it_stands(id_: str, file: str, settings: str, body: str) -> GeneratedStep:
    """Return a step that nobody edited in the pieces that can be told apart: its containers, and each paragraph."""
    chunks = _chunks(body)
    loose = (Piece(PieceKind.BLOCK, f"{id_}-{number}") for number in range(1, len(chunks) + 1))
    parts = tuple(Part(chunk.piece or piece, chunk.text) for chunk, piece in zip(chunks, loose, strict=True))
    return GeneratedStep(id_, file, settings, parts)


def lost(step: GeneratedStep, taken: Taken) -> dict[str, Piece]:
    """Return the paragraphs of a step's loose blocks that stand in it no longer, each with its piece."""
    stand = {each.piece for each in taken.held}
    gone = [part for part in step.parts if part.piece.kind is PieceKind.BLOCK and part.piece not in stand]
    return {fold(chunk.text): part.piece for part in gone for chunk in _chunks(part.text) if chunk.piece is None}


def _chunks(body: str) -> list[_Chunk]:
    """Return the containers and paragraphs of a body, in order."""
    lines = body.split("\n")
    made: list[_Chunk] = []
    at = 0
    for each in containers(body, "", 1):
        made += _paragraphs(lines, at, each.start - 1)
        kind = PieceKind.NOTE if each.name == _NOTE else PieceKind.BLOCK
        made.append(_chunk(lines, each.start - 1, each.end, Piece(kind, each.id)))
        at = each.end
    return made + _paragraphs(lines, at, len(lines))


def _paragraphs(lines: Sequence[str], start: int, end: int) -> list[_Chunk]:
    made: list[_Chunk] = []
    begun: int | None = None
    for number in range(start, end + 1):
        filled = number < end and lines[number].strip() != ""
        if filled and begun is None:
            begun = number
        elif not filled and begun is not None:
            made.append(_chunk(lines, begun, number, None))
            begun = None
    return made


def _chunk(lines: Sequence[str], start: int, end: int, piece: Piece | None) -> _Chunk:
    return _Chunk("\n".join(lines[start:end]), (start, end), piece)


def _aligned(step: GeneratedStep, chunks: Sequence[_Chunk]) -> list[Piece | None]:
    """Return for each paragraph the piece of the step that it is of, or None: the alignment that is most alike in all.

    (Needleman and Wunsch's, with nothing to pay for what is left out.)
    """
    former = [(part.piece, chunk) for part in step.parts for chunk in _chunks(part.text)]
    best = [[0.0] * (len(chunks) + 1) for _ in range(len(former) + 1)]
    scores = [[_alike(old, new) for new in chunks] for _, old in former]
    for i in range(1, len(former) + 1):
        for j in range(1, len(chunks) + 1):
            score = scores[i - 1][j - 1]
            both = best[i - 1][j - 1] + score if score else 0.0
            best[i][j] = max(best[i - 1][j], best[i][j - 1], both)
    whose: list[Piece | None] = [None] * len(chunks)
    i, j = len(former), len(chunks)
    while i and j:
        score = scores[i - 1][j - 1]
        if score and best[i][j] == best[i - 1][j - 1] + score:
            i, j = i - 1, j - 1
            whose[j] = former[i][0]
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return whose


def _alike(old: _Chunk, new: _Chunk) -> float:
    """How much speaks for two chunks being one: 0 for nothing."""
    if old.piece or new.piece:  # containers are known by their ids
        return 0.0
    ratio = 100.0 if old.text == new.text else fuzz.ratio(fold(old.text), fold(new.text))
    return ratio / 100 if ratio >= _ALIKE else 0.0


def _grouped(lines: Sequence[str], chunks: Sequence[_Chunk], whose: Sequence[Piece | None]) -> Taken:
    """Return the pieces that chunks are of; what is nobody's belongs to what stands above it."""
    found: dict[Piece, _Found] = {}
    head: list[_Chunk] = []
    current: _Found | None = None
    for chunk, piece in zip(chunks, whose, strict=True):
        if piece is None:
            (current.own if current else head).append(chunk)
            continue
        each = found.setdefault(piece, _Found(piece))
        if each is current and each.own:  # it stands between two paragraphs of one piece
            each.chunks += each.own
            each.own = []
        each.chunks.append(chunk)
        current = each
    tail: list[_Chunk] = []
    if current:
        tail, current.own = current.own, []
    held = tuple(Held(each.piece, _text(lines, each.chunks), _text(lines, each.own)) for each in found.values())
    return Taken(held, _text(lines, head), _text(lines, tail))


def _text(lines: Sequence[str], chunks: Sequence[_Chunk]) -> str:
    """Return the lines of chunks, with the blank ones between them as they are where nothing else stands there."""
    made = ""
    for chunk, before in zip(chunks, (None, *chunks), strict=False):
        between = lines[before.lines[1] : chunk.lines[0]] if before else []
        blank = before is not None and between and not any(line.strip() for line in between)
        made += ("\n" * (len(between) + 1) if blank else "\n\n" if before else "") + chunk.text
    return made


def bare(text: str) -> str:
    """Return the words of a piece in one line, without its fences: by them a block is known again under another id."""
    return fold(_opened(text)[1]).casefold()


def heading(text: str) -> str:
    """Return the heading that a piece begins with, "" for none."""
    first = _opened(text)[1].partition("\n")[0]
    return fold(first.removeprefix(_HEADING)) if first.startswith(_HEADING) else ""


def merge_part(base: str, ours: str, theirs: str) -> tuple[str, int]:
    """Return a piece merged from its three forms, and the number of conflicts marked in it.

    Fences are merged setting by setting, where the marketer's word stands; a mark of a conflict stands inside them.
    """
    if theirs in (base, ours):
        return ours, 0
    if ours == base:
        return theirs, 0
    fences, inner = zip(*(_opened(each) for each in (base, ours, theirs)), strict=True)
    text, conflicts = merge_text(*inner)
    fence = _fence(*fences)
    return (f"{fence}\n{text}\n:::" if fence else text), conflicts


def _opened(text: str) -> tuple[str, str]:
    """Return the fence of a piece, "" for none, and what stands inside."""
    lines = text.split("\n")
    if not FENCE.match(lines[0]) or read_fence(lines[0].rstrip()).name not in CONTAINERS:
        return "", text
    return lines[0], "\n".join(lines[1:-1])


def _fence(base: str, ours: str, theirs: str) -> str:
    """Return the fence of a merged piece. Ids are backmail's affair, and so is which step a note repeats."""
    if ours == base or not ours:
        return theirs
    if not theirs or not base:
        return theirs or ours
    old, mine, new = (read_fence(each.rstrip()) for each in (base, ours, theirs))
    name = new.name if mine.name == old.name else mine.name
    given = {}
    for key in dict.fromkeys((*mine.attributes, *new.attributes)):
        was, is_, will = (each.attributes.get(key) for each in (old, mine, new))
        value = will if is_ == was or key == "id" or (name == _NOTE and key == "repeats") else is_
        if value is not None and (key in new.attributes or new.name == mine.name):
            given[key] = value
    if mine.name == name and dict(mine.attributes) == given:
        return ours
    return _written(name, given)


def _written(name: str, attributes: Mapping[str, str]) -> str:
    return f"::: {name}" + "".join(attribute(key, value) for key, value in attributes.items())
