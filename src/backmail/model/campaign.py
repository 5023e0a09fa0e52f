"""A campaign as its files say it: steps, schedule, sender, brand, catalogue; and the findings of a check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

from backmail.clock import Span
from backmail.errors import Place
from backmail.model.states import OnUncertain


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
    """How mails look: colours as #rrggbb, `fonts` as a CSS list, `radius` and `logo_width` in px, `logo` an address.

    `paper` is what the text stands on, `canvas` what is around it; "" for these and `text` is the theme's own.
    """

    name: str = ""
    logo: str = ""
    logo_width: int = 160
    accent: str = "#1f5f4a"
    fonts: str = "Helvetica, Arial, sans-serif"
    radius: int = 6
    paper: str = ""
    canvas: str = ""
    text: str = ""
    text_size: Literal["normal", "large"] = "normal"


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


@dataclass(frozen=True, slots=True)
class Copied:
    """The copy of an article's picture: its sha256, and where the original stands on the web, "" where nobody knows."""

    digest: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that stands in a campaign's folder.

    Attributes:
        digest: sha256 of its bytes, by which the database knows it.
        kind: png, jpg, gif or webp, told by its bytes.
        width, height: in pixels, 0 where they cannot be told.
        size: in bytes.
        copied: whether it is the copy of one of the article, which the mails' Markdown names; any other one belongs to
            the block whose heading its file is named after.
        address: where mails show it, "" for under our own site: of a version published before files were kept.
    """

    digest: str
    kind: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    copied: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Utm:
    """What links to the sender's own sites tell these: `utm_source`, and the sites' domains."""

    source: str
    domains: tuple[str, ...]


class CampaignKind(StrEnum):
    """What a campaign is: a series, one mail, or one mail again and again."""

    DRIP = "drip"
    NEWSLETTER = "newsletter"
    RECURRING = "recurring"


class StartKind(StrEnum):
    """What puts a subscriber into a campaign."""

    CONFIRMED = "confirmed"  # her sign-up, when she confirms it
    TAG = "tag"  # a label that she gets
    ENROLL = "enroll"  # the operator, and nothing else


@dataclass(frozen=True, slots=True)
class Start:
    """What a campaign begins with. `tag` only for kind tag."""

    kind: StartKind = StartKind.CONFIRMED
    tag: str = ""


class First(StrEnum):
    """When the first mail after a sign-up goes, if its step has `after: 0`."""

    AT_ONCE = "at_once"  # by day, that is: it waits for no weekday and no clock time
    WINDOW = "window"  # on the schedule, as all others


@dataclass(frozen=True, slots=True)
class Campaign:
    """A folder of steps with one sender and theme.

    Attributes:
        folder: where it was read from.
        audience: who may get it, a segment.
        zone: an IANA name, None for config.yaml's.
        article: the article's file name in the folder, "" for a campaign written by hand.
        added: the files of further articles, whose mails follow: `article-2/article.md`, ...
        start: what puts a subscriber into it, besides the operator.
        reenter: how long after the end of a run the next may begin; None for one run in a lifetime.
        exits: the tags that end a run when a subscriber gets one.
        priority: 0 to 10; of two campaigns with a mail for one person the higher goes first.
        on_uncertain: what becomes of a mail of which nobody can tell whether it arrived.
        first: when the first mail goes.
        pictures: the pictures of the folder, by their names in it: `images/pelvic-tilts.jpg`.
        utm: what links to the sender's own sites tell these; None for nothing.
        routine: whether mails list the exercises so far, and the last one leads to all of them on one sheet.
    """

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
    article: str = ""
    added: tuple[str, ...] = ()
    catalog: Catalog = field(default_factory=Catalog)
    start: Start = field(default_factory=Start)
    reenter: Span | None = None
    exits: tuple[str, ...] = ()
    priority: int = 5
    on_uncertain: OnUncertain = OnUncertain.RESEND
    first: First = First.AT_ONCE
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
    utm: Utm | None = None
    routine: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def system(self) -> bool:
        """Whether it is backmail's own, such as the mail that asks to confirm an address."""
        return self.slug.startswith("_")

    @property
    def articles(self) -> tuple[str, ...]:
        """The files of all its articles in order, none for a campaign written by hand."""
        return (self.article, *self.added) if self.article else ()

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
