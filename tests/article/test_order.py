"""Blocks come in the order that a series needs, and every move has a name."""

from __future__ import annotations

from backmail.article.order import canonical
from backmail.article.proposals.cues import Cues
from backmail.model.article import Article
from tests.article.blocks import article, back_care, spec

_ENGLISH = Cues.of("en").stopwords


def atoms(made: Article) -> list[str]:
    """The ids of each atom, joined by +."""
    return ["+".join(block.id for block in atom.blocks) for atom in canonical(made, _ENGLISH).atoms]


def test_the_whole_order() -> None:
    assert atoms(back_care()) == [
        "b01", "b02", "b04", "b12", "b18", "b05+b06", "b07", "b19", "b08", "b09+b10", "b11",
        "b13", "b17", "b16+b20", "b15", "b21",
    ]  # fmt: skip


def test_each_move_says_why() -> None:
    moves = canonical(back_care(), _ENGLISH).moves
    assert moves["b12"] == "the safety text comes before the first exercise"
    assert moves["b18"] == "a question about stopping or asking for advice goes with the safety text"
    assert moves["b17"] == "this question is about “how to keep it up”"
    assert moves["b15"] == "the closing words come behind the last questions"


def test_safety_stands_before_the_group_that_holds_the_first_exercise() -> None:
    made = article(
        spec("other", 20, "moves", role="heading", lead_for=("b02", "b03")),
        spec("how-to", 50, "warm up"),
        spec("exercise", 50, "heel raise"),
        spec("safety", 50, "safety"),
    )
    assert atoms(made) == ["b04", "b01+b02", "b03"]


def test_a_safety_text_in_front_of_the_exercises_stays() -> None:
    made = article(spec("safety", 50, "safety"), spec("intro", 50), spec("exercise", 50, "heel raise"))
    assert atoms(made) == ["b01", "b02", "b03"]
    assert canonical(made, _ENGLISH).moves == {}


def test_without_exercises_safety_stays_and_its_questions_come_to_it() -> None:
    made = article(
        spec("intro", 50),
        spec("safety", 50, "wear gloves"),
        spec("how-to", 50, "prune"),
        spec("faq", 30, "When to stop?", safety_relevant=True),
    )
    assert atoms(made) == ["b01", "b02", "b04", "b03"]


def test_without_a_safety_text_its_questions_come_before_the_exercises() -> None:
    made = article(
        spec("intro", 50), spec("exercise", 50, "heel raise"), spec("faq", 30, "When to stop?", safety_relevant=True)
    )
    assert atoms(made) == ["b01", "b03", "b02"]


def test_a_lead_in_stays_with_the_first_that_it_introduces_and_a_heading_with_its_lead_in() -> None:
    made = article(
        spec("other", 3, "moves", role="heading", lead_for=("b02", "b03")),
        spec("other", 20, role="lead", lead_for=("b03",)),
        spec("other", 50, "heel raise"),
    )
    assert atoms(made) == ["b01+b02+b03"]


def test_a_lead_in_without_a_list_introduces_what_follows() -> None:
    assert atoms(article(spec("other", 9, role="lead"), spec("other", 50), spec("other", 50))) == ["b01+b02", "b03"]


def test_a_lead_in_whose_own_were_dropped_stands_alone() -> None:
    made = article(
        spec("intro", 50),
        spec("other", 9, role="lead", lead_for=("b03",)),
        spec("other", 50, dropped_because="old"),
        spec("other", 50),
    )
    assert atoms(made) == ["b01", "b02", "b04"]


def test_a_lead_in_to_products_alone_goes_with_its_first_product() -> None:
    made = article(spec("intro", 90), spec("other", 9, role="lead", lead_for=("b03",)), spec("product", 12, "Spade"))
    order = canonical(made, _ENGLISH)
    assert [block.id for block in order.products[0].blocks] == ["b02", "b03"]
    assert (order.products[0].words, order.products[0].product_words) == (21, 12)


def test_the_heading_of_questions_goes_with_the_first_that_stayed() -> None:
    made = back_care()
    assert "b16+b20" in atoms(made)


def test_the_heading_of_questions_goes_with_the_first_when_none_stayed() -> None:
    made = article(
        spec("safety", 50, "safety"),
        spec("exercise", 50, "heel raise"),
        spec("other", 3, "questions", role="heading", lead_for=("b04", "b05")),
        spec("faq", 30, "When to stop?", safety_relevant=True),
        spec("faq", 30, "Whom to ask?", safety_relevant=True),
    )
    assert atoms(made) == ["b01", "b03+b04", "b05", "b02"]


def test_no_question_comes_between_the_steps_of_a_how_to() -> None:
    said = "Sharpen pruning shears before every cut with oil and stone, then wipe blades dry and store them."
    made = article(
        spec("how-to", 40, "clean the shears", said, section=1),
        spec("how-to", 40, "cut the branch", section=1),
        spec("faq", 30, "Must I sharpen pruning shears?", "Before every cut, with oil and stone; wipe blades dry."),
    )
    assert atoms(made) == ["b01", "b02", "b03"]
    assert canonical(made, _ENGLISH).atoms[2].about == 0


def test_a_continuation_stays_with_an_exercise_but_not_with_other_sections() -> None:
    made = article(
        spec("safety", 50, "safety"),
        spec("exercise", 50, "heel raise"),
        spec("product", 12, "Spade"),
        spec("other", 50, role="continuation", continues="b02"),
        spec("other", 50, "soil"),
        spec("other", 50, role="continuation", continues="b05"),
    )
    assert atoms(made) == ["b01", "b02+b04", "b05", "b06"]


def test_a_continuation_of_another_kind_is_a_block_of_its_own() -> None:
    made = article(
        spec("how-to", 50, "lay a floor"),
        spec("exercise", 50, "kneel", role="continuation", continues="b01"),
        spec("safety", 50, "when to stop"),
    )
    assert atoms(made) == ["b01", "b03", "b02"]


def test_a_continuation_that_makes_a_how_to_too_long_for_a_mail_may_part_from_it() -> None:
    made = article(spec("how-to", 300, "lay a floor"), spec("how-to", 300, role="continuation", continues="b01"))
    assert atoms(made) == ["b01", "b02"]


def test_products_have_their_home_behind_what_they_follow() -> None:
    order = canonical(back_care(), _ENGLISH)
    assert [product.homes for product in order.products] == [(2,), (12,)]


def test_a_product_is_at_home_with_what_it_is_about_too() -> None:
    made = article(
        spec("intro", 90),
        spec("product", 14, "Pruning shears", "Sharp shears with ash handles cut hedges, roses and branches."),
        spec("how-to", 90, "soil", "Dig deep and add compost."),
        spec("how-to", 60, "branches", "Sharp pruning shears cut roses, hedges and branches; ash handles last."),
    )
    assert canonical(made, _ENGLISH).products[0].homes == (1, 3)


def test_topics_are_sections_and_a_question_has_the_topic_of_what_it_is_about() -> None:
    order = canonical(back_care(), _ENGLISH)
    topic = {atom.main.id: atom.topic for atom in order.atoms}
    assert topic["b06"] == topic["b08"] == topic["b19"] == 3
    assert topic["b10"] == 4
    assert topic["b17"] == topic["b13"]
    assert topic["b18"] == topic["b12"]
