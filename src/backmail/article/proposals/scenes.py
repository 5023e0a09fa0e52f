"""What one step is about, as its headings, questions and doses say it: all that a proposal may use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from backmail.article.affinity import stems
from backmail.article.proposals.cues import Cues
from backmail.article.proposals.keyphrases import phrases, topic
from backmail.article.proposals.naming import as_written, inline, names_in, refused, tidy
from backmail.article.proposals.wording import Wording
from backmail.article.sentences import sentences
from backmail.model.article import Article, Block, Kind, UnitKind

_WORDS_A_MINUTE = 200
_LONGEST_TOPIC = 30  # characters of a title that can stand in a subject
_DOSES = ("position", "hold", "repeats", "sides", "equipment")
_NOUNS_HAVE_CAPITALS = frozenset({"de"})


class Shape(StrEnum):
    """What kind of mail a step is; the first that fits."""

    SAFETY = "safety"
    EXERCISES = "exercises"
    HOW_TO = "how-to"
    LAST = "last"
    FIRST = "first"
    QUESTIONS = "questions"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Series:
    """What all steps of a series share. `topic` is a phrase or ""; `names` are words that keep a capital.

    `ahead`: how many mails of other articles stand ahead of these.
    """

    article: Article
    wording: Wording
    cues: Cues
    weeks: int
    topic: str
    names: frozenset[str]
    ahead: int = 0

    def numbered(self, scene: Scene) -> dict[str, int]:
        """Return which mail a step is (n), of how many."""
        return {"n": self.ahead + scene.week, "of": self.ahead + self.weeks}

    @property
    def has_exercises(self) -> bool:
        """Whether any mail has one."""
        return any(block.kind is Kind.EXERCISE for block in self.article.blocks if block.in_mails)


@dataclass(frozen=True, slots=True)
class Scene:
    """One step: names and headings as they stand inside a sentence, questions and sentences word for word."""

    week: int
    shape: Shape
    safety: tuple[str, ...]  # headings of safety texts; they stand among `headings` too
    exercises: tuple[str, ...]
    headings: tuple[str, ...]
    questions: tuple[str, ...]
    continued: str  # heading of the section that goes on from the step before
    doses: tuple[str, ...]  # what the exercises say of position, hold ...
    adjective: str
    sentences: tuple[str, ...]  # that stand alone and are about their heading
    others: tuple[str, ...]  # that stand alone and are about anything
    lines: tuple[str, ...]  # first sentences that stand alone, of blocks without a heading
    phrases: tuple[str, ...]  # what the step speaks of more than the rest does
    closing: bool
    sources: bool
    start: str  # the first words
    minutes: int


def series(article: Article, weeks: int, wording: Wording, cues: Cues) -> Series:
    """Return what the steps share: the topic is the phrase that most blocks speak of."""
    told = [block for block in article.blocks if block.in_mails and not _is_bare(block, article)]
    named = [block.heading for block in told]
    phrase = topic([block.text for block in told], [article.title, *named], cues.stopwords, wording.joiners)
    prose = "\n".join(unit.text for block in told for unit in block.body)
    names, nouns = names_in(prose), wording.language in _NOUNS_HAVE_CAPITALS
    phrase = as_written(phrase, prose, nouns=nouns) if phrase else ""
    if refused(phrase) or not phrase:
        phrase = article.title if len(article.title) <= _LONGEST_TOPIC and not refused(article.title) else ""
    return Series(article, wording, cues, weeks, phrase, names)


def _is_bare(block: Block, article: Article) -> bool:
    """Say whether a block gives no words around its mail: sources, and products unless the article is about them."""
    return block.kind is Kind.SOURCES or (block.kind is Kind.PRODUCT and not article.about_products)


def scene(shared: Series, week: int, blocks: Sequence[Block]) -> Scene:
    """Return what the step of that week is about.

    Arguments:
        shared: the series.
        week: counted from 1.
        blocks: the step's blocks in the order they are shown.
    """
    told = [block for block in blocks if not _is_bare(block, shared.article)]
    exercises = [block for block in told if block.kind is Kind.EXERCISE]
    questions = [block for block in told if block.kind is Kind.FAQ]
    present = {block.id for block in told}
    named = [
        block
        for block in told
        if block.kind not in (Kind.EXERCISE, Kind.FAQ) and present.issuperset(block.lead_for) and _names(block, shared)
    ]
    shape = _shape(blocks, week, shared, asks=bool(questions) and not named)
    if shape is Shape.SAFETY:
        named.sort(key=lambda block: block.kind is not Kind.SAFETY)
    heads = [_inline(block, shared) for block in named]
    kinds = {block.kind for block in blocks}
    return Scene(
        week=week,
        shape=shape,
        safety=tuple(head for head, block in zip(heads, named, strict=True) if block.kind is Kind.SAFETY),
        exercises=tuple(_inline(block, shared) for block in exercises if block.heading),
        headings=tuple(dict.fromkeys(heads)),
        questions=tuple(tidy(block.heading) for block in questions if _is_usable(block.heading, shared)),
        continued=_continued(told, shared),
        doses=tuple(part for part in _DOSES if any(part in block.dose for block in exercises)),
        adjective=_adjective(exercises, shared.wording),
        sentences=tuple(sentence for block in told if block.heading for sentence in _about_itself(block, shared)),
        others=tuple(sentence for block in told for sentence in _others(block, shared)),
        lines=tuple(first for block in told if not block.heading for first in _firsts(block, shared)),
        phrases=_phrases(told, shared),
        closing=Kind.CONCLUSION in kinds,
        sources=Kind.SOURCES in kinds,
        start=next((unit.text for block in told for unit in block.body if unit.text), ""),
        minutes=max(1, math.ceil(sum(block.words for block in blocks) / _WORDS_A_MINUTE)),
    )


def _inline(block: Block, shared: Series) -> str:
    """Return a block's heading as it stands inside a sentence; a product's is a name."""
    if block.kind is Kind.PRODUCT:
        return tidy(block.heading)
    nouns = shared.wording.language in _NOUNS_HAVE_CAPITALS
    return inline(tidy(block.heading), shared.names, shared.cues.words.function_words if nouns else None)


def _shape(blocks: Sequence[Block], week: int, shared: Series, *, asks: bool) -> Shape:
    kinds = {block.kind for block in blocks}
    careful = sum(block.words for block in blocks if block.kind is Kind.SAFETY)
    mostly_safety = careful * 2 > sum(block.words for block in blocks)
    weeks = shared.weeks
    found = {
        Shape.SAFETY: Kind.SAFETY in kinds and (shared.has_exercises or mostly_safety),
        Shape.EXERCISES: Kind.EXERCISE in kinds,
        Shape.HOW_TO: Kind.HOW_TO in kinds,
        Shape.LAST: week == weeks and weeks > 1 and not kinds.isdisjoint((Kind.CONCLUSION, Kind.SOURCES)),
        Shape.FIRST: week == 1,
        Shape.QUESTIONS: asks,
    }
    return next((shape for shape, fits in found.items() if fits), Shape.PLAIN)


def _names(block: Block, shared: Series) -> bool:
    """Say whether a block's heading names something: not "conclusion", not "questions", not "in this post"."""
    if not block.heading or block.kind is Kind.CONCLUSION:
        return False
    faqs = {each.id for each in shared.article.blocks if each.kind is Kind.FAQ}
    only_questions = bool(block.lead_for) and faqs.issuperset(block.lead_for)
    return not only_questions and _is_usable(block.heading, shared)


