"""A changed number is called by what it is: a dose, a temperature, an amount, a time."""

import pytest

from backmail.campaign.differences import Difference, What
from backmail.campaign.wording import noun_of
from backmail.model.article import Block, Excerpt, Kind, Unit, UnitKind

TEXT = "Bake 2 loaves with 400 g flour at 180 °C for 25-30 minutes, and wait 2 hours."
DOSE = {
    "temperature": Excerpt("180 °C", 1),
    "amount": Excerpt("400 g", 1),
    "time": Excerpt("2 hours", 1),
}


@pytest.mark.parametrize(
    ("kind", "before", "noun"),
    [
        (Kind.EXERCISE, "180", "dose"),
        (Kind.HOW_TO, "180", "temperature"),
        (Kind.HOW_TO, "400", "amount"),
        (Kind.HOW_TO, "25-30", "number"),
        (Kind.HOW_TO, "2", "number"),  # it stands there twice, and only one is the time
    ],
)
def test_a_number_is_called_by_what_it_is(kind: Kind, before: str, noun: str) -> None:
    block = Block("b01", kind, (Unit(UnitKind.PARAGRAPH, TEXT, TEXT, 1, 1),), dose=DOSE)
    assert noun_of(Difference(What.NUMBER, before, "7", 1), block) == noun
