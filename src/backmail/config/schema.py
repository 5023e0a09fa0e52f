"""config.yaml as pydantic models: every setting with its default and its one line of explanation."""

from __future__ import annotations

import ipaddress
import re
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backmail.clock import parse_wait
from backmail.model.campaign import Brand
from backmail.yamlfile.fields import EmailAddress, Line, SiteAddress, WebAddress, ZoneName
from backmail.yamlfile.shapes import ONE_LINE, SOME_LINE, either, shape, text

_BRAND = Brand()
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_.])?")
_DATABASE = re.compile(r"(?:sqlite|postgres(?:ql)?)(?:\+[a-z0-9]+)?://.*")


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f'{text!r} is not a colour\nwrite it as "#1f5f4a"')
    return text.lower()


def _own_colour(text: str) -> str:
    """Take a colour, or "" for the one of the theme."""
    return _colour(text) if text else ""


def _fonts(text: str) -> str:
    """Take what may stand in a style attribute as it is: a quote or brace there would end it."""
    bad = re.search(r"[^\w ,.-]", text)
    if bad:
        raise ValueError(f"a list of fonts may not hold {bad[0]!r}\nwrite it as Georgia, Times New Roman, serif")
    return text


def _lines(value: object) -> object:
    """Take text with line breaks for a list of its lines."""
    return value.strip().splitlines() if isinstance(value, str) else value


def _host(text: str) -> str:
    """Take a name or an address; "" stays ""."""
    if not text or _HOST.fullmatch(text):
        return text
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        hint = "write it as smtp.example.org, without a port"
        raise ValueError(f"{text!r} is not the name of a host\n{hint}") from None


def _database(text: str) -> str:
    """Take an address of a database; it is not shown where it is none, since a password may stand in it."""
    if not _DATABASE.fullmatch(text):
        raise ValueError("this is not the address of a database\nwrite sqlite:///path or postgresql://host/name")
    return text


def _folder(text: str) -> str:
    if not text:
        raise ValueError("this takes the name of a folder\nwrite outbox")
    return text


def _wait(least: str, text: str) -> str:
    """Take a time to wait, as it was written."""
    if parse_wait(text) < parse_wait(least):
        raise ValueError(f"this is at least {least}, not {text}")
    return text


_WAIT = text(r"^\s*[0-9]{1,4}(\.[0-9]{1,3})?[smh]\s*$", "a time to wait: 20s, 0.5s, 3m or 1h", examples=["30s", "10m"])
_HOST_NAME = text(
    r"^\s*[^\s/@:]*\s*$|:.*:", "a host's name without a port", examples=["smtp.example.org"], numbers=True
)
_DSN = text(r"^\s*(sqlite|postgres(ql)?)(\+[a-z0-9]+)?://", "the address of a database: sqlite:///path")
_RRGGBB = text("^#[0-9a-fA-F]{6}$", 'a colour in quotes: "#1f5f4a"', examples=["#1f5f4a"])
_OWN_RRGGBB = text("^(#[0-9a-fA-F]{6})?$", 'a colour in quotes: "#1f5f4a"', examples=["#1f5f4a"])
_FONTS = text("^[^\"';:{}<>()]*$", "names of fonts: Georgia, Times New Roman, serif", numbers=True)

Wait = Annotated[str, AfterValidator(partial(_wait, "1s")), shape(_WAIT)]
Host = Annotated[Line, AfterValidator(_host), shape(_HOST_NAME)]
Colour = Annotated[str, AfterValidator(_colour), shape(_RRGGBB)]
OwnColour = Annotated[str, AfterValidator(_own_colour), shape(_OWN_RRGGBB)]
Lines = Annotated[list[Line], BeforeValidator(_lines), shape(either({"type": "array", "items": ONE_LINE}, text()))]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SiteSettings(_Settings):
    """`site`."""

    # What is not https is refused by what sends to readers, and may be looked at before.
    public_url: SiteAddress = Field(
        default="",
        description="Where the links in your mails lead: an https address of yours. Without one they lead nowhere.",
    )


class BrandSettings(_Settings):
    """`brand`."""

    name: Line = Field(default=_BRAND.name, description="The name at the top of each mail.")
    logo: WebAddress = Field(default=_BRAND.logo, description="The https address of your logo; it replaces the name.")
    logo_width: int = Field(
        default=_BRAND.logo_width, ge=16, le=600, description="How wide the logo is shown, in pixels."
    )
    accent: Colour = Field(default=_BRAND.accent, description="The colour of buttons and links, as #rrggbb.")
    fonts: Annotated[Line, AfterValidator(_fonts), shape(_FONTS)] = Field(
        default=_BRAND.fonts,
        description="Fonts, the one you like best first; readers' machines take the first they have.",
    )
    radius: int = Field(
        default=_BRAND.radius, ge=0, le=40, description="How round the corners of buttons are, in pixels."
    )
    paper: OwnColour = Field(default=_BRAND.paper, description="The ground of the text, as #rrggbb; empty is white.")
    canvas: OwnColour = Field(
        default=_BRAND.canvas, description="What is around the paper, as #rrggbb; empty is a warm grey."
    )
    text: OwnColour = Field(default=_BRAND.text, description="The colour of the text, as #rrggbb; empty is near black.")
    text_size: Literal["normal", "large"] = Field(
        default=_BRAND.text_size, description="normal: text of 17 pixels. large: of 20, for readers who see less well."
    )


