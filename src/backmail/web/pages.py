"""Readers' pages as HTML: one layout in the brand's colours, no script, nothing from elsewhere, no cookies."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from backmail.model.campaign import Brand
from backmail.rendering.palette import Scheme, dark, light
from backmail.shipped import shipped
from backmail.web.phrases import Phrases

__all__ = ["Button", "Form", "Page", "Pages"]

_COLOURS = (
    *("canvas", "canvas_text", "canvas_quiet", "canvas_link", "paper", "text", "quiet", "link"),
    *("accent", "on_accent", "line"),
)


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a form: what it says, what it sends as `what`, and whether it is the quieter choice."""

    text: str
    value: str
    second: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of nothing but buttons. `action` is relative to the page; "" is the page itself."""

    buttons: Sequence[Button]
    action: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `texts` stand before the forms, `notes` more quietly after them; `contact`: where to write to."""

    words: Phrases
    title: str
    heading: str
    texts: Sequence[str] = ()
    forms: Sequence[Form] = ()
    notes: Sequence[str] = ()
    contact: str = ""


class Pages:
    """Renders pages in the looks of one sender."""

    def __init__(self, brand: Brand, sender: str, templates: Path) -> None:
        """Take the looks.

        Args:
            brand: colours and fonts.
            sender: the name that readers know; "" where there is none.
            templates: the project's own templates; what is not found there is taken from those that ship.
        """
        self.sender = sender
        self._brand = brand
        folders = [folder / "pages" for folder in (templates, shipped("templates"))]
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def style(self) -> str:
        """The style sheet of all pages."""
        plain = self._environment.overlay(autoescape=False)  # fonts and colours were checked when they were read
        return plain.get_template("style.css.jinja").render(
            light=light(self._brand),
            dark=dark(self._brand),
            fonts=self._brand.fonts,
            radius=self._brand.radius,
            variables=_variables,
        )

    @cached_property
    def policy(self) -> str:
        """The content security policy of all pages: our one style sheet, forms to ourselves, nothing else."""
        digest = base64.b64encode(hashlib.sha256(self.style.encode("utf-8")).digest()).decode("ascii")
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def html(self, page: Page) -> str:
        """Return a page."""
        words = page.words
        return self._environment.get_template("page.html.jinja").render(
            language=words.language,
            title=page.title,
            heading=page.heading,
            sender=self.sender,
            texts=page.texts,
            forms=page.forms,
            notes=page.notes,
            contact=page.contact,
            write_to=words("", "write_to", contact="\n").split("\n"),
            footer=words("", "footer", sender=self.sender) if self.sender else words("", "footer_plain"),
            style=_Style(self.style),
        )


class _Style(str):
    """A style sheet, which stands in its element as it is."""

    def __html__(self) -> str:
        return self


def _variables(scheme: Scheme) -> str:
    """Return a scheme's colours as variables of a style sheet."""
    return "; ".join(f"--{name.replace('_', '-')}: {getattr(scheme, name)}" for name in _COLOURS)
