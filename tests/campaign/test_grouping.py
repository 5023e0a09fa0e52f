"""Sentences of an exercise are grouped as they come: none is lost, split or moved; what is unsure stays as it is."""

from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.grouping import grouped


def told(sentence: str) -> bool:
    """Whether a sentence of these tests is an instruction."""
    return sentence.startswith("Do")


def test_why_steps_and_effect() -> None:
    found = grouped([["It is gentle.", "Do this.", "Do that.", "It helps."]], told)
    assert found is not None
    assert (found.why, found.steps, found.effect) == (("It is gentle.",), ("Do this.", "Do that."), ("It helps.",))
    assert found.confidence == 1


def test_what_is_said_of_a_step_belongs_to_it() -> None:
    found = grouped([["Do 1.", "Do 2.", "Do 3.", "No need to hurry.", "Do 4."]], told)
    assert found is not None
    assert found.steps == ("Do 1.", "Do 2.", "Do 3. No need to hurry.", "Do 4.")
    assert found.confidence == 0.8


def test_paragraphs_stay_apart() -> None:
    found = grouped([["A.", "B."], ["C.", "Do 1."], ["Do 2.", "D."], ["E."]], told)
    assert found is not None
    assert (found.why, found.effect) == (("A. B.", "C."), ("D.", "E."))


def test_a_dose_ends_the_steps_and_does_not_begin_them() -> None:
    found = grouped([["5 times at first.", "Do 1.", "Do 2.", "Then 5 times again."]], told, ["5 times"])
    assert found is not None
    assert (found.why, found.steps) == (("5 times at first.",), ("Do 1.", "Do 2.", "Then 5 times again."))


def test_what_speaks_of_a_dose_is_no_step() -> None:
    for effect in ("It helps from 15 times on.", "It helps from 2.5 times on.", "Most feel it after 5 times."):
        found = grouped([["Do 1.", "Do 2.", "All of it 5 times.", effect]], told, ["5 times"])
        assert found is not None
        assert (found.steps, found.effect) == (("Do 1.", "Do 2.", "All of it 5 times."), (effect,))


def test_how_to_lie_or_stand_begins_the_steps() -> None:
    found = grouped([["It is gentle.", "One lies down.", "Do this."]], told, ["lies down"], "lies down")
    assert found is not None
    assert (found.why, found.steps) == (("It is gentle.",), ("One lies down.", "Do this."))


def test_below_four_in_five_it_stays_as_it_is() -> None:
    assert grouped([["Do 1.", "It is so.", "Do 2.", "Do 3."]], told) is None


def test_one_instruction_is_no_list() -> None:
    assert grouped([["It is gentle.", "Do this.", "It helps."]], told) is None
    assert grouped([["5 times.", "5 times again."]], told, ["5 times"]) is None
    assert grouped([], told) is None


@given(st.lists(st.lists(st.sampled_from(["Do 1.", "Do 2.", "So.", "It is.", "5 times."]), max_size=5), max_size=3))
def test_all_sentences_come_again_in_their_order(paragraphs: list[list[str]]) -> None:
    found = grouped(paragraphs, told, ["5 times"])
    if found is not None:
        texts = [*found.why, *found.steps, *found.effect]
        assert " ".join(texts).split() == [word for each in paragraphs for text in each for word in text.split()]
        assert len(found.steps) > 1
        assert found.confidence >= 0.8
