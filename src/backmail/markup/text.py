"""Text into Markdown: escaped so that it shows as it is, and foreign Markdown made inert."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from backmail.markup.dialect import foreign
from backmail.markup.fences import FENCE

# Line ends of any kind count as blanks; a no-break or thin space is typography and stays.
_BLANKS = re.compile("[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")
_PUNCTUATION = r"""!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~"""

# Signs inside a line. Each looks at its neighbours alone, never at the rest, so that escaped pieces may be joined.
_INSIDE = re.compile(
    rf"""
      \\(?=[{_PUNCTUATION}]|$)                    # would escape the next sign, or break the line
    | [`\[\]]                                     # code, links
    | (?<!\s)\*|\*(?=\S)                          # emphasis; a star between blanks is none
    | (?<![^\W_])_+|_+(?![^\W_])                  # emphasis; snake_case is none
    | <(?=[A-Za-z/!?])                            # an autolink
    | &(?=\#?\w+;)                                # an entity
    | (?<=\{{)[{{%\#]                             # a sign of jinja: {{ {{% {{#
    """,
    re.VERBOSE,
)
# Signs that open a block when they stand first in a line, and a heading's closing signs.
_FIRST = re.compile(r"\A(?=(?:[-+]|#{1,6})(?:\s|$)|>|~{3}|:{3}|=+$|-+$|(?:-\s*){3,}$)")
_NUMBER = re.compile(r"\A(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?<=\s)(#+)$")

_JINJA = re.compile(r"\{[{%#]")
_JINJA_SPAN = re.compile(r"\{[{%#].*[}%#]\}|\{[{%#]")


def fold(text: str) -> str:
    """Return `text` in one line: runs of blanks and line ends as one blank, none at the ends; no-break spaces stay."""
    return _BLANKS.sub(" ", text.replace("\0", "\ufffd")).strip()


def escape(text: str) -> str:
    r"""Return one paragraph of plain text as Markdown that shows exactly that text, folded, also through jinja.

    Only signs that would mean something are escaped, so that an ordinary sentence stays as it is.

    >>> escape("Hold for 30 seconds (see 1.), not *longer*.")
    'Hold for 30 seconds (see 1.), not \\*longer\\*.'
    """
    line = _INSIDE.sub(lambda found: "".join(f"\\{sign}" for sign in found[0]), fold(text))
    line = _NUMBER.sub(r"\1\\\2", line, count=1)
    line = _FIRST.sub(r"\\", line, count=1)
    return _CLOSING.sub(r"\\\1", line)


def inert(text: str) -> str:
    """Return `text` so that jinja shows it as it is.

    For texts that are no Markdown (subjects), and for Markdown where a backslash means nothing (code). `trim_blocks` of
    jinja must be off: it would eat a line end.
    """
    return _JINJA_SPAN.sub(lambda found: _raw(found[0]), text)


def _raw(text: str) -> str:
    """Wrap `text` for jinja; a text that could end the wrapping has each of its signs wrapped by itself."""
    if "endraw" in text:
        return _JINJA.sub(lambda found: f"{{% raw %}}{found[0]}{{% endraw %}}", text)
    return f"{{% raw %}}{text}{{% endraw %}}"


def protect(markdown: str, *, top: int = 1) -> str:
    """Return an article's own Markdown so that neither jinja nor a fence of ours is seen in it, code included.

    The rest stays as it is, save that headings move down together until none stands above level `top` (1-6), and that
    a code block which the piece leaves open is closed.
    """
    source = markdown.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    tokens = foreign().parse("\n".join(source))
    lines = _without_fences(dict(enumerate(source)), _code(tokens))
    for start, end, heading in _deeper(tokens, source, top):
        lines[start] = heading
        for number in range(start + 1, end):
            lines.pop(number, None)
    return inert("\n".join([*lines.values(), *_open_fence(tokens, source)]))


def _without_fences(lines: dict[int, str], code: set[int]) -> dict[int, str]:
    """Return the lines with a backslash in front of what looks like a fence of ours.

    Where the backslash would show (in a code span of several lines), the line is joined to the one before instead.
    """
    for number in sorted(lines.keys() - code):
        line = lines[number]
        if not FENCE.match(line.lstrip()):
            continue
        shown = foreign().render("\n".join(lines.values()))
        lines[number] = line.replace(":", "\\:", 1)
        if foreign().render("\n".join(lines.values())) != shown:
            before = max(other for other in lines if other < number)
            lines[before] += f" {line.lstrip()}"
            del lines[number]
    return lines


def _code(tokens: Sequence[Token]) -> set[int]:
    """Return the lines (counted from 0) that are code."""
    blocks = (token.map for token in tokens if token.type in ("fence", "code_block") and token.map)
    return {number for start, end in blocks for number in range(start, end)}


def _open_fence(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[str]:
    """Give the fence that closes a code block left open at the end."""
    last = tokens[-1] if tokens else None
    if last is None or last.type != "fence" or last.level or last.map is None:
        return
    closing = lines[last.map[1] - 1].strip()
    closed = last.map[1] - last.map[0] > 1 and set(closing) == {last.markup[0]} and len(closing) >= len(last.markup)
    if not closed:
        yield last.markup


def _deeper(tokens: Sequence[Token], lines: Sequence[str], top: int) -> Iterator[tuple[int, int, str]]:
    """Give headings anew with their lines (from, behind), moved down until none stands above level `top`."""
    headings = [token for token in tokens if token.type == "heading_open" and token.map]
    by = top - min((int(token.tag[1]) for token in headings), default=top)
    if by <= 0:
        return
    for token in headings:
        level = min(int(token.tag[1]) + by, 6)
        start, end = token.map or (0, 0)
        if token.markup.startswith("#"):
            yield start, end, re.sub(r"#{1,6}", "#" * level, lines[start], count=1)
        elif not token.level:  # underlined: one line with signs in front says the same
            yield start, end, f"{'#' * level} {' '.join(line.strip() for line in lines[start : end - 1])}"
