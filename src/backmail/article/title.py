"""An article's title: as the source gives it, or guessed from the words that its headings and paragraphs repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from backmail.article.lexicon import lexicon, straighten
from backmail.model.article import Block, Kind

__all__ = ["guessed_title"]

_TOKEN = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*|[.,;:!?()\"“”\n]")
_LONGEST = 7  # words of a title made of words that come back
_TELLING = 3  # content words: "back pain" is a topic, "exercises for back pain" a title
_FIRST_WORDS = 8  # of the first sentence, when nothing comes back
_SAID = (Kind.INTRO, Kind.OTHER, Kind.HOW_TO, Kind.CONCLUSION, Kind.EXERCISE)


def guessed_title(blocks: Sequence[Block], language: str, name: str) -> str:
    """Return a title for an article that has none.

    It is the run of words that comes back most, counted by how much it says (each content word of it more than the
    last), and that stands in a heading, or else in the first block. Else the first heading, the first words, or the
    file's name.

    Arguments:
        blocks: of the article.
        language: the article's.
        name: the file's.
    """
    shown = [block for block in blocks if block.in_mails and block.kind in _SAID]
    small = lexicon(language).function_words
    counts: Counter[tuple[str, ...]] = Counter()
    for block in shown:
        counts.update(_runs(block.text, small))
    top = {run for block in shown[:1] for run in _runs(block.text, small)}
    named = {run for block in shown if block.heading for run in _runs(block.heading, small)}

    def rank(run: tuple[str, ...]) -> tuple[bool, int, tuple[str, ...]]:
        content = sum(word not in small for word in run)
        return (content < _TELLING, -counts[run] * content**2, run)

    for runs in (named, top):
        if known := [run for run in runs if counts[run] > 1 and _says(run, small)]:
            best = min(known, key=rank)
            # "shoulders and wrists" may be "stiff shoulders and wrists" wherever it matters.
            longer = [run for run in named | top if counts[run] > 1 and run[-len(best) :] == best]
            return _written(max(longer, key=lambda run: (len(run), run)), [block.text for block in shown])
    first = next((block.heading for block in shown if block.heading), "")
    words = first or " ".join(shown[0].text.split()[:_FIRST_WORDS] if shown else [])
    return _capital(words.rstrip(" .,:;")) or PurePath(name).stem


def _says(run: tuple[str, ...], small: frozenset[str]) -> bool:
    return sum(word not in small for word in run) > 1


def _runs(text: str, small: frozenset[str]) -> Counter[tuple[str, ...]]:
    """Count the runs of words between punctuation that begin and end with a content word."""
    words = [straighten(token).casefold() for token in _TOKEN.findall(text)]
    found: Counter[tuple[str, ...]] = Counter()
    for start, word in enumerate(words):
        if not word[0].isalpha() or word in small:
            continue
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            last = words[end - 1]
            if not last[0].isalnum():
                break
            if last not in small:
                found[tuple(words[start:end])] += 1
    return found


def _written(run: tuple[str, ...], texts: Sequence[str]) -> str:
    """Return a run of words as the text first writes it, with a capital in front."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in run), re.IGNORECASE)
    for text in texts:
        if match := pattern.search(straighten(text)):
            return _capital(text[match.start() : match.end()])
    return _capital(" ".join(run))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
