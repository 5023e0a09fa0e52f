"""Headings of a plain text are found though nothing marks them, each for a named reason."""

import pytest

from backmail.article.headings import guess, guess_between_blanks, is_unmarked
from backmail.article.markdown import markdown_units
from backmail.article.text import text_units
from backmail.model.article import UnitKind

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."


def found(text: str, language: str = "en") -> dict[str, str]:
    units, reasons = guess(text_units(text), language)
    return {unit.text: reasons[unit.start] for unit in units if unit.kind is UnitKind.HEADING and not unit.marked}


def test_small_letters_are_a_style() -> None:
    text = (
        f"{BODY}\nwhere they drink\n{BODY}\nwhat they eat\nin spring\n{BODY}\nthe winter\n{BODY}\nBees and me\n{BODY}"
    )
    assert found(text) == {
        "where they drink": "heading.small-letters",
        "what they eat": "heading.small-letters",
        "in spring": "heading.small-letters",
        "the winter": "heading.small-letters",
    }


def test_a_short_line_without_a_stop_above_a_paragraph() -> None:
    assert found(f"{BODY}\nThe Winter\nBees sit close.") == {"The Winter": "heading.short-no-stop"}


def test_a_short_line_above_a_list() -> None:
    assert found(f"{BODY}\nTools of the trade\n- a veil\n- a smoker") == {"Tools of the trade": "heading.above-list"}


def test_headings_one_above_the_other() -> None:
    assert found(f"{BODY}\nThe Year\nThe Winter\n{BODY}") == {
        "The Year": "heading.above-heading",
        "The Winter": "heading.short-no-stop",
    }


def test_a_list_without_bullets_is_no_row_of_headings() -> None:
    text = f"{BODY}\nMy tools\nA veil\nA smoker\nA brush\nThe first visit\n{BODY}"
    assert list(found(text)) == ["My tools", "The first visit"]
    units, _ = guess(text_units(text), "en")
    assert [unit.text for unit in units if unit.kind is UnitKind.ITEM] == ["A veil", "A smoker", "A brush"]


def test_amounts_are_no_headings() -> None:
    assert found(f"Ingredients\n2 cups flour\n1 tsp salt\nMethod\n{BODY}") == {
        "Ingredients": "heading.list:en 'Ingredients'",
        "Method": "heading.list:en 'Method'",
    }


def test_small_letters_do_not_make_headings_of_a_list_without_bullets() -> None:
    text = f"where they drink\n{BODY}\nwhat they eat\n{BODY}\nthe tools\na veil\na smoker\na brush\nthe visit\n{BODY}"
    assert list(found(text)) == ["where they drink", "what they eat", "the tools", "the visit"]


def test_a_question_with_an_answer() -> None:
    assert found(f"{BODY}\nDo bees sleep at night?\nYes, they do.") == {"Do bees sleep at night?": "heading.question"}


def test_two_questions_in_a_row_are_no_headings() -> None:
    assert found(f"{BODY}\nDo bees sleep at night?\nDo they dream?\n") == {}


def test_a_known_name_needs_no_neighbours() -> None:
    assert found(f"{BODY}\nKilder\n- Holm, B. (2019). Bees.") == {"Kilder": "heading.list:da 'Kilder'"}


def test_numbered_headings() -> None:
    assert found(f"{BODY}\n\n1. Choose a place:\n\n{BODY}\n\n2. Set up the hive\n\n{BODY}") == {
        "Choose a place:": "heading.numbered",
        "Set up the hive": "heading.numbered",
    }


def test_labels_with_a_colon_are_headings_where_there_are_several() -> None:
    assert found(f"Drones:\n{BODY}\nWorkers:\n{BODY}\nThere are three:\n{BODY}") == {
        "Drones:": "heading.label",
        "Workers:": "heading.label",
    }
    assert found(f"{BODY}\nDrones:\n{BODY}") == {}


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Anna Holm",
        "By Anna Holm",
        "Updated 3 May 2024",
        "Prep time: 20 min",
        "It rains today.",
        "Bees, wasps,",
        "See also: The other hive",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    assert line not in found(f"{line}\n{BODY}\n{BODY}")


def test_headings_in_capitals_stand_above_others() -> None:
    units, _ = guess(text_units(f"THE YEAR\nThe Winter\n{BODY}\nTHE HIVE\n{BODY}"), "en")
    assert [unit.level for unit in units if unit.kind is UnitKind.HEADING] == [2, 3, 2]


SMALL = f"{BODY}\nthe hive\n{BODY}\nthe year\n{BODY}\nthe honey\n{BODY}"


@pytest.mark.parametrize("title", ["Keeping bees in town", "Why keep bees?", "Seven rules for bees"])
def test_a_first_line_with_a_capital_above_small_headings_is_the_title(title: str) -> None:
    assert title in found(f"{title}\n{SMALL}")


@pytest.mark.parametrize("line", ["Bees are old.", f"{BODY} {BODY}", "pip install bees"])
def test_another_first_line_is_none(line: str) -> None:
    assert line not in found(f"{line}\n{SMALL}")


@pytest.mark.parametrize("line", ["git log --oneline", "pip install bees", "$ make honey", "hives = 3", "count(bees)"])
def test_a_line_of_code_is_no_heading(line: str) -> None:
    units, reasons = guess(text_units(f"{SMALL}\nhow to count\nType this:\n{line}\n{BODY}"), "en")
    code = next(unit for unit in units if unit.text == line)
    assert (code.kind, code.start in reasons) == (UnitKind.CODE, False)


def test_a_small_question_of_two_words_and_a_small_call() -> None:
    assert {"why bees?", "good luck!"} <= set(found(f"{SMALL}\nwhy bees?\n{BODY}\ngood luck!\n{BODY}"))
    assert "Watch out!" not in found(f"{BODY}\nWatch out!\n{BODY}")


