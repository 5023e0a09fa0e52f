"""Applies the proposals for an article's wording to its sentences, and says what each would read like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backmail.markup import fold
from backmail.model.article import Article, Block, Caution

_NUMBER = re.compile(r"\d+")
_MOST_TOGETHER = 4  # proposals in one sentence whose every combination is looked at (16 sentences)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that reads otherwise in the mails than in the article: which block, what for, from and to."""

    block: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rewording:
    """A sentence of the article for which there are proposals."""

    sentence: str
    cautions: tuple[Caution, ...]

    @property
    def reworded(self) -> str:
        """The sentence with all proposals applied; empty when nothing is left of it."""
        return _apply(self.sentence, self.cautions)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form it takes when none (that comes first), some or all of the proposals are applied."""
        several = len(self.cautions)
        sizes = range(several + 1) if several <= _MOST_TOGETHER else (0, several)
        chosen = (each for size in sizes for each in combinations(self.cautions, size))
        return tuple(dict.fromkeys(_apply(self.sentence, each) for each in chosen))


def rewordings(article: Article, block: Block) -> tuple[Rewording, ...]:
    """Return the sentences of `block` for which the article has proposals, in their order.

    A proposal that would touch a number or a dose is left aside: those stay as the article has them.
    """
    text = fold(block.text)
    found: dict[str, list[Caution]] = {}
    for caution in article.cautions:
        sentence = fold(caution.sentence)
        if caution.proposal is None or not caution.text or not sentence or sentence not in text:
            continue
        if block.start <= caution.start <= block.end and _keeps_numbers(caution, block):
            found.setdefault(sentence, []).append(caution)
    by_place = sorted(found.items(), key=lambda item: text.index(item[0]))
    return tuple(Rewording(sentence, _in_order(sentence, cautions)) for sentence, cautions in by_place)


def _in_order(sentence: str, cautions: Sequence[Caution]) -> tuple[Caution, ...]:
    """Return the cautions in the order of their places in the sentence; of two that overlap, the first one."""
    kept: list[Caution] = []
    end = 0
    for caution in sorted(cautions, key=lambda each: sentence.find(fold(each.text))):
        at = sentence.find(fold(caution.text), end)
        if at >= 0:
            kept.append(caution)
            end = at + len(fold(caution.text))
    return tuple(kept)


def _keeps_numbers(caution: Caution, block: Block) -> bool:
    """Whether the proposal leaves all numbers and every dose of the block alone."""
    if _NUMBER.findall(caution.text) != _NUMBER.findall(caution.proposal or ""):
        return False
    touched = fold(caution.text)
    return not any(touched in fold(dose.text) or fold(dose.text) in touched for dose in block.dose.values())


def _apply(sentence: str, cautions: Sequence[Caution]) -> str:
    """Return the sentence with the proposals in place of what they are for."""
    at = 0
    for caution in cautions:
        old, new = fold(caution.text), fold(caution.proposal or "")
        start = sentence.find(old, at)
        if start < 0:
            continue
        left, right = sentence[:start], sentence[start + len(old) :]
        sentence, at = _joined(left, new, right, capital=not left and old[:1].isupper())
    return sentence if re.search(r"\w", sentence) else ""


def _joined(left: str, new: str, right: str, *, capital: bool) -> tuple[str, int]:
    """Join the pieces around a change without double blanks or commas; return the text and where `right` begins."""
    if not new:
        left, right = left.rstrip(), right.lstrip()
        if right[:1] in tuple(",.;:!?"):
            left = left.rstrip(",;:") if left else left
            right = right if left else right.lstrip(",;: ")
        elif left and right:
            left += " "
    text = left + new + right
    if capital:
        text = text[:1].upper() + text[1:]
    return text, len(left) + len(new)


def reword(text: str, chosen: Mapping[str, str]) -> str:
    """Return `text` with each sentence that is a key of `chosen` in its other form, wherever its line breaks are."""
    for sentence, form in chosen.items():
        if form == sentence:
            continue
        pattern = r"\s+".join(re.escape(word) for word in sentence.split())
        text = re.sub(pattern + (r"\s*" if not form else ""), form.replace("\\", r"\\"), text, count=1)
    return text.rstrip() if chosen else text


def changes(block: Block, rewordings: Sequence[Rewording]) -> Iterator[Change]:
    """Give what the proposals change in a block."""
    for each in rewordings:
        if each.reworded != each.sentence:
            what = ", ".join(dict.fromkeys(caution.id for caution in each.cautions))
            yield Change(block.id, what, each.sentence, each.reworded)


def sentence_case(heading: str) -> str:
    """Return a heading that is all in lower case with a capital in front; any other as it is."""
    return heading[:1].upper() + heading[1:] if heading == heading.lower() else heading
