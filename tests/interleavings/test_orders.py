"""Whatever order the steps of two workers and a third hand fall in, every law holds and nobody is lost.

Of 1,680 orders some are played here, the same ones each time; `python -m tests.interleavings` plays all of them.
"""

from math import factorial

import pytest

from tests.interleavings.databases import named
from tests.interleavings.orders import orders, some
from tests.interleavings.play import play
from tests.interleavings.stage import Stage
from tests.interleavings.third import THIRDS, Third
from tests.interleavings.workers import Cut

PLAYED = 6  # orders of each


# Orders in which somebody was lost once: a mail that came back after her no was stopped by the next hand-over, and was
# not sent when she took her no back.
FOUND = [
    ("a relay that says later", "BBCCABAAC"),
    ("a line that is lost", "BBCCABAAC"),
    ("a line that is lost", "BBCBCACAA"),
    ("a line that is lost", "BBCBCAACA"),
]


def test_the_orders_are_all_that_there_are() -> None:
    assert len(orders()) == len(set(orders())) == factorial(9) // factorial(3) ** 3 == 1680
    assert {tuple(sorted(order)) for order in orders()} == {tuple("AAABBBCCC")}


def test_some_orders_are_evenly_out_of_all() -> None:
    assert len(some(40)) in range(40, 45)
    assert not set(some(40, 0)) & set(some(40, 1))
    assert set(some(2000)) == set(orders())


@pytest.mark.parametrize("third", THIRDS, ids=lambda third: str(third.name))
def test_nobody_is_lost_in_any_order(stage: Stage, third: Third) -> None:
    chosen = some(PLAYED, 17 * THIRDS.index(third))  # each other ones than its neighbours
    for place, cut in enumerate(Cut):
        assert [*map(str, play(stage, third, cut, chosen[place :: len(Cut)]))] == []


@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize(("third", "order"), FOUND, ids=str)
def test_what_was_found_once_is_mended(stage: Stage, third: str, order: str, cut: Cut) -> None:
    assert [*map(str, play(stage, named(third), cut, [order]))] == []
