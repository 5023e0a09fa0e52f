"""What can be said against a subject, a link or a sender, whether it stands in a file or in a finished message."""

from backmail.remarks.inbox import preheader, repeats, subject
from backmail.remarks.links import link, target
from backmail.remarks.remark import Remark
from backmail.remarks.senders import is_example, postal, sender

__all__ = ["Remark", "is_example", "link", "postal", "preheader", "repeats", "sender", "subject", "target"]
