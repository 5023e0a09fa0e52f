"""What the mails should say of each block: its passages as the article has them, or with proposals applied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from backmail.campaign.adapt import Rewording, reword, rewordings, sentence_case
from backmail.campaign.body import Writing, source_heading, written
from backmail.campaign.outline import Outline
from backmail.markup import passages
from backmail.model.article import Article, Block, UnitKind

_GONE = 80.0  # of 100: less alike than this, and a sentence that may be left out is taken for left out


@dataclass(frozen=True, slots=True)
class Expected:
    """A block's passages in order, and where its links lead. `heading` is as the source has it, "" for none."""

    block: Block
    parts: tuple[str, ...]
    heading: str
    targets: tuple[str, ...]
    rewordings: tuple[Rewording, ...]
    adapted: bool

    def settled(self, part: str, found: str) -> str:
        """Return `part` in that of its accepted forms which stands in `found`, or which comes nearest to it."""
        if not self.heading or part != self.parts[0]:
            return self._reworded(part, found)
        heading = self._reworded(self.heading, found)
        shown = part if heading == self.heading else sentence_case(heading)
        return heading if _holds(found, heading) and not _holds(found, shown) else shown

    def _reworded(self, part: str, found: str) -> str:
        """Return `part` with each sentence for which there are proposals in the form that is in `found`."""
        chosen = {each.sentence: self._form(each, found) for each in self.rewordings if each.sentence in part}
        return " ".join(reword(part, chosen).split())

    def _form(self, rewording: Rewording, found: str) -> str:
        """Return the form of a sentence that is in `found`."""
        forms = sorted((form for form in rewording.forms if form), key=len, reverse=True)
        for form in forms:
            if _holds(found, form):
                return form
        first = rewording.reworded if self.adapted else rewording.sentence
        nearest = max(forms, key=lambda form: (fuzz.partial_ratio(form, found), form == first))
        if "" in rewording.forms and fuzz.partial_ratio(nearest, found) < _GONE:
            return ""
        return nearest


def _holds(text: str, words: str) -> bool:
    """Whether `words` stand in `text`, at the bounds of words."""
    return re.search(rf"(?<!\S){re.escape(' '.join(words.split()))}(?!\S)", text) is not None


def expectations(article: Article, outline: Outline) -> Mapping[str, Expected]:
    """Return what is expected of each block that belongs into a mail, by its id."""
    plain = Writing(
        format=article.source.format,
        safety_format=Path(outline.added_safety).suffix.removeprefix("."),
        language=article.language,
        sentences=lambda text, language: [text],  # where sentences end does not matter here: words are compared
        instructs=lambda sentence, language: False,
        skus={block.id: "any" for block in article.blocks},
    )
    links = [unit.raw for block in article.blocks for unit in block.units if unit.kind is UnitKind.LINK_DEFINITION]
    blocks = (block for block in article.blocks if block.in_mails)
    found = {block.id: _expected(block, article, plain, links, outline.adapt == "all") for block in blocks}
    # A picture without a text for those who do not see it has no words by which it could be found or missed.
    return {name: each for name, each in found.items() if each.parts}


def _expected(block: Block, article: Article, plain: Writing, links: Sequence[str], adapted: bool) -> Expected:
    """Return what is expected of one block."""
    shown = passages("\n\n".join([written(block, plain), *links]))
    return Expected(
        block=block,
        parts=tuple(" ".join(each.text.split()) for each in shown),
        heading=" ".join(source_heading(block).split()),
        targets=tuple(to for each in shown for to, _ in each.targets),
        rewordings=rewordings(article, block),
        adapted=adapted,
    )
