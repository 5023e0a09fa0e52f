"""Markdown -> units: headings, paragraphs, items, code, tables ... with the source lines that markdown-it gives."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from backmail.article.text import is_bare
from backmail.markup import fold
from backmail.model.article import Picture, Unit, UnitKind

__all__ = ["markdown_units"]

_TAG = re.compile(r"<!--.*?(?:-->|$)|<[^<>]*>", re.DOTALL)
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^>]*>(.*?)</h\1>\s*", re.DOTALL | re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^>]*>(.*?)</summary>", re.DOTALL | re.IGNORECASE)
_IMAGE_TAG = re.compile(r"<(?:img|picture|figure|video|iframe)\b", re.IGNORECASE)
_IMG = re.compile(r"<img\b([^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_DEFINITION = re.compile(r"\s{0,3}(?:>\s?)*\[[^\]]+\]:\s*\S*")
# What a site generator replaces or leaves out: shortcodes, tags, a marker for the table of contents. It says nothing.
_TEMPLATE = re.compile(r"\s*(?:\{\{[<%].*[>%]\}\}|\{%.*%\}|\{:.*\}|\[\[?_?toc_?\]?\])\s*", re.DOTALL | re.IGNORECASE)
_DEEPEST = 6


def markdown_units(text: str) -> tuple[Unit, ...]:
    """Return the units of a Markdown text: each non-blank line is in one of them, in their order.

    The text of a unit has no Markdown signs. A line that is all bold is a heading one level below the last that is
    marked with signs.
    """
    lines = text.split("\n")
    environment: dict[str, Any] = {}
    tokens = MarkdownIt("commonmark").enable("table").parse(text, environment)
    units = [unit for node in SyntaxTreeNode(tokens).children for unit in _units(node, lines)]
    return tuple(_levelled(_completed(units, lines)))


def _units(node: SyntaxTreeNode, lines: Sequence[str]) -> Iterator[Unit]:
    """Yield the units of one block of the document."""
    match node.type:
        case "heading":
            yield from _made(UnitKind.HEADING, node, lines, level=int(node.tag[1]), marked=True)
        case "paragraph":
            yield from _paragraph(node, lines)
        case "bullet_list" | "ordered_list":
            yield from _list(node, lines, 0)
        case "fence" | "code_block":
            yield from _made(UnitKind.CODE, node, lines, text=fold(node.content))
        case "blockquote":
            yield from _made(UnitKind.QUOTE, node, lines)
        case "table":
            yield from _made(UnitKind.TABLE, node, lines)
        case "hr":
            yield from _made(UnitKind.RULE, node, lines, text="")
        case "html_block":
            yield from _html(node, lines)


def _made(
    kind: UnitKind,
    node: SyntaxTreeNode,
    lines: Sequence[str],
    *,
    text: str | None = None,
    level: int = 0,
    ordered: bool = False,
    marked: bool = False,
    span: tuple[int, int] | None = None,
    pictures: Iterable[Picture] | None = None,
) -> Iterator[Unit]:
    """Yield the unit of a node, without the blank lines at its ends; none when nothing is left."""
    start, end = span or node.map or (0, 0)
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    if start < end:
        shown = fold(" ".join(_texts(node))) if text is None else text
        raw = "\n".join(lines[start:end])
        shows = tuple(_pictures(node) if pictures is None else pictures)
        yield Unit(kind, shown, raw, start + 1, end, level, ordered, marked, pictures=shows)


def _texts(node: SyntaxTreeNode) -> Iterator[str]:
    """Yield the plain text of every inline and code block in a node."""
    if node.type == "inline":
        yield _plain(node.token.children or [] if node.token else [])
    elif node.type in ("fence", "code_block"):
        yield node.content
    elif node.type == "html_block":
        yield _TAG.sub(" ", node.content)
    for child in node.children if node.type != "inline" else ():
        yield from _texts(child)


def _plain(tokens: Sequence[Token]) -> str:
    """Return the text of inline tokens without Markdown signs."""
    shown = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            shown.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            shown.append(" ")
        elif token.type == "image":
            shown.append(_plain(token.children or []))
    return "".join(shown)


def _pictures(node: SyntaxTreeNode) -> Iterator[Picture]:
    """Yield the pictures in a node, in their order."""
    if node.type == "inline":
        yield from _shown(node.token.children or [] if node.token else [])
    elif node.type == "html_block":
        yield from _tagged(node.content)
    for child in node.children if node.type != "inline" else ():
        yield from _pictures(child)


def _shown(tokens: Sequence[Token]) -> Iterator[Picture]:
    for token in tokens:
        if token.type == "image":
            yield Picture(str(token.attrs.get("src", "")), fold(_plain(token.children or [])))
        elif token.type == "html_inline":
            yield from _tagged(token.content)


def _tagged(html: str) -> Iterator[Picture]:
    """Yield the pictures of HTML that stands in Markdown."""
    for tag in _IMG.finditer(html):
        said = {
            name.casefold(): unescape(one or other or bare) for name, one, other, bare in _ATTRIBUTE.findall(tag[1])
        }
        if said.get("src", "").strip():
            yield Picture(said["src"].strip(), fold(said.get("alt", "")))


def _inline(node: SyntaxTreeNode) -> Sequence[Token]:
    """Return the inline tokens of a paragraph."""
    inline = node.children[0] if node.children else None
    return (inline.token.children or []) if inline is not None and inline.token else []


def _paragraph(node: SyntaxTreeNode, lines: Sequence[str]) -> Iterator[Unit]:
    """Yield a paragraph: an image, a bold heading (alone or above the rest), or prose."""
    tokens = _inline(node)
    written = [token for token in tokens if token.content.strip() or token.type == "image"]
    if written and all(token.type == "image" for token in written):
        yield from _made(UnitKind.IMAGE, node, lines)
        return
    breaks = [number for number, token in enumerate(tokens) if token.type in ("softbreak", "hardbreak")]
    first = tokens[: breaks[0]] if breaks else tokens
    start, end = node.map or (0, 0)
    if not _is_bold(first, whole=not breaks):
        template = _TEMPLATE.fullmatch("\n".join(lines[slice(*(node.map or (0, 0)))]))
        yield from _made(UnitKind.PARAGRAPH, node, lines, text="" if template else None)
        return
    span = (start, start + 1 if breaks else end)
    shows = _shown(first)
    yield from _made(UnitKind.HEADING, node, lines, text=fold(_plain(first)), marked=True, span=span, pictures=shows)
    if breaks:
        rest = fold(_plain(tokens[breaks[0] + 1 :]))
        shows = _shown(tokens[breaks[0] + 1 :])
        yield from _made(UnitKind.PARAGRAPH, node, lines, text=rest, span=(start + 1, end), pictures=shows)


def _is_bold(tokens: Sequence[Token], *, whole: bool) -> bool:
    """Say whether a line is one run of bold that reads like a heading; above other lines "Note:" does not."""
    shown = [token for token in tokens if token.type != "text" or token.content.strip()]
    tail = ""
    if len(shown) > 1 and shown[-1].type == "text":
        tail = shown.pop().content.strip()
    if len(shown) < 3 or shown[0].type != "strong_open" or shown[-1].type != "strong_close" or tail not in ("", ":"):
        return False
    if any(token.type in ("strong_open", "image") for token in shown[1:-1]):
        return False
    text = fold(_plain(shown))
    label = (text + tail).endswith(":")
    return (is_bare(text.rstrip(":")) or text.endswith("?")) and (whole or not label)


def _list(node: SyntaxTreeNode, lines: Sequence[str], depth: int) -> Iterator[Unit]:
    """Yield a list's items; the lists inside an item are items of their own, one level deeper."""
    ordered = node.type == "ordered_list"
    for item in node.children:
        start, end = item.map or (0, 0)
        inner = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
        own: list[SyntaxTreeNode] = []
        kind = UnitKind.ITEM
        for child in item.children:
            if child not in inner:
                own.append(child)
                continue
            stop = child.map[0] if child.map else start
            yield from _piece(kind, item, lines, own, (start, stop), depth, ordered=ordered)
            yield from _list(child, lines, depth + 1)
            start, own, kind = (child.map[1] if child.map else stop), [], UnitKind.PARAGRAPH
        yield from _piece(kind, item, lines, own, (start, end), depth, ordered=ordered)


