"""Subjects of the mails that articles become: whether any two are the same, any is long, each has a word of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backmail.article.affinity import stems
from backmail.article.proposals.cues import Cues
from backmail.model.article import Article
from backmail.model.plan import Plan

MOST_CHARACTERS = 50
# Of the words of both, those that both hold: two articles about one thing share a third.
_SAME_ARTICLE = 0.7


@dataclass(frozen=True, slots=True)
class Subjects:
    """What was seen. `own` have a content word that stands in no other step's subject, `rare` in no other step at all.

    For these, the steps of one article are compared with one another. `shared` stand twice in one series, or in series
    of different articles; an article that is there in two formats has its subjects twice, and rightly so.
    """

    steps: int
    shared: tuple[str, ...]
    long: tuple[str, ...]
    own: int
    rare: int


def subjects_of(plans: Iterable[tuple[Article, Plan]]) -> Subjects:
    """Look at the subjects of some articles' plans."""
    series: list[list[str]] = []
    texts: list[frozenset[str]] = []
    own = rare = 0
    for article, plan in plans:
        known = Cues.of(article.language).stopwords
        said = [step.subject for step in plan.steps]
        told = [" ".join([step.subject, *(article.block(id_).text for id_ in step.blocks)]) for step in plan.steps]
        series.append(said)
        texts.append(stems(" ".join(told), known))
        own += _with_a_word(said, said, known)
        rare += _with_a_word(said, told, known)
    subjects = [subject for said in series for subject in said]
    long = tuple(subject for subject in subjects if len(subject) > MOST_CHARACTERS)
    return Subjects(len(subjects), _shared(series, texts), long, own, rare)


def _shared(series: Sequence[Sequence[str]], texts: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """Return the subjects that two steps share, save those of two versions of one article."""
    found: set[str] = set()
    for n, said in enumerate(series):
        times = Counter(subject.casefold() for subject in said)
        found |= {subject for subject in said if times[subject.casefold()] > 1}
        for m in range(n):
            if not _same(texts[n], texts[m]):
                others = {subject.casefold() for subject in series[m]}
                found |= {subject for subject in said if subject.casefold() in others}
    return tuple(sorted(found))


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME_ARTICLE * len(one | other)


def _with_a_word(subjects: Sequence[str], texts: Sequence[str], stopwords: frozenset[str]) -> int:
    """Return how many subjects have a content word that only their own of the texts holds."""
    held = [stems(text, stopwords) for text in texts]
    times = Counter(stem for each in held for stem in each)
    return sum(any(times[stem] == 1 for stem in stems(subject, stopwords)) for subject in subjects)
