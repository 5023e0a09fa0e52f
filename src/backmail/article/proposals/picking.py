"""Picks the first wording that fits: its length, no refused promise, and unlike what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from backmail.article.proposals.naming import refused

SUBJECT = (1, 50)  # characters: what most inboxes show
PREHEADER = (30, 100)
TEASER = (30, 120)
PROPOSALS = 3  # subjects that a marketer chooses from
_ALIKE = 0.75  # share of words in common: from here on a reader would take one for the other
_NO_CHOICE = 0.6  # from here on there is nothing to choose between two


def pick(
    wordings: Iterable[str], bounds: tuple[int, int], said: Sequence[str], stopwords: Set[str], subject: str = ""
) -> str:
    """Return the first wording of the right length that promises nothing refused and repeats nothing.

    Arguments:
        wordings: the best first; the last must fit whatever was said.
        bounds: fewest and most characters.
        said: what it must not sound like.
        stopwords: words that do not make a difference.
        subject: what it must not hold; "" for nothing.

    Raises:
        ValueError: none fits.
    """
    for text in _fitting(wordings, bounds, subject):
        if not any(alike(text, old, stopwords) for old in said):
            return text
    raise ValueError("no wording fits")


def pick_more(
    wordings: Iterable[str], bounds: tuple[int, int], picked: str, others: Sequence[str], stopwords: Set[str]
) -> tuple[str, ...]:
    """Return PROPOSALS wordings to choose from, `picked` first; fewer where the wordings do not give that many.

    Arguments:
        wordings: the best first.
        bounds: fewest and most characters.
        picked: the one that was picked.
        others: what none of them may sound like.
        stopwords: words that do not make a difference.
    """
    found = [picked]
    for text in _fitting(wordings, bounds):
        if len(found) == PROPOSALS:
            break
        same = any(alike(text, old, stopwords, _NO_CHOICE) for old in found)
        if not same and not any(alike(text, old, stopwords) for old in others):
            found.append(text)
    return tuple(found)


def _fitting(wordings: Iterable[str], bounds: tuple[int, int], subject: str = "") -> Iterator[str]:
    """Yield the wordings of the right length that promise nothing refused and do not hold the subject."""
    least, most = bounds
    for wording in wordings:
        text = " ".join(wording.split())
        holds = bool(subject) and subject.casefold() in text.casefold()
        if least <= len(text) <= most and not holds and not refused(text):
            yield text


def alike(one: str, other: str, stopwords: Set[str], limit: float = _ALIKE) -> bool:
    """Say whether two lines would look the same to somebody who skims an inbox: mostly the same words and numbers.

    `limit` is the share of words in common, from 0 to 1, from which on they do.
    """
    if one.casefold() == other.casefold():
        return True
    first, second = _tokens(one, stopwords), _tokens(other, stopwords)
    if not first or not second or _numbers(one) != _numbers(other):
        return False
    return len(first & second) >= limit * len(first | second)


def _tokens(text: str, stopwords: Set[str]) -> set[str]:
    words = re.findall(r"\w+(?:['’-]\w+)*", text.casefold().replace("’", "'"))
    return {word for word in words if word not in stopwords}


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
