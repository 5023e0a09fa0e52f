"""The text part: written from the Markdown, wrapped, with every address whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.rendering.parts import Part, reader
from backmail.rendering.phrases import phrases
from backmail.rendering.text import WIDTH, item, shown, underlined, wrapped

WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"


def text(markdown: str, name: str = "", **given: Any) -> str:
    """Return one part of Markdown as text."""
    [part] = shown((Part(name, reader().parse(markdown), **given),), phrases("en"), "https://example.org/v/{}".format)
    return str(part.child("text"))


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("## A *b* `c`\n", "A b c\n-----"),
        ("a **b**\nc", "a b c"),
        ("a\\\nb", "a\nb"),
        ("see [this](https://example.org/a).", "see this <https://example.org/a>."),
        ("[this](https://example.org/a)", "this: https://example.org/a"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("![a chair](https://example.org/c.png)", "a chair"),
        ("- a\n- b\n", "- a\n- b"),
        ("- a\n\n  b\n- c\n", "- a\n\n  b\n\n- c"),
        ("3. a\n4. b\n   - c\n", "3. a\n\n4. b\n\n   - c"),
        ("> a\n>\n> b", "> a\n>\n> b"),
        ("    code  x\n      y", "    code  x\n      y"),
        ("```py\nx\n```", "    x"),
        ("| a | b |\n|---|---|\n| c | d |\n", "a | b\nc | d"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("a &amp; b &lt; c", "a & b < c"),
    ],
)
def test_each_kind_of_block(markdown: str, shown: str) -> None:
    assert text(markdown) == shown


def test_long_lines_are_wrapped_with_their_indent() -> None:
    assert text(f"- {WORDS}\n\n> {WORDS}") == (
        "- one two three four five six seven eight nine ten eleven twelve\n  thirteen fourteen fifteen\n\n"
        "> one two three four five six seven eight nine ten eleven twelve\n> thirteen fourteen fifteen"
    )


def test_an_address_is_never_broken() -> None:
    address = "https://example.org/" + "a-b" * 40
    assert address in text(f"{WORDS} [here]({address}) {WORDS}").replace("<", "").replace(">", "").split()


def test_a_heading_is_underlined_as_wide_as_it_looks() -> None:
    assert underlined("日本", "-") == "日本\n----"
    assert underlined("", "-") == ""
    assert max(map(len, underlined(WORDS, "=").split("\n"))) <= WIDTH


@given(st.text(st.sampled_from("ab -\n\t.é"), max_size=300))
def test_wrapping_loses_no_word(words: str) -> None:
    lines = wrapped(words, 20)
    assert lines.split() == words.split()
    assert all(len(line) <= 20 or " " not in line.strip() for line in lines.split("\n"))


def test_containers_say_in_words_what_colours_say_in_the_html(sample: Any) -> None:
    shown = sample().mail().part("text")
    assert "! SAFETY\n\n! Stop at once if it hurts.\n\nRepeated from mail 2: https://links.example.invalid/v/" in shown
    assert "  Position: Sit up\n  Hold: 15-20 seconds\n  Repeat: 8 times\n  Sides: both\n" in shown
    assert "--- Advertisement ---\n\nWrist Rest™ - Grey\n\nStøtter håndleddet.\n\nPrice: 199 kr.\n\n" in shown
    assert "See Wrist Rest™ - Grey: https://shop.example.org/rest?a=1&b=2\n\n---\n" in shown
    assert "One of these 2 sources has no link here, so it cannot be checked from\nthis mail." in shown
    assert sample().mail(number=1).part("text").count("SAFETY: When to stop\n====================") == 1


def test_the_text_part_has_what_the_law_wants_and_ends_in_a_line_end(sample: Any) -> None:
    message = sample().mail()
    shown = message.part("text")
    assert "\nUnsubscribe: https://links.example.invalid/u/" in shown
    assert "Acme ApS\nLangelinie 1\n2100 København Ø\nCompany no. 12345678\n" in shown
    assert ">> Put both in my calendar:\nhttps://links.example.invalid/cal/" in shown
    assert shown.endswith("Not medical advice.\n")
    assert not {"\u034f", "\ufeff", "\u2007"} & set(shown)
    assert "\n\n\n" not in shown
    assert not any(line != line.rstrip() for line in shown.split("\n"))
    words = [line for line in shown.split("\n") if "https://" not in line]
    assert max(map(len, words)) <= WIDTH


def test_the_other_kinds_of_action(sample: Any) -> None:
    assert ">> Tell me how you feel:\nmailto:hi@example.org?subject=Re%3A%20Two%20calm" in sample().mail(number=1).part(
        "text"
    )
    assert "\nStand up once before you close this mail\n" in sample().mail(number=2).part("text")


def test_an_exercise_of_a_list_says_its_dose_and_is_wrapped_below_its_name() -> None:
    assert item("Tilt", ()) == "- Tilt"
    assert item("Tilt", (("Hold", "5 seconds"), ("Repeat", "8 times"))) == "- Tilt (Hold: 5 seconds, Repeat: 8 times)"
    first, second = item("Tilt", (("Hold", "as long as you like " * 4),)).split("\n")
    assert len(first) <= WIDTH
    assert second.startswith("  ")
