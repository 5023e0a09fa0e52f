"""What a marketer should look at in an article: wordings, sources without a link, no safety text, a guessed title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.article.claims import wordings
from backmail.article.docx import missing_pictures
from backmail.model.article import Article, Block, Caution, Kind, UnitKind

__all__ = ["cautions_of"]

_LINK = re.compile(r"https?://|www\.|\bdoi\b|\]\(|\]\[|\bISBN\b", re.IGNORECASE)
_SMALL_HEADINGS = 3  # in small letters: a style, not a slip


def cautions_of(article: Article, language: str) -> Iterator[Caution]:
    """Yield what should be looked at before the article is mailed; cautions change nothing by themselves.

    Arguments:
        article: as it is understood.
        language: the article's, as the word lists are asked for it.
    """
    yield from wordings(article.blocks, language)
    yield from _sources(article)
    yield from _headings(article)
    yield from _safety(article)
    yield from _pictures(article)
    if article.title_guessed:
        message = f"the article has no title; {article.title!r} is a guess from its words"
        yield Caution("guessed-title", message, article.blocks[0].start, article.title)


def _sources(article: Article) -> Iterator[Caution]:
    """A source that names no address, DOI or ISBN cannot be verified by a reader."""
    for block in article.blocks:
        if block.kind is not Kind.SOURCES or not block.in_mails:
            continue
        for unit in block.body:
            if unit.text and unit.kind is not UnitKind.HEADING and not _LINK.search(unit.raw):
                yield Caution("source-without-link", "no link: it cannot be verified", unit.start, unit.text)


def _headings(article: Article) -> Iterator[Caution]:
    """Headings that are all in small letters are shown in sentence case, and that is said."""
    headed = [block for block in article.blocks if block.in_mails and block.heading]
    small = [block for block in headed if _is_small(block)]
    if len(small) >= _SMALL_HEADINGS and len(small) * 2 > len(headed):
        message = f"{len(small)} headings are in small letters; mails show them with a capital"
        yield Caution("lower-case-headings", message, small[0].start, small[0].heading)


def _is_small(block: Block) -> bool:
    return block.heading[:1].islower() and block.heading == block.heading.lower()


def _pictures(article: Article) -> Iterator[Caution]:
    """A document may show pictures that it does not hold: what they show stands in their places, as text."""
    missing = missing_pictures(article.source.text) if article.source.format == "docx" else 0
    if missing and article.blocks:
        message = (
            "a picture of the document is not in its file, and its description stands in its place"
            if missing == 1
            else f"{missing} pictures of the document are not in its file, and their descriptions stand in their places"
        )
        yield Caution("picture-missing", message, article.blocks[0].start)


def _safety(article: Article) -> Iterator[Caution]:
    """Exercises are never mailed without safety text."""
    exercises = [block for block in article.blocks if block.kind is Kind.EXERCISE and block.in_mails]
    if exercises and not any(block.kind is Kind.SAFETY and block.in_mails for block in article.blocks):
        message = (
            "there are exercises but no safety text was found; mark it (--mark LINES=safety), add one (--safety FILE) "
            "or say why there is none (--no-safety 'REASON')"
        )
        yield Caution("no-safety", message, exercises[0].start)
