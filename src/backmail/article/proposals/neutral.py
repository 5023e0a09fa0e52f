"""Proposals for languages that we have no wordings of: the article's own headings and sentences, and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from backmail.article.proposals.naming import clip, opening, tidy
from backmail.article.proposals.picking import PREHEADER, SUBJECT, TEASER, pick
from backmail.model.article import Article, Block, Kind
from backmail.model.plan import ProposedAction

_BARE = frozenset({Kind.PRODUCT, Kind.SOURCES})


def subjects(article: Article, blocks: Sequence[Block], week: int, weeks: int, before: int = 0) -> Iterator[str]:
    """Yield subjects: the title for the first mail, headings, questions, first lines; at last a number.

    `before`: how many mails of other articles stand ahead of these in the series.
    """
    if week == 1 and article.title and not article.title_guessed:
        yield opening(article.title)
    heads = _headings(blocks)
    yield from (opening(head) for head in heads)
    yield from (clip(opening(head), SUBJECT[1]) for head in heads)
    yield from (clip(line, SUBJECT[1]) for line in _lines(blocks))
    number = f"{before + week}/{before + weeks}"
    yield f"{clip(article.title, SUBJECT[1] - 8)} {number}" if article.title else number
    yield number


def preheaders(
    article: Article, blocks: Sequence[Block], week: int, subject: str, most: int = PREHEADER[1]
) -> Iterator[str]:
    """Yield preheaders: the headings that the subject does not say, first lines; at last numbers."""
    heads = [opening(head) for head in _headings(blocks) if head.casefold() not in subject.casefold()]
    parts = list(accumulate(heads, lambda so_far, head: f"{so_far} · {head}"))
    yield from reversed(parts)
    lines = _lines(blocks)
    for part, line in ((part, line) for part in reversed(parts) for line in lines):
        yield f"{part} · {clip(line, max(8, most - len(part) - 3))}"
    yield from (clip(line, most) for line in lines)
    for line in lines:
        yield f"{week} · {clip(line, most - 8)}"
    yield f"{week} · {clip(article.title, most - 8)}"
    yield f"{week}" + " ·" * (PREHEADER[0] // 2)


def action(week: int, weeks: int, subject: str, source_url: str) -> ProposedAction:
    """Return the step's action: a link to the article at the end, else none; its text is the subject."""
    return ProposedAction(subject, "link" if week == weeks and source_url else "none")


def teaser(article: Article, blocks: Sequence[Block], week: int) -> str:
    """Return one line about the step, of its headings."""
    return pick(preheaders(article, blocks, week, "", TEASER[1]), TEASER, [], frozenset(), blocks=blocks)


def _headings(blocks: Sequence[Block]) -> list[str]:
    """Return the headings of a step, of questions last, without those of products and sources."""
    told = sorted(
        (block for block in blocks if block.kind not in _BARE and block.heading),
        key=lambda block: block.kind is Kind.FAQ,
    )
    return [head for block in told if (head := tidy(block.heading))]


def _lines(blocks: Sequence[Block]) -> list[str]:
    return [unit.text for block in blocks if block.kind not in _BARE for unit in block.body if unit.text]
