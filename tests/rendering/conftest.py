"""A small campaign to render, and a theme so small that rendering it takes no time."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backmail.clock import Span
from backmail.errors import Place
from backmail.links import INVALID_URL, TEST_KEY, Links, delivery_id
from backmail.model.campaign import (
    Action,
    Brand,
    Campaign,
    CampaignKind,
    Catalog,
    Company,
    Greeting,
    Product,
    Sender,
    Step,
)
from backmail.model.message import Message, Reader
from backmail.model.people import Subscriber
from backmail.rendering import Setting, Variants, address, load_theme, reader_for
from backmail.rendering.theme import PARTS, Theme

MINIMAL = {
    "inlined.css.jinja": "p { margin: 0; }",
    "mail.html.jinja": "<!DOCTYPE html><html><head><title>{{ subject }}</title><style>{{ rules }}</style></head>"
    '<body><p>{{ greeting }}</p>{{ body }}<a href="{{ links.unsubscribe }}">{{ phrase("unsubscribe") }}</a></body></html>',
    "mail.txt.jinja": "{{ greeting }}\n\n{{ body }}\n\n{{ links.unsubscribe }}\n",
    **dict.fromkeys(PARTS, "<div>{{ content }}</div>\n"),
}

BODY = """\
Sit well, and move often.

::: exercise id=b07 position="Sit toward the front of your chair" hold="15-20 seconds" repeats="8 times"
## Slow shoulder rolls

It loosens what holds your arms up.

1. Lift your shoulders toward your ears.
2. Let them sink down again.

Keep your jaw loose.
:::
"""


def step(id: str = "rolls", body: str = BODY, **given: Any) -> Step:
    """Return a step; `given` replaces its other fields."""
    made = Step(
        id=id,
        file=f"{id}.md",
        subject="Two calm exercises",
        preheader="Shoulder rolls and a towel squeeze, each in three steps.",
        after=Span(1, "w"),
        action=Action("Put both in my calendar", "calendar"),
        body=body,
        body_line=9,
        teaser=f"What {id} is about.",
        places={
            "subject": Place(f"{id}.md", 3),
            "preheader": Place(f"{id}.md", 4),
            "action.text": Place(f"{id}.md", 6),
        },
    )
    return replace(made, **given)


def campaign(*steps: Step, **given: Any) -> Campaign:
    """Return a campaign of these steps; `given` replaces its other fields."""
    products = (
        Product("rest", "Wrist Rest™ - Grey", link="https://shop.example.org/rest?a=1&b=2", price="199 kr."),
        Product("bare", "Bare", available=False),
    )
    made = Campaign(
        id="c-7f3k2q",
        slug="loose",
        name="Looser shoulders",
        kind=CampaignKind.DRIP,
        language="en",
        sender=Sender("Anna at Acme", "anna@news.example.org", "hi@example.org"),
        steps=steps or (step(),),
        folder=Path("campaigns/loose"),
        greeting=Greeting("Hello {{ subscriber.first_name }},", "Hello,"),
        signature="Anna",
        disclaimer="Not medical advice.",
        source_url="https://example.org/article",
        catalog=Catalog(products),
    )
    return replace(made, **given)


ANNA = Subscriber("anna@example.org", "Anna", "Sørensen", "en", "Europe/Copenhagen", ("vip",), {"company": "Café & Co"})
NOBODY = Subscriber("nobody@example.org")
COMPANY = Company("Acme ApS", ("Langelinie 1", "2100 København Ø"), "hi@example.org", "+45 12 34 56 78", "12345678")
DATE = dt.datetime(2027, 1, 5, 8, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def minimal(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """A theme of one line for each file."""
    home = tmp_path_factory.mktemp("templates")
    write_theme(home, "minimal", MINIMAL)
    return load_theme("minimal", [home])


@pytest.fixture(scope="session")
def weekly() -> Theme:
    """The theme that ships."""
    return load_theme("weekly")


def write_theme(home: Path, name: str, files: dict[str, str]) -> None:
    """Write the files of a theme below a templates folder."""
    for file, text in files.items():
        path = home / "email" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Workshop:
    """Renders mails of one campaign."""

    def __init__(self, campaign: Campaign, theme: Theme, brand: Brand = Brand(), company: Company = COMPANY) -> None:
        self.campaign = campaign
        self.variants = Variants(Setting(campaign, theme, brand, company))
        self.links = Links(TEST_KEY, INVALID_URL)

    def reader(self, subscriber: Subscriber = ANNA, number: int = 0) -> Reader:
        step = self.campaign.steps[number]
        return reader_for(self.campaign, step, subscriber, self.links, self.ids(subscriber))

    def ids(self, subscriber: Subscriber = ANNA) -> dict[str, str]:
        return {each.id: delivery_id(self.campaign.id, each.id, subscriber.email) for each in self.campaign.steps}

    def mail(self, subscriber: Subscriber = ANNA, number: int = 0) -> Message:
        step, reader = self.campaign.steps[number], self.reader(subscriber, number)
        return address(self.variants.of(step, reader), reader, self.ids(subscriber)[step.id], self.links)


Make = Callable[..., Workshop]


@pytest.fixture
def minimal_mail(minimal: Theme) -> Make:
    """A workshop of one step with the body that is given, in the smallest theme."""

    def made(body: str = BODY, /, **given: Any) -> Workshop:
        return Workshop(campaign(step(body=body, **given)), minimal)

    return made
