"""What a transport says of a mail it was given, and who is to blame when it says no."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What a refusal answers. The same code means the reader's address in one place and our own set-up in another."""

    LOGIN = "login"  # our name and password
    SENDER = "sender"  # the address the mail comes from
    RECIPIENT = "recipient"  # the reader's address
    MESSAGE = "message"  # the mail itself, or the mail as a whole


@dataclass(frozen=True, slots=True)
class Accepted:
    """It was taken, and carrying it on is theirs now. `provider_id`: the words to find it by at the provider."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not taken, with an answer.

    Attributes:
        code: of the provider's protocol: SMTP's 550, HTTP's 401.
        enhanced: RFC 3463's code, such as "5.1.1"; "" where the answer has none.
        text: the provider's words, on one line.
        stage: what the answer was given to.
    """

    code: int
    enhanced: str
    text: str
    stage: Stage = Stage.MESSAGE


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not leave, and no answer spoke of it: to try again cannot make a second copy."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been taken or not, and nobody can tell (RFC 1047)."""

    reason: str


Receipt = Accepted | Refused | NotSent | Unknown


class Blame(StrEnum):
    """Who is wrong when a mail is refused."""

    ADDRESS_BAD = "address_bad"  # the address is dead
    MAILBOX = "mailbox"  # the mailbox or its server, for now
    POLICY = "policy"  # our set-up or our name: never the reader
    ACCOUNT = "account"  # our account with the provider: nothing goes this way until somebody mends it
    MESSAGE = "message"  # this mail, whoever it is for
