"""Three forms of a series made one: as backmail generated it, as the marketer made it, as backmail generates it now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from backmail.campaign.base import GeneratedStep, Part, Piece, PieceKind
from backmail.campaign.merge import MINE, NEW, merge_order
from backmail.campaign.parts import Held, Taken, bare, heading, lost, merge_part, taken_apart
from backmail.model.plan import Plan

__all__ = ["Moved", "Woven", "WovenStep", "same_blocks", "same_steps", "weave", "with_known_ids"]

_ALIKE = 60.0  # of 100: a block with less of another's words is another block
_HEADED = 25.0  # what the same heading counts beside that


@dataclass(frozen=True, slots=True)
class Moved:
    """A block that stands elsewhere than before: the ids of the steps it comes from and goes to, "" for none."""

    piece: Piece
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WovenStep:
    """One step of the merged series.

    Attributes:
        id: its permanent id.
        body: its Markdown, None where it stays as it is.
        follows: whether it was generated from other blocks or texts than before: then its settings follow too.
        own: whether something stands in it that only the marketer can have written.
        kept: the pieces in which her word stands though backmail generates another.
        otherwise: the blocks that stood in it already, and read otherwise now.
    """

    id: str
    body: str | None
    follows: bool
    own: bool
    pieces: tuple[Piece, ...]
    kept: tuple[Piece, ...] = ()
    otherwise: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Woven:
    """The merged series.

    Attributes:
        order: the ids of all steps in order, those that the marketer added among them.
        steps: the steps that hold blocks, or were never made by backmail; `empty` are the others.
        moved: the blocks that stand in another step than before.
        gone: those that stand in no step any longer: the article has them no more, or they were left out.
        absent: those of the article that the marketer took out of her mails.
    """

    order: tuple[str, ...]
    steps: tuple[WovenStep, ...]
    empty: tuple[WovenStep, ...]
    moved: tuple[Moved, ...]
    gone: tuple[Moved, ...]
    absent: tuple[Piece, ...]


def same_blocks(base: Sequence[GeneratedStep], theirs: Sequence[GeneratedStep]) -> dict[str, str]:
    """Return the ids of blocks as they are now by their former ones; a block that is gone has none.

    A block is known again by its words: ids are its numbers in the article, and another paragraph above changes them.
    """
    old, new = _blocks(base), _blocks(theirs)
    found: dict[str, str] = {}
    for block, text in old.items():
        twin = next((each for each, other in new.items() if other == text and each not in found.values()), None)
        if twin:
            found[block] = twin
    scored = [
        (score, -abs(at - index), block, each)
        for at, (block, text) in enumerate(old.items())
        for index, (each, other) in enumerate(new.items())
        if block not in found and each not in found.values() and (score := _alike(text, other)) >= _ALIKE
    ]
    for _, _, block, each in sorted(scored, reverse=True):
        if block not in found and each not in found.values():
            found[block] = each
    return found


def _blocks(steps: Sequence[GeneratedStep]) -> dict[str, tuple[str, str]]:
    """Return heading and words of each block by its id, in the order of the ids: that of the article."""
    parts = [part for step in steps for part in _held(step)]
    return {part.piece.block: (heading(part.text), bare(part.text)) for part in sorted(parts, key=_by_id)}


def _by_id(part: Part) -> tuple[int, str]:
    return len(part.piece.block), part.piece.block


def _alike(one: tuple[str, str], other: tuple[str, str]) -> float:
    headed = one[0] != "" and one[0] == other[0]
    return float(fuzz.ratio(one[1], other[1])) + (_HEADED if headed else 0.0)


def same_steps(base: Sequence[GeneratedStep], theirs: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return the permanent ids of new steps by their positions: each has that of the step whose blocks it holds.

    Args:
        base: the former steps.
        theirs: of each new step its blocks.
    """
    shared = []
    for at, step in enumerate(base):
        words = {part.piece.block: len(part.text.split()) for part in _held(step)}
        for index, held in enumerate(theirs):
            if count := sum(words.get(block, 0) for block in held):
                shared.append((-count, abs(at - index), index, step.id))
    found: dict[int, str] = {}
    for _, _, index, id_ in sorted(shared):
        if index not in found and id_ not in found.values():
            found[index] = id_
    return found


