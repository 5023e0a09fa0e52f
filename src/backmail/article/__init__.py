"""Reads an article and understands it: text, Markdown, HTML, Word -> units -> blocks with kinds, reasons -> weeks."""

from backmail.article.instructing import instructs
from backmail.article.lexicon import Lexicons
from backmail.article.overrides import mark
from backmail.article.pictures import placed
from backmail.article.reading import pictures_in, read, read_text
from backmail.article.repeats import reminder
from backmail.article.sentences import (
    sentences,
)  # the desk gives these two to the campaign room, which knows no language
from backmail.article.understanding import understand
from backmail.article.weeks import arrange, likely_safety

__all__ = [
    "Lexicons",
    "arrange",
    "instructs",
    "likely_safety",
    "mark",
    "pictures_in",
    "placed",
    "read",
    "read_text",
    "reminder",
    "sentences",
    "understand",
]
