"""The files of a campaign as pydantic models, and how each becomes a type of the model, once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from backmail.campaign.kinds import (
    Address,
    After,
    Audience,
    Date,
    Days,
    Domain,
    Email,
    Language,
    Name,
    Skip,
    SomeLine,
    StartOf,
    Tag,
    Tags,
    Time,
    TimeOrAny,
    Window,
)
from backmail.clock import Span
from backmail.model.campaign import Action, Greeting, Product, Schedule, Sender, Start, StartKind, Utm
from backmail.model.people import Subscriber
from backmail.yamlfile.fields import Line, ZoneName


class FileModel(BaseModel):
    """What all files have in common: nothing is guessed, and a key that is not known is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FromFile(FileModel):
    """`from` in campaign.yaml."""

    name: SomeLine = Field(description="the name that readers see as the sender")
    email: Email = Field(description="the address that mails come from")
    reply_to: Email | None = Field(None, description="where answers go, if not to the address above")

    def sender(self) -> Sender:
        """Return it as the model has it."""
        return Sender(self.name, self.email, self.reply_to or "")


class GreetingFile(FileModel):
    """`greeting` in campaign.yaml."""

    with_name: SomeLine = Field(description="first words when the first name is known; {{ subscriber.first_name }}")
    without: Line = Field(description="first words when it is not")

    def greeting(self) -> Greeting:
        """Return it as the model has it."""
        return Greeting(self.with_name, self.without)


class ScheduleFile(FileModel):
    """`schedule` in campaign.yaml."""

    days: Days = Field(
        (1,), description="weekdays a mail may go out on: [tue, thu], or any", json_schema_extra={"default": ["tue"]}
    )
    at: Time | None = Field(None, description='the time of day, in the reader\'s own zone: "09:00"')
    between: Window | None = Field(None, description='a window of time instead of `at`: ["08:00", "18:00"]')
    late: After = Field(
        Span(2, "h"),
        description="how long a missed `at` may still be made up for: 2h",
        json_schema_extra={"default": "2h"},
    )
    skip: list[Skip] = Field(default_factory=list, description='days that are left out: [weekends, "2027-12-24"]')
    first: Literal["at_once", "window"] = Field("at_once", description="when the first mail after a sign-up goes")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.at is not None and self.between is not None:
            raise ValueError("either `at` or `between` can be set, not both")
        return self

    def schedule(self) -> Schedule:
        """Return it as the model has it: 09:00 when neither a time nor a window is set."""
        at = dt.time(9, 0) if self.at is None and self.between is None else self.at
        return Schedule(self.days, at, self.between, self.late, tuple(self.skip))


class ReenterFile(FileModel):
    """`reenter` in campaign.yaml."""

    after: After = Field(description="how long after the end of a run the next may begin: 90d")


class CapsFile(FileModel):
    """`caps` in campaign.yaml."""

    priority: int = Field(default=5, ge=0, le=10, description="0 to 10: of two campaigns with a mail for one person")


class UtmFile(FileModel):
    """`utm` in campaign.yaml."""

    source: SomeLine = Field(description="what utm_source says: newsletter")
    domains: list[Domain] = Field(
        min_length=1, description="your own sites, with all below them: [example.org]; links to others stay as they are"
    )

    def utm(self) -> Utm:
        """Return it as the model has it."""
        return Utm(self.source, tuple(dict.fromkeys(self.domains)))


class CampaignFile(FileModel):
    """campaign.yaml."""

    format: Literal[1] = Field(description="the version of this file's form")
    id: Name = Field(description="permanent: a renamed folder changes nothing")
    name: SomeLine = Field(description="what you call the campaign")
    kind: Literal["drip", "newsletter", "recurring"] = Field(
        description="a series, one mail, or one mail again and again"
    )
    sender: FromFile = Field(alias="from", description="who the mails come from")
    language: Language = Field("en", description="the language of the mails: en, da, ...")
    greeting: GreetingFile | None = Field(None, description="the first words of each mail")
    signature: Line | None = Field(None, description="the last words of each mail, a name as a rule")
    disclaimer: Line | None = Field(None, description="a sentence in the footer")
    source_url: Address = Field("", description="where the article stands on the web")
    theme: Name = Field("weekly", description="the folder under templates/email/")
    audience: Audience = Field("all", description="who may get it: all, tag:x, field:language=da, ...; not, and, or")
    zone: ZoneName | None = Field(None, description="the time zone of readers whose own is not known")
    start: StartOf | None = Field(None, description="what puts a person into it: confirmed, tag:x, or enroll")
    schedule: ScheduleFile | None = Field(None, description="when a mail may go out")
    reenter: ReenterFile | None = Field(None, description="when a person may walk it again; left out: never")
    exits: list[Tag] = Field(default_factory=list, description="what ends it for a person: [tag:bought]")
    caps: CapsFile = Field(default=CapsFile(), description="which mail goes first")
    on_uncertain: Literal["resend", "hold", "drop"] = Field(
        "resend", description="what becomes of a mail of which nobody can tell whether it arrived"
    )
    utm: UtmFile | None = Field(None, description="what links to your own sites tell these: utm_source and its like")
    routine: bool = Field(True, description="whether mails list the exercises so far; false: none, and no sheet of all")

    def starting(self) -> Start:
        """Return what it starts with: a series with a confirmed sign-up, anything else by hand alone."""
        return self.start or Start(StartKind.CONFIRMED if self.kind == "drip" else StartKind.ENROLL)


