"""The protocol of all transports: two facts about one, and the one verb."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Literal, Protocol

from backmail.errors import BackmailError
from backmail.model.delivery import Receipt, Refused
from backmail.model.message import Message

Takes = Literal["wire", "slots"]
Wire = Callable[[Message], bytes]
MayWrite = Callable[[Message], bool]

LEASE_OVER = "the lease ended before it was written"


class Transport(Protocol):
    """Carries messages out."""

    @property
    def takes(self) -> Takes:
        """Whether each message goes as its own bytes, or as a template with slots and each reader's values."""
        ...

    @property
    def window(self) -> int:
        """The most messages it can have in flight, and so the most that one death can make twice."""
        ...

    def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Carry a group out and yield (delivery id, receipt), in any order, exactly one for each message.

        Who closes the generator early (`contextlib.aclosing`) stops the sending: nothing is written from then on.

        Raises:
            ValueError: the group is larger than the window, or has a delivery id twice; nothing has been sent then.
        """
        ...


def always(_message: Message) -> bool:
    """Allow every write: for one who holds no lease that could end."""
    return True


def check_group(group: Sequence[Message], window: int) -> None:
    """Raise ValueError for a group that must not be sent.

    The promise of how many copies a death can make rests on the window, so more is refused, not queued.
    """
    if len(group) > window:
        raise ValueError(f"{len(group)} messages for a window of {window}")
    if len({message.delivery_id for message in group}) < len(group):
        raise ValueError("a delivery stands in the group twice")


def written(wire: Wire, group: Sequence[Message]) -> list[tuple[Message, bytes | Refused]]:
    """Return each message with its bytes, or with a refusal where it cannot be put into bytes.

    All are made before the first is sent: a fault in making one is then never an unknown outcome.
    """
    made: list[tuple[Message, bytes | Refused]] = []
    for message in group:
        try:
            made.append((message, wire(message)))
        except BackmailError as error:
            made.append((message, Refused(554, "5.6.0", " ".join(str(error).split()))))
        except Exception as error:  # what nobody thought of, too: the others of the group are not at fault
            made.append((message, Refused(554, "5.6.0", " ".join(f"{type(error).__name__}: {error}".split()))))
    return made
