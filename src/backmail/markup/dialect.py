"""The parser of step bodies: CommonMark and tables, HTML and typographer off, and containers fenced by `:::`."""

from __future__ import annotations

from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from backmail.markup.fences import FENCE, read_fence

_OPEN = "backmail-open-container"


def parser() -> MarkdownIt:
    """Return a new parser of the dialect; its caller may add renderer rules.

    A container gives the tokens `container_open` and `container_close`, both with the container's name as `info`;
    the opening one has `meta["attributes"]`, `meta["closed"]` (False where the closing fence is missing), and as `map`
    the lines of the whole container. Containers stand on the outermost level and not in each other. What looks like a
    fence but is none stays text: `containers` finds it. Quotes and dashes stay as they are written, and HTML is text.
    """
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False, "linkify": False}).enable("table")
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "container", _container, interrupts)
    markdown.core.ruler.after("block", "close_container", _close_at_end)
    return markdown


@cache
def shared() -> MarkdownIt:
    """Return the parser that this package itself uses; nobody adds rules to it."""
    return parser()


@cache
def foreign() -> MarkdownIt:
    """Return a parser of what others write: the same Markdown, without containers."""
    return parser().disable("container")


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take one fence line.

    The lines between two fences are left to the other rules, so that `:::` inside a code block means nothing.
    """
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip()
    opened: Token | None = state.env.get(_OPEN)
    if not _stands_outside(state, start, silent, opened) or not FENCE.match(line):
        return False
    fence = read_fence(line)
    opens_another = bool(fence.name) and opened is not None
    closes_nothing = not fence.name and opened is None
    if fence.flaws or opens_another or closes_nothing:
        return False
    if silent:
        return True
    if opened is None:
        token = state.push("container_open", "div", 1)
        token.attrs = {"class": fence.name}
        token.info, token.meta = fence.name, {"attributes": dict(fence.attributes), "closed": False}
        token.map = [start, start + 1]
        state.env[_OPEN] = token
    else:
        token = state.push("container_close", "div", -1)
        token.info, opened.meta["closed"] = opened.info, True
        opened.map = [opened.map[0] if opened.map else start, start + 1]
        del state.env[_OPEN]
    token.block, token.markup = True, ":::"
    state.line = start + 1
    return True


def _stands_outside(state: StateBlock, line: int, silent: bool, opened: Token | None) -> bool:
    """Whether `line` belongs to no list or quote; when asked silently, whether it would end the one that is open."""
    if state.sCount[line] >= 4:  # an indented code block
        return False
    if silent and (state.sCount[line] < state.blkIndent or state.parentType == "blockquote"):
        return True
    return state.blkIndent == 0 and state.level == (0 if opened is None else 1)


def _close_at_end(state: StateCore) -> None:
    """Close a container that the text left open, so that tokens always come in pairs."""
    opened: Any = state.env.pop(_OPEN, None)
    if opened is not None:
        opened.map = [opened.map[0], state.src.count("\n") + 1]
        state.tokens.append(Token("container_close", "div", -1, info=opened.info, markup=":::", block=True))
