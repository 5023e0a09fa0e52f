"""The studio's plain words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from backmail.clock import parse_span
from backmail.desk.preview.findings import Findings
from backmail.errors import Fault, Place
from backmail.model.campaign import Action, Finding, Schedule, Severity, Step
from backmail.web.studio.screens import words


def steps(*after: str) -> list[Step]:
    """Return steps that come so long after each other."""
    action = Action("Read", "none")
    return [Step(f"s{at}", f"0{at}.md", "S", "P", parse_span(span), action, "", 1) for at, span in enumerate(after)]


def found(*severities: Severity) -> Findings:
    """Return findings of these severities, about one step."""
    return Findings(tuple(Finding("rule", each, f"no. {at}", step="a") for at, each in enumerate(severities)))


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "Week 1 · day 0"), (2, "Week 2 · day 7"), (3, "Week 2 · day 10"), (4, "Week 2 · day 10, 3 h on"),
     (5, "Week 2 · day 11, 4 h on")],
)  # fmt: skip
def test_day_of(number: int, said: str) -> None:
    assert words.day_of(steps("0", "1w", "3d", "3h", "25h"), number) == said


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (Schedule(), "Tuesdays at 09:00, reader’s own time (UTC where it is not known)"),
        (Schedule(days=(0, 3)), "Mondays and Thursdays at 09:00, reader’s own time (UTC where it is not known)"),
        (Schedule(days=tuple(range(7))), "every day at 09:00, reader’s own time (UTC where it is not known)"),
        (
            Schedule(days=(0, 1, 2, 3, 4), at=None, between=(dt.time(8), dt.time(18))),
            "Monday to Friday between 08:00 and 18:00, reader’s own time (UTC where it is not known)",
        ),
    ],
)
def test_sends(schedule: Schedule, said: str) -> None:
    assert words.sends(schedule, "UTC") == said


def test_state() -> None:
    assert words.state(None).tone == "waiting"
    assert words.state(found()) == words.State("nothing to mend", "good")
    assert words.state(found(Severity.INFO)).tone == "good"
    assert words.state(found(Severity.WARNING)) == words.State("1 warning", "warning")
    assert words.state(found(Severity.ERROR, Severity.ERROR, Severity.WARNING)).text == "2 errors, 1 warning"
    assert words.state(found(Severity.ERROR), "another").tone == "good"


def test_gate() -> None:
    assert words.gate(found(), broken=False).text == "This campaign may be applied"
    assert words.gate(found(Severity.WARNING), broken=False).tone == "warning"
    assert words.gate(found(Severity.ERROR), broken=False).text == "1 error stops this campaign"
    assert words.gate(found(Severity.ERROR, Severity.ERROR), broken=False).text == "2 errors stop this campaign"
    assert words.gate(None, broken=False).tone == "waiting"
    assert words.gate(found(), broken=True).tone == "error"


def test_place_never_tells_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "campaigns" / "a" / "01.md"
    assert words.place(Place(str(file), 3, 5), tmp_path) == "campaigns/a/01.md:3:5"
    assert words.place(Place("/somewhere/else/people.yaml", 2), tmp_path) == "people.yaml:2"
    assert words.place(Place("people/anna.yaml"), tmp_path) == "people/anna.yaml"
    assert "\n" not in words.place(Place(str(tmp_path / "a\nb.md")), tmp_path)


def test_excerpt_stands_under_the_spot() -> None:
    fault = Fault("not known", Place("a.md", 12, 8), "did you mean", "after: soon")
    line, caret = words.excerpt(fault).split("\n")
    assert line.endswith("12 | after: soon")
    assert caret.index("^") == line.index("soon")
    assert words.excerpt(Fault("not known", Place("a.md"))) == ""


def test_fitting() -> None:
    text = "Read this before your first exercise"
    assert words.fitting(text, 1000, 15) == text
    cut = words.fitting(text, 120, 15)
    assert text.startswith(cut)
    assert 8 < len(cut) < 22
    assert len(words.fitting("漢字" * 20, 120, 15)) < len(cut)
    assert words.fitting("WWWW", 1, 15) == ""


def test_same_beginnings() -> None:
    texts = {1: "Two gentle exercises for you", 2: "Another", 3: "two gentle exercises again", 4: "Two gentle"}
    assert words.same_beginnings(texts) == [("Two gentle exercises", (1, 3))]


def test_new_to() -> None:
    place = Place("a.md", 1)
    known = Finding("file", Severity.ERROR, "not known", place=place)
    other = Finding("rule", Severity.ERROR, "something else", place=place)
    assert words.new_to([Fault("not known", place)], [known, other]) == (other,)
