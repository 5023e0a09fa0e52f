"""The screen Email: is this mail right for this person, here, now?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backmail.desk.editing import ACTIONS, StepForm, form_of, proposals
from backmail.desk.preview.drafts import Draft, DraftStep
from backmail.desk.preview.looks import Look, Pictures
from backmail.desk.preview.mail import Mail
from backmail.errors import BackmailError, Fault, InputError
from backmail.model.people import Subscriber
from backmail.web.studio.addresses import SHEET, VIEWS, WIDTHS, View
from backmail.web.studio.screens.around import Option, Screen
from backmail.web.studio.screens.sequence import frame_of
from backmail.web.studio.screens.words import CLIP, day_of, kilobytes, label, new_to, state

__all__ = ["editing", "email"]

_MOST = 200_000  # characters of a source that a page holds; a browser takes long over more
_FOLD = 600  # characters of a line that are shown at once
_VIEWS = {"html": "HTML", "text": "Text", "source": "Source", "mime": "MIME", "headers": "Headers"}
_LOOKS = {Look.LIGHT: "Light", Look.DARK: "Dark", Look.INVERTED: "Inverted"}
_PICTURES = {Pictures.OFF: "Off", Pictures.OWN: "Own", Pictures.ALL: "All"}
_SAID = {
    Look.LIGHT: "",
    Look.DARK: "Dark: the mail’s own dark colours, as Apple Mail and Thunderbird show them.",
    Look.INVERTED: "Inverted, emulated: light grounds are turned dark, as some clients do. No client was asked.",
}
_FETCHED = {
    Pictures.OFF: "Pictures are off, as many readers see a mail first.",
    Pictures.OWN: "",
    Pictures.ALL: "Pictures of other machines are fetched from there now.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source: what is shown at once, and what is folded away."""

    text: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One person's mail: her name, the frames by look, or the lines of text."""

    name: str
    frames: tuple[tuple[str, str, str], ...] = ()  # value, what it is, address
    text: str = ""


@dataclass(frozen=True, slots=True)
class Weight:
    """How heavy a mail is. `x` and `worst_x`: how far that is on a scale of 100, which Gmail cuts at 80."""

    said: str
    x: float
    worst: str
    worst_x: float
    over: bool


def email(screen: Screen) -> dict[str, object]:
    """Return what the screen says.

    Raises:
        UnknownName: there is no such campaign, step or person.
    """
    draft = screen.draft
    one = draft.step(screen.view.step)
    person = screen.person
    names = {
        **_place(screen, draft, one),
        "views": _views(screen),
        "widths": _widths(screen),
        "looks": _looks(screen),
        "pictures": _pictures(screen),
        "notes": _notes(screen),
        "beside": _beside(screen, person),
        "findings": (),
        "checked": state(draft.findings, one.step.id if one.step else ""),
        "instead": "",
        "mail": None,
    }
    try:
        mail = draft.mail(screen.view.step, person)
    except InputError as error:
        return {**names, "faults": _once((*one.faults, *error.faults))}
    faults = _once((*draft.faults, *one.faults, *mail.faults))
    findings = draft.findings.of(one.step.id) if draft.findings and one.step else ()
    return {
        **names,
        "faults": faults,
        "findings": new_to(faults, findings),
        "instead": "Below stands the mail as it was when its files were last good." if faults else "",
        "mail": mail,
        "weight": _weight(draft, mail),
        "columns": tuple(_columns(screen, draft, mail)),
        **_source(screen, mail),
        "files": tuple(_files(screen, mail)),
    }


def editing(screen: Screen, typed: StepForm | None, refused: BackmailError | None) -> dict[str, object]:
    """Return the fields beside a mail: as they were typed, else as they stand in the file; None where none are wanted.

    Args:
        screen: what is looked at.
        typed: what somebody typed and could not save.
        refused: why not.
    """
    names: dict[str, object] = {"form": None, "refused": refused, "present": getattr(refused, "present", None)}
    if screen.view.screen != "email" or not screen.view.editing or not screen.addresses.live:
        return names
    names |= {"actions": ACTIONS, "save": screen.to(), "closed": screen.to(editing=False)}
    try:
        step = screen.draft.step(screen.view.step)
        form = typed or form_of(screen.draft, step)
        return names | {"form": form, "proposals": proposals(screen.draft, step, form)}
    except InputError as error:
        return names | {"refused": error}


