"""Reads an article and understands it: text or Markdown -> units -> blocks with kinds and reasons -> weeks."""

from backmail.article.overrides import mark
from backmail.article.reading import read, read_text
from backmail.article.sentences import (
    sentences,
)  # the desk gives these two to the campaign room, which knows no language
from backmail.article.signals import is_order
from backmail.article.understanding import understand
from backmail.article.weeks import arrange

__all__ = ["arrange", "is_order", "mark", "read", "read_text", "sentences", "understand"]