def test_rows_of_a_table_do_not_hide_that_headings_begin_small() -> None:
    rows = "\n".join(f"Hive Type {number} Cheap Heavy" for number in range(9))
    text = f"the hive\n{BODY}\nthe types\nsize\nHive Weight\n{rows}\nthe year\n{BODY}\nthe honey\n{BODY}"
    assert {"the hive", "the types", "size", "the year", "the honey"} == set(found(text))


def test_the_address_of_a_page_on_a_line_of_its_own_is_no_heading() -> None:
    text = f"{SMALL}\nthe list\n1. Bees and their water\nwww.bees.example.org\n2. Hives in town\nhives.example/a?b"
    assert not [line for line in found(text) if "example" in line]


def test_a_line_that_counts_what_stands_below_it_is_a_heading_and_an_amount_is_none() -> None:
    assert "3 rules for a quiet hive" in found(f"{SMALL}\n3 rules for a quiet hive\nthe first rule\n{BODY}")
    assert "3 spoons of sugar" not in found(f"{SMALL}\nsugar water\n- water\n3 spoons of sugar\nthe feeder\n{BODY}")


def test_a_label_with_a_capital_names_a_list_inside_its_section_where_headings_are_small() -> None:
    text = f"{BODY}\nin spring\n{BODY}\nWhat to do:\n- open the hive\nin summer\n{BODY}\nin autumn\n{BODY}"
    text = f"{text}\nSigns of thirst:\n- they fan"
    assert list(found(text)) == ["in spring", "in summer", "in autumn"]
    assert "Sources:" in found(f"{text}\nthe winter\n{BODY}\nSources:\n{BODY}")


def test_a_label_right_below_a_question_begins_its_answer() -> None:
    text = f"{BODY}\nHow long do frames last?\nWith care:\n- wood: ten years\nTools:\n- a veil\nBees:\n- a swarm"
    assert list(found(text)) == ["How long do frames last?", "Tools:", "Bees:"]


def test_prose_that_ends_by_asking_the_reader_is_neither_a_heading_nor_a_second_question() -> None:
    asking = "A hive needs little room. Ready to begin?"
    text = f"{BODY}\nin spring\n{BODY}\n{asking}\n{BODY}\ndo bees sleep?\n{asking}\nthe winter\n{BODY}\nthe end\n{BODY}"
    assert list(found(text)) == ["in spring", "do bees sleep?", "the winter", "the end"]


def test_a_word_with_a_capital_inside_is_not_written_in_small_letters() -> None:
    text = (
        f"{BODY}\nin spring\n{BODY}\nthe soil\nValue Wanted Effect\npH-value 6.5 Good\nSand Some Dry\nin summer\n{BODY}"
    )
    assert list(found(text)) == ["in spring", "the soil", "in summer"]


def unmarked(text: str, language: str = "en") -> list[str]:
    """Return what is found in a Markdown text that marks no headings."""
    units = markdown_units(text)
    assert is_unmarked(units)
    return [unit.text for unit in guess_between_blanks(units, language)[0] if unit.kind is UnitKind.HEADING]


def test_markdown_that_marks_no_headings_has_them_between_blank_lines() -> None:
    told = f"{BODY}\n\n{BODY}"
    text = f"{told}\n\nWhere They Drink\n\n{told}\n\nWatch the Hive\n\n- at noon\n- at dusk\n\nFinal thoughts\n\n{BODY}"
    assert unmarked(text) == ["Where They Drink", "Watch the Hive", "Final thoughts"]


def test_a_link_or_a_line_inside_a_paragraph_is_no_heading_of_markdown() -> None:
    told = f"{BODY}\n\n{BODY}\n\n{BODY}"
    assert unmarked(f"{told}\n\n[All about bees](/bees)\n\n{BODY}\n\nBees and me\n{BODY}") == []


def test_labels_between_blank_lines_are_the_style_of_a_text() -> None:
    text = "\n\n".join(["", "Water:", "Food:", "The rule of three:"][n] + f"\n\n{BODY} {BODY}" for n in range(4))
    assert unmarked(text.strip()) == ["Water:", "Food:", "The rule of three:"]


def test_one_line_that_leads_to_prose_is_no_label() -> None:
    assert unmarked(f"{BODY}\n\n{BODY}\n\n{BODY}\n\nThe answer is this:\n\n{BODY}") == []


def test_markdown_with_headings_or_hardly_a_text_is_read_as_it_is_marked() -> None:
    assert not is_unmarked(markdown_units(f"# Bees\n\n## Water\n\n{BODY}\n\n" + f"{BODY}\n\n" * 4))
    assert not is_unmarked(markdown_units(f"Bees\n\n{BODY}"))
    assert is_unmarked(markdown_units("# Bees\n\n" + f"{BODY}\n\n" * 4))


def test_a_span_of_months_below_a_heading_is_one_and_no_amount() -> None:
    text = (
        f"{BODY}\nhow the hive grows\n0 to 3 months\n{BODY}\n3 to 6 months\n{BODY}\nthe winter\n{BODY}\nthe end\n{BODY}"
    )
    assert list(found(text))[:3] == ["how the hive grows", "0 to 3 months", "3 to 6 months"]


def test_speech_and_one_short_line_alone_are_no_headings_of_markdown() -> None:
    told = f"{BODY}\n\n{BODY}\n\n{BODY}"
    assert unmarked(f"{told}\n\nNine days\n\n{BODY}") == []
    assert unmarked(f"{told}\n\n“More of it,” said the bee\n\n{BODY}\n\nNine days\n\n{BODY}") == []
