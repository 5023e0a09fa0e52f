"""The first wording is taken that fits its bounds, promises nothing and repeats nothing."""

from __future__ import annotations

import pytest

from backmail.article.proposals.picking import SUBJECT, alike, pick, pick_more
from tests.article.blocks import article, spec

_STOPWORDS = frozenset({"the", "of", "for", "and"})


def test_the_first_that_fits_is_taken() -> None:
    said = ["Heel raise"]
    wordings = ["x", "much too long for it", "a cure", "HEEL RAISE", "toe  spread", "never seen"]
    assert pick(wordings, (2, 12), said, _STOPWORDS) == "toe spread"


def test_a_preheader_does_not_hold_its_subject() -> None:
    assert pick(["All of heel raise here", "Toes and more"], (5, 40), [], _STOPWORDS, "Heel raise") == "Toes and more"


def test_where_none_fits_it_is_the_first_words_of_the_text_and_at_last_a_number() -> None:
    blocks = article(spec("other", words=6)).blocks
    (words,) = (" ".join(unit.text for unit in block.body) for block in blocks)
    assert pick(["x"], (2, 80), [], _STOPWORDS, blocks=blocks) == words
    assert pick(["x"], (2, 12), [], _STOPWORDS) == "1 ·"
    assert pick([], (1, 12), ["1", "2 "], _STOPWORDS, "1") == "3"


def test_a_subject_of_one_letter_stands_in_no_text_but_as_a_word() -> None:
    assert pick(["A better walk", "So it goes"], (5, 40), [], _STOPWORDS, "A") == "So it goes"
    assert pick(["Two of them"], (5, 40), [], _STOPWORDS, "T") == "Two of them"


def test_of_a_link_that_is_written_as_markdown_its_words_are_said() -> None:
    wordings = ["See [the list](javascript:x(1)) and [more][x][^2]"]
    assert pick(wordings, (5, 40), [], _STOPWORDS) == "See the list and more"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Care for the soil", "care of soil", True),
        ("Soil, water and light", "Light, soil and water", True),
        ("Soil and water", "Soil and light", False),
        ("Part 2 of 7", "Part 3 of 7", False),
        ("7/7", "6/7", False),
        ("The", "the", True),
        ("Don’t stop", "Don't stop", True),
    ],
)
def test_what_a_reader_would_take_for_the_same(one: str, other: str, expected: bool) -> None:
    assert alike(one, other, _STOPWORDS) is expected


def test_three_to_choose_from_and_none_like_another_mails() -> None:
    wordings = ["", "Bread in a day", "Bread in one day", "What dough needs", "How to rise", "Late bread"]
    said = pick_more(wordings, SUBJECT, "Bread in a day", ["how to rise"], frozenset({"in", "a", "to"}))
    assert said == ("Bread in a day", "What dough needs", "Late bread")
    assert pick_more([], SUBJECT, "Bread", [], frozenset()) == ("Bread",)
