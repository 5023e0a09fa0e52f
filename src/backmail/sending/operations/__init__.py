"""The operator's hand: pausing and resuming, putting back what failed, deciding about what nobody can tell."""

from backmail.sending.operations.campaigns import campaign_named
from backmail.sending.operations.pauses import Resumed, pause_campaign, resume_campaign, resume_due
from backmail.sending.operations.retries import Retriable, retriable, retry
from backmail.sending.operations.settling import held, settle

__all__ = [
    "Resumed",
    "Retriable",
    "campaign_named",
    "held",
    "pause_campaign",
    "resume_campaign",
    "resume_due",
    "retriable",
    "retry",
    "settle",
]
