"""The safety text above everything, in the mails of somebody who never got it."""

from dataclasses import replace

import pytest

from backmail.campaign.with_safety import exposed, safety_steps, with_safety
from backmail.markup import containers
from backmail.model.campaign import Campaign
from tests.rendering.conftest import BODY, EVERYTHING, SAFETY, campaign, step

TWO = f"""\
Before you begin.

{SAFETY}
In between.

::: safety id=b14
## Also

1. Ask a doctor.

::: 
"""  # noqa: W291  # as somebody may type it


def series(*bodies: str) -> Campaign:
    """Return a campaign of steps with these bodies, called s1, s2, ..."""
    return campaign(*(step(f"s{number}", body) for number, body in enumerate(bodies, 1)))


def test_exercises_need_the_safety_text_and_what_holds_it_does_not() -> None:
    made = series("Hello.\n", SAFETY, BODY, "Rest.\n", SAFETY + BODY)
    assert safety_steps(made) == {"s2", "s5"}
    assert exposed(made) == {"s3"}


def test_a_part_of_the_safety_text_is_not_enough() -> None:
    made = series(TWO, SAFETY, BODY)
    assert safety_steps(made) == {"s1"}
    assert exposed(made) == {"s3"}
    assert safety_steps(series(TWO, SAFETY + BODY)) == {"s1"}
    assert exposed(series(TWO, SAFETY + BODY)) == {"s2"}


def test_a_campaign_without_a_safety_text_needs_none() -> None:
    made = series(BODY, "Rest.\n")
    assert (safety_steps(made), exposed(made)) == (frozenset(), frozenset())
    with pytest.raises(ValueError, match="has no safety text"):
        with_safety(made, made.steps[0])


def test_the_whole_text_stands_above_everything_word_for_word() -> None:
    made = series(TWO, BODY)
    body = with_safety(made, made.steps[1]).body
    assert body == (
        "::: safety id=b13\n## When to stop\n\nStop at once if it hurts.\n:::\n\n"
        f"::: safety id=b14\n## Also\n\n1. Ask a doctor.\n\n::: \n\n{BODY}"
    )


def test_product_and_repeated_sentence_are_left_out_and_all_else_stays() -> None:
    made = series(SAFETY, EVERYTHING.replace("repeats=read-this-first", "repeats=s1"))
    changed = with_safety(made, made.steps[1])
    kept = [each.name for each in containers(changed.body, "x.md", 1)]
    assert kept == ["safety", "exercise", "how-to", "faq", "sources"]
    for words in ("Two calm exercises", "left, right", "A chair", "Once a day.", "Kilder"):
        assert words in changed.body
    assert "Wrist Rest" not in changed.body
    assert changed.body.count("Stop at once if it hurts.") == 1


def test_a_note_on_something_else_stays() -> None:
    note = "::: note id=b99 repeats=s1\nDrink water.\n:::\n\n"
    made = series(SAFETY, note + BODY)
    assert "Drink water." in with_safety(made, made.steps[1]).body


def test_what_is_said_of_its_lines_says_that_they_are_not_the_files() -> None:
    made = series(SAFETY, BODY)
    changed = with_safety(made, made.steps[1])
    assert changed.file == "s2.md (with the safety text of s1.md)"
    assert {place.file for place in changed.places.values()} == {"s2.md (with safety)"}
    assert replace(changed, file="", body="", places={}) == replace(made.steps[1], file="", body="", places={})


def test_files_with_other_line_ends_are_read_the_same() -> None:
    made = series(SAFETY.replace("\n", "\r\n"), BODY.replace("\n", "\r\n"))
    assert with_safety(made, made.steps[1]).body == with_safety(series(SAFETY, BODY), made.steps[1]).body
