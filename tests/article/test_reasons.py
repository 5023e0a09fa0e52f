"""Every cut and every move says why, in words for the person who sends the mails."""

from __future__ import annotations

from backmail.article import arrange
from tests.article.blocks import article, back_care, spec


def test_the_first_mail_says_why_there_are_so_many() -> None:
    assert arrange(back_care(), 6).steps[0].reason.startswith("6 mails were asked for: about ")
    assert arrange(article(spec("intro", 90)), 1).steps[0].reason == "1 mail was asked for: about 90 words each"


def test_each_cut_says_why() -> None:
    made = back_care()
    reasons = {step.blocks[0]: step.reason for step in arrange(made, 8).steps[1:]}
    assert reasons["b05"] == "the safety text goes out in the mail before the first exercise"
    assert reasons["b13"] == "a new topic begins: “how to keep it up”"
    assert all(reasons.values())


def test_a_cut_for_the_limit_of_words_names_what_would_have_been_too_much() -> None:
    made = article(spec("other", 300, "soil", section=1), spec("other", 300, "more soil", section=1))
    assert arrange(made, 2).steps[1].reason == "with “more soil” the mail before would have 600 words; 500 is the most"


def test_a_cut_inside_a_section_says_that_it_is_for_even_mails() -> None:
    made = article(spec("other", 150, "soil", section=1), spec("other", 150, "more soil", section=1))
    reason = arrange(made, 2).steps[1].reason
    assert reason == "the section is cut to keep the mails even: 150 words before the cut, 150 after it"


def test_a_locked_block_is_the_reason_for_its_mail() -> None:
    made = article(spec("intro", 150), spec("other", 150, "soil", locked_week=2))
    assert arrange(made, 2).steps[1].reason == "“soil” is locked to this week"


def test_what_stands_where_the_source_has_it_is_not_said_to_be_moved() -> None:
    made = article(
        spec("safety", 120, "when to stop"),
        spec("other", 20, "moves", role="lead", lead_for=("b03",)),
        spec("exercise", 100, "heel raise"),
        spec("sources", 60),
    )
    assert arrange(made, 2).moved == ()


def test_moves_are_listed_in_the_order_of_the_source() -> None:
    moved = [move.block for move in arrange(back_care(), 7).moved]
    assert moved == sorted(moved)
    assert {"b12", "b15", "b17", "b18", "b19"} <= set(moved)