def _piece(
    kind: UnitKind,
    item: SyntaxTreeNode,
    lines: Sequence[str],
    own: Sequence[SyntaxTreeNode],
    span: tuple[int, int],
    depth: int,
    *,
    ordered: bool,
) -> Iterator[Unit]:
    """Yield what an item holds before, between or behind the lists inside it."""
    is_item = kind is UnitKind.ITEM
    text = fold(" ".join(each for node in own for each in _texts(node)))
    shows = [each for node in own for each in _pictures(node)]
    level, ordered = depth if is_item else 0, ordered and is_item
    yield from _made(kind, item, lines, text=text, level=level, ordered=ordered, span=span, pictures=shows)


def _html(node: SyntaxTreeNode, lines: Sequence[str]) -> Iterator[Unit]:
    """Yield a block of HTML: a heading, the question of a <details>, an image, or its text without tags."""
    if heading := _HTML_HEADING.fullmatch(node.content):
        text = fold(_TAG.sub(" ", heading[2]))
        yield from _made(UnitKind.HEADING, node, lines, text=text, level=int(heading[1]))
        return
    text = fold(_TAG.sub(" ", node.content))
    if _SUMMARY.search(node.content):
        yield from _folded(node, lines)
    elif not text and _IMAGE_TAG.search(node.content):
        yield from _made(UnitKind.IMAGE, node, lines, text="")
    else:
        yield from _made(UnitKind.PARAGRAPH, node, lines, text=text)