class SenderSettings(_Settings):
    """`sender`."""

    name: Line = Field(default="", description="Who you are: the sender's name in the inbox, and in the footer.")
    email: EmailAddress = Field(default="", description="The address your mails come from.")
    reply_to: EmailAddress = Field(default="", description="Where answers go, if not to the address above.")
    address: Lines = Field(
        default=[], description="Your postal address, a line for each entry. The law asks for it in every mail."
    )
    phone: Line = Field(default="", description="Your phone number, for the footer.")
    company_no: Line = Field(default="", description="Your company's registration number, for the footer.")


class TimeOutSettings(_Settings):
    """`transport.time_outs`."""

    connect: Wait = Field(default="30s", description="For the connection, and again for TLS.")
    answer: Wait = Field(default="30s", description="For the answer to each command.")
    data: Wait = Field(default="3m", description="Until the relay has read a mail.")
    final: Wait = Field(
        default="10m", description="For its word that it took the mail. Who waits less than 10m sends some mails twice."
    )
    whole: Wait = Field(default="20m", description="For one mail with all that belongs to it.")


class TransportSettings(_Settings):
    """`transport`."""

    kind: Literal["folder", "smtp"] = Field(
        default="folder", description="folder: mails become files and reach nobody. smtp: they go to a relay."
    )
    folder: Annotated[Line, AfterValidator(_folder), shape(SOME_LINE)] = Field(
        default="outbox", description="For kind folder: where the files go, as seen from this file."
    )
    host: Host = Field(
        default="", description="For kind smtp, as all below: the relay's name, which its certificate must be for."
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="The relay's port; null is 587 for starttls, 465 for tls, 25 for none.",
    )
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="starttls or tls: nothing goes to the relay without TLS. none: for a relay on your own network.",
    )
    username: Line = Field(
        default="", description="Your name at the relay. The password is BACKMAIL_SMTP_PASSWORD in .env."
    )
    hello: Host = Field(default="", description="How this machine names itself; nothing: by its address.")
    connections: int = Field(default=4, ge=1, le=50, description="How many connections stand side by side.")
    mails: int = Field(default=100, ge=1, le=10_000, description="How many mails go over one connection.")
    time_outs: TimeOutSettings = Field(default=TimeOutSettings(), description="How long to wait for the relay.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind == "smtp" and not self.host:
            raise ValueError("kind smtp needs a host\nwrite host: smtp.example.org")
        if self.username and self.security == "none":
            raise ValueError("a password goes over TLS only\nset security to starttls or tls, or take the username out")
        return self


class EngineSettings(_Settings):
    """`engine`."""

    lease: Annotated[str, AfterValidator(partial(_wait, "2s")), shape(_WAIT)] = Field(
        default="20s", description="How long a worker holds the mails it took, unless it says that it is alive."
    )
    sweep: Annotated[str, AfterValidator(partial(_wait, "0.5s")), shape(_WAIT)] = Field(
        default="5s", description="How often the engine looks for mails whose worker died."
    )
    durable: bool = Field(
        default=False,
        description="Whether a power cut may repeat no mail that was answered for; each group then waits for the disk.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if parse_wait(self.sweep) >= parse_wait(self.lease):
            raise ValueError("sweep must be shorter than lease\nleave both out: 20s and 5s are good")
        return self


class ConfigFile(_Settings):
    """config.yaml."""

    site: SiteSettings = Field(default=SiteSettings(), description="Your site.")
    brand: BrandSettings = Field(default=BrandSettings(), description="How your mails look.")
    sender: SenderSettings = Field(
        default=SenderSettings(), description="Who your mails come from. New campaigns take it over."
    )
    zone: ZoneName = Field(default="UTC", description="The time zone of readers whose own is not known.")
    transport: TransportSettings = Field(default=TransportSettings(), description="How your mails leave.")
    test_recipients: list[EmailAddress] = Field(
        default=[], description="Who may get test mails: your own addresses, and nobody else's."
    )
    database: Annotated[Line, AfterValidator(_database), shape(_DSN)] = Field(
        default="sqlite:///.backmail/backmail.db",
        description="Where people and deliveries stand. An address with a password goes into .env: BACKMAIL_DATABASE.",
    )
    engine: EngineSettings = Field(
        default=EngineSettings(), description="How the engine keeps time. The defaults are good."
    )
