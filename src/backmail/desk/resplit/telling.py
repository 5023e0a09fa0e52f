"""What a merge does, in plain words: step by step, whom it meets, and what else there is to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backmail.campaign.base import Piece, PieceKind
from backmail.campaign.merge import marked_lines
from backmail.campaign.parts import bare, heading
from backmail.desk.resplit.merging import WovenStep
from backmail.desk.resplit.rewriting import Rewriting
from backmail.desk.summary import counted

__all__ = ["Changed", "changed", "notes", "people"]

_SHOWN = 40  # characters of a block's first words


@dataclass(frozen=True, slots=True)
class Changed:
    """One step that a merge touches: its file afterwards, that before ("" for none), and what happens to it."""

    file: str
    before: str
    what: tuple[str, ...]


def changed(rewriting: Rewriting) -> Iterator[Changed]:
    """Give the steps that are touched, in order, and then those that go."""
    for step in rewriting.steps:
        ours, file = rewriting.ours.get(step.id), rewriting.names[step.id]
        text = rewriting.texts[step.id]
        if ours is None or ours.raw != text or ours.file != file:
            yield Changed(file, ours.file if ours else "", tuple(_what(rewriting, step)))
    for gone in rewriting.removed:
        yield Changed("", gone.file, ("it has no blocks any longer",))


def _what(rewriting: Rewriting, step: WovenStep) -> Iterator[str]:
    """Give what happens to a step."""
    names = _names(rewriting)
    if step.id not in rewriting.ours:
        yield "a new mail"
    for each in rewriting.woven.moved:
        if each.after == step.id:
            whence = f" comes from {rewriting.base[each.before].file}" if each.before else " is new"
            yield names[each.piece] + whence
        elif each.before == step.id:
            yield f"{names[each.piece]} goes to {rewriting.names[each.after]}"
    for each in rewriting.woven.gone:
        if each.before == step.id:
            yield f"{names[each.piece]} goes: {_why(rewriting, each.piece)}"
    if step.body is not None and step.id in rewriting.ours:
        yield from _read(step, names)
    if step.id in rewriting.ours and rewriting.follows(step.id):
        kept = list(rewriting.unlike(step.id))
        if kept:
            yield f"your {', '.join(kept)} {'stays' if len(kept) == 1 else 'stay'}"


def _read(step: WovenStep, names: Mapping[Piece, str]) -> Iterator[str]:
    """Give what a step says otherwise."""
    conflicts = sum(sign == "<" for _, sign in marked_lines(step.body or ""))
    if conflicts:
        yield f"{counted(conflicts, 'conflict')} to decide"
    elif step.otherwise:
        follow = "follows" if len(step.otherwise) == 1 else "follow"
        yield f"{', '.join(names[each] for each in step.otherwise)} {follow} the article"


def _why(rewriting: Rewriting, piece: Piece) -> str:
    """Return why a block stands in no mail any longer."""
    dropped = (drop for each in rewriting.again for drop in each.plan.dropped)
    reason = next((drop.reason for drop in dropped if drop.block == piece.block), "")
    return f"left out, {reason}" if reason else "the article has it no longer"


def people(rewriting: Rewriting) -> Iterator[str]:
    """Give whom the new plan meets on their way: who would read a block twice, who misses one, who reads it otherwise.

    What somebody got is read otherwise by those alone who get it later.
    """
    names, far = _names(rewriting), rewriting.reached
    for pin in rewriting.pins:
        name = names[Piece(PieceKind.BLOCK, pin.block)]
        twice = far.between(pin.stays, pin.away)
        file = rewriting.names.get(pin.stays, pin.stays)
        yield (
            f"{name} stays in {file}, which {_people(far.sent[pin.stays])} got: moved, it would be read twice by "
            f"{_people(twice)} on the way"
        )
    for each in rewriting.woven.moved:
        missed = sum(count for got, count in far.walks if each.after in got and each.before not in got)
        if missed:
            yield f"{_people(missed)} got {rewriting.names[each.after]} already and will not read {names[each.piece]}"
        twice = far.between(each.before, each.after) if each.before else 0
        if twice:
            file = rewriting.base[each.before].file
            yield f"{_people(twice)} got {file} already and will read {names[each.piece]} twice"
    for each in rewriting.woven.gone:
        if each.before in far.sent:
            yield f"{_later(rewriting, each.before)} without {names[each.piece]}"
    for step in rewriting.steps:
        if step.id in far.sent and step.otherwise:
            yield f"{_later(rewriting, step.id)} with another {', '.join(names[each] for each in step.otherwise)}"


def _later(rewriting: Rewriting, id_: str) -> str:
    """Return who got a step as it was, and who reads it, as the beginning of a sentence."""
    far = rewriting.reached
    file = rewriting.names.get(id_) or rewriting.ours[id_].file
    ahead = sum(count for got, count in far.walks if id_ not in got)
    who = f"whoever gets it later ({_people(ahead)} on the way so far)" if ahead else "whoever gets it later"
    return f"{_people(far.sent[id_])} got {file} as it was; {who} reads it"


def notes(rewriting: Rewriting) -> Iterator[str]:
    """Give what else a person should know."""
    names = _names(rewriting)
    for each in rewriting.left:
        if each.id in rewriting.reached.sent:
            why = f"{_people(rewriting.reached.sent[each.id])} got it"
        else:
            why = "it is published" if each.id in rewriting.reached.published else "you wrote in it"
        file = rewriting.names[each.id]
        yield f"{file} has no blocks any longer, and stays because {why}: delete it if nobody needs it"
    for piece in rewriting.woven.absent:
        yield f"{names[piece]} stays out of the mails: you took it out; `backmail outline` has --drop for that"
    for step in rewriting.steps:
        for piece in step.kept:
            file = rewriting.names[step.id]
            yield f"{file}: {names[piece]} stays as you wrote it, and the article says something else now"


def _names(rewriting: Rewriting) -> Mapping[Piece, str]:
    """Return how each block is called: by its heading, else its first words."""
    found: dict[Piece, str] = {}
    for step in (*rewriting.theirs.values(), *rewriting.base.values()):
        for part in step.parts:
            found.setdefault(part.piece, _name(part.text))
    for each in rewriting.woven.moved:
        found.setdefault(each.piece, "a block that the article has no longer")
    return found


def _name(text: str) -> str:
    words = heading(text) or bare(text)
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + '…'}”"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
