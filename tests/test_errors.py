"""How errors look: place, line, caret, hint, all at once, the next command; and nothing that steers a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import errors
from backmail.errors import BackmailError, Fault, InputError, Place, PlanRefused, did_you_mean, visible


def subclasses(kind: type[BackmailError]) -> list[type[BackmailError]]:
    """Return the kinds of error below one, and theirs."""
    return [each for below in kind.__subclasses__() for each in (below, *subclasses(below))]


def test_a_fault_shows_its_line_with_a_caret_under_the_column() -> None:
    fault = Fault("'aftr' is not a setting here", Place("c.yaml", 12, 5), "did you mean 'after'?", "    aftr: 7d")
    assert str(fault) == (
        "c.yaml:12:5: 'aftr' is not a setting here\n  12 |     aftr: 7d\n           ^ did you mean 'after'?"
    )
    shown = str(fault).split("\n")
    assert shown[1][shown[2].index("^")] == "a"


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault("m"), "m"),
        (Fault("m", hint="h"), "m\n  hint: h"),
        (Fault("m", Place("f")), "f: m"),
        (Fault("m", Place("f"), "h"), "f: m\n  hint: h"),
        (Fault("m", Place("f", 2), "h"), "f:2: m\n  hint: h"),
        (Fault("m", Place("f", 2), "h", "x"), "f:2: m\n  2 | x\n  hint: h"),
        (Fault("m", Place("f", 2, 1), "", "x"), "f:2:1: m\n  2 | x\n      ^"),
    ],
)
def test_a_fault_shows_what_it_knows(fault: Fault, shown: str) -> None:
    assert str(fault) == shown


def test_the_caret_stands_right_after_tabs_wide_letters_and_marks_upon_letters() -> None:
    for source, cells in [("\tx", 1), ("美咲x", 4), ("e\u0301x", 1), ("👋x", 2)]:
        shown = str(Fault("m", Place("f", 1, source.index("x") + 1), "", source)).split("\n")
        assert shown[2] == " " * (6 + cells) + "^"


def test_of_a_long_line_the_part_around_the_column_is_shown() -> None:
    source = "a" * 500 + "X" + "b" * 500
    first, line, caret = str(Fault("m", Place("f", 1, 501), "h", source)).split("\n")
    assert first == "f:1:501: m"
    assert line[caret.index("^")] == "X"
    assert line.startswith("  1 | …a")
    assert line.endswith("b…")
    assert len(line) < 120
    assert str(Fault("m", Place("f", 1), "", source)).split("\n")[1] == "  1 | " + "a" * 100 + "…"
    assert str(Fault("m", Place("f", 1), "", "a" * 100)).split("\n")[1] == "  1 | " + "a" * 100


@given(st.text(), st.text(), st.integers(1, 300))
def test_nothing_that_is_shown_can_steer_a_terminal(message: str, source: str, column: int) -> None:
    shown = str(Fault(message, Place("f", 1, column), "", source.replace("\n", " ")))
    assert not set(shown) & {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x2066)}


def test_text_is_left_as_it_is_but_for_what_steers() -> None:
    assert visible("a\tb\nSøren 👩‍👩‍👧 \x1b[31mred\u202e") == "a b\nSøren 👩‍👩‍👧 \ufffd[31mred\ufffd"


def test_all_faults_stand_in_one_error_with_their_number_and_the_next_command() -> None:
    error = InputError([Fault("one", Place("f", 1)), Fault("two")], next_command="backmail check")
    assert str(error) == "f:1: one\ntwo\n2 problems\nnext: backmail check"
    assert str(InputError("just words")) == "just words"
    assert InputError(Fault("a")).faults == (Fault("a"),)


def test_an_error_without_a_fault_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a fault"):
        InputError([])


def test_every_kind_of_error_stands_in_the_tree_with_its_exit_code() -> None:
    codes = {"UsageError": 2, "TransportRefused": 4, "SafetyStop": 5}
    for kind in subclasses(BackmailError):
        if kind.__module__ == errors.__name__:
            assert f"── {kind.__name__} " in (errors.__doc__ or "")
            assert kind.exit_code == codes.get(kind.__name__, 3)


def test_a_refused_plan_names_the_number_of_weeks_that_works() -> None:
    assert str(PlanRefused("too long", rule="words", nearest=8)) == "too long\n  hint: 8 weeks work"
    assert str(PlanRefused("too long", rule="words", nearest=None)) == "too long\n  hint: no number of weeks works"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("aftr", ["after", "before"], "did you mean 'after'?"),
        ("TUE", ["mon", "tue"], "did you mean 'tue'?"),
        ("europe/kobenhavn", ["Europe/Copenhagen", "Europe/Berlin"], "did you mean 'Europe/Copenhagen'?"),
        ("xyz", ["after"], ""),
        ("", ["after"], ""),
        ("after", [], ""),
    ],
)
def test_the_nearest_known_word_is_proposed(word: str, known: list[str], hint: str) -> None:
    assert did_you_mean(word, known) == hint