def with_known_ids(plan: Plan, base: Sequence[GeneratedStep], taken: Collection[str] = ()) -> Plan:
    """Return a plan whose steps have the permanent ids of those that they go on from; others get ids that are free.

    Args:
        plan: over the weeks of an article whose blocks have their lasting ids.
        base: the steps as they were generated last.
        taken: the ids that no new step may have.
    """
    known = same_steps(base, [step.blocks for step in plan.steps])
    made: list[str] = []
    for index, step in enumerate(plan.steps):
        id_, number = known.get(index, step.slug), 2
        while index not in known and (id_ in taken or id_ in made or id_ in known.values()):
            id_, number = f"{step.slug}-{number}", number + 1
        made.append(id_)
    return replace(plan, steps=tuple(replace(step, slug=id_) for step, id_ in zip(plan.steps, made, strict=True)))


def _held(step: GeneratedStep) -> list[Part]:
    """Return the parts of a step that are blocks of the article."""
    return [part for part in step.parts if part.piece.kind is PieceKind.BLOCK]


@dataclass(frozen=True, slots=True)
class _Key:
    """A piece of the series: blocks stand in it once, notes and links once in each step."""

    piece: Piece
    step: str = ""


@dataclass(slots=True)
class _Form:
    """One of the three forms of a series: what each step holds in its order, and where each piece is."""

    order: dict[str, list[_Key]] = field(default_factory=dict)
    home: dict[_Key, str] = field(default_factory=dict)
    held: dict[_Key, Held] = field(default_factory=dict)

    def put(self, step: str, pieces: Iterable[Held]) -> None:
        """Put the pieces of a step."""
        self.order.setdefault(step, [])
        for each in pieces:
            key = _Key(each.piece, "" if each.piece.kind is PieceKind.BLOCK else step)
            if key not in self.home:
                self.order[step].append(key)
                self.home[key] = step
                self.held[key] = each


@dataclass(frozen=True, slots=True)
class _Merged:
    """A piece of the merged series, and whether the marketer's word stands in it against a new one."""

    text: str
    own: str
    kept: bool = False


def weave(
    base: Sequence[GeneratedStep], bodies: Mapping[str, str], order: Sequence[str], theirs: Sequence[GeneratedStep]
) -> Woven:
    """Return the series with what both sides changed.

    Args:
        base: the steps as backmail generated them last. A block has one id, in them and in `theirs`.
        bodies: their bodies as they stand now, by their ids; those of steps that the marketer added are passed over.
        order: the ids of all steps in the order in which they stand now.
        theirs: the steps as backmail generates them now, with the permanent ids of those that go on.

    Raises:
        CampaignError: a container of a body cannot be used.
    """
    taken = _taken(base, bodies)
    old, mine, new = _Form(), _Form(), _Form()
    for step in base:
        old.put(step.id, (Held(part.piece, part.text) for part in step.parts))
    for id_, body in taken.items():
        mine.put(id_, body.held)
    for step in theirs:
        new.put(step.id, (Held(part.piece, part.text) for part in step.parts))
    keys = list(dict.fromkeys((*old.home, *mine.home, *new.home)))
    merged = {key: each for key in keys if (each := _merged(key, old, mine, new)) is not None}
    homes = {key: _home(key, old, mine, new) for key in merged}
    ids_now = _order(old, new, order, homes)
    woven = [_step(id_, taken.get(id_), merged, homes, (old, mine, new)) for id_ in ids_now]
    moved = [
        Moved(key.piece, old.home.get(key, ""), home)
        for key, home in homes.items()
        if key.piece.kind is PieceKind.BLOCK and mine.home.get(key, old.home.get(key, "")) != home
    ]
    gone = [
        Moved(key.piece, home, "")
        for key, home in mine.home.items()
        if key.piece.kind is PieceKind.BLOCK and key not in new.home and not (key in merged and merged[key].text)
    ]
    absent = [key.piece for key in new.home if key.piece.kind is PieceKind.BLOCK and key not in merged]
    full = [
        each
        for each in woven
        if any(piece.kind is PieceKind.BLOCK for piece in each.pieces) or each.id not in old.order
    ]
    empty = [each for each in woven if each not in full]
    return Woven(tuple(ids_now), tuple(full), tuple(empty), tuple(moved), tuple(gone), tuple(absent))


