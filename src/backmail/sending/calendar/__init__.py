"""When a step is due: arithmetic on values, in the reader's own zone; it asks no clock and keeps nothing."""

from backmail.sending.calendar.days import passed_over
from backmail.sending.calendar.skips import never_free
from backmail.sending.calendar.slots import next_slot
from backmail.sending.calendar.waiting import kept_open, retry_time
from backmail.sending.calendar.wishes import paces
from backmail.sending.calendar.zones import ChosenZone, choose_zone

__all__ = ["ChosenZone", "choose_zone", "kept_open", "never_free", "next_slot", "paces", "passed_over", "retry_time"]
