"""What `check` says of a draft, worked out again only where a change concerns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from backmail.campaign.lint import judge_files
from backmail.desk import check
from backmail.desk.preview.bench import Bench
from backmail.desk.preview.findings import Findings, Heaviest
from backmail.desk.preview.matter import Articles, Matter
from backmail.errors import Fault, InputError
from backmail.model.campaign import Campaign, Finding, Severity
from backmail.model.people import Subscriber
from backmail.rendering.lint import judge_series

__all__ = ["findings"]

_LONGEST = "somebody with very long names"


def findings(matter: Matter, articles: Articles, wanted: Callable[[], bool]) -> Findings | None:
    """Return what `check` finds, or None when it was not wanted to the end.

    Files that cannot be used are findings as well; what was last good in their place is not judged.

    Args:
        matter: what is checked.
        articles: keeps what the article was understood as.
        wanted: asked between mails.
    """
    unusable = list(_unusable(matter))
    campaign = matter.reading.campaign
    if campaign is None:
        return Findings(tuple(check.in_order(matter.slug, unusable)))
    people = check.readers(matter.people)
    mails = []
    for subscriber in people:
        for bench in matter.benches.values():
            if not wanted():
                return None
            mails.append(bench.judge(subscriber))
    found = [
        *judge_files(campaign, matter.project.config.company),
        *judge_series(campaign),
        *_against_the_article(campaign, matter, articles),
        *check.of_mails(matter.project, mails),
    ]
    broken = {finding.place.file for finding in unusable if finding.place}
    standing = [each for each in found if not (each.place and each.place.file in broken)]
    return Findings(tuple(check.in_order(matter.slug, [*unusable, *standing])), _heaviest(matter.benches, people))


def _unusable(matter: Matter) -> Iterator[Finding]:
    """Give the faults of files as findings."""
    about: Sequence[tuple[str, tuple[Fault, ...]]] = [
        ("", (*matter.faults, *matter.reading.faults)),
        *((step.name, step.faults) for step in matter.reading.steps),
    ]
    for step, faults in about:
        for fault in faults:
            yield Finding(
                "file-unusable", Severity.ERROR, fault.message, matter.slug, step, place=fault.place, hint=fault.hint
            )


def _against_the_article(campaign: Campaign, matter: Matter, articles: Articles) -> list[Finding]:
    """Return what differs from the article; nothing where a step is left out, whose blocks would all be missing."""
    if not campaign.article or len(campaign.steps) != len(matter.reading.steps):
        return []
    try:
        understood = articles.of(campaign, matter)
    except InputError as error:
        told = {fault.place.file for fault in matter.reading.faults if fault.place}
        return [
            Finding("file-unusable", Severity.ERROR, fault.message, place=fault.place, hint=fault.hint)
            for fault in error.faults
            if not (fault.place and fault.place.file in told)
        ]
    return check.differences(campaign, understood)


def _heaviest(benches: Mapping[str, Bench], people: Sequence[Subscriber]) -> dict[str, Heaviest]:
    """Return the heaviest mail of each step that can be rendered for anybody."""
    heaviest: dict[str, Heaviest] = {}
    for step, bench in benches.items():
        for subscriber in people:
            try:
                size = len(bench.message(subscriber).part("html").encode("utf-8", "replace"))
            except InputError:
                continue
            if step not in heaviest or size > heaviest[step].size:
                heaviest[step] = Heaviest(size, _called(subscriber))
    return heaviest


def _called(subscriber: Subscriber) -> str:
    if subscriber is check.LONG:
        return _LONGEST
    return subscriber.mailbox.name or subscriber.name
