"""What differs between two texts is told by word, number first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.differences import Difference, What, Word, differences, nearest

TEXT = "Hold this for 30 seconds and breathe. Then let go of it."


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, each on a line of its own."""
    return tuple(Word(word, line) for line, word in enumerate(text.split(), 1))


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (TEXT.replace("30", "20"), Difference(What.NUMBER, "30", "20", 4)),
        (TEXT.replace("30", "15-30"), Difference(What.NUMBER, "30", "15-30", 4)),
        (TEXT.replace("30", "thirty"), Difference(What.NUMBER, "30", "thirty", 4)),
        (TEXT.replace("breathe", "sing"), Difference(What.CHANGED, "breathe.", "sing.", 7)),
        (TEXT.replace(" Then let go of it.", ""), Difference(What.MISSING, "Then let go of it.", "", 53)),
        (TEXT.replace("Then", "Then slowly"), Difference(What.ADDED, "", "slowly", 9)),
        ("", Difference(What.MISSING, TEXT, "", 99)),
    ],
)
def test_a_difference_is_named(found: str, difference: Difference) -> None:
    assert list(differences(TEXT.split(), words(found), 98, 100)) == [difference]


SOME = st.lists(st.sampled_from(["a", "b", "c", "1", "2"]), max_size=12)


@given(SOME, SOME)
def test_there_is_a_difference_exactly_where_texts_differ(one: list[str], other: list[str]) -> None:
    found = list(differences(one, words(" ".join(other)), 1, 1))
    assert bool(found) == (one != other)


def test_a_changed_text_is_found_among_others() -> None:
    changed = TEXT.replace("Hold", "Keep").replace("it.", "them.")
    around = f"A word before this one. {changed} And some more words behind."
    span = nearest(TEXT.split(), words(around))
    assert span
    assert " ".join(around.split()[slice(*span)]) == changed


def test_another_text_is_not_taken_for_it() -> None:
    assert nearest(TEXT.split(), words("Then we hold on for a while, and this is all of it.")) is None
    assert nearest([], words("a")) is None
    assert nearest(["a"], ()) is None
