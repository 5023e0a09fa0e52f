"""How a mail looks where it is read: light, dark as its author meant it, inverted by a client, without pictures."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

__all__ = ["Look", "Pictures", "policy", "shown"]


class Look(StrEnum):
    """What a client does with a mail's colours."""

    LIGHT = "light"
    DARK = "dark"  # the mail's own dark styles hold
    INVERTED = "inverted"  # emulated: light backgrounds are made dark and dark text light, as some clients do


class Pictures(StrEnum):
    """Which pictures of a mail are shown."""

    OFF = "off"  # none: what many readers see first
    OWN = "own"  # those of this machine; nothing is asked for over the network
    ALL = "all"


_SOURCES = {Pictures.OFF: "'none'", Pictures.OWN: "'self' data:", Pictures.ALL: "'self' data: https: http:"}


def policy(pictures: Pictures) -> str:
    """Return the content security policy under which nothing in a mail can act, load or lead away but some pictures."""
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {_SOURCES[pictures]}; form-action 'none'; "
        "base-uri 'none'"
    )


def shown(
    html: str,
    look: Look,
    pictures: Pictures,
    leads: Callable[[str], str],
    beside: Callable[[str], str] = lambda address: address,
) -> str:
    """Return a mail's HTML as it is looked at: in one look, whatever the browser's own, and with links that do nothing.

    Args:
        html: the mail, anybody's: nothing in it may act, load or lead away.
        look: the look.
        pictures: which of them are shown; the rest is refused by a policy in the page itself.
        leads: the address that a press of a link goes to, for its target: a page that tells about it; "" for nowhere.
        beside: what shows a picture, for its address: one that stands as a file beside the mail is found there.
    """
    from backmail.desk.preview.tamed import Tamer  # it reads styles, which takes long to import

    return Tamer(look is Look.INVERTED, look is Look.DARK, policy(pictures), leads, beside).page(html)
