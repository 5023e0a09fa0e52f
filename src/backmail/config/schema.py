"""config.yaml as pydantic models: every setting with its default and its one line of explanation."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from backmail.model.campaign import Brand
from backmail.yamlfile.fields import EmailAddress, Line, WebAddress, ZoneName

_BRAND = Brand()


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f'{text!r} is not a colour\nwrite it as "#1f5f4a"')
    return text.lower()


def _fonts(text: str) -> str:
    """Take what may stand in a style attribute as it is: a quote or brace there would end it."""
    bad = re.search(r"[^\w ,.-]", text)
    if bad:
        raise ValueError(f"a list of fonts may not hold {bad[0]!r}\nwrite it as Georgia, Times New Roman, serif")
    return text


def _lines(value: object) -> object:
    """Take text with line breaks for a list of its lines."""
    return value.strip().splitlines() if isinstance(value, str) else value


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteSettings(_Settings):
    """`site`."""

    public_url: WebAddress = Field(
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
    accent: Annotated[str, AfterValidator(_colour)] = Field(
        default=_BRAND.accent, description="The colour of buttons and links, as #rrggbb."
    )
    fonts: Annotated[Line, AfterValidator(_fonts)] = Field(
        default=_BRAND.fonts,
        description="Fonts, the one you like best first; readers' machines take the first they have.",
    )
    radius: int = Field(
        default=_BRAND.radius, ge=0, le=40, description="How round the corners of buttons are, in pixels."
    )


class SenderSettings(_Settings):
    """`sender`."""

    name: Line = Field(default="", description="Who you are: the sender's name in the inbox, and in the footer.")
    email: EmailAddress = Field(default="", description="The address your mails come from.")
    reply_to: EmailAddress = Field(default="", description="Where answers go, if not to the address above.")
    address: Annotated[list[Line], BeforeValidator(_lines)] = Field(
        default=[], description="Your postal address, a line for each entry. The law asks for it in every mail."
    )
    phone: Line = Field(default="", description="Your phone number, for the footer.")
    company_no: Line = Field(default="", description="Your company's registration number, for the footer.")


class ConfigFile(_Settings):
    """config.yaml."""

    site: SiteSettings = Field(default=SiteSettings(), description="Your site.")
    brand: BrandSettings = Field(default=BrandSettings(), description="How your mails look.")
    sender: SenderSettings = Field(
        default=SenderSettings(), description="Who your mails come from. New campaigns take it over."
    )
    zone: ZoneName = Field(default="UTC", description="The time zone of readers whose own is not known.")
