"""One safety sentence is chosen for every exercise mail: the one that says best when to stop."""

from __future__ import annotations

from dataclasses import replace

from backmail.article import arrange
from backmail.article.proposals.cues import Cues
from backmail.article.repeats import sentence
from backmail.model.article import Kind
from tests.article.blocks import article, back_care, spec

_ENGLISH = Cues.of("en")


def chosen(*texts: str, question: str = "") -> str:
    """The sentence that is chosen from safety texts, and from a safety question with this answer."""
    specs = [spec("safety", len(text.split()) + 3, "safety", text) for text in texts]
    if question:
        specs.append(spec("faq", 20, "What if it hurts?", question, safety_relevant=True))
    found = sentence(article(*specs), _ENGLISH)
    assert found is not None
    return found.text


def test_stop_and_ask_is_best_then_stop_then_ask() -> None:
    stop, ask = "Stop at once if you feel a sharp pain.", "Ask your doctor first if you had a fall."
    both = "If a joint hurts, stop immediately and consult a doctor."
    assert chosen(f"{ask} {stop}") == stop
    assert chosen(f"Warm up first. {ask}") == ask
    assert chosen(f"{stop} {ask}", question=both) == both


def test_a_sentence_that_leans_on_the_one_before_is_second_choice() -> None:
    assert (
        chosen("Then ask your doctor about it. Ask your doctor before you start.")
        == "Ask your doctor before you start."
    )


def test_a_short_sentence_is_better_than_a_long_one() -> None:
    long = f"Stop at once and see a doctor {'or a nurse ' * 15}when it hurts."
    assert chosen(f"{long} Ask your doctor first.") == "Ask your doctor first."


def test_a_text_without_such_a_sentence_gives_its_first() -> None:
    assert chosen("Warm hands are nimble hands. Wear a scarf.") == "Warm hands are nimble hands."


def test_the_line_and_the_block_are_those_of_the_sentence() -> None:
    found = sentence(back_care(), _ENGLISH)
    assert found is not None
    assert found.block in ("b12", "b18")
    block = back_care().block(found.block)
    assert found.text in block.text
    assert found.start == block.units[1].start


def test_in_a_paragraph_of_several_lines_the_line_of_the_sentence_is_told() -> None:
    made = article(spec("safety", 12, "safety", "Warm up well. Stop at once if a joint feels sore."))
    block = made.blocks[0]
    wrapped = replace(block.units[1], raw="Warm up well.\nStop at once if a joint\nfeels sore.", end=4)
    found = sentence(replace(made, blocks=(replace(block, units=(block.units[0], wrapped)),)), _ENGLISH)
    assert found is not None
    assert (found.text, found.start) == ("Stop at once if a joint feels sore.", 3)


def test_it_stands_beside_exercises_that_have_no_safety_text() -> None:
    made = back_care()
    for step in arrange(made, 7).steps:
        kinds = {made.block(block_id).kind for block_id in step.blocks}
        assert len(step.repeats) == (Kind.EXERCISE in kinds and Kind.SAFETY not in kinds)


def test_without_a_safety_text_there_is_nothing_to_repeat() -> None:
    assert sentence(article(spec("intro", 50)), _ENGLISH) is None
