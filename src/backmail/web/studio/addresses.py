"""What an address of the studio says, and how it is written: with a query on the served pages, as a file when exported.

/studio                                 the campaigns
/studio/c/{campaign}                    the sequence            ?as=
/studio/c/{campaign}/e/{step}           one mail                ?as=&with=&look=&w=&view=&img=&edit=1
/studio/c/{campaign}/inbox              all senders, subjects and preheaders in a row    ?as=
/studio/c/{campaign}/checks             all findings            ?level=&step=
/studio/c/{campaign}/outline            article and plan        ?block=
/studio/raw/{campaign}/{step}.{ending}  html, txt, eml, json    ?as=&look=&img=     without look: the very bytes
/studio/raw/{campaign}/{step}.sheet.html    the page with all exercises that the mail leads to   ?as=
/studio/link?to=                        what a link of a mail leads to    &c=&e=&as=&look=&img=  the mail it stands in
/studio/events                          server-sent events
/studio/static/{name}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from backmail.desk.preview.looks import Look, Pictures
from backmail.web.studio import assets

__all__ = ["SCREENS", "SHEET", "VIEWS", "WIDTHS", "Addresses", "Served", "View"]

WIDTHS = (320, 375, 600, 0)  # px; 0: as wide as there is room
VIEWS = ("html", "text", "source", "mime", "headers")
SHEET = "sheet.html"  # the ending of the page with all exercises, of the mail that leads to it
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
        """Return the address of a mail alone: as html, txt, eml or json; or of the sheet that it leads to.

        Args:
            view: whose mail of which step; its look and pictures count where it is looked at.
            ending: the form.
            looked_at: html as `looks.shown` makes it; else the very bytes.
        """
        ...

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or a script."""
        ...


class Served:
    """Addresses on the site that `backmail preview` serves: what is as it is by default is left out."""

    @property
    def live(self) -> bool:
        """Somebody answers."""
        return True

    def page(self, view: View) -> str:
        """Return the address of a page."""
        if view.screen == "campaigns":
            return "/studio" + _query(view, "as")
        top = f"/studio/c/{quote(view.campaign, safe='')}"
        if view.screen == "email":
            asked = _query(view, "as", "with", "look", "w", "view", "img", "edit")
            return f"{top}/e/{quote(view.step, safe='')}{asked}"
        if view.screen == "checks":
            return f"{top}/checks{_query(view, 'as', 'level', 'step')}"
        if view.screen == "outline":
            return f"{top}/outline{_query(view, 'as', 'block')}"
        return f"{top}{'/inbox' if view.screen == 'inbox' else ''}{_query(view, 'as')}"

    def raw(self, view: View, ending: str, *, looked_at: bool = False) -> str:
        """Return the address of a mail alone; `look` in it says that the mail is looked at."""
        path = f"/studio/raw/{quote(view.campaign, safe='')}/{quote(view.step, safe='')}.{ending}"
        if not looked_at:
            return path + _query(view, "as")
        return path + _query(view, "as", "look", "img", always=("look",))

    def asset(self, name: str) -> str:
        """Return the address of a style sheet or a script; other content has another address."""
        asset = assets.found(name)
        return f"/studio/static/{quote(name)}" + (f"?v={asset.digest}" if asset else "")

    def link(self, target: str, view: View) -> str:
        """Return the address of the page that tells what a link leads to.

        Args:
            target: where the link leads.
            view: the mail that it stands in.
        """
        said = _said(view, "as", "look", "img")
        return "/studio/link?" + urlencode({"to": target, "c": view.campaign, "e": view.step, **said})


def _query(view: View, *names: str, always: tuple[str, ...] = ()) -> str:
    said = _said(view, *names, always=always)
    return f"?{urlencode(said)}" if said else ""


def _said(view: View, *names: str, always: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the parameters of these names; those that say what holds anyway only where they are wanted always."""
    here, default = _parameters(view), _parameters(View())
    return {name: here[name] for name in names if here[name] != default[name] or name in always}


def _parameters(view: View) -> dict[str, str]:
    return {
        "as": view.person,
        "with": view.beside,
        "look": view.look.value,
        "w": str(view.width or "full"),
        "view": view.view,
        "img": view.pictures.value,
        "edit": "1" if view.editing else "",
        "level": view.level,
        "step": view.step,
        "block": view.block,
    }
