"""The word lists tell which lines name something, lean on others, or tell a reader to stop."""

from __future__ import annotations

import pytest

from backmail.article.proposals.cues import Cues

_ENGLISH = Cues.of("en")


@pytest.mark.parametrize(
    "heading", ["Introduction", "Frequently asked questions", "Sources", "Conclusion", "In this blog post"]
)
def test_some_headings_name_nothing(heading: str) -> None:
    assert not _ENGLISH.names(heading)


@pytest.mark.parametrize("heading", ["Choose your soil", "Why heels hurt", "How to prune"])
def test_others_do(heading: str) -> None:
    assert _ENGLISH.names(heading)


@pytest.mark.parametrize(
    "sentence", ["It helps.", "However, soil matters.", "Soil is described below.", "Those help.", "..."]
)
def test_a_sentence_that_leans_on_others_does_not_stand_alone(sentence: str) -> None:
    assert not _ENGLISH.stands_alone(sentence)


def test_one_that_names_its_own_does() -> None:
    assert _ENGLISH.stands_alone("Clay soil warms late in spring.")


def test_stop_and_ask_are_told_apart() -> None:
    assert _ENGLISH.says_stop("Stop at once if it hurts.")
    assert not _ENGLISH.says_stop("Ask your doctor first.")
    assert _ENGLISH.says_consult("Ask your doctor first.")
    assert not _ENGLISH.says_consult("Stop at once if it hurts.")


def test_stopwords_hold_straight_apostrophes_and_the_words_of_both_lists() -> None:
    assert {"don't", "the", "however"} <= _ENGLISH.stopwords


def test_a_language_without_wordings_has_its_function_words() -> None:
    assert "und" in Cues.of("de").stopwords
    assert Cues.of("ja").stopwords == frozenset()
