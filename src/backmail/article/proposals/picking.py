"""Picks the first wording that fits: its length, no refused promise, and unlike what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from backmail.article.proposals.naming import refused

SUBJECT = (1, 50)  # characters: what most inboxes show
PREHEADER = (30, 100)
TEASER = (30, 120)
_ALIKE = 0.75  # share of words in common: from here on a reader would take one for the other


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
    for wording in wordings:
        text = " ".join(wording.split())
        least, most = bounds
        holds = bool(subject) and subject.casefold() in text.casefold()
        if (
            least <= len(text) <= most
            and not holds
            and not refused(text)
            and not any(alike(text, old, stopwords) for old in said)
        ):
            return text
    raise ValueError("no wording fits")


def alike(one: str, other: str, stopwords: Set[str]) -> bool:
    """Say whether two lines would look the same to somebody who skims an inbox: mostly the same words and numbers."""
    if one.casefold() == other.casefold():
        return True
    first, second = _tokens(one, stopwords), _tokens(other, stopwords)
    if not first or not second or _numbers(one) != _numbers(other):
        return False
    return len(first & second) >= _ALIKE * len(first | second)


def _tokens(text: str, stopwords: Set[str]) -> set[str]:
    words = re.findall(r"\w+(?:['’-]\w+)*", text.casefold().replace("’", "'"))
    return {word for word in words if word not in stopwords}


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)
