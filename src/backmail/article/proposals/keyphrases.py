"""Finds the phrases that a text is about: runs of content words that come back in many of its blocks (after RAKE)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[.,;:!?()\"“”\n]")
_LONGEST = 4  # words of a phrase, joiners included


def phrases(texts: Sequence[str], stopwords: Set[str], joiners: Set[str]) -> list[tuple[str, int]]:
    """Return the phrases of the texts with the number of texts that hold each, best first.

    A phrase begins and ends with a content word; inside it a joiner ("of", "and") may stand. It counts by the texts
    that hold it and by its content words. Ties: the longer one, then alphabetical.

    Arguments:
        texts: one per block.
        stopwords: words that say nothing about a topic.
        joiners: the stopwords that may stand inside a phrase.
    """
    held: Counter[str] = Counter()
    for text in texts:
        held.update(sorted(_runs(text, stopwords, joiners)))

    def rank(phrase: str) -> tuple[float, int, str]:
        content = sum(word not in stopwords for word in phrase.split())
        return (-held[phrase] * content**1.5, -len(phrase), phrase)

    return [(phrase, held[phrase]) for phrase in sorted(held, key=rank)]


def _runs(text: str, stopwords: Set[str], joiners: Set[str]) -> set[str]:
    """Return all runs of up to _LONGEST words that no punctuation parts and that begin and end with a content word."""
    words = [token.casefold().replace("’", "'") for token in _TOKEN.findall(text)]
    found: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            run = words[start:end]
            if not _is_word(run[-1]) or (run[-1] in stopwords and run[-1] not in joiners):
                break
            if _is_content(run[0], stopwords) and _is_content(run[-1], stopwords):
                found.add(" ".join(run))
    return found


def _is_word(token: str) -> bool:
    return token[:1].isalpha()


def _is_content(token: str, stopwords: Set[str]) -> bool:
    return _is_word(token) and len(token) > 2 and token not in stopwords


def topic(texts: Sequence[str], headings: Sequence[str], stopwords: Set[str], joiners: Set[str]) -> str:
    """Return what an article is about, or "": its best phrase that stands in three texts and in a heading."""
    named = " \n ".join(heading.casefold().replace("’", "'") for heading in headings)
    for phrase, count in phrases(texts, stopwords, joiners)[:40]:
        if count >= 3 and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", named):
            return phrase
    return ""