def _once(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    return tuple(dict.fromkeys(faults))


def _place(screen: Screen, draft: Draft, one: DraftStep) -> dict[str, object]:
    """Return where the mail stands in the series, and its neighbours."""
    steps = [each.step for each in draft.steps if each.step]
    return {
        "one": one,
        "total": len(draft.steps),
        "day": day_of(steps, steps.index(one.step) + 1) if one.step else "",
        "before": _neighbour(screen, draft, one.number - 1),
        "next": _neighbour(screen, draft, one.number + 1),
    }


def _neighbour(screen: Screen, draft: Draft, number: int) -> Option | None:
    for each in draft.steps:
        if each.number == number:
            name = each.step.id if each.step else each.file.rpartition(".")[0]
            text = each.step.subject if each.step else each.file
            return Option(text, screen.to(step=name, editing=False))
    return None


def _views(screen: Screen) -> list[Option]:
    return [Option(_VIEWS[each], screen.to(view=each), each == screen.view.view) for each in VIEWS]


def _widths(screen: Screen) -> list[Option]:
    present = screen.view.width
    return [
        Option(f"{each}" if each else "Full", screen.to(width=each), each == present, value=str(each))
        for each in WIDTHS
    ]


def _looks(screen: Screen) -> list[Option]:
    present = screen.view.look
    return [Option(text, screen.to(look=each), each is present, value=each) for each, text in _LOOKS.items()]


def _pictures(screen: Screen) -> list[Option]:
    present = screen.view.pictures
    return [Option(text, screen.to(pictures=each), each is present, value=each) for each, text in _PICTURES.items()]


def _notes(screen: Screen) -> list[str]:
    """Return what is to be known of what is shown; where a look is chosen within the page, of all looks."""
    looks = [screen.view.look] if screen.addresses.live else list(_LOOKS)
    said = [_SAID[each] for each in looks]
    return [each for each in (*said, _FETCHED[screen.view.pictures]) if each]


def _beside(screen: Screen, person: Subscriber) -> list[Option]:
    """Return who else's mail may stand beside this one."""
    others = [each for each in screen.drafts.people if each.name != person.name]
    if not others or not screen.addresses.live or screen.view.view not in ("html", "text"):
        return []
    chosen = screen.view.beside if screen.view.beside != person.name else ""
    nobody = Option("Nobody", screen.to(beside=""), not chosen)
    return [nobody, *(Option(label(each), screen.to(beside=each.name), each.name == chosen) for each in others)]


def _columns(screen: Screen, draft: Draft, mail: Mail) -> Iterator[Column]:
    """Yield the mail, and the one beside it.

    Raises:
        UnknownName: there is nobody of that name.
    """
    if screen.view.view not in ("html", "text"):
        return
    yield _column(screen, screen.view, mail)
    if screen.view.beside not in ("", mail.subscriber.name) and screen.addresses.live:
        other = screen.drafts.person(screen.view.beside)
        yield _column(screen, replace(screen.view, person=other.name), draft.mail(screen.view.step, other))


def _column(screen: Screen, view: View, mail: Mail) -> Column:
    name = label(mail.subscriber)
    if view.view == "text":
        return Column(name, text=mail.text)
    looks = [view.look] if screen.addresses.live else list(_LOOKS)
    frames = tuple(
        (str(each), _LOOKS[each], frame_of(screen, screen.draft, replace(view, look=each))) for each in looks
    )
    return Column(name, frames)


def _weight(draft: Draft, mail: Mail) -> Weight:
    worst, said = mail.size, "who else’s is heaviest is being worked out …"
    heaviest = draft.findings.heaviest.get(mail.step.id) if draft.findings else None
    if heaviest:
        worst, said = heaviest.size, f"heaviest: {kilobytes(heaviest.size)} for {heaviest.person}"
    return Weight(kilobytes(mail.size), _scale(mail.size), said, _scale(worst), max(mail.size, worst) > CLIP)


def _scale(size: int) -> float:
    return round(min(100.0, size * 80 / CLIP), 1)


def _source(screen: Screen, mail: Mail) -> dict[str, object]:
    """Return the lines of a source where one is looked at; of a very long one the beginning."""
    match screen.view.view:
        case "source":
            whole, ending = mail.html, "html"
        case "mime":
            whole, ending = mail.eml.decode("utf-8", "replace").replace("\r\n", "\n"), "eml"
        case _:
            return {"lines": (), "cut": "", "whole": ""}
    lines = tuple(_folded(each) for each in itertools.islice(whole[:_MOST].split("\n"), 20_000))
    cut = f"{len(whole) - _MOST:,} more characters" if len(whole) > _MOST else ""
    return {"lines": lines, "cut": cut, "whole": screen.addresses.raw(screen.view, ending)}


def _folded(line: str) -> Line:
    return Line(line) if len(line) <= _FOLD else Line(line[:_FOLD], line[_FOLD:])


def _files(screen: Screen, mail: Mail) -> Iterator[Option]:
    view = screen.view
    for ending, what in (("eml", "as a mail program keeps it"), ("html", "the page alone"), ("txt", "the text alone")):
        name = f"{view.campaign}-{view.step}.{ending}"
        yield Option(f".{ending}", screen.addresses.raw(view, ending), note=what, value=name)
    if mail.leads_to_sheet:
        name = f"{view.campaign}-{SHEET}"
        yield Option("sheet", screen.addresses.raw(view, SHEET), note="all exercises, to print", value=name)
