"""Markdown into plain text: what each heading, paragraph, item, row or code block says, and on which line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from backmail.markup.dialect import shared
from backmail.markup.text import fold


@dataclass(frozen=True, slots=True)
class Passage:
    """One heading, paragraph, item, row of a table or code block.

    `pieces` has the text of each source line, and `targets` where its links and images lead, each with its line.
    """

    pieces: tuple[tuple[str, int], ...]
    targets: tuple[tuple[str, int], ...] = ()

    @property
    def text(self) -> str:
        """All of its text in one line, blanks folded."""
        return fold(" ".join(text for text, _ in self.pieces))

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.pieces[0][1]


def passages(markdown: str, first_line: int = 1) -> tuple[Passage, ...]:
    """Return the passages of `markdown`, whose first line is line `first_line`; fences and rules are none."""
    found: list[Passage] = []
    row: list[Passage] | None = None
    for token in shared().parse(markdown):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            found.append(_joined(row))
            row = None
        elif token.type == "inline":
            passage = _passage(token.children or (), line)
            (found if row is None else row).append(passage)
        elif token.type in ("fence", "code_block"):
            start = line + (token.type == "fence")
            found.append(Passage(tuple((fold(text), start + at) for at, text in enumerate(token.content.split("\n")))))
    return tuple(passage for passage in found if passage.text)


def plain(markdown: str) -> str:
    """Return the text of `markdown`: one line for each passage, blanks folded."""
    return "\n".join(passage.text for passage in passages(markdown))


def _passage(tokens: Sequence[Token], line: int) -> Passage:
    """Return the passage of inline tokens that begin on `line`."""
    lines: list[list[str]] = [[]]
    targets: list[tuple[str, int]] = []
    for token in _flat(tokens):
        if token.type in ("softbreak", "hardbreak"):
            lines.append([])
        elif token.type == "link_open":
            targets.append((str(token.attrs["href"]), line + len(lines) - 1))
        elif token.type == "image":
            targets.append((str(token.attrs["src"]), line + len(lines) - 1))
        else:
            lines[-1].append(token.content)
    return Passage(tuple(("".join(texts), line + at) for at, texts in enumerate(lines)), tuple(targets))


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give inline tokens with those of an image's alternative text behind it."""
    for token in tokens:
        yield token
        if token.type == "image":
            yield from _flat(token.children or ())


def _joined(cells: Sequence[Passage]) -> Passage:
    """Return the cells of a table's row as one passage."""
    text = " | ".join(cell.text for cell in cells)
    return Passage(((text, cells[0].line if cells else 0),), tuple(to for cell in cells for to in cell.targets))
