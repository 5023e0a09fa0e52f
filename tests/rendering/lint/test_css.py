"""Colours, contrast and the rules of style blocks are read as mail programs read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.rendering.lint.css import (
    Colour,
    Rule,
    Value,
    at_rules,
    colour,
    contrast,
    inline,
    inverted,
    is_light,
    pixels,
    rules,
)

PART = st.floats(0, 1)
COLOURS = st.builds(Colour, PART, PART, PART)
BLACK, WHITE = Colour(0, 0, 0), Colour(1, 1, 1)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000", "white", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    first, second = colour(one), colour(other)
    assert first is not None
    assert second is not None
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_does_not_ask_which_colour_is_the_text(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.001


@given(COLOURS, COLOURS, PART)
def test_a_see_through_colour_lies_between_itself_and_what_is_behind(
    above: Colour, below: Colour, alpha: float
) -> None:
    seen = Colour(above.red, above.green, above.blue, alpha).over(below)
    for part, one, other in zip(
        (seen.red, seen.green, seen.blue),
        (above.red, above.green, above.blue),
        (below.red, below.green, below.blue),
        strict=True,
    ):
        assert min(one, other) - 1e-9 <= part <= max(one, other) + 1e-9


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_is_shown_as_it_is_written(number: int) -> None:
    assert str(colour(f"#{number:06x}")) == f"#{number:06x}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("#fff url(a.png) no-repeat", WHITE),
        ("url(a.png) black", BLACK),
        ("rgba(0, 0, 0, 0.5)", Colour(0, 0, 0, 0.5)),
        ("transparent", Colour(0, 0, 0, 0)),
        ("inherit", None),
        ("none", None),
        ("", None),
    ],
)
def test_the_colour_of_a_value_is_found_among_its_words(text: str, wanted: Colour | None) -> None:
    assert colour(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("18px", 18),
        ("12pt", 16),
        ("1.5em", 30),
        ("150%", 30),
        ("2rem", 32),
        ("bold 14px/1.5 serif", 14),
        ("large", None),
    ],
)
def test_sizes_are_worked_out_in_px(text: str, wanted: float | None) -> None:
    assert pixels(text, of=20) == wanted


def test_the_last_of_two_declarations_counts() -> None:
    assert inline("color:#111111;COLOR: Red !important; nonsense; margin:0") == {
        "color": Value("red", important=True),
        "margin": Value("0"),
    }


def test_rules_of_other_media_are_left_out() -> None:
    sheet = """
    .a { color: #111111 }
    @media screen { .b { color: #222222 } }
    @media (prefers-color-scheme: dark) { .c, .d { color: #eeeeee !important } }
    @media (max-width: 600px) { .e { color: #333333 } }
    @font-face { font-family: x }
    """
    assert rules(sheet) == (
        Rule(".a", {"color": Value("#111111")}, dark=False),
        Rule(".b", {"color": Value("#222222")}, dark=False),
        Rule(".c, .d", {"color": Value("#eeeeee", important=True)}, dark=True),
    )


@given(st.text(max_size=80))
def test_no_text_is_too_broken_to_be_read(text: str) -> None:
    rules(text)
    at_rules(text)
    inline(text)
    colour(text)
    pixels(text, 16)


@given(COLOURS)
def test_a_colour_turned_around_twice_is_itself(colour: Colour) -> None:
    twice = inverted(inverted(colour))
    parts = [(twice.red, colour.red), (twice.green, colour.green), (twice.blue, colour.blue)]
    # Of black and white, and next to them, no hue is left to come back to.
    assert all(one == pytest.approx(other, abs=0.01) for one, other in parts)


@pytest.mark.parametrize(
    ("text", "turned"), [("#000000", "#ffffff"), ("#ffffff", "#000000"), ("#0000cc", "#3333ff"), ("#808080", "#7f7f7f")]
)
def test_lightness_is_turned_around_and_the_hue_stays(text: str, turned: str) -> None:
    before = colour(text)
    assert before is not None
    assert str(inverted(before)) == turned


@pytest.mark.parametrize(
    ("text", "light"), [("#ffffff", True), ("#8fd3b8", True), ("#1f5f4a", False), ("#0000ff", False)]
)
def test_which_colours_are_light(text: str, light: bool) -> None:
    before = colour(text)
    assert before is not None
    assert is_light(before) is light
