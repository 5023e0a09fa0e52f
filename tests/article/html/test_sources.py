"""Of the files that a page names for a picture, the one is taken that suits a mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import Element

from backmail.article.html.sources import source_of


def source(**said: str) -> str:
    image = Element("img")
    for name, text in said.items():
        image.set(name.replace("_", "-"), text)
    return source_of(image)


@pytest.mark.parametrize(
    ("candidates", "best"),
    [
        ("a.jpg 320w, b.jpg 1200w, c.jpg 4000w", "b.jpg"),
        ("c.jpg 4000w, a.jpg 320w", "c.jpg"),
        ("a.jpg 320w, b.jpg 640w", "b.jpg"),
        ("a.jpg, b.jpg 1.5x, c.jpg 2x, d.jpg 3x", "c.jpg"),
        ("a.jpg", "a.jpg"),
        ("  /f,w_300/a.jpg 300w,/f,w_1100/a.jpg 1100w", "/f,w_1100/a.jpg"),
        ("data:image/gif;base64,R0 1w, a.jpg 300w", "a.jpg"),
    ],
)
def test_the_smallest_that_is_wide_enough_is_taken_of_a_set(candidates: str, best: str) -> None:
    assert source(srcset=candidates, src="small.jpg") == best
    assert source(data_srcset=candidates, srcset="place.gif", src="small.jpg") == best


def test_what_a_script_would_load_counts_more_than_what_holds_its_place() -> None:
    assert source(src="blank.gif", data_src="pot.jpg") == "pot.jpg"
    assert source(src="data:image/gif;base64,R0", data_lazy_src=" pot.jpg ") == "pot.jpg"
    assert source(src="held:0123.jpg", srcset="pot.jpg 800w") == "pot.jpg"


def test_a_place_holder_alone_is_no_picture() -> None:
    assert source(src="data:image/gif;base64,R0lGODlhAQABAAAAACw=") == ""
    assert source(alt="pot") == ""


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(" ,\t12wx"), max_size=60))
def test_any_set_gives_an_address_without_blanks_or_none(candidates: str) -> None:
    assert not any(sign.isspace() for sign in source(srcset=candidates))


@pytest.mark.parametrize("piece", ["a", "a ", ",", "a,", "1w ", "a 1w,", " "])
def test_a_hostile_set_takes_no_time(piece: str) -> None:
    source(srcset=piece * 200_000)
