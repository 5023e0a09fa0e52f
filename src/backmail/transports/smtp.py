"""The transport to an SMTP relay: some connections side by side, each used for one mail after another."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Final, Self

from backmail.model.delivery import Receipt, Refused, Stage
from backmail.model.message import Message
from backmail.transports.relay import Relay
from backmail.transports.smtp_line import Line, Parcel
from backmail.transports.transport import MayWrite, Takes, Wire, always, check_group, written

# What may stand between the < and > of a command, and cannot end it. RFC 5321, 4.5.3.1.3 and its erratum: 254 octets.
_PATH = re.compile(r"(?=.{3,254}\Z)[!-;=?-~]+@[!-;=?A-~]+")


@dataclass(slots=True)
class _Resting:
    """A line nobody uses now, and what closes it when that lasts."""

    line: Line
    alarm: asyncio.TimerHandle


class SmtpTransport:
    """Hands mails to a relay. Its window is its number of connections: so many mails can be on their way at once."""

    takes: Final[Takes] = "wire"

    def __init__(
        self,
        relay: Relay,
        wire: Wire,
        *,
        connections: int = 4,
        mails: int = 100,
        idle: float = 60,
        context: ssl.SSLContext | None = None,
        may_write: MayWrite = always,
    ) -> None:
        """Connect to nothing yet.

        Args:
            relay: where mails go.
            wire: makes a message's bytes.
            connections: how many side by side.
            mails: how many one connection carries.
            idle: seconds after which a connection that carries nothing is closed.
            context: whom TLS believes; None for the authorities that this machine believes.
            may_write: asked before each write to the wire.
        """
        self.window = connections
        self._relay = relay
        self._wire = wire
        self._mails = mails
        self._idle = idle
        self._context = context if context or relay.security == "none" else ssl.create_default_context()
        self._may_write = may_write
        self._threads = ThreadPoolExecutor(connections, "smtp")
        self._resting: list[_Resting] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. It cannot be used again."""
        while self._resting:
            self._threads.submit(self._awake().close)
        await asyncio.to_thread(self._threads.shutdown)

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out side by side; a receipt comes as soon as it is there."""
        check_group(group, self.window)
        ways = []
        for message, data in written(self._wire, group):
            parcel = data if isinstance(data, Refused) else _parcel(message, data)
            if isinstance(parcel, Refused):
                yield message.delivery_id, parcel
            else:
                ways.append((message, parcel))
        under_way = [asyncio.create_task(self._carry(message, parcel)) for message, parcel in ways]
        try:
            for done in asyncio.as_completed(under_way):
                yield await done
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _carry(self, message: Message, parcel: Parcel) -> tuple[str, Receipt]:
        loop = asyncio.get_running_loop()
        line = self._awake() if self._resting else Line(self._relay, self._context, self._mails)
        alarm = loop.call_later(self._relay.time_outs.whole, line.cut)
        try:
            carry = partial(line.carry, parcel, partial(self._may_write, message))
            return message.delivery_id, await loop.run_in_executor(self._threads, carry)
        except asyncio.CancelledError:
            line.cut()
            raise
        finally:
            alarm.cancel()
            self._rest(line, loop)

    def _rest(self, line: Line, loop: asyncio.AbstractEventLoop) -> None:
        """Keep a line for the next mail, or close it."""
        if line.usable:
            self._resting.append(_Resting(line, loop.call_later(self._idle, self._retire, line)))
        else:
            self._threads.submit(line.close)

    def _awake(self) -> Line:
        """Take the line that was used last: the others may then grow old and close."""
        resting = self._resting.pop()
        resting.alarm.cancel()
        return resting.line

    def _retire(self, line: Line) -> None:
        self._resting = [each for each in self._resting if each.line is not line]
        self._threads.submit(line.close)


def _parcel(message: Message, data: bytes) -> Parcel | Refused:
    """Return what goes on the wire, or why it cannot."""
    sender, recipient = _path(message.envelope_from), _path(message.mailbox.email)
    if sender is None:
        return Refused(553, "5.1.7", f"no mail can come from {message.envelope_from!r}", Stage.SENDER)
    if recipient is None:
        # RFC 6531, 3.5: letters beyond ASCII before the @ are no fault of the address, and 5.6.7 does not blame it.
        enhanced = "5.1.3" if message.mailbox.email.isascii() else "5.6.7"
        return Refused(553, enhanced, f"no mail can go to {message.mailbox.email!r}", Stage.RECIPIENT)
    ends = data.count(b"\r\n")
    # RFC 5321, 2.3.8: servers do not agree on what a lone CR or LF is, and one could hide a second mail in the first.
    if data.count(b"\r") != ends or data.count(b"\n") != ends or not data.endswith(b"\r\n") or not data.isascii():
        return Refused(554, "5.6.0", "the mail has a line that does not end in CRLF, or is not ASCII")
    return Parcel(sender, recipient, data)


def _path(address: str) -> str | None:
    """Return an address as it stands in a command, its domain in ASCII; None where it cannot."""
    if not address.isascii():
        from email_validator import EmailNotValidError, validate_email

        try:
            checked = validate_email(address, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            return None
        address = checked.ascii_email or ""
    return address if _PATH.fullmatch(address) else None
