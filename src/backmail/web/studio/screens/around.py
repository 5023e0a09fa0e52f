"""What stands around every screen: the campaigns, the tabs, and as whom the mails are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from backmail.desk.preview.drafts import Draft, Drafts
from backmail.errors import UnknownName
from backmail.model.campaign import Severity
from backmail.model.people import Subscriber
from backmail.web.studio.addresses import Addresses, View
from backmail.web.studio.screens.words import counted, label

__all__ = ["Option", "Screen", "Tab"]

_TABS = (("sequence", "Sequence"), ("inbox", "Inbox"), ("checks", "Checks"), ("outline", "Outline"))


@dataclass(frozen=True, slots=True)
class Option:
    """One of several that may be chosen: its text, a quieter note, its address, and whether it is the present one."""

    text: str
    url: str
    current: bool = False
    note: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: `note` says how many findings there are, `tone` how bad they are."""

    key: str
    text: str
    url: str
    current: bool
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Screen:
    """One request for a page: what is there, what is looked at, and how addresses are written."""

    drafts: Drafts
    addresses: Addresses
    view: View

    @cached_property
    def draft(self) -> Draft:
        """The draft that is looked at: one and the same for the whole page.

        Raises:
            UnknownName: there is none of that name.
        """
        return self.drafts.draft(self.view.campaign)

    @cached_property
    def person(self) -> Subscriber:
        """As whom the mails are looked at.

        Raises:
            UnknownName: there is nobody of that name.
        """
        return self.drafts.person(self.view.person)

    def to(self, **changes: Any) -> str:
        """Return the address of a neighbour: this view with some things changed."""
        return self.addresses.page(replace(self.view, **changes))

    def at(self, screen: str, **changes: Any) -> str:
        """Return the address of a screen of this campaign, looked at as the same person."""
        return self.addresses.page(View(screen, self.view.campaign, person=self.view.person, **changes))

    def around(self) -> dict[str, object]:
        """Return the names that the layout needs; of a campaign or person that is not there it says nothing."""
        draft = self._draft()
        person = self._person()
        return {
            "view": self.view,
            "live": self.addresses.live,
            "asset": self.addresses.asset,
            "raw": self.addresses.raw,
            "to": self.to,
            "at": self.at,
            "version": draft.version if draft else 0,
            "home": self.addresses.page(View()),
            "here": name_of(draft) if draft else "",
            "campaigns": tuple(self._campaigns()) if draft else (),
            "tabs": tuple(self._tabs(draft)) if draft else (),
            "people": tuple(self._people(person)) if draft and person and self._personal else (),
            "person": label(person) if person else "",
        }

    @property
    def _personal(self) -> bool:
        """Whether the screen differs by person."""
        return self.view.screen in {"sequence", "email", "inbox"}

    def _draft(self) -> Draft | None:
        if not self.view.campaign:
            return None
        try:
            return self.draft
        except UnknownName:
            return None

    def _person(self) -> Subscriber | None:
        try:
            return self.person
        except UnknownName:
            return None

    def _campaigns(self) -> Iterator[Option]:
        for slug in self.drafts.slugs:
            name = name_of(self.drafts.draft(slug))
            url = self.addresses.page(View("sequence", slug, person=self.view.person))
            yield Option(name, url, slug == self.view.campaign, slug)

    def _tabs(self, draft: Draft) -> Iterator[Tab]:
        for key, text in _TABS:
            current = self.view.screen == key or (key == "sequence" and self.view.screen == "email")
            note, tone = _noted(draft) if key == "checks" else ("", "")
            yield Tab(key, text, self.at(key), current, note, tone)

    def _people(self, present: Subscriber) -> Iterator[Option]:
        for each in self.drafts.people:
            name = "" if each == self.drafts.people[0] else each.name
            beside = "" if self.view.beside == each.name else self.view.beside
            url = self.to(person=name, beside=beside, editing=False)
            yield Option(label(each), url, each.name == present.name, each.language or "")


def name_of(draft: Draft) -> str:
    """Return what a draft is called: its campaign's name, else its folder's."""
    return draft.campaign.name if draft.campaign else draft.slug


def _noted(draft: Draft) -> tuple[str, str]:
    """Return the note and the tone of the tab for checks."""
    findings = draft.findings
    if findings is None:
        return "checking …", "waiting"
    for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning")):
        if count := findings.count(severity):
            return counted(count, noun), str(severity)
    return "all good", "good"
