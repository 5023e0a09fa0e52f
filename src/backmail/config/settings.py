"""Config: the settings as the rest of the house takes them, read from config.yaml."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from backmail.clock import parse_wait
from backmail.config.plain_secrets import plain_secrets
from backmail.config.schema import ConfigFile, TimeOutSettings, TransportSettings
from backmail.errors import ConfigError, Fault, InputError
from backmail.model.campaign import Brand, Company, Sender
from backmail.yamlfile import bind, load

_PORTS = {"starttls": 587, "tls": 465, "none": 25}  # RFC 6409, RFC 8314, RFC 5321


@dataclass(frozen=True, slots=True)
class Site:
    """Where links lead: `public_url` is an https address without a slash at its end, "" for none."""

    public_url: str = ""


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """How long to wait for a relay, in seconds: for what, each setting of `transport.time_outs` says."""

    connect: float = 30
    answer: float = 30
    data: float = 180
    final: float = 600
    whole: float = 1200


@dataclass(frozen=True, slots=True)
class TransportChoice:
    """How mails leave. `folder` is as it was written, see `Project.outbox`; all behind it counts for kind smtp only."""

    kind: Literal["folder", "smtp"] = "folder"
    folder: str = "outbox"
    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    hello: str = ""
    connections: int = 4
    mails: int = 100
    time_outs: TimeOuts = field(default_factory=TimeOuts)

    @property
    def rehearsal(self) -> bool:
        """Whether no reader can be reached: mails become files, or go to a relay on this very machine."""
        return self.kind == "folder" or _is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """How the engine keeps time, in seconds: how long a claim holds, how often claims of the dead are looked for.

    `durable`: whether hand-overs and what became of them are on the disk before anything goes on.
    """

    lease: float = 20
    sweep: float = 5
    durable: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a project.

    `sender` is None where config.yaml names no address; `zone` is an IANA name; `database` is as it was written, see
    `Project.database`; `test_recipients` are the addresses that test mails may go to.
    """

    site: Site = field(default_factory=Site)
    brand: Brand = field(default_factory=Brand)
    company: Company = field(default_factory=Company)
    sender: Sender | None = None
    zone: str = "UTC"
    transport: TransportChoice = field(default_factory=TransportChoice)
    test_recipients: tuple[str, ...] = ()
    database: str = "sqlite:///.backmail/backmail.db"
    engine: EngineTimes = field(default_factory=EngineTimes)


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
        brand=Brand(**brand.model_dump()),
        company=Company(who.name, tuple(who.address), who.email, who.phone, who.company_no),
        sender=Sender(who.name, who.email, who.reply_to) if who.email else None,
        zone=file.zone,
        transport=_transport(file.transport),
        test_recipients=tuple(dict.fromkeys(filter(None, file.test_recipients))),
        database=file.database,
        engine=EngineTimes(parse_wait(file.engine.lease), parse_wait(file.engine.sweep), file.engine.durable),
    )


def _transport(file: TransportSettings) -> TransportChoice:
    return TransportChoice(
        kind=file.kind,
        folder=file.folder,
        host=file.host,
        port=_PORTS[file.security] if file.port is None else file.port,
        security=file.security,
        username=file.username,
        hello=file.hello,
        connections=file.connections,
        mails=file.mails,
        time_outs=_time_outs(file.time_outs),
    )


def _time_outs(file: TimeOutSettings) -> TimeOuts:
    waits = (file.connect, file.answer, file.data, file.final, file.whole)
    return TimeOuts(*map(parse_wait, waits))


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine by what it is called (RFC 6761, 6.3); other names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
