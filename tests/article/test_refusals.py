"""A number of weeks that does not work is refused by the rule that it breaks, with the nearest number that works."""

from __future__ import annotations

import pytest

from backmail.article import arrange
from backmail.errors import PlanRefused
from backmail.model.article import Article
from tests.article.blocks import article, back_care, spec


def refused(made: Article, weeks: int | None) -> PlanRefused:
    with pytest.raises(PlanRefused) as caught:
        arrange(made, weeks)
    return caught.value


def test_too_many_words_for_so_few_mails() -> None:
    error = refused(back_care(), 2)
    assert (error.rule, error.nearest) == ("most-words", 3)
    assert "article.txt" in str(error)
    assert "2 mails" in str(error)
    assert "3 weeks work" in str(error)


def test_more_mails_than_there_is_to_say() -> None:
    error = refused(article(spec("intro", 120), spec("other", 120, "soil")), 5)
    assert (error.rule, error.nearest) == ("whole-blocks", 2)


@pytest.mark.parametrize("weeks", [0, -3, 27])
def test_a_series_has_between_one_and_twenty_six_mails(weeks: int) -> None:
    assert refused(back_care(), weeks).rule == "weeks"


def test_no_room_for_a_product_in_the_first_mail() -> None:
    error = refused(article(spec("intro", 200), spec("other", 200, "soil"), spec("product", 10, "Spade")), 1)
    assert (error.rule, error.nearest) == ("one-product", 2)
    assert "Spade" in str(error)


def test_a_product_that_is_too_much_of_every_mail_is_a_part_of_the_text() -> None:
    made = article(spec("intro", 100), spec("other", 100, "soil"), spec("product", 60, "Spade"))
    assert arrange(made).products_in_place
    assert arrange(made, 2).products_in_place


def test_a_lock_that_goes_against_safety() -> None:
    made = article(
        spec("intro", 120),
        spec("exercise", 100, "heel raise", locked_week=1),
        spec("safety", 100, "safety", locked_week=2),
    )
    error = refused(made, 2)
    assert error.rule == "locked-week"
    assert "“heel raise” in week 1" in str(error)


def test_a_lock_behind_the_last_week() -> None:
    made = article(
        spec("intro", 120), spec("other", 120, "soil", locked_week=4), *(spec("other", 120) for _ in range(4))
    )
    error = refused(made, 2)
    assert (error.rule, error.nearest) == ("locked-week", 4)


def test_two_locks_on_what_must_stay_together() -> None:
    made = article(
        spec("other", 20, "moves", role="lead", lead_for=("b02",), locked_week=1),
        spec("how-to", 100, "fold", locked_week=2),
    )
    error = refused(made, 2)
    assert error.rule == "locked-week"
    assert "moves and fold" in str(error)


def test_nothing_left_to_send() -> None:
    error = refused(article(spec("other", 20, role="chrome")), None)
    assert (error.rule, error.nearest) == ("every-block-once", None)
