"""`backmail check`: every rule over a campaign's files, its finished mails, and the article that it is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from backmail import campaign as campaigns
from backmail.campaign.base import read_base
from backmail.campaign.chapters import Chapter
from backmail.campaign.lint import judge_files
from backmail.campaign.outline import FILE as OUTLINE
from backmail.config import Project
from backmail.desk import workshop
from backmail.desk.render import Renderer, people_of
from backmail.desk.resplit.merging import with_known_ids
from backmail.desk.sharpness import sharpness
from backmail.desk.stale import stale
from backmail.errors import BackmailError, CampaignError, Fault, Place, PlanRefused, SafetyStop, TemplateError
from backmail.model.campaign import Campaign, Finding, Severity, Step
from backmail.model.people import Subscriber
from backmail.model.plan import Ahead
from backmail.rendering.lint import distinct, judge, judge_series
from backmail.rendering.lint.links import NOT_PUBLIC
from backmail.rendering.palette import adjusted

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

# Whom the people of people/ may leave out: nothing known but the address, and every field as long as it may get.
_LONG_VALUE = 60
_BARE = Subscriber("a@example.org", name="nobody-known")
LONG = Subscriber(
    f"{'l' * 64}@{'d' * 60}.example.org", "F" * 60, "L" * 60, timezone="America/Argentina/ComodRivadavia", name="long"
)


def check(campaign: Campaign, project: Project, today: dt.date | None = None) -> list[Finding]:
    """Return all that is wrong with a campaign, errors first, then by file and line.

    Args:
        campaign: as it was read.
        project: what it belongs to.
        today: what has grown old is told as of then; None: it is not told.

    Raises:
        InputError: a file beside the campaign (the article, outline.yaml, people/) cannot be used.
    """
    found = [
        *judge_files(campaign, project.config.company),
        *judge_series(campaign),
        *against_the_article(campaign, project),
        *mails(campaign, project),
    ]
    if today:
        articles = [each.article for each in workshop.articles_of(campaign, project)]
        found += stale(campaign, articles, project, today)
    return in_order(campaign.slug, found)


def in_order(slug: str, found: Iterable[Finding]) -> list[Finding]:
    """Return what was found about a campaign, each cause once, errors first, then by file and line."""
    return sorted(distinct(replace(finding, campaign=slug) for finding in found), key=_key)


def against_the_article(campaign: Campaign, project: Project) -> list[Finding]:
    """Return what differs between the folder and its articles, understood anew: coverage.json is not believed."""
    return differences(campaign, workshop.articles_of(campaign, project)) if campaign.article else []


def differences(campaign: Campaign, understood: Sequence[workshop.Understood]) -> list[Finding]:
    """Return what differs between the folder and its articles (all of them, in order) as they were understood."""
    chapters: list[Chapter] = []
    refusals: list[Finding] = []
    stale: list[Finding] = []
    ahead = Ahead()
    for each, name in zip(understood, campaign.articles, strict=True):
        folder = (campaign.folder / name).parent
        try:
            plan = replace(each, ahead=ahead).plan(campaign.source_url)
        except (PlanRefused, SafetyStop) as refused:
            refusals += [_refused(fault, Place(str(folder / OUTLINE))) for fault in refused.faults]
            continue
        plan = with_known_ids(plan, read_base(folder) or ())
        chapters.append(Chapter(each.article, plan, each.outline))
        ahead = workshop.following(ahead, each.article, plan)
        stale += _stale(each, folder)
    if refusals:
        return refusals
    first = chapters[0]
    return [*campaigns.compare(campaign, first.article, first.plan, first.outline, chapters[1:]), *stale]


def _refused(fault: Fault, place: Place) -> Finding:
    return Finding("plan-refused", Severity.ERROR, fault.message, place=place, hint=fault.hint)


def _stale(understood: workshop.Understood, folder: Path) -> Iterator[Finding]:
    """Yield the overrides that fit no block any longer."""
    stale = [(number, each) for number, each in enumerate(understood.article.decisions) if each.stale]
    places = campaigns.override_places(folder) if stale else []
    hint = "say it again with `backmail outline`, or take it away: --forget 'first words'"
    for number, each in stale:
        yield Finding("stale-override", Severity.WARNING, each.complaint, place=places[number], hint=hint)


def mails(campaign: Campaign, project: Project) -> list[Finding]:
    """Return what is wrong with the finished mails, as each sample person and the barest and longest one get them."""
    renderer = Renderer(on_the_web(project), campaign)
    people = readers(people_of(project))
    return of_mails(project, (of_mail(renderer, step, each) for each in people for step in campaign.steps))


def readers(people: Sequence[Subscriber]) -> tuple[Subscriber, ...]:
    """Return for whom mails are judged: the sample people, the barest and the longest one.

    Where the sample people have attributes of the shop's own, there is one with a long value of each, too.
    """
    names = dict.fromkeys(name for each in people for name in each.attributes)
    full = replace(LONG, name="long-everywhere", attributes=dict.fromkeys(names, "W" * _LONG_VALUE))
    return (*people, _BARE, LONG, full) if names else (*people, _BARE, LONG)


def of_mails(project: Project, judged: Iterable[Iterable[Finding]]) -> list[Finding]:
    """Return what is wrong with all mails, from what `of_mail` says of each: the steps of one reader, then the next."""
    return [*_insecure(project), *_colours(project), *distinct(finding for found in judged for finding in found)]


def of_mail(renderer: Renderer, step: Step, subscriber: Subscriber) -> list[Finding]:
    """Return what is wrong with a step as one person gets it; `renderer` stands `on_the_web`."""
    try:
        message = renderer.message(step, subscriber)
    except TemplateError as error:
        return [
            Finding(
                fault.rule or "template",
                Severity.ERROR,
                fault.message,
                step=step.id,
                place=fault.place,
                hint=fault.hint,
            )
            for fault in error.faults
        ]
    campaign = renderer.campaign
    company = renderer.project.config.company
    found = judge(
        message,
        step,
        campaign.folder,
        company=company,
        article=lambda: workshop.text_of(campaign),
        campaign=campaign,
        theme=renderer.setting.theme.sources.find,
    )
    found += sharpness(message, step, campaign.folder, campaign.pictures) if campaign.pictures else ()
    return as_far_as_sent(found, renderer.project)


def as_far_as_sent(found: Iterable[Finding], project: Project) -> list[Finding]:
    """Return findings about finished mails; what only hurts readers is a warning where mails reach none of them."""
    if not project.config.transport.rehearsal:
        return list(found)
    return [replace(each, severity=Severity.WARNING) if each.id == NOT_PUBLIC else each for each in found]


def _insecure(project: Project) -> Iterator[Finding]:
    """Say once, and not of every link, that links lead to no https address: no reader may get such a mail."""
    url = project.config.site.public_url
    if url.startswith("http:"):
        rehearsal = project.config.transport.rehearsal
        yield Finding(
            "public-url",
            Severity.WARNING if rehearsal else Severity.ERROR,
            f"site.public_url is not https: {url}" + (", which does for a rehearsal only" if rehearsal else ""),
            place=Place(str(project.root / "config.yaml")),
            hint="before readers get these mails, set it to an https address",
        )


def _colours(project: Project) -> Iterator[Finding]:
    """Tell each colour of the brand that mails show as the nearest one that can be read."""
    for each in adjusted(project.config.brand):
        yield Finding(
            "brand-colour",
            Severity.INFO,
            f"brand.{each.setting} {each.wanted} cannot be read well as {each.use}: mails show {each.shown}",
            place=Place(str(project.root / "config.yaml")),
            hint=f'it is the nearest of that hue that can; for it everywhere, write {each.setting}: "{each.shown}"',
        )


def on_the_web(project: Project) -> Project:
    """Return the project with links as readers get them; `_insecure` speaks of those of a rehearsal."""
    if not project.config.site.public_url.startswith("http:"):
        return project
    return replace(project, config=replace(project.config, site=replace(project.config.site, public_url="")))


def _key(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    return (
        _ORDER[finding.severity],
        place.file if place else "",
        (place.line or 0) if place else 0,
        finding.id,
        finding.message,
    )


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity."""
    listed = list(findings)
    return {str(severity): sum(finding.severity is severity for finding in listed) for severity in Severity}


def bad(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether the answer of a check is a bad one: a finding is as severe as `fail_on` (error, warning) or more."""
    worst = _ORDER[Severity(fail_on)]
    return any(_ORDER[finding.severity] <= worst for finding in findings)


def read_all(project: Project, slugs: Sequence[str]) -> list[Campaign]:
    """Return the campaigns of those names or paths, or all of the project; all faults of all of them at once.

    Raises:
        InputError: one cannot be used, or there is none.
    """
    if not slugs:
        return list(campaigns.read_all(project))
    faults: list[Fault] = []
    read = []
    for slug in slugs:
        try:
            read.append(campaigns.read(campaigns.folder_of(slug, project), project=project))
        except BackmailError as error:
            if len(slugs) == 1:
                raise
            faults += error.faults
    if faults:
        raise CampaignError(faults)
    return read
