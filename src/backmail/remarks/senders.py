"""Who a mail comes from: remarks about a sender's address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backmail.remarks.remark import Remark, error, warning

_DEAF = re.compile(
    r"(?<![a-z])(?:no|do[-_.]?not|dont|ikke|ingen)[-_.]?(?:reply|answer|svar)|(?<![a-z])svar[-_.]?ikke", re.IGNORECASE
)
# RFC 2606 and RFC 6761 keep these for examples: nobody can ever own them.
_RESERVED = re.compile(r"(?:^|\.)(?:example|example\.(?:com|net|org)|invalid|test|localhost)$", re.IGNORECASE)


def sender(email: str) -> Iterator[Remark]:
    """Yield what is wrong with an address that readers see as the sender's, or that their answers go to."""
    if _DEAF.search(email.partition("@")[0]):
        message = (
            f"{email} tells readers that nobody reads their answers; mailbox providers take answers as a good sign"
        )
        yield warning("from-noreply", message, "use an address that somebody reads")


def postal(address: Sequence[str]) -> Iterator[Remark]:
    """Yield what is wrong with a sender's postal address, one line an entry.

    Source: CAN-SPAM wants one in every mail, and Danish markedsføringsloven § 10 an address where readers can say no.
    """
    if not any(line.strip() for line in address):
        message = "no postal address is set: the law wants one in every mail"
        yield error("footer-address", message, "set sender.address in config.yaml")


def is_example(email: str) -> bool:
    """Whether the address stands in a domain that is reserved for examples."""
    return bool(_RESERVED.search(email.rpartition("@")[2]))
