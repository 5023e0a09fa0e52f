"""Parts of a step as plain text, written from the Markdown itself, wrapped at 72 columns, never inside an address."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from markdown_it.token import Token

from backmail.rendering.names import Names
from backmail.rendering.parts import Part
from backmail.rendering.phrases import Phrases
from backmail.rendering.pictures import is_put_in

WIDTH = 72


def shown(parts: Sequence[Part], words: Phrases, view: Callable[[str], Any]) -> tuple[Names, ...]:
    """Return the parts as templates see them: each with its `name` ("" for a plain stretch) and its `text`.

    The text has its blocks apart by an empty line, and no line end behind the last one.

    Args:
        parts: as `parts.parts` gives them.
        words: the mail's phrases.
        view: the link to the web view of a step, by its id.
    """
    made = ((part.name, "\n\n".join(filter(None, _part(part, words, view)))) for part in parts)
    return tuple(Names("part", {"name": name, "text": text}) for name, text in made)


def wrapped(text: str, width: int = WIDTH) -> str:
    """Return one paragraph in lines of at most `width` columns; a longer word, such as an address, has its own line.

    The line breaks that it has are kept.
    """
    lines = (textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return "\n".join("\n".join(line) for line in lines)


def prefixed(text: str, first: str, others: str) -> str:
    """Return text with something before its first line and before each other one that is not empty."""
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((others + line if line else others.rstrip()) for line in lines[1:])])


def underlined(text: str, sign: str, width: int = WIDTH) -> str:
    """Return a heading with a line of signs under it, as long as its longest line; "" for an empty one."""
    lines = wrapped(text, width)
    longest = max(map(_columns, lines.split("\n")))
    return f"{lines}\n{sign * min(longest, width)}" if lines else ""


def item(name: str, dose: Sequence[tuple[str, str]]) -> str:
    """Return an exercise as an item of a list: its name, and its dose as pairs of a label and words."""
    said = ", ".join(f"{label}: {words}" for label, words in dose)
    return prefixed(wrapped(f"{name} ({said})" if said else name, WIDTH - 2), "- ", "  ")


def inline(tokens: Sequence[Token]) -> str:
    """Return inline tokens as text: an image as its alternative text, breaks as they were.

    A link that ends the text becomes `text: address`; in mid-sentence it is `text <address>`, so that no sign behind it
    is taken for a part of it (RFC 3986, appendix C).
    """
    shown: list[str] = []
    links: list[tuple[int, str]] = []
    for number, token in enumerate(tokens, 1):
        match token.type:
            case "link_open":
                links.append((len(shown), str(token.attrs.get("href", ""))))
            case "link_close":
                start, address = links.pop()
                text = "".join(shown[start:])
                mid = f"{text} <{address}>" if number < len(tokens) else f"{text}: {address}"
                shown[start:] = [address if text in (address, "") else mid]
            case "image" if is_put_in(token):
                continue
            case "image":
                shown.append(inline(token.children or ()))
            case "softbreak":
                shown.append(" ")
            case "hardbreak":
                shown.append("\n")
            case _:
                shown.append(token.content)
    return "".join(shown)


def _part(part: Part, words: Phrases, view: Callable[[str], Any]) -> Iterator[str]:
    """Give the blocks of one part."""
    heading, content = inline(part.heading), list(_blocks(part.tokens))
    match part.name:
        case "safety":
            label = words("safety").upper()
            yield underlined(f"{label}: {heading}" if heading else label, "=")
            yield from content
        case "note":
            number, step = part.repeated or (0, "")
            yield f"! {words('safety').upper()}"
            yield from (prefixed(block, "! ", "! ") for block in _blocks(part.tokens, WIDTH - 2))
            yield f"{words('repeated', number=number)}: {view(step)}"
        case "product":
            yield from _product(part, heading, content, words)
        case _:
            yield underlined(heading, "-")
            yield "\n".join(
                prefixed(wrapped(f"{label}: {value}", WIDTH - 4), "  ", "    ") for label, value in part.dose
            )
            yield from content
            yield wrapped(part.unverified)


def _product(part: Part, heading: str, content: Sequence[str], words: Phrases) -> Iterator[str]:
    """Give the blocks of an advertisement, with a line of signs above and below."""
    yield f"--- {words('advertisement')} ---"
    yield wrapped(heading)
    yield from content
    if part.product:
        yield wrapped(part.price)
        if not part.product.available:
            yield wrapped(words("not_available"))
        elif part.product.link:
            yield f"{words('see_product', name=part.product.name)}: {part.product.link}"
    yield "---"


def _blocks(tokens: Sequence[Token], width: int = WIDTH) -> Iterator[str]:
    """Give the blocks of tokens as text of that width."""
    position = 0
    while position < len(tokens):
        token, end = tokens[position], _end(tokens, position)
        yield _block(token, tokens[position + 1 : end], width)
        position = end + 1


def _block(token: Token, inside: Sequence[Token], width: int) -> str:  # noqa: PLR0911  # one for each kind
    """Return one block of text."""
    match token.type:
        case "heading_open":
            return underlined(inline(inside[0].children or ()), "-", width)
        case "paragraph_open":
            return wrapped(inline(inside[0].children or ()), width)
        case "bullet_list_open" | "ordered_list_open":
            return _list(token, inside, width)
        case "blockquote_open":
            return prefixed("\n\n".join(_blocks(inside, width - 2)), "> ", "> ")
        case "table_open":
            return "\n".join(_rows(inside))
        case "fence" | "code_block":
            return textwrap.indent(token.content.rstrip("\n"), "    ")
        case "hr":
            return "* * *"
        case kind:
            raise ValueError(f"no text is written for {kind}")


def _end(tokens: Sequence[Token], start: int) -> int:
    """Return the position of the token that closes the one at `start` (itself where it opens nothing)."""
    if tokens[start].nesting != 1:
        return start
    level = tokens[start].level
    return next(at for at in range(start + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting == -1)


def _list(opened: Token, tokens: Sequence[Token], width: int) -> str:
    """Return a list: items on lines of their own, apart by an empty line when one of them has several blocks."""
    number = int(opened.attrs.get("start", 1)) if opened.type == "ordered_list_open" else None
    items: list[str] = []
    position, loose = 0, False
    while position < len(tokens):
        end = _end(tokens, position)
        bullet = "- " if number is None else f"{number + len(items)}. "
        blocks = list(_blocks(tokens[position + 1 : end], width - len(bullet)))
        items.append(prefixed("\n\n".join(blocks), bullet, " " * len(bullet)))
        loose, position = loose or len(blocks) > 1, end + 1
    return ("\n\n" if loose else "\n").join(items)


def _rows(tokens: Sequence[Token]) -> Iterator[str]:
    """Give the rows of a table, cells apart by bars."""
    cells: list[str] = []
    for token in tokens:
        if token.type == "inline":
            cells.append(inline(token.children or ()))
        elif token.type == "tr_close":
            yield " | ".join(cells)
            cells = []


def _columns(text: str) -> int:
    """Return how many columns a text takes: wide letters two, marks upon letters none."""
    wide = sum(1 for letter in text if unicodedata.east_asian_width(letter) in "WF")
    return len(text) + wide - sum(1 for letter in text if unicodedata.combining(letter))
