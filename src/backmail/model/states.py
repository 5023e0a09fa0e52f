"""Where people, enrollments and deliveries can stand, and what we keep of a no: the words that the tables hold."""

from __future__ import annotations

from enum import StrEnum


class SubscriberState(StrEnum):
    """Whether an address is confirmed. Whether we may write to it is decided by suppressions alone."""

    PENDING = "pending"
    ACTIVE = "active"


class EnrollmentState(StrEnum):
    """How a subscriber's walk through one campaign stands."""

    ACTIVE = "active"
    FINISHED = "finished"
    EXITED = "exited"


class DeliveryState(StrEnum):
    """How one step for one enrollment stands."""

    PLANNED = "planned"  # waits for its slot
    DEFERRED = "deferred"  # was tried, and waits to be tried again
    CLAIMED = "claimed"  # a worker has it, and nothing of it has left
    HANDED = "handed"  # it may be on the wire
    UNCERTAIN = "uncertain"  # it may have arrived or not, and nobody can tell
    ACCEPTED = "accepted"
    FAILED = "failed"
    SKIPPED = "skipped"


class SuppressionReason(StrEnum):
    """Why we may not write to an address."""

    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
    OPERATOR = "operator"


class OnUncertain(StrEnum):
    """What becomes of a mail of which nobody can tell whether it arrived."""

    RESEND = "resend"
    HOLD = "hold"
    DROP = "drop"


class NoAct(StrEnum):
    """What became of a no: said, taken back by whoever may, taken back by herself, or said by who wants to be gone."""

    SUPPRESSED = "suppressed"
    LIFTED = "lifted"
    UNDONE = "undone"
    ERASED = "erased"
