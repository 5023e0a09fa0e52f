"""What a rule is: its id, how bad its worst finding is, its words for a marketer, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from backmail.model.campaign import Finding, Severity

if TYPE_CHECKING:
    from backmail.model.campaign import Campaign
    from backmail.rendering.lint.page import Page

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

PageCheck = Callable[["Page"], Iterator[Finding]]
SeriesCheck = Callable[["Campaign"], Iterator[Finding]]


class Emc(Enum):
    """The eleven rules of the Email Markup Consortium's accessibility reports of 2025 and 2026."""

    DIR = "the content of the body says in which direction it is read"
    LANG_BODY = "the content of the body names its language"
    TABLE_ROLE = "tables that only lay out have a role that says so"
    H1 = "there is a main heading"
    LINK_NAME = "each link has a text"
    LANG_HTML = "the page names its language"
    CONTRAST = "text stands out from what is behind it"
    ALT = "each picture has an alternative text"
    TITLE = "the page has a title"
    LINK_TEXT = "link texts say where they lead"
    LINK_COLOUR = "links are told from text by more than their colour"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about finished mails.

    Attributes:
        id: what findings name it by; it begins with its family.
        severity: of its worst finding.
        says: what is wrong when it speaks, in a marketer's words.
        hint: what to do, for findings that have no better one.
        source: where the rule comes from.
        check: finds it in one mail; None where composing or the files are refused for it before there is a mail.
        series: finds it in all steps of a campaign together.
        at: a word of the theme's files in whose line a finding stands that no step's file explains.
        emc: the rule of the Email Markup Consortium that it holds.
    """

    id: str
    severity: Severity
    says: str
    hint: str
    source: str
    check: PageCheck | None = None
    series: SeriesCheck | None = None
    at: str = ""
    emc: tuple[Emc, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Rules of one subject, as one page of the reference shows them."""

    name: str
    rules: tuple[Rule, ...]
