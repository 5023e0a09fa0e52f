"""A campaign as its files say it: steps, schedule, sender, brand, catalogue; and the findings of a check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from backmail.clock import Span
from backmail.errors import Place


class Severity(StrEnum):
    """How bad a finding is: an error stops sending, a warning wants a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found. `campaign` and `step` are slug and step id, "" where it is about more than that."""

    id: str
    severity: Severity
    message: str
    campaign: str = ""
    step: str = ""
    place: Place | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a campaign's mails come from."""

    name: str
    email: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """Who is behind the sender: the footer's legal lines. `address` is the postal address, one line per entry."""

    name: str = ""
    address: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    company_no: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """How mails look: colours as #rrggbb, `fonts` as a CSS list, `radius` and `logo_width` in px, `logo` an address."""

    name: str = ""
    logo: str = ""
    logo_width: int = 160
    accent: str = "#1f5f4a"
    fonts: str = "Helvetica, Arial, sans-serif"
    radius: int = 6


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a step may go: weekdays (0 = Monday), a time or a window, how long a missed slot is open, dates skipped."""

    days: tuple[int, ...] = (1,)
    at: dt.time | None = dt.time(9, 0)
    between: tuple[dt.time, dt.time] | None = None
    late: Span = field(default_factory=lambda: Span(2, "h"))
    skip: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing a step asks for. `url` only for kind link; kind none is a sentence."""

    text: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One email of a campaign. `body` is Markdown with containers and jinja, from line `body_line` of `file` on."""

    id: str
    file: str
    subject: str
    preheader: str
    after: Span
    action: Action
    body: str
    body_line: int
    teaser: str = ""
    schedule: Schedule | None = None  # None: the campaign's
    places: Mapping[str, Place] = field(default_factory=dict)  # where subject, preheader, ... stand


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first words of a mail, with a first name and without. `with_name` is jinja over `subscriber`."""

    with_name: str
    without: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the shop's catalogue; `blurb` by language tag."""

    sku: str
    name: str
    aliases: tuple[str, ...] = ()
    blurb: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    link: str = ""
    price: str = ""
    price_as_of: dt.date | None = None
    available: bool = True
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """The shop's products, in the order of catalog.yaml."""

    products: tuple[Product, ...] = ()

    def get(self, sku: str) -> Product | None:
        """Return the product of that sku, or None."""
        return next((product for product in self.products if product.sku == sku), None)


class CampaignKind(StrEnum):
    """What a campaign is: a series, one mail, or one mail again and again."""

    DRIP = "drip"
    NEWSLETTER = "newsletter"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A folder of steps with one sender and theme. `zone`: an IANA name or None; `folder`: where it was read from."""

    id: str
    slug: str
    name: str
    kind: CampaignKind
    language: str
    sender: Sender
    steps: tuple[Step, ...]
    folder: Path
    greeting: Greeting
    signature: str = ""
    disclaimer: str = ""
    source_url: str = ""
    theme: str = "weekly"
    audience: str = "all"
    zone: str | None = None
    schedule: Schedule = field(default_factory=Schedule)
    article: str = ""  # file name of the article in the folder, "" for a campaign written by hand
    catalog: Catalog = field(default_factory=Catalog)
    places: Mapping[str, Place] = field(default_factory=dict)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
