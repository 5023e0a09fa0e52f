"""The articles of a series planned anew, one behind the other; where each stands is said by the mails as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backmail.campaign import Settings
from backmail.campaign.base import GeneratedStep, PieceKind, read_numbers
from backmail.campaign.chapters import home_of
from backmail.desk import into, workshop
from backmail.desk.resplit.pinning import Replanned, replanned
from backmail.desk.resplit.rewriting import data_of
from backmail.model.campaign import Campaign, Step
from backmail.model.plan import Ahead

__all__ = ["Standpoint", "plans"]


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What plans are made from: a campaign, and the steps of each of its articles as they were generated last.

    `sent` are the ids of the steps that somebody got.
    """

    campaign: Campaign
    bases: Sequence[Sequence[GeneratedStep]]
    sent: Collection[str]

    @property
    def base(self) -> tuple[GeneratedStep, ...]:
        """The steps of all articles as they were generated last."""
        return tuple(step for each in self.bases for step in each)


def plans(
    articles: Sequence[workshop.Understood], settings: Sequence[Settings], standpoint: Standpoint
) -> tuple[Replanned, ...]:
    """Return the new plan of each article of a campaign; see `pinning.replanned`.

    Args:
        articles: all of them, in order, as their outlines say.
        settings: what each is generated with.
        standpoint: what they are made from.

    Raises:
        PlanRefused, SafetyStop: an outline does not work, with or without what has to stay.
        CampaignError: no plan leaves the sent steps as they are.
    """
    campaign, made = standpoint.campaign, list[Replanned]()
    taken = {*(step.id for step in campaign.steps), *(step.id for step in standpoint.base)}
    ahead = Ahead()
    for number, (understood, its) in enumerate(zip(articles, settings, strict=True), 1):
        again = replanned(
            replace(understood, ahead=_as_it_stands(ahead, number, standpoint) if made else ahead),
            standpoint.bases[number - 1],
            its,
            sent=standpoint.sent,
            taken={*taken, *(step.slug for each in made for step in each.plan.steps)},
            numbers=read_numbers(_home(campaign, number)),
            source_url=campaign.source_url,
        )
        made.append(again)
        ahead = workshop.following(ahead, again.understood.article, again.plan)
    return tuple(made)


def _home(campaign: Campaign, number: int) -> Path:
    return campaign.folder / home_of(number)


def _as_it_stands(ahead: Ahead, number: int, standpoint: Standpoint) -> Ahead:
    """Return what stands ahead of an article with what the marketer made of it: her mails, her words, her moves.

    A proposal that she wrote over may be made once more; what she wrote may not.
    """
    steps = standpoint.campaign.steps
    base = {step.id: step for step in standpoint.base}
    behind = {step.id for each in standpoint.bases[number - 1 :] for step in each}
    first = next((place for place, step in enumerate(steps) if step.id in behind), len(steps))
    there = {step.id: step for step in steps if step.id not in behind}
    added = [step for step in steps[:first] if step.id not in base]
    planned = [id_ for id_ in ahead.steps if id_ in there or id_ not in base]
    said = {name: tuple(_said(name, ahead, base, there)) for name in ("subject", "preheader")}
    return replace(
        ahead,
        steps=(*planned, *(step.id for step in added)),
        subjects=said["subject"],
        preheaders=said["preheader"],
        told_in=_told_in(ahead, standpoint),
    )


def _said(name: str, ahead: Ahead, base: dict[str, GeneratedStep], there: dict[str, Step]) -> Iterator[str]:
    """Give the subjects or preheaders of the mails ahead: what is proposed for them, or what she wrote there."""
    proposed = dict(zip(ahead.steps, ahead.subjects if name == "subject" else ahead.preheaders, strict=True))
    for id_ in dict.fromkeys((*proposed, *there)):
        stands = str(getattr(there[id_], name)) if id_ in there else ""
        was = data_of(base[id_].settings).get(name) if id_ in base else None
        if id_ in proposed and stands in ("", was):
            yield proposed[id_]
        if stands and stands != proposed.get(id_):
            yield stands


def _told_in(ahead: Ahead, standpoint: Standpoint) -> str:
    """Return the id of the mail with the safety text ahead: that of the plan, unless somebody moved it elsewhere."""
    if ahead.reminder is None:
        return ""
    held = ahead.reminder.block
    was = next((step.id for step in standpoint.base if _holds(step, held)), "")
    stands = into.told_in(standpoint.campaign, ahead.reminder)
    return stands if stands not in ("", was) else ahead.told_in


def _holds(step: GeneratedStep, block: str) -> bool:
    return any(part.piece.kind is PieceKind.BLOCK and part.piece.block == block for part in step.parts)
