"""Rules on what the inbox shows: the subject and the preheader as this reader gets them."""

from __future__ import annotations

from collections.abc import Iterator

from backmail import remarks
from backmail.model.campaign import Finding
from backmail.rendering.lint.page import Page, fold


def subject(page: Page) -> Iterator[Finding]:
    """subj-empty, -length, -caps, -punct, -re-fake, claim-words."""
    place = page.step.places.get("subject") if page.step else None
    for remark in remarks.subject(page.subject, page.language):
        yield page.finding(remark, place=place)


def preheader(page: Page) -> Iterator[Finding]:
    """pre-missing, -length, -dup-subject, claim-words."""
    place = page.step.places.get("preheader") if page.step else None
    for remark in remarks.preheader(page.preheader, page.subject, page.language):
        yield page.finding(remark, place=place)


def shown_preheader(page: Page) -> Iterator[Finding]:
    """pre-missing, where the theme leaves out a preheader that there is: inboxes show the first text of the HTML."""
    if page.preheader.strip() and not fold(str(page.body.text_content())).startswith(fold(page.preheader)):
        message = "the preheader is not the first text of the mail, so that inboxes show something else"
        yield page.warning("pre-missing", message, "in the theme, put it into a hidden element right after `<body>`")


RULES = (subject, preheader, shown_preheader)
