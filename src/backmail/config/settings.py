"""Config: the settings as the rest of the house takes them, read from config.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from backmail.config.plain_secrets import plain_secrets
from backmail.config.schema import ConfigFile
from backmail.errors import ConfigError, Fault, InputError
from backmail.model.campaign import Brand, Company, Sender
from backmail.yamlfile import bind, load


@dataclass(frozen=True, slots=True)
class Site:
    """Where links lead: `public_url` is an https address without a slash at its end, "" for none."""

    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a project. `sender` is None where config.yaml names no address; `zone` is an IANA name."""

    site: Site = field(default_factory=Site)
    brand: Brand = field(default_factory=Brand)
    company: Company = field(default_factory=Company)
    sender: Sender | None = None
    zone: str = "UTC"


def read_config(path: Path) -> Config:
    """Read a config.yaml.

    Raises:
        ConfigError: with every fault at once; a line that seems to hold a secret is named and not shown.
    """
    try:
        document = load(path)
    except InputError as error:
        raise ConfigError(error.faults) from error
    secret = plain_secrets(document)
    try:
        file = bind(document, ConfigFile, ConfigError)
    except ConfigError as error:
        if not secret:
            raise
        lines = {fault.place.line for fault in secret if fault.place}
        others: list[Fault] = [fault for fault in error.faults if not fault.place or fault.place.line not in lines]
        raise ConfigError([*secret, *others]) from None
    if secret:
        raise ConfigError(secret)
    return _config(file)


def _config(file: ConfigFile) -> Config:
    who, brand = file.sender, file.brand
    return Config(
        site=Site(file.site.public_url),
        brand=Brand(brand.name, brand.logo, brand.logo_width, brand.accent, brand.fonts, brand.radius),
        company=Company(who.name, tuple(who.address), who.email, who.phone, who.company_no),
        sender=Sender(who.name, who.email, who.reply_to) if who.email else None,
        zone=file.zone,
    )
