"""Exercises whose names stand in bold before their text are exercises of their own; steps and tips are not."""

from __future__ import annotations

from backmail.article import understand
from backmail.model.article import Article, Kind, Source

POSES = (
    "**Child's Pose** - Kneel, sit back on your heels and fold forward until your forehead meets the floor.\n\n"
    "*Stay:* ten slow breaths\n\n"
    "**Legs Up the Wall** - Lie on your back and rest your legs against the wall for five minutes.\n"
)


def _article(heading: str, body: str) -> Article:
    text = f"# Slow evenings\n\nSome nights the mind keeps running.\n\n## {heading}\n\n{body}"
    return understand(Source("a.md", "md", text), language="en")


def _exercises(heading: str, body: str) -> list[str]:
    return [block.heading for block in _article(heading, body).blocks if block.kind is Kind.EXERCISE]


def test_paragraphs_that_begin_with_a_bold_name_are_exercises() -> None:
    article = _article("The poses", POSES)
    assert _exercises("The poses", POSES) == ["Child's Pose", "Legs Up the Wall"]
    pose = next(block for block in article.blocks if block.kind is Kind.EXERCISE)
    assert [unit.start for unit in pose.units] == [7, 9]  # what is said of the pose below it stays with it


def test_entries_of_a_list_are_exercises_where_they_say_how_long() -> None:
    dosed = (
        "- **Bridge:** Lie on your back and lift your hips from the floor for ten seconds.\n"
        "- **Cobra:** Lie on your belly and lift your chest with your arms ten times.\n"
    )
    assert _exercises("Three stretches", dosed) == ["Bridge", "Cobra"]
    plain = dosed.replace(" for ten seconds", "").replace(" ten times", "")
    assert "Cobra" not in _exercises("Three stretches", plain)  # they may be the steps of one


def test_tips_with_a_bold_name_are_none() -> None:
    tips = (
        "**Choose a time.** Sit down at the same hour every evening, and leave the phone in the hall.\n\n"
        "**Dim the lights.** One small lamp is enough, and the room should be cool rather than warm.\n"
    )
    headings = [block.heading for block in _article("Two exercises in patience", tips).blocks]
    assert headings == ["Slow evenings", "", "Two exercises in patience"]


def test_a_bold_name_with_nothing_but_a_dose_behind_it_opens_an_exercise() -> None:
    squat = "**Squat** – 3 x 12\n\nStand with your feet apart. Bend your knees and lower your hips.\n\n"
    bridge = "**Bridge (2 × 10)** – 2 x 10\n\nLie on your back and lift your hips. Squeeze your thighs.\n\n"
    assert _exercises("The exercises", squat + bridge) == ["Squat", "Bridge (2 × 10)"]


def test_a_size_in_centimetres_is_no_dose() -> None:
    board = "**Oak** – 60 x 40 cm\n\nLay the board on your knees and hold it with your hands.\n\n"
    assert _exercises("The exercises", board + board.replace("Oak", "Ash")) == []
