"""Wordings that a marketer should see: tied to a web page, promising a cure, said without exception."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from backmail.article.lexicon import Lexicon, Replacement, lexicon
from backmail.article.lexicon.searching import prepared, search
from backmail.article.sentences import sentences
from backmail.article.spans import line_of
from backmail.model.article import Block, Caution, Kind, Unit, UnitKind

__all__ = ["wordings"]

_MESSAGES = {
    "medium-words": "{text!r} speaks of a web page; in a mail it points nowhere",
    "cure-claim": "{text!r} promises what nobody can promise",
    "unconditional-claim": "{text!r} is said without exception",
    "product-claim": "{text!r} in a product's text promises what nobody can promise; the text is mailed unchanged",
}
# A claim is none behind a "not" or beside a "generally"; a page is a page with or without them.
_CLAIMS = ("cure-claim", "unconditional-claim")
_BEFORE = 40  # characters in which a negation is looked for


def wordings(blocks: Sequence[Block], language: str) -> Iterator[Caution]:
    """Yield a caution for each wording of the language's lists in the blocks that go into mails.

    Titles of sources are left alone. A product's text is looked at in its own language, and only for promises of a
    cure.
    """
    for block in blocks:
        if not block.in_mails or block.kind is Kind.SOURCES:
            continue
        known = lexicon(block.language if block.kind is Kind.PRODUCT else language)
        units = [unit for unit in block.units if unit.kind not in (UnitKind.CODE, UnitKind.LINK_DEFINITION)]
        # What the whole block cannot hold is not looked for in each of its lines: a list may have thousands.
        text = prepared("\n".join(unit.text for unit in units))
        possible = [each for each in known.replacements if search(each.pattern).may_find(text)]
        for unit in units:
            yield from _in_unit(unit, block, known, possible)


def _in_unit(unit: Unit, block: Block, known: Lexicon, possible: Sequence[Replacement]) -> Iterator[Caution]:
    text = prepared(unit.text)
    taken = bytearray(len(text.straight))  # 1 where a wording was found
    pieces: list[str] = []
    ends: list[int] = []  # where each sentence ends; looked up, for a line may hold thousands of wordings
    for wording in possible:
        if (block.kind is Kind.PRODUCT and wording.id != "cure-claim") or not search(wording.pattern).may_find(text):
            continue
        for found in wording.find.finditer(text.straight):
            start, end = found.span()
            if not pieces:
                pieces = sentences(unit.text, known.language)
                ends = list(itertools.accumulate(map(len, pieces)))
            sentence = pieces[bisect.bisect_right(ends, start)].strip()
            if not any(taken[start:end]) and not _is_hedged(
                wording, sentence, unit.text[max(0, start - _BEFORE) : start], known
            ):
                taken[start:end] = b"\1" * (end - start)
                yield _caution(wording, sentence, found, unit, block)


def _is_hedged(wording: Replacement, sentence: str, before: str, known: Lexicon) -> bool:
    """Say whether a claim is taken back by its own sentence, or by the words `before` it."""
    if wording.id not in _CLAIMS:
        return False
    hedged = wording.id == "unconditional-claim" and known.find("phrases.hedges", sentence) is not None
    return hedged or known.find("phrases.negations", before.rstrip()) is not None


def _caution(wording: Replacement, sentence: str, found: re.Match[str], unit: Unit, block: Block) -> Caution:
    """Return the caution for one wording; a product's text is never changed, so nothing is proposed for it."""
    text = unit.text[found.start() : found.end()]
    name = "product-claim" if block.kind is Kind.PRODUCT else wording.id
    proposal = None
    if wording.put is not None and name != "product-claim":
        # The first group is taken as the text writes it, not with straightened apostrophes.
        group = unit.text[found.start(1) : found.end(1)] if found.re.groups and found[1] is not None else ""
        proposal = wording.put.replace(r"\1", group)
        if text[:1].isupper():
            proposal = proposal[:1].upper() + proposal[1:]
    message = _MESSAGES[name].format(text=text)
    return Caution(name, message, line_of(unit, text), text, proposal, sentence)
