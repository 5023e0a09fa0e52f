"""What a campaign and a catalogue find by name."""

from pathlib import Path

from backmail.clock import Span
from backmail.model.campaign import Action, Campaign, CampaignKind, Catalog, Greeting, Product, Sender, Step

FIRST = Step("first", "01-first.md", "A", "B", Span(0, "h"), Action("Read on", "none"), "body\n", 8)
CAMPAIGN = Campaign(
    "c-1", "one", "One", CampaignKind.DRIP, "en", Sender("Anna", "anna@example.org"), (FIRST,), Path("one"),
    Greeting("Hello {{ subscriber.first_name }},", "Hello,"),
)  # fmt: skip


def test_a_campaign_finds_its_steps_by_id() -> None:
    assert CAMPAIGN.step("first") is FIRST
    assert CAMPAIGN.step("01-first.md") is None


def test_a_catalogue_finds_its_products_by_sku() -> None:
    product = Product("rest-1", "Wrist Rest")
    assert Catalog((product,)).get("rest-1") is product
    assert Catalog((product,)).get("Wrist Rest") is None
    assert Catalog().get("rest-1") is None


def test_a_campaign_is_weekly_on_tuesdays_at_nine_unless_it_says_otherwise() -> None:
    schedule = CAMPAIGN.schedule
    assert schedule.days == (1,)
    assert schedule.at is not None
    assert schedule.at.isoformat("minutes") == "09:00"
    assert str(schedule.late) == "2h"
