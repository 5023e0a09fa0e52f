"""Whose fault a refusal is: an answer -> a class of blame, one table for each provider."""

from __future__ import annotations

import re

from backmail.model.delivery import Blame, Refused, Stage

# RFC 4954, 6: authentication required, mechanism too weak, credentials invalid, encryption required.
_LOGIN_CODES = frozenset({530, 534, 535, 538})
# A fault of the session (RFC 4954, 6; RFC 3207, 4.1); hosted relays also answer it to a sender who is too fast.
_SESSION = 454
# RFC 1870, 6.1: as an answer to MAIL it means a mail that is too large. As an answer to RCPT it means a full mailbox.
_TOO_LARGE = 552
_SPENT = re.compile(r"\b(?:daily|hourly|monthly|sending)\b.*\b(?:quota|limit)\b|\bcredits\b", re.IGNORECASE)

# RFC 3463 and its registry: subject and detail, the longest that fits counts.
_PERMANENT = {
    "1": Blame.ADDRESS_BAD,
    "1.7": Blame.POLICY,  # the sender's mailbox: syntax
    "1.8": Blame.POLICY,  # the sender's domain
    "2": Blame.MAILBOX,
    "2.1": Blame.ADDRESS_BAD,  # mailbox disabled
    "2.3": Blame.MESSAGE,  # longer than this mailbox takes
    "3.4": Blame.MESSAGE,  # too big for the system
    "6": Blame.MESSAGE,
    "7": Blame.POLICY,
}
# For a while: the address may be good, and a 4.7.1 is most often greylisting.
_PASSING = {"1.7": Blame.POLICY, "1.8": Blame.POLICY, "1": Blame.MAILBOX, "2": Blame.MAILBOX}


def smtp(answer: Refused) -> Blame:
    """Return who is to blame for a refusal by an SMTP server.

    The code decides between for good and for now; the enhanced code says more, but cannot change that. What nothing is
    known of counts as the mailbox's, the mildest thing to say of a reader. An answer to the sender's address never
    counts against a reader, whatever its code.
    """
    if answer.stage is Stage.LOGIN or answer.code in _LOGIN_CODES:
        return Blame.ACCOUNT
    blame = _by_detail(answer)
    if blame in (None, Blame.POLICY) and _SPENT.search(answer.text):
        return Blame.ACCOUNT
    if blame is None and answer.code == _SESSION:
        return Blame.POLICY
    if answer.stage is not Stage.SENDER:
        return blame or Blame.MAILBOX
    too_large = blame is Blame.MESSAGE or (blame is None and answer.code == _TOO_LARGE)
    return Blame.MESSAGE if too_large else Blame.POLICY


def _by_detail(answer: Refused) -> Blame | None:
    """Return what the enhanced code says, None where there is none or where it says nothing of use."""
    subject = answer.enhanced.partition(".")[2]
    table = _PERMANENT if answer.code >= 500 else _PASSING  # RFC 5321, 4.2.1: 5yz is for good
    return table.get(subject) or table.get(subject.partition(".")[0])
