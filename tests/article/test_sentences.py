"""Paragraphs are cut into sentences that join to them again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.sentences import sentences


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("en", ["Wait. ", "Then go!  ", "Really? ", "Yes…"]),
        ("en", ["Use e.g. a cloth, approx. 2 yards of it. ", 'He said "no." ', "(Maybe.) ", "So be it."]),
        ("en", ["Written by J. R. Holm and Mrs. Lind. ", "It is old."]),
        ("en", ["It is no. 5 of them. ", "Not no. ", "Why?"]),
        ("en", ["It costs 3.50 in total. ", "Not more."]),
        ("da", ["Brug ca. 2 dl vand, fx fra hanen. ", "Den 3. maj er du klar. ", "Godt!"]),
        ("de", ["Am 3. Mai, z.B. um 9 Uhr, geht es los. ", "Schön."]),
        ("de", ["Das war 1999. ", "Heute nicht."]),
        ("es", ["¿Cuándo? ", "¡Ahora! ", "Bien."]),
        ("pl", ["Raz. ", "Dwa."]),
    ],
)
def test_sentences(language: str, pieces: list[str]) -> None:
    assert sentences("".join(pieces), language) == pieces


@given(st.text(alphabet=st.sampled_from('aA1 .!?…"”)\n\t*'), max_size=60), st.sampled_from(["en", "da", "de", "xx"]))
def test_they_join_to_the_text_again(text: str, language: str) -> None:
    pieces = sentences(text, language)
    assert "".join(pieces) == text
    assert all(pieces)
