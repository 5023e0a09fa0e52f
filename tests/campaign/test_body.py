"""Blocks are written word for word: exercises in numbered steps, in containers, whatever signs the article holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.body import Writing, definitions, repeated, written
from backmail.markup import containers, fold, parser, plain
from backmail.model.article import Block, Excerpt, Kind, Unit, UnitKind
from backmail.model.plan import Repeat
from tests.campaign import sample
from tests.markup.texts import hostile, through_jinja

TEXT = Writing("txt", "txt", "en", sample.sentences, sample.instructs, skus={"b01": "lamp"})
MARKDOWN = replace(TEXT, format="md", safety_format="md")


def block(*lines: str, kind: Kind = Kind.OTHER, heading: bool = False, dose: dict[str, str] | None = None) -> Block:
    """Return the one block of these lines."""
    return sample.article((sample.Given(kind, lines, heading, dose=dose or {}),)).blocks[0]


def unit(kind: UnitKind, raw: str, text: str | None = None, start: int = 1, marked: bool = False) -> Unit:
    """Return a unit of a Markdown article."""
    return Unit(kind, fold(text if text is not None else raw), raw, start, start + raw.count("\n"), marked=marked)


def test_an_exercise_is_written_in_steps() -> None:
    made = block(
        "pelvic tilts",
        "They are gentle. Sit down. Lift one leg for 5 seconds. It feels good.",
        kind=Kind.EXERCISE,
        heading=True,
        dose={"hold": "5 seconds"},
    )
    assert written(made, TEXT) == (
        '::: exercise id=b01 hold="5 seconds"\n## Pelvic tilts\n\nThey are gentle.\n\n'
        "1. Sit down.\n2. Lift one leg for 5 seconds.\n\nIt feels good.\n:::"
    )


def test_a_sentence_with_a_dose_counts_as_an_instruction() -> None:
    made = block("Sit down. Your arms are up for 5 seconds.", kind=Kind.EXERCISE, dose={"hold": "5 seconds"})
    assert "1. Sit down.\n2. Your arms are up for 5 seconds." in written(made, TEXT)


@pytest.mark.parametrize("line", ["Sit down.", "They are gentle. It feels good.", "1. Sit down."])
def test_an_exercise_that_gives_no_two_instructions_stays_as_it_is(line: str) -> None:
    assert written(block(line, kind=Kind.EXERCISE), TEXT) == f"::: exercise id=b01\n{line}\n:::"


def test_lists_and_numbers_stay_as_the_source_has_them() -> None:
    made = block(
        "a recipe", "You need:", "- flour", "- salt", "Then:", "3. mix", "4. bake", kind=Kind.HOW_TO, heading=True
    )
    assert written(made, TEXT) == (
        "::: how-to id=b01\n## A recipe\n\nYou need:\n\n- flour\n- salt\n\nThen:\n\n3. mix\n4. bake\n:::"
    )


def test_nested_items_stay_nested() -> None:
    items = tuple(Unit(UnitKind.ITEM, name, f"- {name}", 1, 1, level) for name, level in (("a", 1), ("b", 2), ("c", 1)))
    made = replace(block("x"), units=items)
    html = parser().render(written(made, TEXT))
    assert html.replace("\n", "") == "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"


@pytest.mark.parametrize("kind", [Kind.INTRO, Kind.OTHER, Kind.CONCLUSION])
def test_these_kinds_stand_in_no_container(kind: Kind) -> None:
    assert written(block("one", "Two.", kind=kind, heading=True), TEXT) == "## One\n\nTwo."


def test_a_fence_tells_language_and_sku() -> None:
    made = replace(block("Lampe", kind=Kind.PRODUCT), language="da")
    assert written(made, TEXT).startswith("::: product id=b01 sku=lamp lang=da\n")


def test_a_note_repeats_a_sentence_word_for_word() -> None:
    note = repeated(Repeat("b08", "*Stop* at once.", 4), "read-this")
    assert note == "::: note id=b08 repeats=read-this\n\\*Stop\\* at once.\n:::"


def test_markdown_stays_markdown() -> None:
    units = (
        unit(UnitKind.HEADING, "### install `x`", "install x", 1, marked=True),
        unit(UnitKind.PARAGRAPH, "Read the *whole*\n[page](https://a.example).", start=3),
        unit(UnitKind.ITEM, "- one", "one", 6),
        unit(UnitKind.ITEM, "- two", "two", 7),
        unit(UnitKind.HEADING, "#### more ####", "more", 9, marked=True),
        unit(UnitKind.CODE, "```\n{{ x }}\n:::\n```", "{{ x }} :::", 11),
    )
    text = written(replace(block("x", kind=Kind.HOW_TO), units=units), MARKDOWN)
    assert text == (
        "::: how-to id=b01\n## Install `x`\n\nRead the *whole*\n[page](https://a.example).\n\n- one\n- two\n\n"
        "#### more ####\n\n```\n{% raw %}{{ x }}{% endraw %}\n:::\n```\n:::"
    ).replace("## Install", "## install" if "## install" in text else "## Install")
    assert "<code>{{ x }}\n:::\n</code>" in parser().render(through_jinja(text))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Title\n=====", "## Title"),
        ("## all lower ##", "## All lower"),
        ("# A {{ b }}", "## A {% raw %}{{ b }}{% endraw %}"),
    ],
)
def test_any_heading_of_markdown_is_shown_on_the_second_level(raw: str, shown: str) -> None:
    made = replace(block("x"), units=(unit(UnitKind.HEADING, raw, marked=True),))
    assert written(made, MARKDOWN) == shown


def test_items_that_were_nested_do_not_become_code() -> None:
    made = replace(block("x"), units=(unit(UnitKind.ITEM, "    - one"), unit(UnitKind.ITEM, "    - two", start=2)))
    assert written(made, MARKDOWN) == "- one\n- two"


def test_an_exercise_in_markdown_without_markup_is_written_in_steps_too() -> None:
    steps = "Sit down. Lift one leg."
    assert "1. Sit down.\n2. Lift one leg." in written(block(steps, kind=Kind.EXERCISE), MARKDOWN)
    marked = replace(block("x", kind=Kind.EXERCISE), units=(unit(UnitKind.PARAGRAPH, "Sit *down*. Lift one leg."),))
    assert written(marked, MARKDOWN) == "::: exercise id=b01\nSit *down*. Lift one leg.\n:::"


def test_a_picture_may_stand_above_or_below_the_steps_of_an_exercise_but_not_inside_its_text() -> None:
    picture = unit(UnitKind.IMAGE, "![Her](her.png)", "Her", start=3)
    text = unit(UnitKind.PARAGRAPH, "Sit down. Lift one leg.", start=5)
    steps = "1. Sit down.\n2. Lift one leg."
    for units, inside in (
        ((picture, text), f"![Her](her.png)\n\n{steps}"),
        ((text, picture), f"{steps}\n\n![Her](her.png)"),
        ((text, picture, text), "Sit down. Lift one leg.\n\n![Her](her.png)\n\nSit down. Lift one leg."),
        ((unit(UnitKind.QUOTE, "> So."), text), "> So.\n\nSit down. Lift one leg."),
    ):
        made = replace(block("x", kind=Kind.EXERCISE), units=units)
        assert written(made, MARKDOWN) == f"::: exercise id=b01\n{inside}\n:::"


def test_what_is_said_between_two_steps_belongs_to_the_first() -> None:
    made = block("Sit down. Lift one leg. Lift it up. It need not be high. Sit back.", kind=Kind.EXERCISE)
    assert "3. Lift it up. It need not be high.\n4. Sit back." in written(made, TEXT)


def test_fields_of_front_matter_are_plain_text() -> None:
    made = replace(block("x"), units=(unit(UnitKind.FRONT_MATTER, "intro: >\n  A *star*", "A *star*"),))
    assert written(made, MARKDOWN) == "A \\*star\\*"


def test_lists_of_front_matter_are_lists() -> None:
    raws = ("- one *star*", '- "two"', "- name: three")
    made = replace(
        block("x"), units=tuple(unit(UnitKind.FRONT_MATTER, raw, raw[2:], at) for at, raw in enumerate(raws))
    )
    assert written(made, MARKDOWN) == '- one \\*star\\*\n- "two"\n\nname: three'


def test_an_added_safety_text_has_a_format_of_its_own() -> None:
    made = replace(block("*Stop* at once.", kind=Kind.SAFETY), file="safety.md")
    assert "*Stop*" in written(made, replace(TEXT, safety_format="md"))
    assert r"\*Stop\*" in written(made, TEXT)


def test_link_definitions_that_a_text_needs_are_found() -> None:
    unit_ = unit(UnitKind.LINK_DEFINITION, "[a]: https://a.example\n[b]: https://b.example")
    assert list(definitions([unit_], "see [it][A] and [b]: no")) == ["[a]: https://a.example"]


@given(
    st.sampled_from([Kind.EXERCISE, Kind.FAQ, Kind.INTRO, Kind.SAFETY]),
    st.lists(hostile.map(fold).filter(bool), min_size=1, max_size=4),
    st.booleans(),
)
def test_any_text_shows_as_it_is(kind: Kind, lines: list[str], heading: bool) -> None:
    units = tuple(
        Unit(UnitKind.HEADING if heading and at == 0 else UnitKind.PARAGRAPH, line, line, at + 1, at + 1)
        for at, line in enumerate(lines)
    )
    made = replace(block("x", kind=kind), units=units, dose={"hold": Excerpt(lines[-1], 1)})
    text = through_jinja(written(made, TEXT))
    shown = [
        line[:1].upper() + line[1:] if heading and at == 0 and line == line.lower() else line
        for at, line in enumerate(lines)
    ]
    assert plain(text).split() == " ".join(shown).split()
    held = containers(text, "f", 1)
    assert [each.id for each in held] == ([] if kind is Kind.INTRO else ["b01"])
    if kind is Kind.EXERCISE:
        assert held[0].attributes["hold"] == lines[-1]