def _continued(told: Sequence[Block], shared: Series) -> str:
    """Return the heading of the section that the step goes on with, when its first block has none of its own."""
    if not told or told[0].heading:
        return ""
    for block in shared.article.blocks:
        same = block.id == told[0].continues or block.section == told[0].section
        if same and block.id != told[0].id and _names(block, shared):
            return _inline(block, shared)
    return ""


def _adjective(exercises: Sequence[Block], wording: Wording) -> str:
    """Return an adjective that at least half of the exercises use of themselves, with a blank behind it, or ""."""
    for adjective, words in wording.adjectives.items():
        using = sum(not words.isdisjoint(block.text.casefold().split()) for block in exercises)
        if using * 2 >= len(exercises) > 0:
            return f"{adjective} "
    return ""


def _is_usable(text: str, shared: Series) -> bool:
    return bool(text) and not refused(text) and shared.cues.names(text)


def _firsts(block: Block, shared: Series) -> list[str]:
    """Return the first sentence of a block when it needs nothing before it."""
    first = next(iter(sentences(block.body[0].text, block.language)), "").strip() if block.body else ""
    whole = first.endswith((".", "!", "?"))
    return [first] if whole and _is_usable(first, shared) and shared.cues.stands_alone(first) else []


def _about_itself(block: Block, shared: Series) -> list[str]:
    """Return the first sentence of a block when it needs nothing before it and is about the block's heading."""
    if block.kind in (Kind.FAQ, Kind.SAFETY, Kind.CONCLUSION):
        return []
    named = stems(block.heading, shared.cues.stopwords)
    firsts = _firsts(block, shared)
    return [first for first in firsts if named and len(named & stems(first, shared.cues.stopwords)) * 2 >= len(named)]


def _others(block: Block, shared: Series) -> list[str]:
    """Return the sentences of a block's prose that need nothing before them; exercises and safety are told whole."""
    if block.kind not in (Kind.INTRO, Kind.HOW_TO, Kind.OTHER):
        return []
    said = [
        said.strip()
        for unit in block.body
        if unit.kind is UnitKind.PARAGRAPH
        for said in sentences(unit.text, block.language)
    ]
    return [each for each in said if each.endswith(".") and _is_usable(each, shared) and shared.cues.stands_alone(each)]


def _phrases(told: Sequence[Block], shared: Series) -> tuple[str, ...]:
    """Return up to two phrases of several words that the step has and most other blocks do not, best first."""
    texts = [block.text.casefold() for block in shared.article.blocks if block.in_mails]
    prose = "\n".join(unit.text for block in told for unit in block.body)
    found: list[str] = []
    for phrase, _ in phrases(
        [unit.text for block in told for unit in block.units], shared.cues.stopwords, shared.wording.joiners
    ):
        common = sum(phrase in text for text in texts) * 4 > len(texts)
        overlaps = any(set(phrase.split()) & set(other.casefold().split()) for other in found)
        other = phrase != shared.topic.casefold()
        if " " in phrase and not common and not overlaps and other and _is_usable(phrase, shared):
            found.append(as_written(phrase, prose, nouns=shared.wording.language in _NOUNS_HAVE_CAPITALS))
        if len(found) == 2:
            break
    return tuple(found)
