"""Why a person gets a mail or none: every reason as a word for the tables and one plain sentence for people.

A reason stands in the tables as its word, or as `word: detail` where more is known: "render: 02-floor.md:7: 'nme' is
undefined", "mailbox: 452 4.2.2 over quota". What is not written down anywhere (a slot that lies ahead, a campaign that
is paused) is worked out by `explain` from the rows that decide it.
"""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["Reason", "read", "sentence", "word"]


class Reason(StrEnum):
    """Every reason, with what it says to a person.

    In a sentence `{detail}` is what the tables add, `{at}` the instant that matters, told in the reader's zone, and
    `{name}` what it is about. A part in square brackets is left out when one of its values is not known.
    """

    sentence: str

    def __new__(cls, word: str, sentence: str = "") -> Reason:
        """Make a member out of its word and its sentence; a word alone finds one."""
        made = str.__new__(cls, word)
        made._value_ = word
        made.sentence = sentence
        return made

    # What a mail waits for: worked out from the rows.
    SLOT = "waits-for-slot", "It goes[ on {at}]."
    DUE = "due", "It is due[ since {at}] and goes with the next turn of the engine."
    NO_ENGINE = "no-engine", "It is due[ since {at}], but no engine is running: `backmail run` sends it."
    SLOT_MISSED = "slot-missed", "Its slot closed[ on {at}] before it could go: it moves to the next one."
    UNDER_WAY = "under-way", "It is due and waits for another mail to this person, which is on its way now."
    WITHHELD = "withheld", "It is in no queue, although nothing holds it back: `backmail db check` looks into it."
    CLAIMED = "claimed", "The engine is working on it at this moment."
    HANDED = "handed", "It is being handed over at this moment."
    NOT_LIVE = "not-live", "The campaign is not live yet: `backmail live {name}` lets it go."
    NOT_PUBLISHED = "not-published", "The campaign has no published version: `backmail apply {name}` publishes it."
    CAMPAIGN_PAUSED = "campaign-paused", "The campaign is paused[ until {at}][: {detail}]."
    ALL_PAUSED = "all-paused", "All sending is paused[: {detail}]."
    PERSON_PAUSED = "person-paused", "This person asked for a pause[ until {at}]."
    NOT_CONFIRMED = "not-confirmed", "The address is not confirmed yet: nobody gets a mail before that."
    STEP_GONE = "step-gone", "The published version has this step no longer: another is planned in its place."

    LATER = "later", "It comes after {detail}, which is not over yet: one step is planned at a time."
    PASSED = "passed", "It was put into the campaign behind where this person was: nobody is sent back."

    # What a mail was told, and waits for since: written by the delivery protocol.
    MAILBOX = "mailbox", "The mailbox or its server said later[ ({detail})][; the next try is on {at}]."
    POLICY = "policy", "Our set-up or our name was refused, not the reader[ ({detail})][; the next try is on {at}]."
    ACCOUNT = "account", "The provider refused our account[ ({detail})]: `backmail retry` once that is mended."
    NOT_SENT = "not-sent", "It certainly did not leave[ ({detail})][; the next try is on {at}]."
    RETRY = "retry", "It was put back by hand[ and goes on {at}]."
    LEASE = "lease", "The engine stopped while this was on the wire: it may have arrived[; it goes again on {at}]."
    LINE = "line", "The line was lost when this may have arrived[ ({detail})][; looked at again on {at}]."
    RESTORED = (
        "restored",
        "The database was restored, and it may have gone out after the backup: `backmail settle {name}` decides.",
    )
    HELD = "held", "It may have arrived or not[ ({detail})]: `backmail settle {name}` decides."

    # How it ended.
    ACCEPTED = "accepted", "It was taken by the provider[ on {at}]."
    RENDER = (
        "render",
        "It could not be rendered[: {detail}]: mend it, apply it, then `backmail retry {name}`.",
    )
    MESSAGE = "message", "This mail was refused, whoever it is for[ ({detail})]: mend it, then `backmail retry {name}`."
    ADDRESS = "address", "The address is dead[ ({detail})]: nothing is sent to it any more."
    MAILBOX_OVER = "mailbox-over", "The mailbox would not take this mail[ ({detail})]: it was given up."
    POLICY_OVER = "policy-over", "Our set-up was refused for two days[ ({detail})]: this mail was given up."
    DROPPED = "dropped", "It may have arrived or not, and it was decided not to send it again."
    SUPPRESSED = "suppressed", "We may not write to this address[ ({detail})]."
    EXITED = "exited", "This person left the campaign[ ({detail})]."
    UNSUBSCRIBED = "unsubscribed", "This person unsubscribed[ on {at}][ from {name}]."
    BOUNCED = "bounced", "The address is dead[, known since {at}]."
    COMPLAINED = "complained", "This person called a mail spam[ on {at}]: only the operator lifts that."
    ERASED = "erased", "This person was erased[ on {at}]."
    OPERATOR = "operator", "The operator blocked this address[ on {at}]."

    # How a walk through a campaign ended, or why there is none.
    TAG = "tag", "The tag {detail} ended the campaign for this person[ on {at}]."
    BY_HAND = "by-hand", "The operator took this person out of the campaign[ on {at}]."
    FINISHED = "finished", "This person walked the whole campaign[, until {at}]."
    REENTERS = "reenters", "This person walked the whole campaign and may start again[ from {at} on]."
    UNPLANNED = "unplanned", "The next step is not planned yet: the engine does it within seconds."
    NEVER_ENROLLED = "never-enrolled", "Nobody enrolled this person[ in {name}]."
    NOT_IN_AUDIENCE = "not-in-audience", "This person is not in the audience of {name} ({detail})."

    OTHER = "other", "{detail}"  # a word of another version of backmail


_BY_WORD = {reason.value: reason for reason in Reason}
_OPTIONAL = re.compile(r"\[([^]]*)\]")
_FIELD = re.compile(r"\{([a-z]+)\}")


def word(reason: Reason, detail: str = "") -> str:
    """Return a reason as the tables hold it, on one line: "exited", or "mailbox: 452 4.2.2 over quota"."""
    folded = " ".join(detail.split())
    return f"{reason}: {folded}" if folded else str(reason)


def read(text: str | None) -> tuple[Reason, str]:
    """Return what `word` wrote, as (reason, detail); a word that is none is OTHER, with all of the text as detail."""
    first, _, detail = (text or "").partition(":")
    reason = _BY_WORD.get(first.strip(), Reason.OTHER)
    return (reason, (text or "").strip()) if reason is Reason.OTHER else (reason, detail.strip())


def sentence(reason: Reason, *, detail: str = "", at: str = "", name: str = "") -> str:
    """Return the reason in one plain sentence. `at` is an instant in words, `name` a campaign's slug."""
    known = {"detail": detail, "at": at, "name": name}

    def part(found: re.Match[str]) -> str:
        return found[1] if all(known[each] for each in _FIELD.findall(found[1])) else ""

    return _FIELD.sub(lambda found: known[found[1]], _OPTIONAL.sub(part, reason.sentence))
