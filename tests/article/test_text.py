"""Plain text becomes units: one a line, but a hard-wrapped paragraph is one."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.text import is_bare, text_units
from backmail.model.article import Unit, UnitKind


def seen(text: str) -> list[tuple[UnitKind, int, int, str]]:
    return [(unit.kind, unit.start, unit.end, unit.text) for unit in text_units(text)]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    assert seen("First one here.\nSecond one here.\n\nThird.") == [
        (UnitKind.PARAGRAPH, 1, 1, "First one here."),
        (UnitKind.PARAGRAPH, 2, 2, "Second one here."),
        (UnitKind.PARAGRAPH, 4, 4, "Third."),
    ]


LONG = "Bees fly when it is warm, and they come home before the rain. Whoever keeps them learns to read the sky, "


@pytest.mark.parametrize("width", [40, 64, 72, 80, 100])
def test_hard_wrapped_paragraphs_are_joined(width: int) -> None:
    paragraphs = [LONG * 3, LONG * 2 + "and the wind.", "Short."]
    text = "\n\n".join(textwrap.fill(each, width) for each in paragraphs)
    assert [unit.text for unit in text_units(text)] == [" ".join(each.split()) for each in paragraphs]


def test_a_heading_right_above_a_wrapped_paragraph_stays_alone() -> None:
    units = text_units("Keeping bees\n" + textwrap.fill(LONG * 4, 72))
    assert [(unit.start, unit.end) for unit in units] == [(1, 1), (2, units[-1].end)]


def test_lines_of_a_list_without_bullets_are_not_joined() -> None:
    assert len(text_units("two hives\na smoker\none veil\nstrong gloves\na hive tool")) == 5


def test_lines_of_about_one_length_that_each_begin_anew_are_not_joined() -> None:
    lines = [
        "Two hives of old wood with a flat roof",
        "One smoker with a bag full of dry straw",
        "Some gloves that are soft and very thin",
    ]
    assert len(text_units("\n".join(lines * 2))) == 6


def test_lines_broken_by_hand_are_joined_where_blank_lines_part_the_paragraphs() -> None:
    text = (
        "A first paragraph that ends.\n\nA second paragraph is broken in the middle,\nbut it goes on.\n\nA third one."
    )
    assert [unit.end for unit in text_units(text)] == [1, 3, 4, 6]
    text = text.replace("middle,", "middle of it")
    assert [unit.end for unit in text_units(text)] == [1, 4, 6]


@pytest.mark.parametrize("sign", ["-", "*", "•", "–", "1.", "12)"])
def test_items(sign: str) -> None:
    (unit,) = text_units(f"  {sign}  wear a veil")
    assert (unit.kind, unit.text, unit.level) == (UnitKind.ITEM, "wear a veil", 1)
    assert unit.ordered is sign[0].isdigit()
    assert unit.raw == f"  {sign}  wear a veil"


def test_an_item_goes_on_on_an_indented_line() -> None:
    assert [unit.text for unit in text_units("- wear\n  a veil\n- go slowly")] == ["wear a veil", "go slowly"]


@pytest.mark.parametrize("rule", ["---", "* * *", "=====", "_____", "~~~"])
def test_rules(rule: str) -> None:
    assert [unit.kind for unit in text_units(f"One.\n\n{rule}\n\nTwo.")][1] is UnitKind.RULE


@pytest.mark.parametrize(
    ("text", "level"), [("Bees\n====", 1), ("Bees\n----", 2), ("## Bees", 2), ("### Bees ###", 3), ("**Bees**", 3)]
)
def test_headings_that_are_marked(text: str, level: int) -> None:
    unit = text_units(text + "\n\nThey fly.")[0]
    assert (unit.kind, unit.text, unit.level, unit.marked) == (UnitKind.HEADING, "Bees", level, True)


@pytest.mark.parametrize("text", ["It rains.", "Is it?", "Look:", "", "...", "word " * 15, "x" * 120])
def test_what_is_not_bare(text: str) -> None:
    assert not is_bare(text)


def test_what_is_bare() -> None:
    assert is_bare("The bees of spring")


def whole(units: tuple[Unit, ...], text: str) -> None:
    """Check that each non-blank line is in one unit, in order, and that raw holds the lines."""
    lines = text.split("\n")
    held = [number for unit in units for number in range(unit.start, unit.end + 1)]
    assert held == sorted(set(held))
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(held)
    assert all(unit.raw == "\n".join(lines[unit.start - 1 : unit.end]) for unit in units)


LINE = st.one_of(
    st.text(max_size=60).map(lambda text: text.replace("\n", " ").replace("\r", " ")),
    st.sampled_from(["", "- item", "1. step", "---", "====", "# Head", "**Bold**", "Q: Why?", "  more", LONG.strip()]),
)


@given(st.lists(LINE, max_size=12).map("\n".join))
def test_every_line_that_is_not_blank_is_in_one_unit(text: str) -> None:
    whole(text_units(text), text)
