"""The time machine: the real store, calendar, enrollment and delivery, for made-up people on a virtual clock."""

from backmail.simulate.carriers import Counting, Parted
from backmail.simulate.cast import Listed, Member, listed, made
from backmail.simulate.stage import Stage, staged
from backmail.simulate.trace import Event
from backmail.simulate.virtual import VirtualClock

__all__ = ["Counting", "Event", "Listed", "Member", "Parted", "Stage", "VirtualClock", "listed", "made", "staged"]
