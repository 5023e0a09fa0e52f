"""Transports that reach nobody: one that only counts, and one that parts the mails of one person from all others."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from backmail.model.delivery import Accepted, Receipt
from backmail.model.message import Message
from backmail.transports import Transport
from backmail.transports.transport import Takes, check_group

__all__ = ["Counting", "Parted"]

_WINDOW = 500


class Counting:
    """Counts in `carried` the mails that another transport took; without one it takes all, and keeps none."""

    def __init__(self, transport: Transport | None = None) -> None:
        """Take the transport that carries, None for one that keeps nothing."""
        self.takes: Takes = transport.takes if transport else "slots"
        self.window = transport.window if transport else _WINDOW
        self.carried = 0
        self._transport = transport

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out."""
        check_group(group, self.window)
        if self._transport is None:
            for message in group:
                self.carried += 1
                yield message.delivery_id, Accepted(message.delivery_id)
            return
        async with aclosing(self._transport.send(group)) as sending:
            async for delivery_id, receipt in sending:
                self.carried += isinstance(receipt, Accepted)
                yield delivery_id, receipt


class Parted:
    """Carries the mails to one address by a transport of their own, and all others by another."""

    takes: Takes = "wire"

    def __init__(self, email: str, own: Transport, others: Transport) -> None:
        """Take the address, the transport of its mails, and that of the others."""
        self.window = min(own.window, others.window)
        self._email = email
        self._own = own
        self._others = others

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out: first what goes to the one address."""
        check_group(group, self.window)
        hers = [message for message in group if message.mailbox.email == self._email]
        rest = [message for message in group if message.mailbox.email != self._email]
        for transport, part in ((self._own, hers), (self._others, rest)):
            if part:
                async with aclosing(transport.send(part)) as sending:
                    async for answer in sending:
                        yield answer
