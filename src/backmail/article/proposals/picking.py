"""Picks the first wording that fits: its length, no refused promise, and unlike what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, count

from backmail.article.proposals.naming import clip, refused
from backmail.model.article import Block
from backmail.remarks import repeats

SUBJECT = (1, 50)  # characters: what most inboxes show
PREHEADER = (30, 100)
TEASER = (30, 120)
PROPOSALS = 3  # subjects that a marketer chooses from
_ALIKE = 0.75  # share of words in common: from here on a reader would take one for the other
_NO_CHOICE = 0.6  # from here on there is nothing to choose between two
_FILLING = " ·"  # makes a line long enough that a reader's inbox takes no words of the mail to fill it
_TRIES = 12  # words of the text with which a last wording may begin
# Markdown that no reader sees as more than signs: links that lead nowhere, notes.
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\))?[^()]*\)|\[[^\[\]]*\])")
_NOTE = re.compile(r"\[\^[^\]\s]+\]")


def pick(
    wordings: Iterable[str],
    bounds: tuple[int, int],
    said: Sequence[str],
    stopwords: Set[str],
    subject: str = "",
    *,
    blocks: Sequence[Block] = (),
) -> str:
    """Return the first wording of the right length that promises nothing refused and repeats nothing.

    Where none of them fits, it is made of the first words of the text, at last of a number.

    Arguments:
        wordings: the best first.
        bounds: fewest and most characters.
        said: what it must not sound like.
        stopwords: words that do not make a difference.
        subject: what it must not hold; "" for nothing.
        blocks: what the text is that the wording is about.
    """
    fitting = _fitting(chain(wordings, _last_words(blocks, bounds)), bounds, subject)
    return next(text for text in fitting if not any(alike(text, old, stopwords) for old in said))


def _last_words(blocks: Sequence[Block], bounds: tuple[int, int]) -> Iterator[str]:
    """Yield wordings without end: the first words of a text, the words behind them, at last numbers."""
    least, most = bounds
    words = " ".join(unit.text for block in blocks for unit in block.body).split()
    for start in range(min(len(words), _TRIES)):
        yield clip(" ".join(words[start:]), most)
    for start in range(min(len(words), _TRIES)):
        yield _filled(clip(" ".join(words[start:]), most), least)
    yield from (_filled(str(number), least) for number in count(1))


def _filled(text: str, least: int) -> str:
    return text + _FILLING * -(-max(0, least - len(text)) // len(_FILLING))


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
        text = told(wording)
        if least <= len(text) <= most and not repeats(text, subject) and not refused(text):
            yield text


def told(wording: str) -> str:
    """Return a wording as an inbox shows it: of a link that is written as Markdown its words alone, of a note none."""
    text = _NOTE.sub("", _LINK.sub(r"\1", wording))
    return " ".join(text.split())


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
