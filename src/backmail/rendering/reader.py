"""All that differs between two readers of a step, put together for one of them."""

from __future__ import annotations

from collections.abc import Mapping

from backmail.links import Links
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Neighbour, Progress, Reader
from backmail.model.people import Subscriber
from backmail.rendering.script import subject_for


def reader_for(
    campaign: Campaign, step: Step, subscriber: Subscriber, links: Links, delivery_ids: Mapping[str, str]
) -> Reader:
    """Return a step's reader: the subscriber, her links, and the mails before and after in the campaign's order.

    Args:
        campaign: the series.
        step: one of its steps.
        subscriber: who reads it.
        links: signs her links.
        delivery_ids: by step id, of every step of the campaign.

    Raises:
        TemplateError: the subject of a neighbour cannot be rendered.
    """
    steps = campaign.steps
    at = next(number for number, each in enumerate(steps) if each.id == step.id)
    hers = links.for_reader(delivery_ids[step.id], delivery_ids)

    def neighbour(number: int, url: str) -> Neighbour:
        subject = subject_for(campaign, steps[number], Reader(subscriber, hers, Progress(number + 1, len(steps))))
        return Neighbour(subject, steps[number].teaser or subject, url)

    progress = Progress(
        number=at + 1,
        total=len(steps),
        previous=neighbour(at - 1, hers.views[steps[at - 1].id]) if at else None,
        next=neighbour(at + 1, "") if at + 1 < len(steps) else None,
    )
    return Reader(subscriber, hers, progress)
