"""Markdown becomes units with their source lines, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.markdown import markdown_units
from backmail.model.article import Unit, UnitKind


def seen(text: str) -> list[tuple[str, int, int, str]]:
    return [(unit.kind.value, unit.start, unit.end, unit.text) for unit in markdown_units(text)]


def only(text: str) -> Unit:
    (unit,) = markdown_units(text)
    return unit


def test_headings_of_both_kinds() -> None:
    assert seen("# *Bees* & `me`\n\nThe year\n---") == [("heading", 1, 1, "Bees & me"), ("heading", 3, 4, "The year")]
    assert [unit.level for unit in markdown_units("# A\n\nB\n---\n\n#### C")] == [1, 2, 4]


def test_a_paragraph_is_plain_and_keeps_its_lines() -> None:
    unit = only("Bees **fly**\nto [the lime](https://example.org).")
    assert (unit.text, unit.raw) == ("Bees fly to the lime.", "Bees **fly**\nto [the lime](https://example.org).")
    assert (unit.start, unit.end) == (1, 2)


def test_items_and_the_lists_inside_them() -> None:
    assert seen("- wear a veil\n\n  always\n- bring\n  1. a smoker\n  2. a brush\n\n  and time") == [
        ("item", 1, 3, "wear a veil always"),
        ("item", 4, 4, "bring"),
        ("item", 5, 5, "a smoker"),
        ("item", 6, 6, "a brush"),
        ("paragraph", 8, 8, "and time"),
    ]
    units = markdown_units("- bring\n  1. a smoker")
    assert [(unit.level, unit.ordered) for unit in units] == [(0, False), (1, True)]


def test_code_tables_quotes_images_and_rules() -> None:
    text = "```sh\nbuzz\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n> twice\n\n![hive](h.png)\n\n***"
    assert seen(text) == [
        ("code", 1, 3, "buzz"),
        ("table", 5, 7, "a b 1 2"),
        ("quote", 9, 10, "said twice"),
        ("image", 12, 12, "hive"),
        ("rule", 14, 14, ""),
    ]


def test_a_bold_line_is_a_heading_below_the_last_one() -> None:
    units = markdown_units("## Winter\n\n**The cluster**\n\nThey sit close.\n\n**Food**\nHoney.")
    assert [(unit.kind.value, unit.level, unit.text) for unit in units] == [
        ("heading", 2, "Winter"),
        ("heading", 3, "The cluster"),
        ("paragraph", 0, "They sit close."),
        ("heading", 3, "Food"),
        ("paragraph", 0, "Honey."),
    ]


@pytest.mark.parametrize("text", ["**Note:**\nHoney is sweet.", "**Bees** fly.", "**They fly home.**", "*Bees*"])
def test_what_bold_does_not_make_a_heading(text: str) -> None:
    assert only(text).kind is UnitKind.PARAGRAPH


def test_html_shows_its_text_and_a_comment_none() -> None:
    assert seen("<h2>Bees</h2>\n\n<p>They fly.</p>\n\n<!-- more -->") == [
        ("heading", 1, 1, "Bees"),
        ("paragraph", 3, 3, "They fly."),
        ("paragraph", 5, 5, ""),
    ]
    assert only("<details><summary>Do they sleep?</summary>").kind is UnitKind.HEADING
    assert only('<img src="h.png">').kind is UnitKind.IMAGE


@pytest.mark.parametrize("text", ["{{< youtube abc >}}", "{% include x %}", "[[toc]]", "{:toc}"])
def test_what_a_site_generator_replaces_says_nothing(text: str) -> None:
    assert only(text).text == ""


def test_link_definitions_are_units_also_when_defined_twice() -> None:
    assert seen("See [a].\n\n[a]: https://example.org\n  'Title'\n[a]: https://example.com") == [
        ("paragraph", 1, 1, "See a."),
        ("link-definition", 3, 4, "[a]: https://example.org 'Title'"),
        ("link-definition", 5, 5, "[a]: https://example.com"),
    ]


PIECES = st.sampled_from(
    ["# A", "b", "- c", "  - d", "1. e", "> f", "```", "~~~", "    g", "---", "===", "| h | i |", "|---|---|",
     "[j]: k", "**l**", "**m?** n", "<div>", "<!--", "-->", "![o](p)", "", "", "\t", "\\", "&amp;", "\u2028",
     "{{< q >}}", "*", "+ r"]
)  # fmt: skip
LINE = st.one_of(PIECES, st.text(max_size=20).map(lambda text: text.replace("\n", " ").replace("\r", " ")))


@given(st.lists(LINE, max_size=14).map("\n".join))
def test_every_line_that_is_not_blank_is_in_one_unit(text: str) -> None:
    units = markdown_units(text)
    held = [number for unit in units for number in range(unit.start, unit.end + 1)]
    assert held == sorted(set(held))
    assert {number for number, line in enumerate(text.split("\n"), 1) if line.strip()} <= set(held)
