"""Phrases that come back in many blocks, and also stand in a heading, are what an article is about."""

from __future__ import annotations

from backmail.article.proposals.keyphrases import phrases, topic

_STOPWORDS = frozenset({"and", "of", "the", "is", "a", "with", "for", "in"})
_JOINERS = frozenset({"and", "of"})
_TEXTS = [
    "Lemon trees love light.",
    "Water lemon trees.",
    "The soil of lemon trees is dry, soil",
    "Feed the lemon trees",
]


def test_the_phrase_of_most_texts_comes_first() -> None:
    assert phrases(_TEXTS, _STOPWORDS, _JOINERS)[0] == ("lemon trees", 4)


def test_a_phrase_begins_and_ends_with_a_content_word_and_crosses_no_mark() -> None:
    found = dict(phrases(["Salt and pepper, bread of the day"], _STOPWORDS, _JOINERS))
    assert "salt and pepper" in found
    assert not {"and pepper", "pepper bread", "bread of the day", "bread of"} & set(found)


def test_the_topic_stands_in_a_heading_and_in_three_texts() -> None:
    assert topic(_TEXTS, ["Care for Lemon Trees"], _STOPWORDS, _JOINERS) == "lemon trees"
    assert topic(_TEXTS, ["Care for palms"], _STOPWORDS, _JOINERS) == ""
    assert topic(_TEXTS[:2], ["Lemon trees"], _STOPWORDS, _JOINERS) == ""
