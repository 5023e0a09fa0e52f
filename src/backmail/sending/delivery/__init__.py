"""The delivery protocol: claim, write, hand over, send, record, plan the next; and what a death on the way leaves."""

from backmail.sending.delivery.leases import Leases
from backmail.sending.delivery.office import Office
from backmail.sending.delivery.pump import Pump, Ticked

__all__ = ["Leases", "Office", "Pump", "Ticked"]
