"""Sections: one is written anew, or a list has entries less and more; all else stays to the byte."""

from contextlib import suppress
from typing import Any

import pytest

from backmail.errors import InputError
from backmail.yamlfile import parse, with_entries, with_section

LIST = """\
# top
a: 1  # one
list:  # mine
# first
- x: 1  # said
  y: 2
# second
- {x: 3}

# last
b: |
  text

"""


def test_a_section_is_written_anew() -> None:
    assert with_section(LIST, "list", [{"z": 1}]) == LIST.replace(
        "list:  # mine\n# first\n- x: 1  # said\n  y: 2\n# second\n- {x: 3}\n", "list:\n  - z: 1\n"
    )
    assert with_section(LIST, "b", "c") == LIST.replace("b: |\n  text\n", "b: c\n")
    assert with_section("a: 1", "a", [2]) == "a:\n  - 2\n"


def test_a_section_is_added_above_the_comments_of_another() -> None:
    assert with_section(LIST, "c", 5, above="b") == LIST.replace("\n# last", "c: 5\n\n# last")
    assert with_section("# note\na: 1\n", "c", 5, above="a") == "c: 5\n# note\na: 1\n"
    assert with_section("a: 1", "c", [5], above="b") == "a: 1\nc:\n  - 5\n"
    assert with_section("# alone\n", "c", 5) == "# alone\nc: 5\n"
    crlf = "a: 1\r\n\r\n# b\r\nb: 2\r\n"
    assert with_section(crlf, "c", [5], above="b") == "a: 1\r\nc:\r\n  - 5\r\n\r\n# b\r\nb: 2\r\n"


def test_entries_come_and_go_and_the_others_stay() -> None:
    assert with_entries(LIST, "list", [], [{"z": 1, "w": "t"}]) == LIST.replace(
        "- {x: 3}\n", "- {x: 3}\n- z: 1\n  w: t\n"
    )
    assert with_entries(LIST, "list", [0], []) == LIST.replace("- x: 1  # said\n  y: 2\n", "")
    assert with_entries(LIST, "list", [1], [{"z": 1}]) == LIST.replace("- {x: 3}\n", "- z: 1\n")
    gone = LIST.replace("list:  # mine", "list: []  # mine").replace("- x: 1  # said\n  y: 2\n", "")
    assert with_entries(LIST, "list", [0, 1], []) == gone.replace("- {x: 3}\n", "")
    assert with_entries(LIST, "list", [], []) == LIST


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("list: []  # none\nb: 1\n", "list:  # none\n  - z: 1\nb: 1\n"),
        ("list:\nb: 1\n", "list:\n  - z: 1\nb: 1\n"),
        ("list:", "list:\n  - z: 1\n"),
        ("b: 1\n", "b: 1\nlist:\n  - z: 1\n"),
        ("", "list:\n  - z: 1\n"),
        ("list: [{x: 3}]\nb: 1\n", "list:\n  - x: 3\n  - z: 1\nb: 1\n"),
        ("list:\n      - x: 3", "list:\n      - x: 3\n      - z: 1\n"),
        ("list:\r\n- x: 3\r\n", "list:\r\n- x: 3\r\n- z: 1\r\n"),
        ("\ufefflist: []\n", "\ufefflist:\n  - z: 1\n"),
    ],
)
def test_an_entry_is_added_to_lists_of_all_kinds(before: str, after: str) -> None:
    assert with_entries(before, "list", [], [{"z": 1}]) == after


@pytest.mark.parametrize("text", ["{list: []}", "a: &x [1]\nlist: *x\n", "- 1", "list: text", "list: {x: 1}"])
def test_what_only_a_person_can_change_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        with_entries(text, "list", [], [{"z": 1}])
    assert refused.value.faults[0].hint.startswith("change it by hand")


@pytest.mark.parametrize("text", ["'list' : \n  [\n  ]\n", "list: &a\n  - &b 1\nc: *b\n", "? list\n: - 1\n"])
def test_odd_ways_to_write_a_list_are_refused_or_kept(text: str) -> None:
    before: Any = parse(text, "").data
    with suppress(InputError):
        made: Any = parse(with_entries(text, "list", [], [{"z": 1}]), "").data
        assert made == {**before, "list": [*before["list"], {"z": 1}]}
