"""All parts joined to one: the only room that chooses implementations, opens transactions and ticks."""

from backmail.app.backmail import Backmail, opened

__all__ = ["Backmail", "opened"]
