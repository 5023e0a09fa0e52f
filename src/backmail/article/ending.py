"""Sorts what stands at the end of an article: its closing words, who wrote it, disclosures, a call for a newsletter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.drafts import Draft
from backmail.article.lexicon import lexicon
from backmail.article.signals import is_link, safety_phrases
from backmail.article.text import is_bare
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["ended", "is_disclaimer", "is_disclosure"]

_DISCLOSURE_WORDS = 45  # a paragraph that says more about a newsletter is about newsletters
_AUTHOR_WORDS = 80
_DISCLAIMER_WORDS = 90
_LABEL_WORDS = 4
_BYLINE_WORDS = 10
_EMPHASISED = re.compile(r"\s*(?:>\s*)?(?P<mark>\*{1,3}|_{1,3})(?=\S)(?:(?!(?P=mark)).)+(?P=mark)\s*", re.DOTALL)
# A key that was held down, and what says that there is no more.
_LEFT_OVER = re.compile(r"(\w)\1{3,}|[\W_]*(?:the end|end|slut|ende|fin|fine|einde|-?30-?|###)[\W_]*", re.IGNORECASE)
_TEASERS = 2  # of other pages, in a row
_TEASER_WORDS = 60
_LAST = 4  # drafts from the end in which an author is introduced
_SPOKEN = (UnitKind.PARAGRAPH, UnitKind.QUOTE)
_HELD = (None, Kind.INTRO, Kind.FAQ)  # kinds of drafts from whose end something may be taken


def ended(drafts: Sequence[Draft], language: str) -> list[Draft]:
    """Return the drafts with their closing words, and the lines that are about the page, as drafts of their own."""
    done: list[Draft] = []
    drafts = [
        part
        for number, draft in enumerate(drafts, 1)
        for part in (
            _disclaimed(draft, language, final=number == len(drafts)) if number > len(drafts) - _LAST else [draft]
        )
    ]
    for number, draft in enumerate(drafts):
        parts = _parted(draft, language, last=len(drafts) - number <= _LAST)
        below = drafts[number + 1].level if number + 1 < len(drafts) else 0
        done += [_with_heading(draft, parts[-1])] if _only_heads(parts, below) else parts
    return _closed(_without_teasers(done), language)


def is_disclosure(text: str, language: str) -> bool:
    """Say whether a line tells how the page earns money, whose it is, or where to subscribe to it.

    One that also tells to ask a doctor is a part of the article.
    """
    if len(text.split()) > _DISCLOSURE_WORDS:
        return False
    known = lexicon(language)
    return known.find("phrases.disclosure", text) is not None and known.find("phrases.consult", text) is None


def is_disclaimer(unit: Unit, language: str, *, apart: bool = False, labelled: bool = False) -> bool:
    """Say whether a paragraph tells to stop or to ask a doctor, and is set apart from the text around it.

    Arguments:
        unit: any unit.
        language: the article's.
        apart: whether its place sets it apart already; else it must be all in italics or bold.
        labelled: whether a label such as "Disclaimer:" is enough.
    """
    if unit.kind not in _SPOKEN or unit.words > _DISCLAIMER_WORDS:
        return False
    label, colon, _ = unit.text.partition(":")
    called = bool(colon) and len(label.split()) <= _LABEL_WORDS and named("safety", label, language) is not None
    if not called and not safety_phrases(unit.text, language):
        return False
    return apart or (called and labelled) or _EMPHASISED.fullmatch(unit.raw) is not None


def _disclaimed(draft: Draft, language: str, *, final: bool) -> list[Draft]:
    """Return a draft, and the disclaimer at its end that is set apart from it: what it warns of is the whole article.

    `final` says that nothing stands behind the draft.
    """
    units = draft.units
    stop = len(units)
    while stop and units[stop - 1].kind is UnitKind.RULE:
        stop -= 1
    place = stop - 1
    if draft.kind not in _HELD or draft.role is not None or place < 0 or (draft.heading and place < 2):
        return [draft]
    above = units[place - 1] if place else None
    linked = above is not None and is_link(above)
    alone = final and (above is None or above.kind is UnitKind.RULE)
    if not is_disclaimer(units[place], language, apart=linked, labelled=alone):
        return [draft]
    tail = Draft(units[place:], kind=Kind.SAFETY, reasons=("safety.disclaimer",), confidence=0.8)
    return [replace(draft, units=units[:place]), tail] if place else [tail]


def _parted(draft: Draft, language: str, *, last: bool) -> list[Draft]:
    """Return a draft, and the lines about the page that stand at its end."""
    if draft.kind not in _HELD or draft.role is not None:
        return [draft]
    if last and _introduces_author(draft, language):
        return [replace(draft, kind=Kind.OTHER, role="chrome", reasons=(*draft.reasons, "chrome.author"))]
    units = draft.units
    stop = len(units)
    reason = ""
    while stop and (found := _about_the_page(units[stop - 1], language, last=last)):
        reason, stop = found, stop - 1
    while stop < len(units) and stop and units[stop - 1].kind is UnitKind.RULE:
        stop -= 1
    if stop == len(units) or not reason:
        return [draft]
    page = Draft(units[stop:], kind=Kind.OTHER, role="chrome", reasons=(reason,))
    return [replace(draft, units=units[:stop]), page] if stop else [replace(page, continues=draft.continues)]


def _only_heads(parts: Sequence[Draft], below: int) -> bool:
    """Say whether the heading of a section has nothing below it but lines about the page: "Never miss a recipe".

    `below` is the level of the next heading: a deeper one has a section to open.
    """
    if len(parts) < 2 or parts[-1].role != "chrome" or not parts[0].heading:
        return False
    return not parts[0].prose and not 0 < parts[0].level < below


def _with_heading(draft: Draft, page: Draft) -> Draft:
    return replace(draft, kind=page.kind, role=page.role, reasons=(*draft.reasons, *page.reasons))


def _without_teasers(drafts: list[Draft]) -> list[Draft]:
    """Settle the teasers of other pages at the end: short sections whose headings are links to elsewhere."""
    count = 0
    while count < len(drafts) and (_is_elsewhere(drafts[-1 - count]) or drafts[-1 - count].role == "chrome"):
        count += 1
    while count and not _is_elsewhere(drafts[-count]):
        count -= 1
    start = len(drafts) - count
    words = sum(draft.words for draft in drafts[start:])
    teasers = sum(_is_elsewhere(draft) for draft in drafts[start:])
    if teasers < _TEASERS or words * 10 > sum(draft.words for draft in drafts) * 4:
        return drafts
    reasons = (f"related.linked-headings {teasers}",)
    return [
        replace(draft, kind=Kind.OTHER, role="related", reasons=(*draft.reasons, *reasons))
        if number >= start and _is_elsewhere(draft)
        else draft
        for number, draft in enumerate(drafts)
    ]


def _is_elsewhere(draft: Draft) -> bool:
    """Say whether a draft is a teaser of another page: its heading is a link, and it says little."""
    first = draft.units[0]
    linked = first.kind is UnitKind.HEADING and is_link(first) and "](#" not in first.raw
    return draft.kind is None and linked and sum(unit.words for unit in draft.body) <= _TEASER_WORDS


def _introduces_author(draft: Draft, language: str) -> bool:
    """Say whether a section has the author as its heading."""
    named_so = draft.heading and lexicon(language).find("phrases.author", draft.heading)
    return bool(named_so) and draft.words <= 2 * _AUTHOR_WORDS and named("chrome", draft.heading, language) is not None


def _about_the_page(unit: Unit, language: str, *, last: bool) -> str:
    """Return the reason for which a unit is about the page, or an empty string."""
    if unit.kind not in _SPOKEN:
        return ""
    if is_disclosure(unit.text, language):
        return "chrome.disclosure"
    if last and _LEFT_OVER.fullmatch(unit.text):
        return "other.nothing-to-read"
    if last and _is_byline(unit, language):
        return "chrome.byline"
    told = last and unit.words <= _AUTHOR_WORDS and lexicon(language).find("phrases.author", unit.text)
    return "chrome.author" if told else ""


def _is_byline(unit: Unit, language: str) -> bool:
    """Say whether a line says when the text was written or checked, and by whom; who took a picture is its caption."""
    if not is_bare(unit.text) or unit.words > _BYLINE_WORDS or named("caption", unit.text, language):
        return False
    return named("byline", unit.text, language) is not None


def _closed(drafts: list[Draft], language: str) -> list[Draft]:
    """Part the last section of the article from a closing paragraph that has no heading of its own."""
    place = next((number for number in reversed(range(len(drafts))) if _speaks(drafts[number], language)), None)
    if place is None:
        return drafts
    draft = drafts[place]
    body = draft.body
    offset = len(draft.units) - len(body)
    closing = next(
        (
            number
            for number in range(1, len(body))
            if body[number].kind is UnitKind.PARAGRAPH and lexicon(language).find("phrases.closing", body[number].text)
        ),
        None,
    )
    if closing is None or any(unit.kind is not UnitKind.PARAGRAPH for unit in body[closing:] if unit.text):
        return drafts
    head, tail = draft.units[: offset + closing], draft.units[offset + closing :]
    return [*drafts[:place], replace(draft, units=head), Draft(tail), *drafts[place + 1 :]]


def _speaks(draft: Draft, language: str) -> bool:
    """Say whether a draft is a section of the article, not what stands behind it."""
    if draft.kind not in (None, Kind.FAQ) or not draft.heading or not draft.prose:
        return False
    return not any(named(each, draft.heading, language) for each in ("sources", "related", "chrome", "toc"))
