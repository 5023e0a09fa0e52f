"""A plan made anew in which no block leaves a step that anybody got already."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from backmail.campaign import Settings
from backmail.campaign.base import GeneratedStep, PieceKind
from backmail.campaign.files import generate
from backmail.campaign.numbering import renumbered, with_numbers
from backmail.campaign.outline import first_words
from backmail.desk import outline, workshop
from backmail.desk.resplit.merging import same_blocks, with_known_ids
from backmail.errors import CampaignError, Fault, PlanRefused
from backmail.model.article import Article, Override, Source
from backmail.model.plan import Plan

__all__ = ["Pin", "Replanned", "replanned"]


@dataclass(frozen=True, slots=True)
class Pin:
    """A block that stays in a step that was sent: its present id, that step's, and the id of the one it would go to."""

    block: str
    stays: str
    away: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """An article and its new plan, whose steps have the permanent ids of those that they go on from.

    `steps` are as they are generated; `pins` the blocks that the plan would else take out of sent steps.
    """

    understood: workshop.Understood
    plan: Plan
    steps: Sequence[GeneratedStep]
    pins: tuple[Pin, ...] = ()


@dataclass(frozen=True, slots=True)
class _Need:
    """What planning needs, beside what changes from one attempt to the next."""

    base: Sequence[GeneratedStep]
    settings: Settings
    sent: Collection[str]
    taken: Collection[str]
    numbers: Sequence[tuple[str, str]]
    source_url: str
    added: Source | None


def replanned(
    understood: workshop.Understood,
    base: Sequence[GeneratedStep],
    settings: Settings,
    *,
    sent: Collection[str],
    taken: Collection[str],
    numbers: Sequence[tuple[str, str]],
    source_url: str,
) -> Replanned:
    """Return the plan of an article in which the blocks of sent steps stay where they are.

    Such a block gets an override for its week, in place of one that would take it elsewhere.

    Args:
        understood: the article, as its outline says.
        base: the steps as they were generated last.
        settings: what they are generated with.
        sent: the ids of those that somebody got.
        taken: the ids that no new step may have.
        numbers: the ids that blocks had last, each with a key of its text.
        source_url: where the article stands on the web.

    Raises:
        PlanRefused, SafetyStop: the outline does not work, with or without what has to stay.
        CampaignError: no plan leaves the sent steps as they are.
    """
    need = _Need(base, settings, sent, taken, numbers, source_url, settings.added_safety)
    made = _planned(understood, need)
    found = _leaving(made, need)
    if not found:
        return made
    pins = {pin.block: pin for pin in found}
    for some in (found, None):  # some of the sent blocks, as long as that will do; else all of them
        try:
            pinned = _pinned(made, some, pins, need)
        except PlanRefused as refused:
            if some is None:
                message = f"the blocks of mails that were sent stay in them, and so: {refused.faults[0].message}"
                raise PlanRefused(message, rule=refused.rule, nearest=refused.nearest) from refused
            continue
        if pinned:
            return replace(pinned, pins=tuple(pins.values()))
    raise CampaignError(Fault("no plan leaves the mails as they are that were sent already", hint="see outline.yaml"))


def _pinned(made: Replanned, found: Sequence[Pin] | None, pins: dict[str, Pin], need: _Need) -> Replanned | None:
    """Return the plan with blocks held in the weeks of sent steps; `found` None holds all blocks of these."""
    understood = made.understood
    for _ in need.base:
        held = _all_sent(understood, need) if found is None else [(pin.block, pin.stays) for pin in found]
        overrides = [_override(understood, block, _week(step, need)) for block, step in held]
        again = outline.corrected(understood.outline, overrides, understood.article)
        understood = workshop.understand(
            understood.article.source,
            again,
            understood.catalog,
            need.added,
            lexicons=understood.lexicons,
            ahead=understood.ahead,
            home=understood.home,
            campaign=understood.campaign,
        )
        made = _planned(understood, need)
        understood = made.understood
        left = _leaving(made, need)
        if not left:
            return made
        for pin in left:
            pins.setdefault(pin.block, pin)
        if found is None:
            return None
        found = left
    return None


def _all_sent(understood: workshop.Understood, need: _Need) -> list[tuple[str, str]]:
    """Return the blocks of sent steps that the article still has, each with its step."""
    present = {block.id for block in understood.article.blocks if block.in_mails and not block.file}
    sent = [step for step in need.base if step.id in need.sent]
    parts = [(part.piece, step.id) for step in sent for part in step.parts]
    return [(piece.block, id_) for piece, id_ in parts if piece.kind is PieceKind.BLOCK and piece.block in present]


def _week(step: str, need: _Need) -> int:
    """Return the week of a step as it was: what was sent keeps its place in the series."""
    return next(number for number, each in enumerate(need.base, 1) if each.id == step)


def _override(understood: workshop.Understood, block: str, week: int) -> Override:
    return Override(first_words(understood.article.block(block), understood.article.blocks), week=week)


def _planned(understood: workshop.Understood, need: _Need) -> Replanned:
    """Return a plan with permanent ids of steps and of blocks."""
    understood = replace(understood, article=with_numbers(understood.article, need.numbers))
    plan = understood.plan(need.source_url)
    settings = replace(need.settings, outline=understood.outline)
    again = _known_again(generate(understood.article, plan, settings), understood, need)
    if again is not understood.article:
        understood = replace(understood, article=again)
        plan = understood.plan(need.source_url)
    plan = with_known_ids(plan, need.base, need.taken)
    return Replanned(understood, plan, generate(understood.article, plan, settings))


def _known_again(made: Sequence[GeneratedStep], understood: workshop.Understood, need: _Need) -> Article:
    """Return an article whose blocks have the ids of those that they were, by their words in the mails."""
    now = {block: former for former, block in same_blocks(need.base, made).items()}
    return renumbered(understood.article, now, [id_ for id_, _ in need.numbers])


def _leaving(made: Replanned, need: _Need) -> list[Pin]:
    """Return the blocks that a plan takes out of sent steps."""
    home = {
        part.piece.block: step.id for step in made.steps for part in step.parts if part.piece.kind is PieceKind.BLOCK
    }
    return [
        Pin(part.piece.block, step.id, home[part.piece.block])
        for step in need.base
        if step.id in need.sent
        for part in step.parts
        if part.piece.kind is PieceKind.BLOCK and home.get(part.piece.block, step.id) != step.id
    ]
