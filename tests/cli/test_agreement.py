"""What is not easily undone is agreed to by its count, on the command line or on a terminal."""

import io

import click
import pytest

from backmail.cli.agreement import agree, operator
from backmail.errors import SafetyStop

COMMAND = ("enroll", "town", "--segment", "tag:a or tag:b", "--live")


class Terminal(io.StringIO):
    """Where a person sits."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> Terminal:
    """Sit down at a terminal and type; return what it shows."""
    shows = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    monkeypatch.setattr("sys.stderr", shows)
    return shows


def test_the_right_count_beforehand_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    agree(3, 3, what="people to enroll", command=COMMAND)
    shows = at_a_terminal(monkeypatch, "")
    agree(3, 3, what="people to enroll", command=COMMAND)
    assert shows.getvalue() == ""


def test_another_count_stops_it() -> None:
    with pytest.raises(SafetyStop) as caught:
        agree(3, 4, what="people to enroll", command=COMMAND)
    assert str(caught.value) == (
        "4 people to enroll were expected, and there are 3: nothing was done\n"
        "next: backmail enroll town --segment 'tag:a or tag:b' --live"
    )
    assert caught.value.exit_code == 5


def test_where_nobody_can_be_asked_the_count_must_be_said_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n"))
    with pytest.raises(SafetyStop) as caught:
        agree(3, None, what="people to enroll", command=COMMAND)
    assert caught.value.next_command == "backmail enroll town --segment 'tag:a or tag:b' --live --expect 3"


def test_on_a_terminal_it_is_asked_until_a_number_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    shows = at_a_terminal(monkeypatch, "yes\n3\n")
    agree(3, None, what="people to enroll", command=COMMAND)
    assert "Type the number of people to enroll to go on" in shows.getvalue()


def test_another_number_typed_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch, "2\n")
    with pytest.raises(SafetyStop, match="2 people to enroll were expected, and there are 3"):
        agree(3, None, what="people to enroll", command=COMMAND)


def test_nothing_typed_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch, "")
    with pytest.raises(click.Abort):
        agree(3, None, what="people to enroll", command=COMMAND)


def test_the_operator_has_a_name_also_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ann")
    assert operator() == "ann"

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert operator() == "unknown"
