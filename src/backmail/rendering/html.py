"""Parts of a step into HTML, each container through the theme's file for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from backmail.rendering.names import Names, of_product
from backmail.rendering.parts import Part, reader
from backmail.rendering.phrases import direction

_PARAGRAPH = 3  # tokens: it opens, what stands in it, it closes

Render = Callable[[str, Mapping[str, Any]], str]  # a file of the theme, its names -> HTML


def marked(language: str) -> Markup:
    """Return the attributes that mark a part in another language than what is around it; none for ""."""
    return Markup(' lang="{}" dir="{}"').format(language, direction(language)) if language else Markup("")


def shown(
    parts: Sequence[Part], render: Render, frame: Mapping[str, Any], view: Callable[[str], Any]
) -> tuple[Names, ...]:
    """Return the parts as templates see them: each with its `name` ("" for a plain stretch) and its `html`.

    Args:
        parts: as `parts.parts` gives them.
        render: renders one file of the theme with names added to the usual ones.
        frame: the usual names.
        view: the link to the web view of a step, by its id.
    """
    made = ((part.name, Markup(_part(part, render, frame, view))) for part in parts)  # noqa: S704  # rendered by us
    return tuple(Names("part", {"name": name, "html": html}) for name, html in made)


def _part(part: Part, render: Render, frame: Mapping[str, Any], view: Callable[[str], Any]) -> str:
    """Return one part as HTML."""
    picture, tokens = _picture_first(part)
    content = _markdown(tokens)
    if not part.name:
        return render("parts/plain.html.jinja", {"content": content})
    names = {
        "heading": _inline(part.heading),
        "picture": _markdown(picture),
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


def _picture_first(part: Part) -> tuple[Sequence[Token], Sequence[Token]]:
    """Return the paragraph of pictures that an exercise begins with, and the rest: its dose stands between."""
    tokens = part.tokens
    if part.name != "exercise" or len(tokens) < _PARAGRAPH or tokens[0].type != "paragraph_open":
        return (), tokens
    kinds = {child.type for child in tokens[1].children or () if child.type != "text" or child.content.strip()}
    cut = _PARAGRAPH if kinds and kinds <= {"image", "softbreak", "hardbreak"} else 0
    return tokens[:cut], tokens[cut:]


def _markdown(tokens: Sequence[Token]) -> Markup:
    markdown = reader()
    return Markup(markdown.renderer.render(tokens, markdown.options, {}).strip())  # noqa: S704  # html is off in it


def _inline(tokens: Sequence[Token]) -> Markup:
    markdown = reader()
    return Markup(markdown.renderer.render([Token("inline", "", 0, children=list(tokens))], markdown.options, {}))  # noqa: S704  # html is off in it
