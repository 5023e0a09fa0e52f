"""Whatever the colours of a brand, every text can be read on its ground: in light, in dark, and turned around."""

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backmail.errors import ConfigError
from backmail.model.campaign import Brand
from backmail.rendering import palette
from backmail.rendering.palette import Adjusted, Scheme, adjusted, contrast, dark, inverted, light

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
OWN = st.one_of(st.just(""), COLOURS)
BRANDS = st.builds(Brand, accent=COLOURS, paper=OWN, canvas=OWN, text=OWN)


def pairs(scheme: Scheme) -> list[tuple[str, str]]:
    """Return each ink of a scheme with each ground that it stands on."""
    return [
        *(
            (ink, ground)
            for ground in (scheme.paper, scheme.tint, scheme.caution)
            for ink in (scheme.text, scheme.quiet)
        ),
        *((scheme.link, ground) for ground in (scheme.paper, scheme.tint, scheme.caution)),
        *((ink, scheme.canvas) for ink in (scheme.canvas_text, scheme.canvas_quiet, scheme.canvas_link)),
        (scheme.warning, scheme.caution),
        (scheme.on_accent, scheme.accent),
    ]


@given(BRANDS)
@example(Brand(accent="#808080", paper="#808080", canvas="#808080", text="#808080"))
@example(Brand(accent="#ffe600", paper="#111111", canvas="#ffffff"))
def test_every_text_can_be_read(brand: Brand) -> None:
    for ink, ground in pairs(light(brand)):
        assert contrast(ink, ground) >= 4.5, (ink, ground)
        assert contrast(inverted(ink), inverted(ground)) >= 4.5, (ink, ground)
    for ink, ground in pairs(dark(brand)):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


@given(BRANDS)
def test_what_was_answered_with_another_colour_stays_as_it_is_then(brand: Brand) -> None:
    for each in adjusted(brand):
        if each.setting in ("paper", "canvas"):
            assert getattr(light(replace(brand, **cast(Any, {each.setting: each.shown}))), each.setting) == each.shown


def test_colours_that_can_be_read_stay_as_they_are() -> None:
    scheme = light(Brand(accent="#1F5F4A", paper="#FFFAF0", canvas="#10243F", text="#222222"))
    assert (scheme.link, scheme.accent, scheme.on_accent) == ("#1f5f4a", "#1f5f4a", "#ffffff")
    assert (scheme.paper, scheme.canvas, scheme.text) == ("#fffaf0", "#10243f", "#222222")
    assert contrast(scheme.canvas_text, scheme.canvas) > 12  # its own ink, not that of the paper made lighter
    assert adjusted(Brand()) == ()


def test_a_colour_that_cannot_be_read_is_answered_with_the_nearest_that_can() -> None:
    assert adjusted(Brand(accent="#FFE600", text="#8a8a8a")) == (
        Adjusted("accent", "links", "#ffe600", "#7a6e00"),
        Adjusted("accent", "buttons", "#ffe600", "#fff280"),
        Adjusted("text", "the text", "#8a8a8a", "#6e6e6e"),
    )
    scheme = light(Brand(accent="#ffe600"))
    assert (scheme.link, scheme.accent, scheme.on_accent) == ("#7a6e00", "#fff280", "#000000")


def test_a_ground_that_carries_no_text_is_answered_too() -> None:
    (found,) = adjusted(Brand(paper="#808080", accent="#000000"))
    assert (found.setting, found.use) == ("paper", "the ground of the text")
    assert light(Brand(paper="#808080")).paper == found.shown


def test_turning_around_keeps_the_hue() -> None:
    assert [inverted(each) for each in ("#ffffff", "#000000", "#ff0000", "#330000")] == [
        "#000000",
        "#ffffff",
        "#ff0000",
        "#ffcccc",
    ]


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


def test_what_is_no_colour_is_refused() -> None:
    for wrong in ("green", "#fff", "#12345g", "#1f5f4a; color: red"):
        for brand in (Brand(accent=wrong), Brand(paper=wrong), Brand(canvas=wrong), Brand(text=wrong)):
            with pytest.raises(ConfigError, match="write it as #rrggbb"):
                palette.light(brand)
        with pytest.raises(ConfigError):
            palette.dark(Brand(accent=wrong))
