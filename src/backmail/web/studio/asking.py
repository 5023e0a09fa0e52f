"""What a request asks to look at: its path and query as a View; what is no such thing is told, with what was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import Look, Pictures
from backmail.errors import BackmailError, Fault, UnknownName, UsageError, did_you_mean
from backmail.model.campaign import Severity
from backmail.web.studio.addresses import VIEWS, WIDTHS, View

__all__ = ["Asked", "asked"]

_PLAIN = View()
_SWITCH = {"": False, "0": False, "1": True}
_WIDTHS = {"full": 0, **{str(width): width for width in WIDTHS}}
_WIDTHS_SAID = [str(width) if width else "full" for width in WIDTHS]
_SHOWN = 40  # characters of a wrong value that are said again

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. Where `problem` says why it cannot be shown, `view` is the nearest that can: the way back."""

    view: View
    problem: BackmailError | None = None


def asked(drafts: Drafts, screen: str, path: Mapping[str, str], query: Mapping[str, str]) -> Asked:
    """Return what a request asks for.

    Args:
        drafts: what there is.
        screen: one of SCREENS; for a mail alone "email".
        path: `campaign` and `step`, decoded, as far as the path of the screen has them.
        query: the parameters of the table in `addresses`, decoded; others are passed over.
    """
    wrong = _Wrong()
    campaign = path.get("campaign", "")
    view = View(
        screen,
        campaign,
        look=_one(query, "look", {each.value: each for each in Look}, _PLAIN.look, wrong),
        pictures=_one(query, "img", {each.value: each for each in Pictures}, _PLAIN.pictures, wrong),
        view=_one(query, "view", {each: each for each in VIEWS}, _PLAIN.view, wrong),
        width=_one(query, "w", _WIDTHS, _PLAIN.width, wrong, said=_WIDTHS_SAID),
        level=_one(query, "level", {each.value: each.value for each in Severity}, "", wrong),
        editing=_one(query, "edit", _SWITCH, False, wrong, said=["1"]),
        block=query.get("block", ""),
    )
    view = replace(view, person=_person(drafts, query, "as", wrong), beside=_person(drafts, query, "with", wrong))
    if campaign:
        view = _within(drafts, view, path.get("step") or query.get("step", ""), wrong)
    return Asked(view, wrong.problem)


@dataclass(slots=True)
class _Wrong:
    """What is wrong with a request: names that nothing has, and values that cannot be."""

    values: list[Fault] = field(default_factory=list)
    names: list[Fault] = field(default_factory=list)

    @property
    def problem(self) -> BackmailError | None:
        """All of it as one error; None where nothing is wrong."""
        if self.names:
            return UnknownName([*self.names, *self.values])
        return UsageError(self.values) if self.values else None


def _one(
    query: Mapping[str, str],
    name: str,
    known: Mapping[str, Known],
    default: Known,
    wrong: _Wrong,
    *,
    said: list[str] | None = None,
) -> Known:
    """Return what the value of a parameter means; the default where it is empty or means nothing."""
    value = query.get(name, "")
    if not value or value in known:
        return known[value] if value else default
    choices = said or list(known)
    shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    wrong.values.append(
        Fault(f"{name}={shown} is not known: {name} is {' or '.join(choices)}", hint=did_you_mean(value, choices))
    )
    return default


def _person(drafts: Drafts, query: Mapping[str, str], name: str, wrong: _Wrong) -> str:
    person = query.get(name, "")
    return person if not person or _there(lambda: drafts.person(person), wrong) else ""


def _within(drafts: Drafts, view: View, step: str, wrong: _Wrong) -> View:
    """Return a view of a campaign with its step; of all campaigns, or of all steps, where there is no such one."""
    if not _there(lambda: drafts.draft(view.campaign), wrong):
        return View(person=view.person)
    if not step or _there(lambda: drafts.draft(view.campaign).step(step), wrong):
        return replace(view, step=step)
    return View("sequence", view.campaign, person=view.person) if view.screen == "email" else view


def _there(look: Callable[[], object], wrong: _Wrong) -> bool:
    try:
        look()
    except UnknownName as error:
        wrong.names += error.faults
        return False
    return True
