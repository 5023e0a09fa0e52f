"""Whose zone counts."""

import pytest

from backmail.sending.calendar import ChosenZone, choose_zone


@pytest.mark.parametrize(
    ("reader", "campaign", "chosen"),
    [
        ("Asia/Tokyo", "Europe/Copenhagen", ChosenZone("Asia/Tokyo")),
        (None, "Europe/Copenhagen", ChosenZone("Europe/Copenhagen")),
        ("", "", ChosenZone("America/New_York")),
        ("Asia/Tokio", "Europe/Copenhagen", ChosenZone("Europe/Copenhagen", ("Asia/Tokio",))),
        ("CEST", "../etc/passwd", ChosenZone("America/New_York", ("CEST", "../etc/passwd"))),
        ("Asia/Tokyo", "Nowhere", ChosenZone("Asia/Tokyo")),
    ],
)
def test_the_readers_zone_then_the_campaigns_then_that_of_the_settings(
    reader: str | None, campaign: str | None, chosen: ChosenZone
) -> None:
    assert choose_zone(reader, campaign, "America/New_York") == chosen


def test_settings_without_a_zone_are_told() -> None:
    with pytest.raises(ValueError, match="unknown time zone 'Mars/Base'"):
        choose_zone(None, None, "Mars/Base")
