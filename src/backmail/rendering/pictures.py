"""The pictures of a step: those named after a heading put in below it, and each under its address and in its size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from markdown_it.token import Token

from backmail.markup import hyphenated
from backmail.model.campaign import PictureFile

__all__ = ["is_put_in", "sized", "with_own"]

# Pixels of the column that text stands in, and of that of a card with padding: Outlook knows no other width.
_COLUMN = 520
_CARD = 456
_CARDS = frozenset({"exercise", "faq", "note", "product", "safety"})
_NAME = 60  # as long as the names are that `new` gives to copies
_NO_WORDS = "0123456789-"  # all that is left of names in other letters, which say something else each
_PUT_IN = "put_in"


def is_put_in(image: Token) -> bool:
    """Whether a picture stands here by its file's name alone: what it shows is said by the heading above it."""
    return bool(image.meta.get(_PUT_IN))


def with_own(tokens: Sequence[Token], pictures: Mapping[str, PictureFile]) -> list[Token]:
    """Return a step's tokens with a picture below each heading that one is named after, and that does not show it.

    Args:
        tokens: those of the whole body.
        pictures: those of the campaign's folder.
    """
    shown = {_name(child) for token in tokens for child in token.children or () if child.type == "image"}
    own = (name for name, each in pictures.items() if not (each.copied or each.address))
    others = [name for name in sorted(own, reverse=True) if name not in shown]
    by_heading = {hyphenated(PurePosixPath(name).stem, _NAME): name for name in others}
    by_heading = {said: name for said, name in by_heading.items() if said.strip(_NO_WORDS)}
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        kept.append(token)
        if token.type == "heading_close":
            text = "".join(child.content for child in tokens[at - 1].children or ())
            name = by_heading.get(hyphenated(text, _NAME), "")
            kept += _paragraph(name, text, token.level) if name else ()
    return kept


def sized(tokens: Sequence[Token], pictures: Mapping[str, PictureFile], media: str) -> None:
    """Give each picture of a step the address that readers see it under, and its size, half of what its file has.

    Sizes are attributes, since Outlook on Windows knows no others, for a screen of simple density.

    Args:
        tokens: those of the whole body.
        pictures: those of the campaign's folder.
        media: what addresses of its pictures begin with.
    """
    width = _COLUMN
    for token in tokens:
        if token.type == "container_open":
            width = _CARD if token.info in _CARDS else _COLUMN
        elif token.type == "container_close":
            width = _COLUMN
        for child in token.children or ():
            if child.type == "image":
                _size(child, pictures.get(_name(child)), width, media)


def _size(image: Token, picture: PictureFile | None, column: int, media: str) -> None:
    image.attrSet("class", "picture")
    width = min(column, picture.width or column) if picture else column
    image.attrSet("width", str(width))
    if picture is None:
        return
    ours = f"{media}/{picture.digest}/{quote(PurePosixPath(_name(image)).name)}"
    image.attrSet("src", picture.address or ours)
    if picture.width and picture.height:
        image.attrSet("height", str(max(1, round(width * picture.height / picture.width))))
    if width < column:
        image.attrSet("style", f"max-width:{width}px")


def _name(image: Token) -> str:
    return unquote(str(image.attrs.get("src", "")))


def _paragraph(name: str, text: str, level: int) -> Iterator[Token]:
    """Yield a paragraph that holds a picture, with the words of the heading that it is named after."""
    words = Token("text", "", 0, content=text)
    image = Token("image", "img", 0, attrs={"src": quote(name), "alt": ""}, children=[words], content=text)
    image.meta[_PUT_IN] = True
    yield Token("paragraph_open", "p", 1, level=level, block=True)
    yield Token("inline", "", 0, level=level + 1, children=[image], content="", block=True)
    yield Token("paragraph_close", "p", -1, level=level, block=True)
