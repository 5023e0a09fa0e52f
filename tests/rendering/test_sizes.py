"""Sizes of text: normal ones stay, large ones are larger alike."""

from backmail.rendering.sizes import scaled


def test_normal_text_is_as_the_theme_says() -> None:
    assert [scaled("normal")(size) for size in (16, 17, 28)] == ["16px", "17px", "28px"]


def test_large_text_is_twenty_pixels_and_all_else_in_proportion() -> None:
    assert [scaled("large")(size) for size in (16, 17, 18, 28, 32, 40)] == [
        "19px",
        "20px",
        "21px",
        "33px",
        "38px",
        "47px",
    ]
