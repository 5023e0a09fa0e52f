"""The transport that the settings ask for, made from what they say and the password beside them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from backmail import transports
from backmail.clock import Clock
from backmail.config import Project
from backmail.model.message import Message
from backmail.rendering import wire

if TYPE_CHECKING:
    from backmail.transports import MayWrite, Transport, Wire

__all__ = ["bytes_of", "transport"]


def bytes_of(clock: Clock) -> Wire:
    """Return what makes a message's bytes; only their Date comes from the clock."""

    def written(message: Message) -> bytes:
        return wire(message, clock.now().astimezone(dt.UTC))

    return written


def transport(project: Project, clock: Clock, may_write: MayWrite) -> Transport:
    """Return the transport of a project.

    Args:
        project: with its settings and secrets.
        clock: dates mails, and names the files of the outbox.
        may_write: asked before each write to the wire.

    Raises:
        ConfigError: the relay's password is missing.
    """
    chosen = project.config.transport
    if chosen.kind == "folder":
        return transports.FolderTransport(project.outbox, bytes_of(clock), clock, may_write=may_write)
    secrets = project.secrets(sending=True)
    login = transports.Login(secrets.smtp_username, secrets.smtp_password or "") if secrets.smtp_username else None
    waits = chosen.time_outs
    relay = transports.Relay(
        chosen.host,
        chosen.port,
        chosen.security,
        login,
        chosen.hello,
        transports.TimeOuts(waits.connect, waits.answer, waits.data, waits.final, waits.whole),
    )
    return transports.SmtpTransport(
        relay, bytes_of(clock), connections=chosen.connections, mails=chosen.mails, may_write=may_write
    )
