"""Inline HTML as Markdown: what is marked stays marked, everything else survives as data."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.html.inline import Marks, Piece, inline_markdown
from backmail.markup import fold, plain
from tests.article.html.pages import page


@pytest.mark.parametrize(
    ("html", "raw"),
    [
        ("<b>Bold</b> and <i>slanted</i>", "**Bold** and *slanted*"),
        ("a <b> spaced </b>word", "a **spaced** word"),
        ("1 * 2 &lt;b&gt; [x](y) `z` {{ name }}", None),
        ("1. not a list", "1\\. not a list"),
        ("# not a heading", "\\# not a heading"),
        ("::: note", "\\::: note"),
        ("<code>a*b</code>", "`a*b`"),
        ('<a href="/x y">link</a>', "[link](https://a.example.org/x%20y)"),
        ('<a href="javascript:run()">link</a> text', "link text"),
        ('<a href="#top">up</a> text', "up text"),
        ('<a href="https://b.example.org/(1)">one</a>', "[one](https://b.example.org/%281%29)"),
    ],
)
def test_inline_elements_are_markdown(html: str, raw: str | None) -> None:
    shown = page(f"<p>Say: {html}</p><p>{html}</p>", "https://a.example.org/").units[1]
    if raw is not None:
        assert shown.raw == raw
    assert plain(shown.raw.replace("{\\{", "{{")) == shown.text


_WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20)
_MARKS = st.builds(Marks, strong=st.booleans(), em=st.booleans())


@given(st.lists(st.builds(Piece, _WORDS, _MARKS), min_size=1, max_size=4))
def test_no_sign_of_the_text_is_lost(pieces: list[Piece]) -> None:
    letters = re.sub(r"[\W_]", "", "".join(piece.text for piece in pieces))
    assert re.sub(r"[\W_]", "", plain(inline_markdown(pieces))) == letters


def test_white_space_is_folded_across_marks() -> None:
    pieces = [Piece("a "), Piece("  b ", Marks(strong=True)), Piece(" c")]
    assert fold(inline_markdown(pieces)) == "a **b** c"


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("Preparation", "10 min", "Preparation 10 min"),
        ("10", "min", "10 min"),
        ("Serves:", "4", "Serves: 4"),
        ("Gar", "den", "Garden"),
        ("1", "5", "15"),
    ],
)
def test_two_elements_that_touch_are_two_words_where_their_signs_say_so(one: str, other: str, shown: str) -> None:
    assert inline_markdown([Piece(one), Piece(other, apart=True)]) == shown


def test_a_plain_text_needs_no_escape_and_a_sign_in_it_does() -> None:
    assert inline_markdown([Piece("Warm soup, bread")]) == "Warm soup, bread"
    assert inline_markdown([Piece("snake_case and *star*")]) == r"snake_case and \*star\*"


def test_a_long_run_of_blanks_is_gone_through_once() -> None:
    """White space is folded, but a page may write blanks that do not break; a pattern began anew at each of them."""
    text = "a" + "\N{NO-BREAK SPACE}" * 200_000 + "b"
    assert inline_markdown([Piece(text)]) == text


@given(st.text(" \t\n\N{NO-BREAK SPACE}a", max_size=12))
def test_blanks_at_the_edges_stay_outside_of_the_marks(text: str) -> None:
    shown = inline_markdown([Piece("x"), Piece(text, Marks(strong=True)), Piece("y")])
    assert fold(plain(shown)) == fold(f"x{text}y")
