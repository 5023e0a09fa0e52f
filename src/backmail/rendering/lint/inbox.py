"""Rules on what the inbox shows: the subject and the preheader as this reader gets them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from backmail import remarks
from backmail.model.campaign import Finding
from backmail.remarks.remark import error, shown
from backmail.rendering.lint.page import INKLESS, Page, fold
from backmail.rendering.lint.registry import E, Rule, W

# Inboxes show up to about 140 signs of the mail behind the subject; of what pads it, these two have a width.
_ROOM = 140
_NO_WIDTH = {ord(sign): None for sign in INKLESS if sign not in "\u00a0\u2007"}


def subject(page: Page) -> Iterator[Finding]:
    """subj-empty, -length, -caps, -punct, -re-fake, claim-words."""
    place = page.step.places.get("subject") if page.step else None
    for remark in remarks.subject(page.subject, page.language):
        yield page.finding(remark, place=place)


def preheader(page: Page) -> Iterator[Finding]:
    """pre-missing, -length, -dup-subject, claim-words."""
    yield from _shown_preheader(page)
    place = page.step.places.get("preheader") if page.step else None
    for remark in remarks.preheader(page.preheader, page.subject, page.language):
        yield page.finding(remark, place=place)


def _shown_preheader(page: Page) -> Iterator[Finding]:
    """pre-missing, where the theme leaves out a preheader that there is: inboxes show the first text of the HTML."""
    if page.preheader.strip() and not fold(str(page.body.text_content())).startswith(fold(page.preheader)):
        message = "the preheader is not the first text of the mail, so that inboxes show something else"
        yield page.warning("pre-missing", message, "in the theme, put it into a hidden element right after `<body>`")


def padding(page: Page) -> Iterator[Finding]:
    """pre-leak: behind the preheader, blanks without ink keep the mail's first words out of the inbox's line."""
    first = next((each for each in page.body.iterdescendants() if _begins(each, page.preheader)), None)
    if not page.preheader.strip() or first is None:
        return
    room = len(str(first.text_content()).translate(_NO_WIDTH).rstrip("\n"))
    if room < _ROOM:
        message = f"behind the preheader, inboxes show the first words of the mail: it fills {room} of {_ROOM} signs"
        yield page.warning("pre-leak", message)


def _begins(element: HtmlElement, preheader: str) -> bool:
    """Whether an element's own text is the preheader."""
    return isinstance(element.tag, str) and fold(str(element.text or "")).startswith(fold(preheader))


def line_end(page: Page) -> Iterator[Finding]:
    """subj-newline: a subject is one line; a second one would be a header of its own."""
    lines = page.subject.splitlines()
    if len(lines) > 1 or page.subject.endswith(("\r", "\n")):
        place = page.step.places.get("subject") if page.step else None
        message = f"the subject has a line break after “{shown(lines[0])}”"
        yield page.finding(error("subj-newline", message), place=place)


_SUBJECT = "write one of up to 50 characters that says what is inside"
_PREHEADER = "write one sentence that goes on where the subject ends, of 30 to 100 characters"
_SPAM = "SpamAssassin's rules on subjects; Google's sender guidelines"

RULES = (
    Rule("subj-empty", E, "The mail has no subject.", _SUBJECT, _SPAM, subject),
    Rule("subj-length", W, "The subject is longer than a phone shows.", _SUBJECT, "judgement: about 50 signs", subject),
    Rule("subj-caps", W, "The subject shouts in capitals.", "write it in small letters", _SPAM, subject),
    Rule("subj-punct", W, "The subject repeats ! or ? or $.", "one is enough, none is better", _SPAM, subject),
    Rule("subj-re-fake", W, "The subject begins as if it answered a mail.", "leave that beginning out", _SPAM, subject),
    Rule(
        "subj-newline",
        E,
        "The subject has more than one line.",
        "write it in one line; take line ends out of what is filled into it",
        "RFC 5322 2.2: whatever follows would be a header of its own",
        line_end,
    ),
    Rule(
        "claim-words",
        W,
        "Subject or preheader promise a cure or a sure result.",
        "say what is inside, not what it will do",
        "consumer law: the sender answers for it",
        subject,
    ),
    Rule(
        "pre-missing",
        W,
        "The mail has no preheader, or does not show it first.",
        _PREHEADER,
        "good-email-code",
        preheader,
    ),
    Rule(
        "pre-length",
        W,
        "The preheader is too short or too long.",
        _PREHEADER,
        "judgement: inboxes show 30 to 100",
        preheader,
    ),
    Rule("pre-dup-subject", W, "The preheader says what the subject says.", _PREHEADER, "judgement", preheader),
    Rule(
        "pre-leak",
        W,
        "Behind the preheader, inboxes show the first words of the mail: “View in browser”, say.",
        "in the theme, put &#8199;&#65279;&#847; behind it, 120 times",
        "good-email-code, preheader",
        padding,
        at="{{ preheader }}",
    ),
)
