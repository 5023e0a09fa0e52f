"""Rules on a series: its mails follow each other without gaps, and none speaks of what its reader does not have yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from backmail.errors import Place
from backmail.model.campaign import Campaign, CampaignKind, Finding, Severity, Step
from backmail.remarks.remark import shown
from backmail.remarks.words import speaks_of_next
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import INFO, Rule, W

_UTM = ("utm_source", "utm_medium", "utm_campaign")
_LINK = re.compile(r"https?://[^\s<>)\"'\]]+")
_GAP = 2  # times the usual wait
_LEAST_GAP = 14  # days


def unsent(page: Page) -> Iterator[Finding]:
    """seq-link-to-unsent: a link to a mail that its reader gets later, or never."""
    if page.campaign is None or page.step is None:
        return
    ids = [step.id for step in page.campaign.steps]
    if page.step.id not in ids:
        return
    later = set(ids[ids.index(page.step.id) + 1 :])
    for slot in page.message.values:
        path = slot.field.path
        if path[:2] == ("links", "views") and len(path) > 2 and path[2] in later:
            message = f"a link leads to the mail {path[2]}, which comes after this one"
            yield page.warning("seq-link-to-unsent", message, needle=f"links.views.{path[2]}")


def announced(page: Page) -> Iterator[Finding]:
    """seq-gap: the last mail does not announce another."""
    campaign, step = page.campaign, page.step
    if campaign is None or step is None or campaign.kind is not CampaignKind.DRIP or campaign.steps[-1].id != step.id:
        return
    if found := speaks_of_next(page.language).search(page.visible):
        message = f"the last mail announces another: “{shown(found[0])}”"
        yield page.warning("seq-gap", message, needle=found[0])


def waits(campaign: Campaign) -> Iterator[Finding]:
    """seq-gap: between two mails passes far more time than usual, as if one were missing."""
    spans = [(step, step.after.days) for step in campaign.steps[1:]]
    if campaign.kind is not CampaignKind.DRIP or len(spans) < 2:
        return
    usual = Counter(days for _, days in spans).most_common(1)[0][0]
    for step, days in spans:
        if days >= _LEAST_GAP and days >= _GAP * usual > 0:
            message = f"{days:g} days pass without a mail in front of this one; {usual:g} are usual in this series"
            yield _finding(campaign, step, "seq-gap", Severity.WARNING, message, step.places.get("after"))


def marks(campaign: Campaign) -> Iterator[Finding]:
    """link-utm: links of one series carry the same marks, so that a statistic counts them together."""
    known: dict[tuple[str, str], tuple[str, Step]] = {}
    for step, place, url in _links(campaign):
        try:
            parts = urlsplit(url)
        except ValueError:
            continue
        for name, values in parse_qs(parts.query).items():
            if name not in _UTM:
                continue
            value, first = known.setdefault((parts.hostname or "", name), (values[0], step))
            if values[0] != value:
                message = f"{name} is {shown(values[0])} here, and {shown(value)} in {first.file}"
                yield _finding(campaign, step, "link-utm", Severity.INFO, message, place)


def _links(campaign: Campaign) -> Iterator[tuple[Step, Place, str]]:
    """Yield the web addresses of a campaign's steps, each with its place."""
    for step in campaign.steps:
        file = str(campaign.folder / step.file)
        if step.action.url:
            yield step, step.places.get("action.url") or step.places.get("action") or Place(file), step.action.url
        for number, line in enumerate(step.body.split("\n")):
            for found in _LINK.finditer(line):
                yield step, Place(file, step.body_line + number), found[0]


def _finding(
    campaign: Campaign, step: Step, rule: str, severity: Severity, message: str, place: Place | None
) -> Finding:
    return Finding(rule, severity, message, campaign.slug, step.id, place)


_FILES = "seen in the campaign's files"

RULES = (
    Rule(
        "seq-duplicate-subject",
        W,
        "Two mails have one subject: mail programs fold them into one.",
        "write another",
        _FILES,
    ),
    Rule("seq-duplicate-preheader", W, "Two mails have one preheader.", "write another", _FILES),
    Rule("seq-first-after", W, "The first mail waits before anything arrives.", "write after: 0", _FILES),
    Rule(
        "seq-link-to-unsent",
        W,
        "A link leads to a mail that its reader does not have yet.",
        "link to an earlier mail, or say what will come",
        "judgement",
        unsent,
    ),
    Rule(
        "seq-gap",
        W,
        "Far more time than usual passes between two mails, or the last one announces another.",
        "set `after` to the usual wait, or write the mail that is missing; take the announcement out",
        "judgement",
        announced,
        waits,
    ),
    Rule(
        "link-utm",
        INFO,
        "Links of one series carry different marks for statistics.",
        "write the same utm_source, utm_medium and utm_campaign in all mails",
        "judgement",
        None,
        marks,
    ),
)
