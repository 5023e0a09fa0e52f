"""A question goes to the block that shares most of its words, if one stands out."""

from __future__ import annotations

from backmail.article.affinity import about, content_words, stems
from backmail.model.article import Block
from tests.article.blocks import article, spec

_STOPWORDS = frozenset({"the", "and", "how", "what", "for", "you", "with", "don't"})
_PRUNING = "Sharpen the shears, cut above a bud and seal the wound with wax."
_WATERING = "Fill the can, water the roots early and mulch with straw."


def blocks(*texts: str) -> tuple[Block, ...]:
    return article(
        *(spec("how-to", len(text.split()) + 1, f"part{'abcdef'[n]}", text) for n, text in enumerate(texts))
    ).blocks


def question(heading: str, answer: str) -> Block:
    return article(spec("faq", len(f"{heading} {answer}".split()), heading, answer)).blocks[0]


def test_the_block_that_shares_most_words_wins() -> None:
    candidates = blocks(_PRUNING, _WATERING)
    asked = question(
        "How do I sharpen shears?", "With oil; cut above a bud only when the wound can be sealed with wax."
    )
    assert about(asked, candidates, _STOPWORDS) is candidates[0]


def test_none_stands_out() -> None:
    assert about(question("How old are you?", "Nobody knows."), blocks(_PRUNING, _WATERING), _STOPWORDS) is None
    both = question("Shears or can?", "Sharpen shears, cut above a bud; fill the can, water roots early.")
    assert about(both, blocks(_PRUNING, _WATERING), _STOPWORDS) is None
    assert about(both, (), _STOPWORDS) is None


def test_a_thing_that_the_exercise_needs_counts_more() -> None:
    text = (
        "Put your foot on a towel, then pull it slowly until the calf feels longer, breathe and let go of all weight."
    )
    other = spec("exercise", 9, "toes", "Spread toes and hold still for ten breaths.")
    plain = article(spec("exercise", 25, "calf", text), other)
    needing = article(spec("exercise", 25, "calf", text, equipment="a towel"), other)
    asked = question("Which towel?", "Any.")
    assert about(asked, plain.blocks, _STOPWORDS) is None
    assert about(asked, needing.blocks, _STOPWORDS) is needing.blocks[0]


def test_content_words_keep_their_order_and_leave_out_what_says_nothing() -> None:
    assert content_words("Don’t pull the Towel; pull 2 ropes!", _STOPWORDS) == ["pull", "towel", "pull", "ropes"]


def test_singular_and_plural_meet() -> None:
    assert stems("exercise", _STOPWORDS) == stems("Exercises", _STOPWORDS)
