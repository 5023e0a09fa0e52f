"""Who calls `tick`: the engine of one process, its heartbeat, its lock, and the signals that end it."""

from backmail.engines.local import LocalEngine
from backmail.engines.lock import Held, alone
from backmail.engines.signals import until_told

__all__ = ["Held", "LocalEngine", "alone", "until_told"]