def _taken(base: Sequence[GeneratedStep], bodies: Mapping[str, str]) -> dict[str, Taken]:
    """Return the bodies as they stand, in pieces."""
    known = {part.piece for step in base for part in step.parts}
    strays: dict[str, Piece] = {}
    for step in base:
        if step.id in bodies:
            strays |= lost(step, taken_apart(step, bodies[step.id], known, {}))
    return {step.id: taken_apart(step, bodies[step.id], known, strays) for step in base if step.id in bodies}


def _merged(key: _Key, old: _Form, mine: _Form, new: _Form) -> _Merged | None:
    """Return what becomes of a piece; None where it is in no mail any longer."""
    base, ours, theirs = (form.held.get(key) for form in (old, mine, new))
    if ours and theirs:
        was = base.text if base else ""
        text, conflicts = merge_part(was, ours.text, theirs.text)
        kept = bool(base) and not conflicts and was != theirs.text != ours.text == text
        return _Merged(text, ours.own, kept)
    if ours:
        return _without_new(base, ours)
    if base is None or theirs is None:
        return _Merged(theirs.text, "") if theirs else None
    return None if theirs.text == base.text else _Merged(f"{MINE}\n=======\n{theirs.text}\n{NEW}", "")


def _without_new(base: Held | None, ours: Held) -> _Merged | None:
    """Return what becomes of a piece that is not generated any longer: a note of hers stays, and what she edited."""
    if base is None:
        return _Merged(ours.text, ours.own)
    if ours.text != base.text:
        return _Merged(f"{MINE}\n{ours.text}\n=======\n{NEW}", ours.own)
    return _Merged("", ours.own) if ours.own else None


def _home(key: _Key, old: _Form, mine: _Form, new: _Form) -> str:
    """Return the step that a piece stands in: where the marketer put it, else where it is generated."""
    before, ours, theirs = (form.home.get(key) for form in (old, mine, new))
    if ours is None or (theirs is not None and ours == before):
        return theirs or ours or before or ""
    return ours


def _order(old: _Form, new: _Form, order: Sequence[str], homes: Mapping[_Key, str]) -> list[str]:
    """Return the ids of the steps in order: those that there are, and those that are new."""
    among = dict.fromkeys((*new.order, *order))
    wanted = [id_ for id_ in among if id_ in order or id_ in homes.values()]
    known = [id_ for id_ in old.order if id_ in order]
    as_it_was = [id_ for id_ in order if id_ in known] == known
    return merge_order(order if as_it_was else known, order, list(new.order), wanted)


def _step(
    id_: str,
    taken: Taken | None,
    merged: Mapping[_Key, _Merged],
    homes: Mapping[_Key, str],
    forms: tuple[_Form, _Form, _Form],
) -> WovenStep:
    """Return one step of the merged series."""
    old, mine, new = (form.order.get(id_, []) for form in forms)
    wanted = [key for key, home in homes.items() if home == id_]
    order = merge_order(old, mine, new, wanted)
    was = [(key, forms[1].held[key].text, forms[1].held[key].own) for key in mine]
    will = [(key, merged[key].text, merged[key].own) for key in order]
    parts = [part for key in order for part in (merged[key].text, merged[key].own) if part]
    taken = taken or Taken(())
    body = "\n\n".join(part for part in (taken.head, *parts, taken.tail) if part)
    generated = [[(key, form.held[key].text) for key in form.order.get(id_, [])] for form in (forms[0], forms[2])]
    own = bool(taken.head or taken.tail or any(merged[key].own for key in order))
    kept = tuple(key.piece for key in order if merged[key].kept)
    pieces = tuple(key.piece for key in order if merged[key].text)
    otherwise = tuple(
        key.piece
        for key in order
        if key in mine and key.piece.kind is PieceKind.BLOCK and merged[key].text not in ("", forms[1].held[key].text)
    )
    follows = generated[0] != generated[1]
    return WovenStep(id_, None if was == will else body, follows, own, pieces, kept, otherwise)
