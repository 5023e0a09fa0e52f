"""Chooses the one safety sentence that every exercise mail repeats, word for word."""

from __future__ import annotations

from collections.abc import Sequence

from backmail.article.proposals.cues import Cues
from backmail.article.sentences import sentences
from backmail.article.spans import line_of
from backmail.model.article import Article, Block, Kind
from backmail.model.plan import Repeat

_SHORT = 160  # characters that are read at a glance


def repeated(
    article: Article, steps: Sequence[Sequence[Block]], cues: Cues, ahead: Repeat | None = None
) -> list[tuple[Repeat, ...]]:
    """Return for each step what it repeats: one safety sentence beside exercises without a safety text.

    Where the article has no safety text, it is `ahead`, the sentence of the one that stands ahead of it in its series.

    Source: every exercise mail repeats a stop or consult sentence, so that a reader who opens only this one has read
        it.
    """
    own = any(block.kind is Kind.SAFETY for blocks in steps for block in blocks)
    chosen = (None if own else ahead) or sentence(article, cues)
    result: list[tuple[Repeat, ...]] = []
    for blocks in steps:
        kinds = {block.kind for block in blocks}
        result.append((chosen,) if chosen and Kind.EXERCISE in kinds and Kind.SAFETY not in kinds else ())
    return result


def reminder(article: Article) -> Repeat | None:
    """Return the sentence that stands for an article's safety text in the mails behind it; None where it has none."""
    told = any(block.in_mails and block.kind is Kind.SAFETY for block in article.blocks)
    return sentence(article, Cues.of(article.lexicon or article.language)) if told else None


def sentence(article: Article, cues: Cues) -> Repeat | None:
    """Return the sentence of the safety texts and safety questions that says best when to stop.

    Best is one that tells to stop and to ask, then to stop, then to ask; one that needs no sentence before it; a short
    one; the first.
    None when the article has no such text; a text without such a sentence gives its first one.
    """
    said = [
        (block, unit, piece.strip())
        for block in article.blocks
        if block.in_mails and (block.kind is Kind.SAFETY or (block.kind is Kind.FAQ and block.safety_relevant))
        for unit in block.body or block.units
        for piece in sentences(unit.text, block.language)
        if piece.strip()
    ]
    if not said:
        return None

    def rank(index: int) -> tuple[bool, int, bool, int]:
        text = said[index][2]
        worth = 2 * cues.says_stop(text) + cues.says_consult(text)
        return (len(text) > _SHORT or not worth, -worth, not cues.stands_alone(text), index)

    block, unit, text = said[min(range(len(said)), key=rank)]
    return Repeat(block.id, text, line_of(unit, text))