def _folded(node: SyntaxTreeNode, lines: Sequence[str]) -> Iterator[Unit]:
    """Yield the parts of a block with <summary>: each is a heading, and what stands behind it a paragraph."""
    first, stop = node.map or (0, 0)
    while stop > first and not lines[stop - 1].strip():
        stop -= 1
    raw = "\n".join(lines[first:stop])
    bounds = [0]
    for summary in _SUMMARY.finditer(raw):
        opened = raw.rfind("<details", bounds[-1], summary.start())
        start = opened if opened >= 0 else summary.start()
        if not raw[raw.rfind("\n", 0, start) + 1 : start].strip():  # a line is in one block: the first on it wins
            bounds += [start, summary.end()]
    for place, (start, end) in enumerate(itertools.pairwise([*bounds, len(raw)])):
        piece = raw[start:end]
        at = first + 1 + raw.count("\n", 0, start + len(piece) - len(piece.lstrip()))
        kind = UnitKind.HEADING if place % 2 else UnitKind.PARAGRAPH
        if piece.strip():
            piece = piece.strip("\n")
            yield Unit(kind, fold(_TAG.sub(" ", piece)), piece, at, at + piece.strip().count("\n"))


def _completed(units: Sequence[Unit], lines: Sequence[str]) -> list[Unit]:
    """Return the units with those lines added that markdown-it gives no block: link definitions."""
    held = {line for unit in units for line in range(unit.start, unit.end + 1)}
    loose: list[list[int]] = []
    for number, line in enumerate(lines, 1):
        if number in held or not line.strip():
            continue
        goes_on = loose and loose[-1][-1] == number - 1 and not _DEFINITION.match(line)
        if goes_on:
            loose[-1].append(number)
        else:
            loose.append([number])
    added = [_loose(group[0], group[-1], "\n".join(lines[group[0] - 1 : group[-1]])) for group in loose]
    return sorted([*units, *added], key=lambda unit: unit.start)


def _loose(start: int, end: int, raw: str) -> Unit:
    if _DEFINITION.match(raw):
        return Unit(UnitKind.LINK_DEFINITION, fold(raw), raw, start, end)
    return Unit(UnitKind.PARAGRAPH, fold(raw), raw, start, end)


def _levelled(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the units with each heading that has no level yet one below the last that is written with signs."""
    level = 1
    for unit in units:
        if unit.kind is not UnitKind.HEADING:
            yield unit
        elif unit.level:
            level = unit.level
            yield unit
        else:
            yield replace(unit, level=min(level + 1, _DEEPEST))
