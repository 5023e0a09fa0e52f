"""Headings that name a part of their section: those that come again below its neighbours."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backmail.article.markdown import markdown_units
from backmail.article.subheadings import part_headings
from backmail.model.article import Unit, UnitKind
from tests.counting import calls

SAID = "It has been on our shelves for many years and people still ask for it.\n\n"


def parts(text: str, language: str = "en", path: str = "") -> list[str]:
    units = [replace(unit, path=path) for unit in markdown_units(text)]
    return [units[place].text for place in sorted(part_headings(units, language))]


def guessed(*headings: str) -> list[Unit]:
    """Return headings that nothing marks, each with a paragraph."""
    units = []
    for number, heading in enumerate(headings):
        units.append(Unit(UnitKind.HEADING, heading, heading, 2 * number + 1, 2 * number + 1, 2))
        units.append(Unit(UnitKind.PARAGRAPH, SAID, SAID, 2 * number + 2, 2 * number + 2))
    return units


def flat(*headings: str) -> list[str]:
    units = guessed(*headings)
    return [units[place].text for place in sorted(part_headings(units, "en"))]


def test_headings_that_come_again_below_neighbours_are_parts() -> None:
    text = "".join(
        f"## {name}\n\n{SAID}### Soil\n\n{SAID}### {other}\n\n{SAID}" for name, other in zip("ABC", "XYZ", strict=True)
    )
    assert parts(text) == ["Soil", "X", "Soil", "Y", "Soil", "Z"]


def test_a_numbered_neighbour_is_divided_as_the_others_are() -> None:
    text = f"## 1. Rose\n\n### Soil\n\n{SAID}## 2. Lilac\n\n### Soil\n\n{SAID}## 3. Ivy\n\n### Water\n\n{SAID}"
    assert parts(text) == ["Soil", "Soil", "Water"]


def test_one_name_twice_is_chance() -> None:
    assert parts(f"## Rose\n\n### Soil\n\n{SAID}## Lilac\n\n### Soil\n\n{SAID}") == []


def test_long_sections_keep_sections_of_their_own() -> None:
    assert parts("".join(f"## {name}\n\n### Soil\n\n{SAID * 40}" for name in "ABC")) == []


def test_questions_and_conclusions_are_never_parts() -> None:
    assert parts("".join(f"## {name}\n\n### FAQ\n\n{SAID}### Conclusion\n\n{SAID}" for name in "ABC")) == []


def test_without_levels_what_comes_again_behind_different_headings_is_a_part() -> None:
    assert flat("rose", "soil", "water", "lilac", "soil", "water", "last words") == ["soil", "water", "soil", "water"]


def test_without_levels_one_name_twice_is_chance() -> None:
    assert flat("rose", "soil", "lilac", "soil", "last words") == []


def test_small_print_divides_a_short_section_in_markdown() -> None:
    assert parts(f"### Clean it\n\n{SAID}#### With soap\n\n{SAID}") == ["With soap"]
    assert parts(f"### Clean it\n\n{SAID}#### With soap\n\n{SAID * 20}") == []


def test_the_things_that_a_heading_orders_are_its_parts() -> None:
    text = f"### Gather the papers\n\n#### Payslips\n\n{SAID}#### Tax returns\n\n{SAID}#### Contracts\n\n{SAID}"
    assert parts(text) == ["Payslips", "Tax returns", "Contracts"]
    assert parts(text.replace("Gather the papers", "Old papers")) == []


@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["Soil", "Water", "1. A", "2. B", "FAQ", "Why?"]))))
def test_only_headings_are_parts(headings: list[tuple[int, str]]) -> None:
    units = markdown_units("".join(f"{'#' * level} {name}\n\n{SAID}" for level, name in headings))
    assert all(units[place].kind is UnitKind.HEADING for place in part_headings(units, "en"))


def test_the_work_grows_as_the_headings_do() -> None:
    text = f"## Rose\n\n### Soil\n\n{SAID}### Water\n\n{SAID}"
    few, many = markdown_units(text * 50), markdown_units(text * 200)
    part_headings(few, "en")
    assert calls(lambda: part_headings(many, "en")) < 5 * calls(lambda: part_headings(few, "en"))


def test_bold_labels_right_above_lists_are_parts_of_their_section() -> None:
    text = f"# Bees\n\n## The hive\n\n{SAID}**In wood:**\n- oak\n- ash\n\n**In straw:**\n1. rye\n2. oats\n\n## Food\n"
    assert parts(text) == ["In wood:", "In straw:"]


def test_bold_labels_that_open_something_or_stand_apart_are_sections() -> None:
    top = f"# Bees\n\n## The hive\n\n{SAID}"
    for label in ("**Ingredients:**\n- oak", "**In wood:**\n\n- oak", "**In wood**\n\n- oak"):
        assert parts(f"{top}{label}\n- ash\n\n## Food\n\n{SAID}") == []
    assert parts(f"# Bees\n\n{SAID}**In wood:**\n- oak\n- ash\n\n**In straw:**\n- rye\n") == []


def test_headings_of_a_page_that_only_count_steps_are_parts_of_the_first() -> None:
    row = "".join(f"### Step {number}\n\nLook at the comb.\n\n" for number in (1, 2, 3))
    text = f"## The visit\n\n{row}## The end\n\n{SAID}"
    assert parts(text, path="p[1]") == ["Step 2", "Step 3"]
    assert parts(text) == parts(text.replace("Step", "Exercise"), path="p[1]") == []
    assert parts(text.replace("Look", SAID * 8), path="p[1]") == []


def test_counted_things_that_come_again_are_no_parts() -> None:
    lists = "".join(f"## {name}\n\n### #1 Soil\n\n{SAID}### #2 {other}\n\n{SAID}" for name, other in ("AX", "BY", "CZ"))
    assert parts(lists) == []