class ActionFile(FileModel):
    """`action` in a step's front matter."""

    text: Line = Field(description="what stands on the button, or the sentence for kind none")
    kind: Literal["link", "calendar", "print", "reply", "none"] = Field(description="what it does")
    url: Address = Field("", description="where a link leads to")

    @model_validator(mode="after")
    def _url_for_links(self) -> Self:
        if self.kind == "link" and not self.url:
            raise ValueError("an action of kind link needs a url")
        if self.kind != "link" and self.url:
            raise ValueError(f"an action of kind {self.kind} has no url\nonly kind link has one")
        if self.kind != "none" and not self.text:
            raise ValueError("a button needs a text")
        return self

    def action(self) -> Action:
        """Return it as the model has it."""
        return Action(self.text, self.kind, self.url)


class StepFile(FileModel):
    """The front matter of a step."""

    id: Name = Field(description="permanent: a renamed file changes nothing")
    subject: SomeLine = Field(description="the subject line, at most 50 characters")
    preheader: Line = Field("", description="the line that inboxes show behind the subject, 30 to 100 characters")
    after: After | None = Field(None, description="how long after the mail before: 0, 3h, 4d, 1w")
    days: Days | None = Field(None, description="weekdays, instead of the campaign's")
    at: TimeOrAny = Field(None, description="a time of day, instead of the campaign's, or any")
    between: Window | None = Field(None, description="a window of time, instead of the campaign's")
    action: ActionFile | None = Field(None, description="the one thing that the mail asks for")
    teaser: Line = Field("", description="what the mail before says of this one")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.at is not None and self.between is not None:
            raise ValueError("either `at` or `between` can be set, not both")
        return self

    def schedule(self, campaign: Schedule) -> Schedule | None:
        """Return the campaign's schedule with this step's own settings, or None when it has none of its own."""
        own = self.model_fields_set & {"days", "at", "between"}
        if not own:
            return None
        schedule = campaign if self.days is None else replace(campaign, days=self.days)
        if own & {"at", "between"}:
            schedule = replace(schedule, at=self.at, between=self.between)
        return schedule


class ProductFile(FileModel):
    """One product of catalog.yaml."""

    sku: Name = Field(description="the product's number in the shop")
    name: SomeLine = Field(description="the product's name, as readers see it")
    aliases: list[SomeLine] = Field(default_factory=list, description="other names that articles use for it")
    blurb: dict[Language, Line] = Field(default_factory=dict, description="a sentence on it, by language: {en: ...}")
    image: Address = Field("", description="an https address of its picture")
    link: Address = Field("", description="where it can be bought; without one there is no button")
    price: Line = Field("", description="the price with its currency, as readers see it")
    price_as_of: Date | None = Field(None, description="the day on which that price was right")
    available: bool = Field(True, description="false: it is not for sale at present")
    until: Date | None = Field(None, description="the last day on which it is offered")

    def product(self) -> Product:
        """Return it as the model has it."""
        return Product(
            self.sku,
            self.name,
            tuple(self.aliases),
            dict(self.blurb),
            self.image,
            self.link,
            self.price,
            self.price_as_of,
            self.available,
            self.until,
        )


class CatalogFile(FileModel):
    """catalog.yaml."""

    products: list[ProductFile] = Field(default_factory=list, description="the shop's products")


class PersonFile(FileModel):
    """A sample person in people/."""

    email: Email = Field(description="the address")
    first_name: Line | None = Field(None, description="the first name")
    last_name: Line | None = Field(None, description="the last name")
    language: Language | None = Field(None, description="the language she reads best: en, da, ...")
    timezone: ZoneName | None = Field(None, description="her time zone: Europe/Copenhagen")
    tags: Tags = Field((), description="labels: [new, backpain] or new;backpain")
    attributes: dict[Name, Line] = Field(default_factory=dict, description="fields of your own")

    def subscriber(self, name: str) -> Subscriber:
        """Return her as the model has her; `name` is the stem of her file."""
        return Subscriber(
            self.email,
            self.first_name or None,
            self.last_name or None,
            self.language,
            self.timezone,
            self.tags,
            dict(self.attributes),
            name,
        )
