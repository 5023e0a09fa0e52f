"""How well lines were understood: boundaries, kinds, items found, safety text, and menus that got into mails.

Lines count only where the annotation says that they are the article; where it allows several kinds, each is right.
Boundaries, kinds and safety recall are means over articles, so that a long one counts no more than a short one; items
and safety precision are pooled, because an article has few of them or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.article_gold import CHROME, Gold, GoldBlock
from benchmarks.article_guess import Span

ITEMS = ("faq-item", "product", "exercise")
_OVERLAP = 0.5  # shared lines of an item, of all lines of it and what we take for it
_SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were found rightly, found wrongly, and not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right; None where nothing was found."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """The share of what there is that was found; None where there is nothing."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of one article. `safety` counts words; `mailed` are menu lines that stand in mails."""

    boundaries: float | None
    near: float | None
    kinds: float | None
    kinds_by_words: float | None
    items: dict[str, Counts] = field(default_factory=dict)
    safety: Counts = Counts()
    chrome_named: float | None = None
    mailed: tuple[int, ...] = ()


def score(gold: Gold, spans: Sequence[Span]) -> Score:
    """Measure what was understood of one article."""
    exact, near = _boundaries(gold, spans)
    kinds = _kinds(gold, spans)
    chrome = [line for line in gold.told if line in gold.owner and gold.owner[line].role == CHROME]
    return Score(
        exact.f1,
        near.f1,
        *_rightly_named(gold, kinds),
        {kind: _items(gold, spans, kind) for kind in ITEMS},
        _safety(gold, kinds),
        _share(sum(kinds.get(line, "other") != "other" for line in chrome), len(chrome)),
        _mailed(chrome, spans),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _kinds(gold: Gold, spans: Sequence[Span]) -> dict[int, str]:
    """Return the kind that each line was given; where spans overlap the first one counts."""
    named: dict[int, str] = {}
    for span in spans:
        for line in range(max(1, span.start), min(len(gold.lines), span.end) + 1):
            named.setdefault(line, span.kind)
    return named


def _begins(gold: Gold, line: int) -> int | None:
    """Return the line that a block beginning at `line` really begins with: the first from there that holds text."""
    return next((told for told in range(max(1, line), len(gold.lines) + 1) if told in gold.place), None)


def _boundaries(gold: Gold, spans: Sequence[Span]) -> tuple[Counts, Counts]:
    """Return how many blocks begin on the right line, and on it or the one before or after it that holds text.

    The article's first line is no boundary. What we cut inside or at the edge of what is left out is neither right nor
    wrong.
    """
    outer = {_begins(gold, block.start) for block in gold.blocks if not block.counts}
    never = {gold.told[0] if gold.told else 1, None}
    there = {line for block in gold.blocks if block.counts and (line := _begins(gold, block.start)) is not None} - never
    found = {line for span in spans if (line := _begins(gold, span.start)) is not None} - never
    found = {line for line in found if line in there or (line not in outer and _counts(gold, line))}
    pairs = sorted(
        (away, ours, theirs)
        for ours in found
        for theirs in there
        if (away := abs(gold.place[ours] - gold.place[theirs])) <= 1
    )
    met: set[int] = set()
    matched: set[int] = set()
    for _, ours, theirs in pairs:
        if ours not in matched and theirs not in met:
            matched.add(ours)
            met.add(theirs)
    exact = Counts(len(found & there), len(found - there), len(there - found))
    return exact, Counts(len(matched), len(found) - len(matched), len(there) - len(met))


def _counts(gold: Gold, line: int) -> bool:
    return line in gold.owner and gold.owner[line].counts


def _rightly_named(gold: Gold, kinds: dict[int, str]) -> tuple[float | None, float | None]:
    """Return the share of lines with the right kind, and the same by words."""
    lines = [line for line in gold.told if _counts(gold, line)]
    right = [line for line in lines if kinds.get(line, "other") in gold.owner[line].allowed]
    words = _share(sum(map(gold.words, right)), sum(map(gold.words, lines)))
    return _share(len(right), len(lines)), words


def _safety(gold: Gold, kinds: dict[int, str]) -> Counts:
    """Return the words of safety text: named so, of others named so, and not named so.

    Text that may as well be `other` need not be found, and text that may be safety is not wrong.
    """
    right = wrong = missed = 0
    for line in gold.told:
        if not _counts(gold, line):
            continue
        block, kind, words = gold.owner[line], kinds.get(line, "other"), gold.words(line)
        if block.kind == _SAFETY and "other" not in block.alt:
            right += words if kind in block.allowed else 0
            missed += 0 if kind in block.allowed else words
        elif kind == _SAFETY and _SAFETY not in block.allowed:
            wrong += words
    return Counts(right, wrong, missed)


def _mailed(chrome: Iterable[int], spans: Sequence[Span]) -> tuple[int, ...]:
    sent = {line for span in spans if span.in_mails for line in range(span.start, span.end + 1)}
    return tuple(line for line in chrome if line in sent)


def _items(gold: Gold, spans: Sequence[Span], kind: str) -> Counts:
    """Return how many items of a kind were found: each of ours that shares enough lines with one of theirs is right.

    A question must begin on its line or beside it. Ours that touch a block which may be of that kind are not wrong.
    """
    certain = [block for block in gold.blocks if block.kind == kind and not block.alt]
    possible = [block for block in gold.blocks if kind in block.allowed and block not in certain]
    left = list(certain)
    right = wrong = 0
    for span in spans:
        if span.kind != kind:
            continue
        ours = _told(gold, span)
        close = [(_overlap(ours, _told(gold, block)), block) for block in left if _may_be(gold, span, block, kind)]
        best = max(close, key=lambda pair: pair[0], default=(0.0, None))
        if best[1] is not None and best[0] >= _OVERLAP:
            left.remove(best[1])
            right += 1
        elif not any(ours & _told(gold, block) for block in possible):
            wrong += 1
    return Counts(right, wrong, len(left))


def _told(gold: Gold, lines: Span | GoldBlock) -> set[int]:
    return {line for line in range(lines.start, lines.end + 1) if line in gold.place}


def _overlap(ours: set[int], theirs: set[int]) -> float:
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def _may_be(gold: Gold, span: Span, block: GoldBlock, kind: str) -> bool:
    if kind != "faq-item":
        return True
    ours, theirs = _begins(gold, span.start), _begins(gold, block.start)
    return ours is not None and theirs is not None and abs(gold.place[ours] - gold.place[theirs]) <= 1


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures of several articles."""

    articles: int
    boundaries: float | None
    near: float | None
    kinds: float | None
    kinds_by_words: float | None
    items: dict[str, Counts]
    safety_recall: float | None
    safety_precision: float | None
    chrome_named: float | None
    mailed: int


def summary(scores: Sequence[Score]) -> Summary:
    """Sum up articles."""
    safety = sum((each.safety for each in scores), Counts())
    return Summary(
        len(scores),
        _mean(each.boundaries for each in scores),
        _mean(each.near for each in scores),
        _mean(each.kinds for each in scores),
        _mean(each.kinds_by_words for each in scores),
        {kind: sum((each.items[kind] for each in scores), Counts()) for kind in ITEMS},
        _mean(each.safety.recall for each in scores),
        safety.precision,
        _mean(each.chrome_named for each in scores),
        sum(len(each.mailed) for each in scores),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
