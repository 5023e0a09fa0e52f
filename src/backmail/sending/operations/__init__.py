"""The operator's hand: pausing and resuming, putting back what failed, deciding about what nobody can tell."""

from backmail.sending.operations.campaigns import campaign_named
from backmail.sending.operations.pauses import Resumed, pause_campaign, resume_campaign, resume_due
from backmail.sending.operations.retries import Retriable, retriable, retry
from backmail.sending.operations.settling import held, held_by_restore, settle

__all__ = [
    "Resumed",
    "Retriable",
    "campaign_named",
    "held",
    "held_by_restore",
    "pause_campaign",
    "resume_campaign",
    "resume_due",
    "retriable",
    "retry",
    "settle",
]
