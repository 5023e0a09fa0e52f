"""An SMTP relay: where it is, how to get in, how long to wait for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Login:
    """Our name at the relay, and what proves it."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TimeOuts:
    """How long to wait, in seconds.

    Attributes:
        connect: for the connection, and again for TLS.
        answer: for the answer to each command.
        data: until the relay has read the mail (RFC 5321, 4.5.3.2.5).
        final: for the answer to the final dot. RFC 5321, 4.5.3.2.6 asks for ten minutes: who gives up earlier sends
            copies of mails that were taken.
        whole: for one mail with all that belongs to it. The others begin anew with each byte that comes, and would
            wait for ever for a relay that drips.
    """

    connect: float = 30
    answer: float = 30
    data: float = 180
    final: float = 600
    whole: float = 1200


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mails are handed over, and how.

    Attributes:
        host: a name or an address, which the certificate must be for.
        port: 587 with `starttls`, 465 with `tls`.
        security: with `starttls` and `tls` nothing ever goes there without TLS.
        login: None for a relay that asks for none.
        hello: our own name in EHLO; "" for the address that we connect from.
        time_outs: how long to wait.
    """

    host: str
    port: int = 587
    security: Security = "starttls"
    login: Login | None = None
    hello: str = ""
    time_outs: TimeOuts = field(default_factory=TimeOuts)

    def __post_init__(self) -> None:
        """Refuse to show a password to whoever listens.

        Raises:
            ValueError: there is a login, and no TLS.
        """
        if self.login and self.security == "none":
            raise ValueError("a password goes over TLS only: set security to starttls or tls")

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
