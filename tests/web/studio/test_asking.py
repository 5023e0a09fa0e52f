"""What an address asks for is read as it was written; what is no such thing is told, all of it, with a way back."""

from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.looks import Look, Pictures
from backmail.errors import UnknownName, UsageError
from backmail.web.studio.addresses import SCREENS, VIEWS, WIDTHS, Served, View
from backmail.web.studio.asking import asked
from tests.web.studio.conftest import SLUG

FIRST = "shoulders-wrists-grow-stiff"
MAIL = {"campaign": SLUG, "step": FIRST}


def read(drafts: Drafts, screen: str, address: str) -> View:
    """Return the view that an address of the site means."""
    parts = urlsplit(address)
    names = [unquote(part) for part in parts.path.split("/")[3:]]
    path = dict(zip(("campaign", "", "step"), names, strict=False))
    got = asked(drafts, screen, path, dict(parse_qsl(parts.query)))
    assert got.problem is None
    return got.view


@given(data=st.data())
def test_what_is_written_is_read(drafts: Drafts, data: st.DataObject) -> None:
    screen = data.draw(st.sampled_from(SCREENS))
    people = st.sampled_from(["", *(person.name for person in drafts.people)])
    view = View(screen, person=data.draw(people))
    if screen != "campaigns":
        view = replace(view, campaign=SLUG)
    if screen == "email":
        view = replace(
            view,
            step=data.draw(st.sampled_from([step.step.id for step in drafts.draft(SLUG).steps if step.step])),
            beside=data.draw(people),
            view=data.draw(st.sampled_from(VIEWS)),
            look=data.draw(st.sampled_from(Look)),
            pictures=data.draw(st.sampled_from(Pictures)),
            width=data.draw(st.sampled_from(WIDTHS)),
            editing=data.draw(st.booleans()),
        )
    if screen == "checks":
        view = replace(
            view, step=data.draw(st.sampled_from(["", FIRST])), level=data.draw(st.sampled_from(["", "info"]))
        )
    if screen == "outline":
        view = replace(view, block=data.draw(st.text()))
    assert read(drafts, screen, Served().page(view)) == view


@pytest.mark.parametrize("width", ["0", "full"])
def test_full_width_has_two_names(drafts: Drafts, width: str) -> None:
    assert asked(drafts, "email", MAIL, {"w": width}).view.width == 0


@pytest.mark.parametrize(
    ("query", "words", "hint"),
    [
        ({"look": "drak"}, "look=drak is not known: look is light or dark or inverted", "did you mean 'dark'?"),
        ({"img": "0"}, "img is off or own or all", ""),
        ({"w": "376"}, "w is 320 or 375 or 600 or full", "did you mean '375'?"),
        ({"view": "HTML"}, "view is html or text", "did you mean 'html'?"),
        ({"level": "errors"}, "level is error or warning", "did you mean 'error'?"),
        ({"edit": "yes"}, "edit is 1", ""),
        ({"look": "x" * 9999}, "look=" + "x" * 40 + "… is not known", ""),
    ],
)
def test_a_value_that_cannot_be_is_told_with_those_that_can(
    drafts: Drafts, query: dict[str, str], words: str, hint: str
) -> None:
    got = asked(drafts, "email", MAIL, query)
    assert isinstance(got.problem, UsageError)
    [fault] = got.problem.faults
    assert words in fault.message
    assert fault.hint == hint
    assert got.view == View("email", SLUG, FIRST)


@pytest.mark.parametrize(
    ("screen", "path", "query", "hint", "back"),
    [
        ("sequence", {"campaign": SLUG[:-1]}, {}, SLUG, View()),
        ("email", {**MAIL, "step": FIRST[:-1]}, {}, FIRST, View("sequence", SLUG)),
        ("email", MAIL, {"as": "ana"}, "anna", View("email", SLUG, FIRST)),
        ("email", MAIL, {"as": "misaki", "with": "ana"}, "anna", View("email", SLUG, FIRST, person="misaki")),
        ("checks", {"campaign": SLUG}, {"step": FIRST[1:], "level": "info"}, FIRST, View("checks", SLUG, level="info")),
    ],
)  # fmt: skip
def test_a_name_that_nothing_has_is_told_with_the_nearest_and_a_way_back(
    drafts: Drafts, screen: str, path: dict[str, str], query: dict[str, str], hint: str, back: View
) -> None:
    got = asked(drafts, screen, path, query)
    assert isinstance(got.problem, UnknownName)
    assert f"did you mean {hint!r}?" in str(got.problem)
    assert got.view == back


def test_all_that_is_wrong_is_told_at_once(drafts: Drafts) -> None:
    got = asked(drafts, "email", MAIL, {"as": "x", "with": "y", "look": "z", "w": "1"})
    assert isinstance(got.problem, UnknownName)
    assert len(got.problem.faults) == 4


def test_what_no_address_has_is_passed_over(drafts: Drafts) -> None:
    assert asked(drafts, "email", MAIL, {"v": "abc", "utm_source": "x", "as": ""}).view == View("email", SLUG, FIRST)
