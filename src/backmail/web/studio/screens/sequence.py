"""The screen Sequence: the mails of a campaign in order, as small live pictures; and the screen with all campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from backmail.desk.preview.drafts import Draft, DraftStep
from backmail.desk.preview.mail import Mail
from backmail.errors import BackmailError, Fault, InputError
from backmail.model.campaign import Step
from backmail.model.people import Subscriber
from backmail.web.studio.addresses import View
from backmail.web.studio.screens.around import Screen, name_of
from backmail.web.studio.screens.words import State, counted, day_of, days_of, gate, kilobytes, sends, starts, state

__all__ = ["Card", "campaigns", "frame_of", "sequence"]

_ACTIONS = {
    "link": "a link",
    "calendar": "dates for her calendar",
    "print": "a page to print",
    "reply": "an answer by mail",
    "none": "a sentence, no button",
}


_WAITED_FOR = 2  # mails that a page waits for while they are composed
_Mails: TypeAlias = Mapping[str, Mail | InputError | None]


@dataclass(frozen=True, slots=True)
class Card:
    """One mail of the sequence. `frame` is "" where there is nothing to show; `fault` is the first of a broken file.

    `move` is where a form goes that puts the mail earlier or later, "" where nobody would answer.
    """

    number: int
    name: str
    subject: str
    url: str
    move: str = ""
    day: str = ""
    frame: str = ""
    size: str = ""
    action: str = ""
    kind: str = ""
    state: State | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Campaign:
    """One campaign of the project. `frame` is its first mail, "" where there is nothing to show."""

    name: str
    slug: str
    url: str
    frame: str
    mails: str
    state: State
    system: bool


def frame_of(screen: Screen, draft: Draft, view: View) -> str:
    """Return the address of a mail in a frame; it is another when the mail is, so that a browser asks for it anew."""
    address = screen.addresses.raw(view, "html", looked_at=True)
    if not screen.addresses.live:
        return address
    digest = draft.digest(view.step, screen.drafts.person(view.person))
    return f"{address}{'&' if '?' in address else '?'}v={digest}"


def campaigns(screen: Screen) -> dict[str, object]:
    """Return what the page of all campaigns says: those of the project's own first, backmail's own last."""
    found = [_campaign(screen, screen.drafts.draft(slug)) for slug in screen.drafts.slugs]
    return {"found": sorted(found, key=lambda each: each.system), "project": screen.drafts.project.root.resolve().name}


def _campaign(screen: Screen, draft: Draft) -> _Campaign:
    url = screen.addresses.page(View("sequence", draft.slug, person=screen.view.person))
    mails = counted(len(draft.steps), "mail")
    frame = _first(screen, draft)
    return _Campaign(name_of(draft), draft.slug, url, frame, mails, _standing(draft), draft.slug.startswith("_"))


def _first(screen: Screen, draft: Draft) -> str:
    """Return the address of the first mail; once the check was made, of the first that can be shown."""
    for step in _good(draft):
        if draft.findings is not None or not screen.addresses.live:
            try:
                draft.mail(step.id, screen.drafts.person(screen.view.person))
            except BackmailError:  # whatever it is, the campaign's own page tells it
                continue
        return frame_of(screen, draft, View("email", draft.slug, step=step.id, person=screen.view.person))
    return ""


def _standing(draft: Draft) -> State:
    if draft.faults or any(step.faults for step in draft.steps):
        return State("a file cannot be read", "error")
    return state(draft.findings)


def sequence(screen: Screen) -> dict[str, object]:
    """Return what the screen says.

    Raises:
        UnknownName: there is no such campaign or person.
    """
    draft = screen.draft
    person = screen.person
    mails = _mails(screen, draft, person)
    cards = [_card(screen, draft, step, mails) for step in draft.steps]
    return {
        "name": name_of(draft),
        "faults": draft.faults,
        "facts": tuple(_facts(screen, draft, mails)),
        "gate": gate(draft.findings, broken=_standing(draft).text.startswith("a file")),
        "cards": cards,
    }


def _facts(screen: Screen, draft: Draft, mails: _Mails) -> Iterator[tuple[str, str]]:
    """Yield the facts of a campaign, each with its name."""
    campaign = draft.campaign
    if campaign is None:
        return
    steps = _good(draft)
    yield "Starts", starts(campaign)
    yield "Sends", sends(campaign.schedule, campaign.zone or screen.drafts.project.config.zone)
    minutes = 0 if None in mails.values() else sum(mail.minutes for mail in mails.values() if isinstance(mail, Mail))
    read = f", about {counted(minutes, 'minute')} to read" if minutes else ""
    yield "Length", f"{counted(len(draft.steps), 'mail')} over {counted(days_of(steps), 'day')}{read}"


def _good(draft: Draft) -> list[Step]:
    return [each.step for each in draft.steps if each.step]


def _mails(screen: Screen, draft: Draft, person: Subscriber) -> _Mails:
    """Return the mail of each step that can be read, or why there is none; None where it is not composed yet.

    At the start a page would wait a second for all of them: their frames bring them one by one, and what is said about
    them follows with the check.
    """
    steps = _good(draft)
    missing = {step.id for step in steps if not draft.has(step.id, person)}
    if not screen.addresses.live or draft.findings is not None or len(missing) <= _WAITED_FOR:
        missing = set()
    found: dict[str, Mail | InputError | None] = {}
    for step in steps:
        if step.id in missing and "{" not in step.subject:  # else the subject is known with the mail alone
            found[step.id] = None
            continue
        try:
            found[step.id] = draft.mail(step.id, person)
        except InputError as error:
            found[step.id] = error
    return found


def _card(screen: Screen, draft: Draft, one: DraftStep, mails: _Mails) -> Card:
    name = one.step.id if one.step else one.file.rpartition(".")[0]
    url = screen.at("email", step=name)
    move = "{}/move{}{}".format(*url.partition("?")) if screen.addresses.live else ""
    if one.step is None:
        fault = next(iter((*one.faults, *draft.faults)), None)
        return Card(one.number, name, one.file, url, fault=fault, state=State("cannot be read", "error"))
    steps = _good(draft)
    place = steps.index(one.step) + 1
    day = day_of(steps, place)
    kind = _ACTIONS.get(one.step.action.kind, one.step.action.kind)
    mail = mails[name]
    if isinstance(mail, InputError):
        return Card(one.number, name, one.step.subject, url, move, day, fault=mail.faults[0])
    return Card(
        one.number,
        name,
        mail.subject if mail else one.step.subject,
        url,
        move,
        day,
        frame_of(screen, draft, View("email", draft.slug, step=name, person=screen.view.person)),
        kilobytes(mail.size) if mail else "",
        one.step.action.text,
        kind,
        state(draft.findings, name),
        next(iter((*one.faults, *(mail.faults if mail else ()))), None),
    )
