"""Judges one finished message: each rule sees it as one reader's mail program would."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from backmail.errors import Place
from backmail.model.campaign import Campaign, Company, Finding, Severity, Step
from backmail.model.message import Message
from backmail.rendering.lint import (
    accessibility,
    contrast,
    dark,
    elements,
    footer,
    headers,
    images,
    inbox,
    links,
    merge,
    mime,
    reading,
    sequence,
    size,
    spam,
    stylesheets,
    support,
    text,
    vml,
)
from backmail.rendering.lint.page import LIMITS, Limits, Page, nowhere
from backmail.rendering.lint.places import locate
from backmail.rendering.lint.registry import Emc, Family, Rule

__all__ = ["FAMILIES", "Emc", "Family", "Limits", "Rule", "distinct", "judge", "judge_series", "locate", "rule"]

# In the order in which their findings come; ids begin with what is named here, or with a word of their own.
FAMILIES = (
    Family("Subject and preheader", inbox.RULES),
    Family("Accessibility", (*accessibility.RULES, *reading.RULES, *vml.RULES)),
    Family("Colours", contrast.RULES),
    Family("Dark mode", dark.RULES),
    Family("Links", links.RULES),
    Family("Pictures", images.RULES),
    Family("Footer", footer.RULES),
    Family("Text part", text.RULES),
    Family("Values", merge.RULES),
    Family("HTML", elements.RULES),
    Family("Styles", stylesheets.RULES),
    Family("What mail programs know", support.RULES),
    Family("Headers and bytes", (*headers.RULES, *mime.RULES)),
    Family("Weight", size.RULES),
    Family("Spam filters", spam.RULES),
    Family("Series", sequence.RULES),
)
_RULES = {rule.id: rule for family in FAMILIES for rule in family.rules}
_CHECKS = tuple(dict.fromkeys(rule.check for rule in _RULES.values() if rule.check))
_SERIES_CHECKS = tuple(dict.fromkeys(rule.series for rule in _RULES.values() if rule.series))
# Their messages hold a number that differs a little from reader to reader: one finding a step is enough.
_MEASURED = frozenset(
    {"size-clip-gmail", "size-css-gmail", "subj-length", "pre-length", "pre-leak", "text-ratio", "img-ratio"}
)
_WORST = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def rule(rule_id: str) -> Rule | None:
    """Return the rule of that id, None where it is about files rather than mails."""
    return _RULES.get(rule_id)


def judge(
    message: Message,
    step: Step | None = None,
    folder: Path | None = None,
    *,
    company: Company,
    limits: Limits = LIMITS,
    article: Callable[[], str] = str,
    campaign: Campaign | None = None,
    theme: Callable[[str], Place | None] = nowhere,
) -> list[Finding]:
    """Return what is wrong with a finished message, one finding per rule and cause.

    Args:
        message: the mail as one reader gets it.
        step: the step that it was made from, so that findings can name file and line.
        folder: the campaign's, which the step's file and pictures stand in.
        company: whose postal address its footer must show.
        limits: weights in bytes.
        article: gives the text that the campaign is made from, if a rule asks: its signs are words.
        campaign: what the step belongs to, for rules on what comes before and after it.
        theme: gives the first place of a word in the theme's files, for findings that no step's file explains.
    """
    page = Page(message, company, step, folder, limits, article, campaign, theme)
    return distinct(_whole(finding, theme) for check in _CHECKS for finding in check(page))


def judge_series(campaign: Campaign) -> list[Finding]:
    """Return what is wrong with the steps of a campaign together, whoever reads them."""
    return distinct(_whole(finding, nowhere) for check in _SERIES_CHECKS for finding in check(campaign))


def _whole(finding: Finding, theme: Callable[[str], Place | None]) -> Finding:
    """Return a finding with the hint of its rule where it has none, and a place in the theme where no step has it."""
    known = _RULES[finding.id]
    place = finding.place or (theme(known.at) if known.at else None)
    return replace(finding, hint=finding.hint or known.hint, place=place)


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of many messages with each cause told once, in the order they came.

    What stands in a step's file is one cause for all its readers. What has no place comes from the theme or the
    settings and is one cause for all steps: its finding names no step when several have it. Of a measured thing, the
    worst of each step is told.
    """
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = _cause(finding)
        before = kept.get(key)
        if before is None or _WORST.index(finding.severity) > _WORST.index(before.severity):
            kept[key] = finding
        elif before.step != finding.step:
            kept[key] = replace(before, step="")
    placed = {(finding.id, finding.message, finding.step) for finding in kept.values() if finding.place}
    return [
        each
        for each in kept.values()
        if each.place or not placed & {(each.id, each.message, each.step), (each.id, each.message, "")}
    ]


def _cause(finding: Finding) -> tuple[object, ...]:
    """Return what makes two findings one."""
    if finding.id in _MEASURED:
        return finding.id, finding.campaign, finding.step
    place = finding.place
    return finding.id, finding.campaign, finding.message, (place.file, place.line) if place else None
