"""Parts of a step into HTML, each container through the theme's file for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from backmail.rendering.names import of_product
from backmail.rendering.parts import Part, reader
from backmail.rendering.phrases import direction

Render = Callable[[str, Mapping[str, Any]], str]  # a file of the theme, its names -> HTML


def marked(language: str) -> Markup:
    """Return the attributes that mark a part in another language than what is around it; none for ""."""
    return Markup(' lang="{}" dir="{}"').format(language, direction(language)) if language else Markup("")


def body(parts: Sequence[Part], render: Render, frame: Mapping[str, Any], view: Callable[[str], Any]) -> Markup:
    """Return the parts as HTML, one after the other.

    Args:
        parts: as `parts.parts` gives them.
        render: renders one file of the theme with names added to the usual ones.
        frame: the usual names.
        view: the link to the web view of a step, by its id.
    """
    return Markup("\n").join(Markup(_part(part, render, frame, view)) for part in parts)  # noqa: S704  # rendered by us


def _part(part: Part, render: Render, frame: Mapping[str, Any], view: Callable[[str], Any]) -> str:
    """Return one part as HTML."""
    content = _markdown(part.tokens)
    if not part.name:
        return render("parts/plain.html.jinja", {"content": content})
    names = {
        "heading": _inline(part.heading),
        "content": content,
        "mark": marked(part.language),
        "mark_back": marked(frame["language"]) if part.language else frame["mark_back"],
        "dose": part.dose,
        "product": of_product(part.product, frame["own_language"]) if part.product else None,
        "repeated_number": part.repeated[0] if part.repeated else None,
        "repeated_view": view(part.repeated[1]) if part.repeated else None,
        "price": part.price,
        "unverified": part.unverified,
    }
    return render(f"parts/{part.name}.html.jinja", names)


def _markdown(tokens: Sequence[Token]) -> Markup:
    markdown = reader()
    return Markup(markdown.renderer.render(tokens, markdown.options, {}).strip())  # noqa: S704  # html is off in it


def _inline(tokens: Sequence[Token]) -> Markup:
    markdown = reader()
    return Markup(markdown.renderer.render([Token("inline", "", 0, children=list(tokens))], markdown.options, {}))  # noqa: S704  # html is off in it
