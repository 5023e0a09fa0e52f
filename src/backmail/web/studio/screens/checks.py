"""The screen Checks: what is to be mended before sending, in one list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backmail.desk.preview.drafts import Draft
from backmail.errors import UnknownName
from backmail.model.campaign import Finding, Severity
from backmail.web.studio.screens.around import Option, Screen
from backmail.web.studio.screens.words import gate, new_to

__all__ = ["checks"]

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_LEVELS = {"": "All", "error": "Errors", "warning": "Errors and warnings"}
_MEANS = {
    Severity.ERROR: "An error stops the campaign: it cannot be applied until this is mended.",
    Severity.WARNING: "A warning stops nothing. Look at it, and decide.",
    Severity.INFO: "A note is only there to be known.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one mail, or (without an address) of the campaign."""

    heading: str
    url: str
    findings: tuple[Finding, ...]


def checks(screen: Screen) -> dict[str, object]:
    """Return what the screen says.

    Raises:
        UnknownName: there is no such campaign or step.
    """
    draft = screen.draft
    step = _step(draft, screen.view.step)
    every = draft.findings.all if draft.findings else ()
    faults = tuple(dict.fromkeys((*draft.faults, *(fault for each in draft.steps for fault in each.faults))))
    wanted = [each for each in every if _wanted(each, screen.view.level) and step in ("", each.step)]
    found = new_to(faults, wanted)
    return {
        "checking": draft.findings is None,
        "gate": gate(draft.findings, broken=bool(faults)),
        "faults": faults,
        "levels": _levels(screen, every),
        "mails": _mails(screen, draft, step),
        "groups": tuple(_groups(screen, draft, found)),
        "means": [(each, _MEANS[each]) for each in _ORDER if any(one.severity is each for one in found)],
        "some": bool(every),
    }


def _step(draft: Draft, name: str) -> str:
    """Return the id of the step that the list is about, "" for all.

    Raises:
        UnknownName: there is none.
    """
    if not name:
        return ""
    one = draft.step(name)
    return one.step.id if one.step else name


def _wanted(finding: Finding, level: str) -> bool:
    """Return whether a finding is at least as bad as `level`."""
    return not level or _ORDER.index(finding.severity) <= _ORDER.index(Severity(level))


def _levels(screen: Screen, every: Sequence[Finding]) -> list[Option]:
    present = screen.view.level
    return [
        Option(f"{text} ({sum(_wanted(each, level) for each in every)})", screen.to(level=level), level == present)
        for level, text in _LEVELS.items()
    ]


def _mails(screen: Screen, draft: Draft, present: str) -> list[Option]:
    numbered = [(str(each.number), each.step.id) for each in draft.steps if each.step]
    whole = Option("All", screen.to(step=""), not present)
    return [whole, *(Option(number, screen.to(step=name), name == present) for number, name in numbered)]


def _groups(screen: Screen, draft: Draft, found: Sequence[Finding]) -> Iterator[Group]:
    """Yield the findings mail by mail; those about the whole campaign come first."""
    for name in dict.fromkeys(("", *(each.step.id for each in draft.steps if each.step), *(one.step for one in found))):
        findings = tuple(each for each in found if each.step == name)
        if findings:
            yield Group(_heading(draft, name), screen.at("email", step=name) if name else "", findings)


def _heading(draft: Draft, name: str) -> str:
    if not name:
        return "The whole campaign"
    try:
        one = draft.step(name)
    except UnknownName:
        return name
    return f"{one.number}. {one.step.subject if one.step else one.file}"
