"""What became of somebody's mails and why, and what comes next and when: every word of it from the tables."""

from backmail.sending.explain.explaining import Explained, StepTold, Walk, explain
from backmail.sending.explain.instants import told
from backmail.sending.explain.timeline import Moment
from backmail.sending.explain.whys import Why

__all__ = ["Explained", "Moment", "StepTold", "Walk", "Why", "explain", "told"]
