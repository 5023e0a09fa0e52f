"""A body is taken apart into the pieces that it was made of, wherever somebody put them and whatever was written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.base import GeneratedStep, Part, Piece, PieceKind, base_text, steps_of
from backmail.campaign.parts import Held, Taken, lost, merge_part, taken_apart

ROLLS = '::: exercise id=b02 hold="20 seconds"\n## Slow rolls\n\nWhy we do it.\n\n1. Sit down.\n2. Hold.\n:::'
INTRO = "Shoulders grow stiff at a desk.\n\nMost people feel it in the afternoon."
END = "## Closing thoughts\n\nGo on with it, even on busy days."


def block(id_: str) -> Piece:
    return Piece(PieceKind.BLOCK, id_)


STEP = GeneratedStep(
    "one", "01-one.md", "id: one\n", (Part(block("b01"), INTRO), Part(block("b02"), ROLLS), Part(block("b03"), END))
)
KNOWN = [part.piece for part in STEP.parts]


def apart(body: str) -> Taken:
    return taken_apart(STEP, body, KNOWN, {})


def test_what_nobody_touched_comes_apart_as_it_was_put_together() -> None:
    assert apart(STEP.body) == Taken(tuple(Held(part.piece, part.text) for part in STEP.parts))


def test_words_around_the_pieces_belong_to_what_stands_above_them() -> None:
    taken = apart(f"Dear all,\n\n{INTRO}\n\n{ROLLS}\n\nA tip of ours.\n\n{END}\n\nBye!")
    assert (taken.head, taken.tail) == ("Dear all,", "Bye!")
    assert [(each.piece.block, each.own) for each in taken.held] == [
        ("b01", ""),
        ("b02", "A tip of ours."),
        ("b03", ""),
    ]


def test_an_edited_paragraph_is_still_that_of_its_block() -> None:
    edited = INTRO.replace("Most people feel it", "All of us feel it, and so do you,")
    taken = apart(f"{edited}\n\n{ROLLS}\n\n{END}")
    assert taken.held[0] == Held(block("b01"), edited)


def test_a_container_is_known_by_its_id_wherever_it_stands() -> None:
    taken = apart(f"{ROLLS}\n\n{INTRO}\n\n{END}")
    assert {each.piece.block: each.text for each in taken.held} == {"b02": ROLLS, "b01": INTRO, "b03": END}


def test_a_block_that_is_missing_can_be_found_in_another_step() -> None:
    strays = lost(STEP, apart(f"{INTRO}\n\n{ROLLS}"))
    other = GeneratedStep("two", "02-two.md", "id: two\n", (Part(block("b09"), "Something else."),))
    taken = taken_apart(other, f"Something else.\n\n{END}", [*KNOWN, block("b09")], strays)
    assert taken.held == (Held(block("b09"), "Something else."), Held(block("b03"), END))


def test_settings_of_a_fence_are_merged_one_by_one() -> None:
    ours = ROLLS.replace("20 seconds", "30 seconds")
    theirs = ROLLS.replace('hold="20 seconds"', 'hold="20 seconds" sides=both').replace("Sit down", "Sit down tall")
    text, conflicts = merge_part(ROLLS, ours, theirs)
    assert conflicts == 0
    assert text.startswith('::: exercise id=b02 hold="30 seconds" sides=both\n')
    assert "Sit down tall" in text


def test_signs_of_a_conflict_stand_inside_the_container() -> None:
    text, conflicts = merge_part(ROLLS, ROLLS.replace("Hold.", "Hold on."), ROLLS.replace("Hold.", "Hold tight."))
    assert conflicts == 1
    assert text.split("\n")[0] == ROLLS.split("\n", maxsplit=1)[0]
    assert text.endswith("\n:::")


PARAGRAPHS = st.lists(st.text("abc xyz.", min_size=1, max_size=30).filter(str.strip), max_size=5)


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_no_paragraph_is_lost_when_a_body_is_taken_apart(head: list[str], between: list[str], tail: list[str]) -> None:
    body = "\n\n".join([*head, INTRO, *between, ROLLS, END, *tail])
    taken = apart(body)
    told = [taken.head, *(text for each in taken.held for text in (each.text, each.own)), taken.tail]
    assert "\n\n".join(told).split() == body.split()


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_what_is_kept_of_the_steps_reads_as_it_was_written(texts: list[str]) -> None:
    step = GeneratedStep(
        "one", "01-one.md", "id: one\n", tuple(Part(block(f"b{n}"), text) for n, text in enumerate(texts))
    )
    assert steps_of(base_text([step], [("b1", "abc")])) == (step,)
