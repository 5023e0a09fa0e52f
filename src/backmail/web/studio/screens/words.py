"""The studio's plain words: when mails go, how heavy they are, how bad a finding is, how a subject is cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backmail.desk.preview.findings import Findings
from backmail.errors import Fault, Place, visible
from backmail.model.campaign import Campaign, Finding, Schedule, Severity, StartKind, Step
from backmail.model.people import Subscriber

__all__ = [
    "CLIP",
    "State",
    "counted",
    "day_of",
    "excerpt",
    "fitting",
    "gate",
    "kilobytes",
    "label",
    "new_to",
    "place",
    "same_beginnings",
    "sends",
    "sign",
    "starts",
    "state",
    "word",
]

CLIP = 102_400  # bytes of HTML; Gmail cuts what goes beyond, see rendering/lint/size.py

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SIGNS = {"error": "✕", "warning": "!", "info": "i", "good": "✓", "waiting": "…"}
_WORDS = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Note"}
# Widths of Helvetica's letters in thousandths of the type's size, by group (Adobe's core 14 font metrics). Phones have
# fonts of their own, so that what is said of a cut is "about".
_NARROW, _SLIM, _WIDE = frozenset("ijl|!.,:;'`’‘I "), frozenset('frt()[]{}-–"“”/\\'), frozenset("mwMW%@—…")


@dataclass(frozen=True, slots=True)
class State:
    """How a mail or campaign stands, in words, with a tone: error, warning, good or waiting."""

    text: str
    tone: str


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def kilobytes(size: int) -> str:
    """Return bytes as a person reads them, in units of 1,024."""
    return f"{size / 1024:.1f} kB" if size < 1024 * 1000 else f"{size / 1024 / 1024:.1f} MB"


def label(subscriber: Subscriber) -> str:
    """Return how a sample person is called in a list: the full name, else the name of her file."""
    return subscriber.mailbox.name or subscriber.name.replace("-", " ") or "somebody"


def word(severity: Severity) -> str:
    """Return a severity as a word."""
    return _WORDS[severity]


def sign(tone: str) -> str:
    """Return a severity or a state's tone as a sign; it never stands without words."""
    return _SIGNS[tone]


def state(findings: Findings | None, step: str | None = None) -> State:
    """Return what the check says of a step, or (None) of the whole campaign."""
    if findings is None:
        return State("being checked …", "waiting")
    errors, warnings = (findings.count(each, step) for each in (Severity.ERROR, Severity.WARNING))
    said = [counted(count, noun) for count, noun in ((errors, "error"), (warnings, "warning")) if count]
    if not said:
        return State("nothing to mend", "good")
    return State(", ".join(said), "error" if errors else "warning")


def new_to(faults: Iterable[Fault], findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that say something else than the faults of files, which are findings too."""
    said = {(fault.message, fault.place) for fault in faults}
    return tuple(each for each in findings if (each.message, each.place) not in said)


def gate(findings: Findings | None, *, broken: bool) -> State:
    """Return whether a campaign may be applied: broken files and errors stop it."""
    if broken:
        return State("A file cannot be read: this campaign cannot be applied", "error")
    if findings is None:
        return State("This campaign is being checked …", "waiting")
    errors = findings.count(Severity.ERROR)
    if errors:
        return State(f"{counted(errors, 'error')} {'stops' if errors == 1 else 'stop'} this campaign", "error")
    warnings = findings.count(Severity.WARNING)
    if warnings:
        wants = "wants" if warnings == 1 else "want"
        return State(f"This campaign may be applied; {counted(warnings, 'warning')} {wants} a look", "warning")
    return State("This campaign may be applied", "good")


def day_of(steps: Sequence[Step], number: int) -> str:
    """Return when the step `number` (from 1) comes, counted from the first: "Week 2 · day 7"."""
    spans = [step.after for step in steps[:number]]
    hours = sum(span.elapsed.total_seconds() for span in spans) / 3600
    days = sum(span.days for span in spans) + int(hours // 24)
    said = f"Week {days // 7 + 1} · day {days}"
    return f"{said}, {hours % 24:g} h on" if hours % 24 else said


def days_of(steps: Sequence[Step]) -> int:
    """Return the days from the first step to the last."""
    return sum(step.after.days for step in steps)


def starts(campaign: Campaign) -> str:
    """Return what puts somebody into a campaign."""
    match campaign.start.kind:
        case StartKind.CONFIRMED:
            return "when somebody confirms a sign-up"
        case StartKind.TAG:
            return f"when somebody gets the tag “{campaign.start.tag}”"
        case StartKind.ENROLL:
            return "when you enroll people"


def sends(schedule: Schedule, zone: str) -> str:
    """Return when mails go, in words; `zone` is an IANA name, for readers whose own is not known."""
    if schedule.at is not None:
        clock = f"at {schedule.at:%H:%M}"
    elif schedule.between is not None:
        clock = f"between {schedule.between[0]:%H:%M} and {schedule.between[1]:%H:%M}"
    else:
        clock = "at any hour"
    return f"{_days(schedule.days)} {clock}, reader’s own time ({zone} where it is not known)"


def _days(days: Iterable[int]) -> str:
    chosen = sorted(set(days))
    if len(chosen) in (0, 7):
        return "every day"
    if chosen == list(range(5)):
        return "Monday to Friday"
    names = [f"{_DAYS[day]}s" for day in chosen]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def place(where: Place, root: Path) -> str:
    """Return a place as `file:line`, the file as seen from the project; never a path of this machine beyond it."""
    file = Path(where.file)
    inside = [each for each in (root, root.resolve()) if file.is_relative_to(each)]
    shown = file.relative_to(inside[0]) if inside else Path(file.name) if file.is_absolute() else file
    return visible(str(Place(shown.as_posix(), where.line, where.column))).replace("\n", " ")


def excerpt(fault: Fault) -> str:
    """Return the source line of a fault with a caret under the spot; "" where none is known."""
    if fault.place is None or fault.place.line is None or not fault.source:
        return ""
    bare = replace(fault, message="", hint="", place=Place("", fault.place.line, fault.place.column))
    return str(bare).partition("\n")[2].rstrip()


def fitting(text: str, room: float, size: float) -> str:
    """Return the beginning of a text that a phone shows, all of it where it fits.

    Args:
        text: a subject or preheader.
        room: px there are for it.
        size: px of the type.
    """
    used = 0.0
    for at, letter in enumerate(text):
        used += _width(letter) * size
        if used > room:
            return text[: max(at - 1, 0)].rstrip()  # the sign for "there is more" needs a place of its own
    return text


def _width(letter: str) -> float:
    if letter in _NARROW:
        return 0.26
    if letter in _SLIM:
        return 0.34
    if letter in _WIDE:
        return 0.86
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return 0.68 if letter.isupper() else 0.55


def same_beginnings(texts: Mapping[int, str], words: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    """Return the beginnings that several texts share, with the numbers of those that do, in order.

    Args:
        texts: by number.
        words: how many words make a beginning.
    """
    found: dict[str, list[int]] = {}
    shown: dict[str, str] = {}
    for number, text in texts.items():
        first = text.split()[:words]
        if len(first) == words:
            found.setdefault(" ".join(first).casefold(), []).append(number)
            shown.setdefault(" ".join(first).casefold(), " ".join(first))
    return [(shown[each], tuple(numbers)) for each, numbers in found.items() if len(numbers) > 1]
