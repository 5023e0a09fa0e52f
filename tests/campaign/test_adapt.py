"""Proposals are applied to whole sentences, tidily, and never to a number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backmail.campaign.adapt import Rewording, changes, reword, rewordings, sentence_case
from backmail.model.article import Caution, Kind
from tests.campaign import sample


def caution(sentence: str, text: str, proposal: str | None, start: int = 1) -> Caution:
    """Return a caution about a piece of a sentence."""
    return Caution("medium-words", "", start, text, proposal, sentence)


@pytest.mark.parametrize(
    ("sentence", "text", "proposal", "reworded"),
    [
        ("In this post, you will learn a lot.", "In this post,", "", "You will learn a lot."),
        ("In this post you will learn a lot.", "In this post you", "You", "You will learn a lot."),
        ("You will learn, as you read on, a lot.", ", as you read on,", "", "You will learn a lot."),
        ("By the end you have a plan, and the first step.", ", and the first step", "", "By the end you have a plan."),
        ("You will see (below) what to do.", "(below)", "", "You will see what to do."),
        ("This cures pain, always!", "cures", "may ease", "This may ease pain, always!"),
        ("what you find in this article", "in this article", "here", "what you find here"),
        ("As you read on, it gets easier.", "As you read on", "", "It gets easier."),
        ("See below.", "See below.", "", ""),
        (r"Use \1 here.", "here", r"\2 there", r"Use \1 \2 there."),
    ],
)
def test_a_sentence_is_reworded_tidily(sentence: str, text: str, proposal: str, reworded: str) -> None:
    made = Rewording(sentence, (caution(sentence, text, proposal),))
    assert made.reworded == reworded
    assert reword(f"Before. {sentence} Behind.", {sentence: made.reworded}).split() == (
        f"Before. {reworded} Behind.".split()
    )


def test_a_sentence_over_several_lines_is_found() -> None:
    assert reword("One.\nTwo\nwords here. Three.", {"Two words here.": "Two."}) == "One.\nTwo. Three."
    assert reword("One. Two words here.", {"Two words here.": ""}) == "One."


def test_several_proposals_in_a_sentence_are_applied_in_their_order_or_some_of_them() -> None:
    sentence = "In this post we cure pain below."
    first, second = caution(sentence, "In this post we", "We"), caution(sentence, "below", "later")
    block = sample.article((sample.Given(Kind.INTRO, (sentence,), heading=False),), (second, first))
    (made,) = rewordings(block, block.blocks[0])
    assert made.cautions == (first, second)
    assert made.forms == (
        sentence,
        "We cure pain below.",
        "In this post we cure pain later.",
        "We cure pain later.",
    )
    (change,) = changes(block.blocks[0], [made])
    assert (change.block, change.what, change.before, change.after) == ("b01", "medium-words", sentence, made.reworded)


@pytest.mark.parametrize(
    ("text", "proposal"),
    [("for 30 seconds", "for 20 seconds"), ("30 seconds", ""), ("Hold it for 30", "Hold for"), ("Hold", None)],
)
def test_a_dose_or_number_is_never_touched(text: str, proposal: str | None) -> None:
    sentence = "Hold it for 30 seconds now."
    dosed = sample.Given(Kind.EXERCISE, ("a stand", sentence), dose={"hold": "for 30 seconds"})
    made = sample.article((dosed,), (caution(sentence, text, proposal, 2),))
    assert rewordings(made, made.blocks[0]) == ()


def test_a_dose_in_words_is_never_touched() -> None:
    sentence = "Repeat it several times, as you read on."
    dosed = sample.Given(Kind.EXERCISE, ("a stand", sentence), dose={"repeats": "several times"})
    made = sample.article((dosed,), (caution(sentence, "several times", "often", 2),))
    assert rewordings(made, made.blocks[0]) == ()
    free = replace(made, cautions=(caution(sentence, ", as you read on", "", 2),))
    assert rewordings(free, free.blocks[0])[0].reworded == "Repeat it several times."


def test_a_proposal_belongs_to_the_block_of_its_line() -> None:
    same = sample.Given(Kind.INTRO, ("In this post we walk.",), heading=False)
    made = sample.article((same, same), (caution("In this post we walk.", "In this post we", "We", 2),))
    assert rewordings(made, made.blocks[0]) == ()
    assert len(rewordings(made, made.blocks[1])) == 1


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("pelvic tilts", "Pelvic tilts"),
        ("Pelvic Tilts", "Pelvic Tilts"),
        ("øvelser", "Øvelser"),
        ("", ""),
        ("7 tips", "7 tips"),
    ],
)
def test_a_lower_case_heading_gets_a_capital(heading: str, shown: str) -> None:
    assert sentence_case(heading) == shown
