"""The transport of tests and simulations: it keeps what it is given, and says no where it was told to."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from backmail.model.delivery import Accepted, NotSent, Receipt, Refused, Unknown
from backmail.model.message import Message
from backmail.transports.transport import LEASE_OVER, MayWrite, Takes, Wire, always, check_group, written


@dataclass(frozen=True, slots=True)
class Carried:
    """A mail that arrived. `data`: its bytes, None where the transport takes no bytes."""

    message: Message
    data: bytes | None = None


@dataclass(slots=True)
class _Told:
    """What to answer the next mails to an address: `left` of them, None for all. `arrives`: whether they do."""

    receipt: Receipt
    left: int | None
    arrives: bool = False


class MemoryTransport:
    """Carries every mail into `carried`, save for the addresses that it was told something about."""

    def __init__(self, wire: Wire | None = None, *, window: int = 100, may_write: MayWrite = always) -> None:
        """Take bytes where `wire` makes them, else messages alone.

        Args:
            wire: makes a message's bytes.
            window: the most messages of one group.
            may_write: asked before each mail.
        """
        self.takes: Takes = "wire" if wire else "slots"
        self.window = window
        self.carried: list[Carried] = []
        self._wire = wire
        self._may_write = may_write
        self._told: dict[str, _Told] = {}

    def refuse(
        self,
        email: str,
        code: int = 550,
        enhanced: str = "5.1.1",
        text: str = "no such user",
        *,
        times: int | None = None,
    ) -> None:
        """Refuse the next `times` mails to an address, None for all of them."""
        self._told[email] = _Told(Refused(code, enhanced, text), times)

    def defer(self, email: str, text: str = "greylisted, come back later", *, times: int | None = 1) -> None:
        """Refuse the next `times` mails to an address for now."""
        self._told[email] = _Told(Refused(451, "4.7.1", text), times)

    def keep_back(self, email: str, reason: str = "no connection", *, times: int | None = 1) -> None:
        """Let the next `times` mails to an address not leave at all."""
        self._told[email] = _Told(NotSent(reason), times)

    def lose(self, email: str, *, arrives: bool, times: int | None = 1) -> None:
        """Lose the line before the answer to the next `times` mails to an address, which arrive or do not."""
        self._told[email] = _Told(Unknown("the line was lost before the answer"), times, arrives)

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry the group out, in its order."""
        check_group(group, self.window)
        parcels = written(self._wire, group) if self._wire else [(message, None) for message in group]
        for message, data in parcels:
            yield message.delivery_id, self._carry(message, data)

    def _carry(self, message: Message, data: bytes | Refused | None) -> Receipt:
        if isinstance(data, Refused):
            return data
        if not self._may_write(message):
            return NotSent(LEASE_OVER)
        told = self._told.get(message.mailbox.email)
        if told is None or told.arrives:
            self.carried.append(Carried(message, data))
        if told is None:
            return Accepted(message.delivery_id)
        if told.left is not None:
            told.left -= 1
            if told.left == 0:
                del self._told[message.mailbox.email]
        return told.receipt
