"""One exercise that is told in parts is one block, in every language that is proved."""

import pytest

from backmail.article.concepts import named
from tests.article.texts import called, md

LIE = "1. Lie on your back with bent knees.\n2. Rest your arms on the floor."
LIFT = "1. Lift your hips and squeeze your thighs.\n2. Hold for 5 seconds. Repeat ten times."
AIR = "Breathe out on the way up."


def _parted(heading: str, *parts: str) -> str:
    texts = (LIE, LIFT, AIR)
    below = "\n\n".join(f"### {name}\n\n{text}" for name, text in zip(parts, texts, strict=False))
    return (
        f"# The bridge\n\nIt makes the hips strong.\n\n## {heading}\n\n{below}\n\n## Afterwards\n\nThe legs are warm."
    )


def test_the_parts_of_one_exercise_are_one() -> None:
    block = called(md(_parted("The way it goes", "Starting position", "The movement", "Breathing")), "The way it goes")
    assert (block.kind, len(block.units)) == ("exercise", 9)
    assert "exercise.phases 3" in block.reasons


def test_one_part_is_enough_where_the_heading_tells_how() -> None:
    assert called(md(_parted("How to do it", "First", "The movement")), "How to do it").kind == "exercise"
    assert called(md(_parted("In the shed", "First", "The movement")), "The movement")


def test_exercises_in_a_row_are_not_the_parts_of_one() -> None:
    article = md(_parted("How to do them", "The bridge", "The lift"))
    assert [called(article, name).kind for name in ("The bridge", "The lift")][1] == "exercise"


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("da", ("Udgangsposition", "Bevægelsen")),
        ("de", ("Ausgangsposition", "Ausführung")),
        ("es", ("Posición inicial", "Movimiento")),
        ("fr", ("Position de départ", "Le mouvement")),
        ("sv", ("Utgångsläge", "Rörelsen")),
    ],
)
def test_the_parts_have_their_names_in_each_language(language: str, parts: tuple[str, str]) -> None:
    assert all(named("phases", part, language) for part in parts)
    assert not named("phases", "Yoga", language)


def test_as_many_sections_as_a_heading_says_are_all_exercises() -> None:
    vague = "This one feels good to many people, and it is easy to learn at home without any help from other people."
    below = f"### Bridge\n\n{LIE}\n{LIFT}\n\n### Lift\n\n{LIFT}\n{LIE}\n\n### Slump\n\n{vague}"
    article = md(
        f"# Hips\n\nStiff hips.\n\n## 3 exercises for stiff hips\n\n{below}\n\n## Afterwards\n\nThe legs are warm."
    )
    assert called(article, "Slump").kind == "exercise"
    assert called(md(f"# Hips\n\nStiff.\n\n## 4 exercises\n\n{below}\n\n## Afterwards\n\nOh."), "Slump").kind == "other"
