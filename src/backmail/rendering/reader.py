"""All that differs between two readers of a step, put together for one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from backmail.links import Links
from backmail.model.campaign import Campaign, Step
from backmail.model.message import Neighbour, Progress, Reader
from backmail.model.people import Subscriber
from backmail.rendering.phrases import phrases


def reader_for(
    campaign: Campaign,
    step: Step,
    subscriber: Subscriber,
    links: Links,
    delivery_ids: Mapping[str, str],
    *,
    beside: Sequence[int] = (),
    not_to_come: Collection[str] = (),
    last: dt.date | None = None,
) -> Reader:
    """Return a step's reader: the subscriber, her links, and the mails before and after in her own series.

    The mail before is the nearest one in the campaign's order that has a delivery: a step that was skipped is not
    spoken of. A link to the web view of a step that she never got leads to the view of this mail. Her number in the
    series is the step's, whatever was skipped: notes name mails by it.

    Args:
        campaign: the series.
        step: one of its steps.
        subscriber: who reads it.
        links: signs her links.
        delivery_ids: by step id, of this step and of those before it that she was handed; further ones do no harm.
        beside: the ids of her enrollment and of herself, where a database knows them: `Links.for_reader`.
        not_to_come: ids of later steps that she does not get any more: none of them is announced.
        last: the local date of her last mail, where that is so long ago that this one says so.

    Raises:
        TemplateError: the subject of a neighbour cannot be rendered.
    """
    steps = campaign.steps
    at = next(number for number, each in enumerate(steps) if each.id == step.id)
    own = delivery_ids[step.id]
    hers = links.for_reader(own, {each.id: delivery_ids.get(each.id, own) for each in steps}, beside)
    if campaign.system:  # what somebody typed into a form goes to no address before its owner has confirmed it
        subscriber = Subscriber(subscriber.email, language=subscriber.language)

    def neighbour(number: int, url: str) -> Neighbour:
        subject = _subject(campaign, steps[number], Reader(subscriber, hers, Progress(number + 1, len(steps))))
        return Neighbour(subject, steps[number].teaser or subject, url)

    before = next((number for number in range(at - 1, -1, -1) if steps[number].id in delivery_ids), None)
    after = next((number for number in range(at + 1, len(steps)) if steps[number].id not in not_to_come), None)
    progress = Progress(
        number=at + 1,
        total=len(steps),
        previous=None if before is None else neighbour(before, hers.views[steps[before].id]),
        next=None if after is None else neighbour(after, ""),
        after_break="" if last is None else _after_break(campaign, last),
        had=tuple(each.id for each in steps[:at] if each.id in delivery_ids),
    )
    return Reader(subscriber, hers, progress)


def _after_break(campaign: Campaign, last: dt.date) -> str:
    """Return the sentence that follows the greeting: "Hello Anna, your last mail came ..."."""
    words = phrases(campaign.language)
    said = words("after_break", date=words.date(last))
    begun = campaign.greeting.without.rstrip().endswith(",")
    return f" {said if begun else said[:1].upper() + said[1:]}"


def _subject(campaign: Campaign, step: Step, reader: Reader) -> str:
    """Return a step's subject as she gets it."""
    if "{" not in step.subject:
        return step.subject
    from backmail.rendering.script import subject_for  # jinja: most subjects need none, and sending starts quickly

    return subject_for(campaign, step, reader)
