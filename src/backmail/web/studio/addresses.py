"""What an address of the studio says, and how it is written: with a query on the served pages, as a file when exported.

/studio                                 the campaigns
/studio/c/{campaign}                    the sequence            ?as=
/studio/c/{campaign}/e/{step}           one mail                ?as=&with=&look=&w=&view=&img=&edit=1
/studio/c/{campaign}/inbox              all senders, subjects and preheaders in a row    ?as=
/studio/c/{campaign}/checks             all findings            ?level=&step=
/studio/c/{campaign}/outline            article and plan        ?block=
/studio/raw/{campaign}/{step}.{ending}  html, txt, eml, json    ?as=&look=&img=     without look: the very bytes
/studio/link?to=                        what a link of a mail leads to
/studio/events                          server-sent events
/studio/static/{name}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from backmail.desk.preview.looks import Look, Pictures

__all__ = ["VIEWS", "WIDTHS", "Addresses", "View"]

WIDTHS = (320, 375, 600, 0)  # px; 0: as wide as there is room
VIEWS = ("html", "text", "source", "mime", "headers")
SCREENS = ("campaigns", "sequence", "email", "inbox", "checks", "outline")


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at, and how: all that an address says. `dataclasses.replace` makes the neighbours.

    Attributes:
        screen: one of SCREENS.
        campaign: a slug.
        step: a step's name, for the screen email and a filter of checks.
        person: whose mail, the stem of a file in people/; "" for the first.
        beside: who else's stands beside it; "" for nobody.
        view: one of VIEWS.
        look: the colours.
        pictures: which of them.
        width: px, one of WIDTHS.
        level: the least severity that checks shows: error, warning, info; "" for all.
        block: the block that the outline points at.
        editing: whether the fields stand beside the mail.
    """

    screen: str = "campaigns"
    campaign: str = ""
    step: str = ""
    person: str = ""
    beside: str = ""
    view: str = "html"
    look: Look = Look.LIGHT
    pictures: Pictures = Pictures.OWN
    width: int = 375
    level: str = ""
    block: str = ""
    editing: bool = False


class Addresses(Protocol):
    """How addresses are written."""

    @property
    def live(self) -> bool:
        """Whether somebody answers at them: forms, events and links with a choice in them work."""
        ...

    def page(self, view: View) -> str:
        """Return the address of a page."""
        ...

    def raw(self, view: View, ending: str, *, looked_at: bool = False) -> str:
        """Return the address of a mail alone: as html, txt, eml or json.

        Args:
            view: whose mail of which step; its look and pictures count where it is looked at.
            ending: the form.
            looked_at: html as `looks.shown` makes it; else the very bytes.
        """
        ...

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or a script."""
        ...
