"""What backmail makes of an annotated article, told in the lines that the annotation counts.

Text and Markdown count the same lines. A page's annotation counts a text with one element a line, so its lines are
aligned with the texts of our units: equal ones first, then by the words between them. The order is always kept, so a
heading that stands there three times meets the right one of three lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from backmail import article as articles
from backmail.errors import BackmailError
from backmail.model.article import Article, Kind, Unit
from backmail.model.plan import Plan
from benchmarks.article_gold import Gold

_WORD = re.compile(r"\w+")
# Between two lines that are equal; above, comparing words takes longer than it is worth.
_MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Span:
    """Lines that we take for one block (both ends inside) and its kind, called as annotations call it."""

    start: int
    end: int
    kind: str
    heading: str = ""
    in_mails: bool = True


@dataclass(frozen=True, slots=True)
class Guess:
    """What backmail makes of an article; `refused` says why it makes nothing of it, or no plan."""

    spans: tuple[Span, ...] = ()
    unaligned: tuple[int, ...] = ()
    article: Article | None = None
    plan: Plan | None = None
    refused: str = ""


def guess(gold: Gold) -> Guess:
    """Read, understand and arrange an annotated article."""
    try:
        article = articles.understand(articles.read(gold.article))
    except BackmailError as error:
        return Guess(refused=str(error))
    # Some ask for a safety text or are too short for a series; how they were understood is measured all the same.
    try:
        plan, refused = articles.arrange(article, without_safety="measured, not sent"), ""
    except BackmailError as error:
        plan, refused = None, str(error)
    owners = _by_text(gold, article) if article.source.by_element else _by_line(article)
    unaligned = tuple(line for line in gold.told if line not in owners) if article.source.by_element else ()
    return Guess(tuple(_spans(owners, article, _mailed(article, plan))), unaligned, article, plan, refused)


def _mailed(article: Article, plan: Plan | None) -> frozenset[str]:
    """Return the ids of the blocks that stand in mails; without a plan, of those that would."""
    if plan is None:
        return frozenset(block.id for block in article.blocks if block.in_mails)
    return frozenset(block for step in plan.steps for block in step.blocks)


def _by_line(article: Article) -> dict[int, int]:
    """Return for each line of a block which block that is."""
    numbered = enumerate(article.blocks)
    return {line: n for n, block in numbered for line in range(block.start, block.end + 1)}


def _spans(owners: dict[int, int], article: Article, mailed: frozenset[str]) -> Iterator[Span]:
    """Give the lines of each block; a block that another one interrupts is several."""
    first = last = owner = None
    for line in [*sorted(owners), None]:
        if line is not None and first is not None and owners[line] == owner:
            last = line
            continue
        if first is not None and last is not None and owner is not None:
            block = article.blocks[owner]
            kind = "faq-item" if block.kind is Kind.FAQ else str(block.kind)
            yield Span(first, last, kind, block.heading, block.id in mailed)
        first, last, owner = line, line, None if line is None else owners[line]


def _by_text(gold: Gold, article: Article) -> dict[int, int]:
    """Return for the lines of a page the block that has their text, as far as one has it."""
    # In the order of the page: what stands inside a section but is no part of it, say a related link, is put behind it.
    units = sorted(
        ((unit.start, n, unit) for n, block in enumerate(article.blocks) for unit in block.units), key=_first
    )
    texts = [(n, words) for _, n, unit in units for text in unit.parts or (unit.text,) if (words := _words(text))]
    lines = [(line, words) for line in gold.told if (words := _words(gold.lines[line - 1]))]
    owners: dict[int, int] = {}
    keys = [" ".join(words) for _, words in lines], [" ".join(words) for _, words in texts]
    for tag, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            owners |= {line: n for (line, _), (n, _) in zip(lines[a:b], texts[c:d], strict=True)}
        elif tag == "replace":
            owners |= _by_words(lines[a:b], texts[c:d])
    return owners


def _first(unit: tuple[int, int, Unit]) -> int:
    return unit[0]


def _words(text: str) -> tuple[str, ...]:
    """Return what two renderings of a text have in common: its words; of a text without any, its signs."""
    return tuple(_WORD.findall(text.casefold())) or tuple(text.split())


def _by_words(
    lines: Sequence[tuple[int, tuple[str, ...]]], texts: Sequence[tuple[int, tuple[str, ...]]]
) -> dict[int, int]:
    """Return for lines the block that shares most of their words, in order: a line may be part of a text, or several.

    Of a line at least half the words must be there.
    """
    ours = [(n, word) for n, words in texts for word in words]
    theirs = [(line, word) for line, words in lines for word in words]
    if len(ours) + len(theirs) > _MOST_WORDS:
        return {}
    matcher = SequenceMatcher(None, [word for _, word in theirs], [word for _, word in ours], autojunk=False)
    shared: dict[int, Counter[int]] = {}
    for at, to, size in matcher.get_matching_blocks():
        for step in range(size):
            shared.setdefault(theirs[at + step][0], Counter())[ours[to + step][0]] += 1
    length = {line: len(words) for line, words in lines}
    return {line: found.most_common(1)[0][0] for line, found in shared.items() if 2 * found.total() >= length[line]}
