"""Which block a question or a product is about: the one that shares most of its content words, by a clear margin."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set

from backmail.model.article import Block

# Enough of a word to tell it from others, short enough to leave out most endings (exercise, exercises; øvelse,
# øvelsen).
_STEM = 6
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Chosen by eye on two articles: below, what is shared is chance.
_LEAST_SCORE = 0.58
_CLEAR_MARGIN = 1.5
_ASKED = 2.0  # a word of the question itself, rather than of its answer
_EQUIPMENT = 3.0  # a thing that the block's exercise needs


def content_words(text: str, stopwords: Set[str]) -> list[str]:
    """Return the words of a text that carry its content, lower case, in their order."""
    folded = text.casefold().replace("’", "'")
    return [word for word in _WORD.findall(folded) if len(word) > 2 and word not in stopwords]


def stems(text: str, stopwords: Set[str]) -> frozenset[str]:
    """Return the beginnings of a text's content words, so that singular and plural meet."""
    return frozenset(word[:_STEM] for word in content_words(text, stopwords))


def about(block: Block, candidates: Sequence[Block], stopwords: Set[str]) -> Block | None:
    """Return the candidate that `block` is about, or None when none stands out.

    A shared word counts by how few candidates hold it (inverse document frequency, squared), and a long candidate needs
    to share more.
    """
    held = [stems(candidate.text, stopwords) for candidate in candidates]
    frequency = Counter(stem for words in held for stem in words)
    rarest = math.log((len(candidates) + 1) / 1.5)
    weight = {
        stem: (math.log((len(candidates) + 1) / (count + 0.5)) / rarest) ** 2 for stem, count in frequency.items()
    }
    asked, said = stems(block.heading, stopwords), stems(block.text, stopwords)
    scores: list[float] = []
    for candidate, words in zip(candidates, held, strict=True):
        equipment = candidate.dose.get("equipment")
        needed = stems(equipment.text, stopwords) if equipment else frozenset()
        shared = sorted(said & words)
        gain = sum(
            weight[stem] * (_ASKED if stem in asked else 1.0) * (_EQUIPMENT if stem in needed else 1.0)
            for stem in shared
        )
        size = math.sqrt(sum(weight[stem] for stem in sorted(words)))
        scores.append(gain / size if size else 0.0)
    ranked = sorted(range(len(candidates)), key=lambda index: (-scores[index], index))
    if not ranked or scores[ranked[0]] < _LEAST_SCORE:
        return None
    if len(ranked) > 1 and scores[ranked[0]] < _CLEAR_MARGIN * scores[ranked[1]]:
        return None
    return candidates[ranked[0]]
