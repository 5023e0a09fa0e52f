"""Sections are judged by their neighbours, too."""

from tests.article.texts import called, md, shape, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."
NODS = "Sit on a stool and lower your chin to your chest. Hold for 10 seconds, then switch sides."
ROLL = "Draw a circle with the tip of your nose, first to one side and then to the other, as slowly as you can."


def test_a_section_between_exercises_is_one() -> None:
    alone = md(f"Bees.\n\n## Water\n\n{BODY}\n\n## Rolls\n\n{ROLL} Move your neck.")
    assert called(alone, "Rolls").kind == "how-to"
    row = md(f"Bees.\n\n## Nods\n\n{NODS}\n\n## Rolls\n\n{ROLL} Move your neck.\n\n## Bends\n\n{NODS}")
    block = called(row, "Rolls")
    assert block.kind == "exercise"
    assert "exercise.series 2" in block.reasons


def test_a_section_between_exercises_that_moves_nothing_is_none() -> None:
    article = md(f"Bees.\n\n## Nods\n\n{NODS}\n\n## Water\n\n{BODY}\n\n## Bends\n\n{NODS}")
    assert called(article, "Water").kind == "other"


def test_orders_that_end_in_a_colon_above_exercises_lead_to_them() -> None:
    article = md(f"Bees.\n\n## In the shed\n\nTake five minutes. Move slowly. Begin here:\n\n### Nods\n\n{NODS}")
    block = called(article, "In the shed")
    assert (block.kind, block.role, block.runner_up) == ("other", "lead", "how-to")
    assert block.lead_for == ("b03",)


def test_what_a_teaser_cuts_off_is_of_the_same_kind() -> None:
    article = txt(
        f"{BODY}\nHow to dig\nTake a spade.\nSpade™ - Black\nEn spade, der er let at grave med.\nDig.\nThe end\n{BODY}"
    )
    assert shape(article)[1:4] == [(2, 3, "how-to", None), (4, 5, "product", None), (6, 6, "how-to", "continuation")]
    assert article.blocks[3].continues == article.blocks[1].id
    assert article.blocks[3].reasons == ("continuation.after-product",)


def test_what_a_teaser_cuts_off_the_introduction_goes_on_with_it_and_not_with_the_title() -> None:
    article = txt(f"Bees\n{BODY}\nSpade™ - Black\nEn spade, der er let at grave med.\n{BODY}\nThe end\n{BODY}")
    assert shape(article)[:4] == [
        (1, 1, "other", "title"),
        (2, 2, "intro", None),
        (3, 4, "product", None),
        (5, 5, "intro", "continuation"),
    ]
    assert article.blocks[3].continues == "b02"
