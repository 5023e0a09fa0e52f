"""The Markdown of step bodies: CommonMark, tables, named containers; and how other text is made inert in it."""

from backmail.markup.containers import CONTAINERS, Container, containers
from backmail.markup.dialect import parser
from backmail.markup.fences import attribute
from backmail.markup.hyphenated import hyphenated
from backmail.markup.passages import Passage, passages, plain
from backmail.markup.text import escape, fold, inert, protect

__all__ = [
    "CONTAINERS",
    "Container",
    "Passage",
    "attribute",
    "containers",
    "escape",
    "fold",
    "hyphenated",
    "inert",
    "parser",
    "passages",
    "plain",
    "protect",
]
