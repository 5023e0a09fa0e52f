"""A small campaign to render, and a theme so small that rendering it takes no time."""

import datetime as dt
from collections.abc import Callable
from copy import copy
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
    '<body><p>{{ greeting }}</p>{{ body }}<a href="{{ links.unsubscribe }}">Stop</a></body></html>',
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

SAFETY = """\
::: safety id=b13
## When to stop

Stop at once if it hurts.
:::
"""

EVERYTHING = """\
::: note id=b13 repeats=read-this-first
Stop at once if it hurts.
:::

## Two calm exercises

Sit well, *move often* and see [your desk](https://example.org/desk?a=1&b=2) first.

::: exercise id=b07 position="Sit up" hold="15-20 seconds" repeats="8 times" sides="both" equipment="a towel"
## Slow shoulder rolls

1. Lift your shoulders toward your ears.
2. Let them sink down again.
:::

::: how-to id=b21
## How to set the chair

| What | How far |
|---|---|
| Screen | about 60 cm |

> A slow start.

```
left, right
```

---

![A chair](https://example.org/chair.png)
:::

::: faq id=b20
## How often?

Once a day.
:::

::: product id=b03 sku=rest lang=da
## Wrist Rest™ - Grey

Støtter håndleddet.
:::

::: sources id=b24 lang=da
## Kilder

- Smith, A. (2022). On wrists.
- [Jones](https://example.org/jones) (2023). On chairs.
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
BRAND = Brand("Acme Letters")
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

    def __init__(self, campaign: Campaign, theme: Theme, brand: Brand = BRAND, company: Company = COMPANY) -> None:
        self.campaign, self._looks = campaign, (theme, brand, company)
        self.variants = Variants(Setting(campaign, theme, brand, company))
        self.links = Links(TEST_KEY, INVALID_URL)

    def again(self) -> "Workshop":
        """Return another one with the same composed steps, so that a test may change it."""
        return copy(self)

    def but(self, **given: Any) -> "Workshop":
        """Return one whose first step is changed."""
        steps = (replace(self.campaign.steps[0], **given), *self.campaign.steps[1:])
        return Workshop(replace(self.campaign, steps=steps), *self._looks)

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


@pytest.fixture(scope="session")
def sample(weekly: Theme) -> Make:
    """A workshop with a campaign that has something of every kind, in the theme that ships unless another is given.

    Those that are asked for twice with nothing changed are the same.
    """
    kept: dict[str, Workshop] = {}

    def made(theme: Theme = weekly, brand: Brand = BRAND, **given: Any) -> Workshop:
        key = f"{theme.name}{id(theme)}{brand}{given}"
        if key not in kept:
            first = step("read-this-first", SAFETY, action=Action("Tell me how you feel", "reply"))
            last = step("closing", "Thank you.\n", action=Action("Stand up once before you close this mail", "none"))
            kept[key] = Workshop(campaign(step("everything", EVERYTHING), first, last, **given), theme, brand)
        return kept[key].again()

    return made


@pytest.fixture(scope="session")
def letter(minimal: Theme) -> Workshop:
    """A workshop of one step that speaks of the reader's first name everywhere."""
    name = "{{ subscriber.first_name }}"
    body = f"Hello {name}, this is a letter to you alone. [Go](https://example.org/?name={name})\n"
    return Workshop(campaign(step(body=body, subject=name)), minimal)
