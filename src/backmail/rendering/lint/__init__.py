"""Judges one finished message: each rule sees it as one reader's mail program would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from backmail.model.campaign import Company, Finding, Severity, Step
from backmail.model.message import Message
from backmail.rendering.lint import (
    accessibility,
    contrast,
    elements,
    footer,
    headers,
    inbox,
    links,
    merge,
    size,
    stylesheets,
    text,
)
from backmail.rendering.lint.page import LIMITS, Limits, Page
from backmail.rendering.lint.places import locate

__all__ = ["Limits", "distinct", "judge", "locate"]

_FAMILIES = (inbox, accessibility, contrast, links, footer, text, merge, elements, stylesheets, headers, size)
_RULES: tuple[Callable[[Page], Iterator[Finding]], ...] = tuple(rule for family in _FAMILIES for rule in family.RULES)
# Their messages hold a number that differs a little from reader to reader: one finding a step is enough.
_MEASURED = frozenset({"size-clip-gmail", "size-css-gmail", "subj-length", "pre-length", "text-ratio"})
_WORST = (Severity.INFO, Severity.WARNING, Severity.ERROR)


def judge(
    message: Message,
    step: Step | None = None,
    folder: Path | None = None,
    *,
    company: Company,
    limits: Limits = LIMITS,
    article: Callable[[], str] = str,
) -> list[Finding]:
    """Return what is wrong with a finished message, one finding per rule and cause.

    Args:
        message: the mail as one reader gets it.
        step: the step that it was made from, so that findings can name file and line.
        folder: the campaign's, which the step's file stands in.
        company: whose postal address its footer must show.
        limits: weights in bytes.
        article: gives the text that the campaign is made from, if a rule asks: its signs are words.
    """
    page = Page(message, company, step, folder, limits, article)
    return distinct(finding for rule in _RULES for finding in rule(page))


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
