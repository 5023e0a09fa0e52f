"""Whatever the brand's accent, every text can be read on its ground, in light and dark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.errors import ConfigError
from backmail.rendering import palette
from backmail.rendering.palette import contrast, dark, light

ACCENTS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(ACCENTS)
def test_every_text_can_be_read(accent: str) -> None:
    for scheme in (light(accent), dark(accent)):
        for ground in (scheme.canvas, scheme.paper, scheme.tint, scheme.caution):
            for text in (scheme.text, scheme.quiet, scheme.link):
                assert contrast(text, ground) >= 4.5, (scheme, text, ground)
        assert contrast(scheme.warning, scheme.caution) >= 4.5
        assert contrast(scheme.on_accent, scheme.accent) >= 4.5


def test_an_accent_that_can_be_read_stays_as_it_is() -> None:
    assert light("#1F5F4A").link == "#1f5f4a"
    assert light("#1F5F4A").accent == "#1f5f4a"
    assert light("#ffee00").accent == "#ffee00"
    assert light("#ffee00").on_accent == "#000000"


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


def test_what_is_no_colour_is_refused() -> None:
    for wrong in ("green", "#fff", "#12345g", "#1f5f4a; color: red"):
        with pytest.raises(ConfigError, match="write it as #rrggbb"):
            palette.light(wrong)
        with pytest.raises(ConfigError):
            palette.dark(wrong)
