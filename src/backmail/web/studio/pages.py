"""The studio's pages as HTML: a view in, a page out; nothing in them runs, and all texts are anybody's."""

from __future__ import annotations

import re
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from backmail.desk.preview.drafts import Drafts
from backmail.errors import BackmailError, Fault, UnknownName
from backmail.shipped import shipped
from backmail.web.studio.addresses import Addresses, View
from backmail.web.studio.screens import words
from backmail.web.studio.screens.around import Screen

if TYPE_CHECKING:
    from backmail.desk.editing import StepForm

__all__ = ["Pages"]

_TICKED = re.compile(r"`([^`\n]+)`")
# The module of each screen, which has a function of the screen's name. They are imported when they are first wanted:
# the outline's understands articles, which takes longer to import than the first page may take.
_SCREENS = {
    "campaigns": "sequence",
    "sequence": "sequence",
    "email": "email",
    "inbox": "inbox",
    "checks": "checks",
    "outline": "outline",
}


class Pages:
    """Writes the pages of some drafts, for one way of writing addresses."""

    def __init__(self, drafts: Drafts, addresses: Addresses, token: str = "") -> None:
        """Take what is shown.

        Args:
            drafts: the campaigns.
            addresses: how addresses are written.
            token: what a form must bring back, so that only our own pages' forms count.
        """
        self._drafts = drafts
        self._addresses = addresses
        self._token = token

    @cached_property
    def _environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(shipped("templates") / "studio"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            file=lambda place: words.place(place, self._drafts.project.root),
            excerpt=words.excerpt if self._addresses.live else _nothing,
            word=words.word,
            sign=words.sign,
            ticks=_ticks,
        )
        environment.globals["token"] = self._token
        return environment

    def html(self, view: View, *, problem: BackmailError | None = None, form: StepForm | None = None) -> str:
        """Return the page of a view; where a name in it is unknown, or with a `problem`, a page that helps on.

        Args:
            view: what is looked at.
            problem: why it cannot be shown; with a form, why that was not saved.
            form: what somebody typed beside a mail, to be seen again.
        """
        screen = Screen(self._drafts, self._addresses, view)
        if problem is None or (form and view.screen == "email") or view.screen == "outline":
            try:
                return self._page(screen, view.screen, _names(screen, form, problem))
            except UnknownName as unknown:
                problem = unknown
        told = {"problem": problem, "unknown": isinstance(problem, UnknownName), "form": form}
        return self._page(screen, "unknown", told)

    def link(self, target: str, does: str = "", mail: View | None = None) -> str:
        """Return the page that a press of a link in a looked-at mail leads to: it tells, and follows nothing.

        Args:
            target: where the link leads, anybody's text.
            does: a sentence on what a press would do, "" where we do not know.
            mail: the mail that it stands in, to go back to.
        """
        back = self._addresses.raw(mail, "html", looked_at=True) if mail else ""
        template = self._environment.get_template("link.html.jinja")
        return template.render(target=target, does=does, back=back, asset=self._addresses.asset)

    def _page(self, screen: Screen, template: str, names: dict[str, Any]) -> str:
        return self._environment.get_template(f"{template}.html.jinja").render({**screen.around(), **names})


def _names(screen: Screen, form: StepForm | None, problem: BackmailError | None) -> dict[str, Any]:
    """Return what a screen says."""
    home = import_module(f"backmail.web.studio.screens.{_SCREENS[screen.view.screen]}")
    names: dict[str, Any] = {"form": None, "refused": problem} | getattr(home, screen.view.screen)(screen)
    return names | home.editing(screen, form, problem) if screen.view.screen == "email" else names


def _nothing(fault: Fault) -> str:
    """Return what pages for others show of the source of a file that cannot be read: it may hold anything."""
    return ""


def _ticks(text: str) -> Markup:
    """Return a text as HTML, with what stands between backticks as code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped first
