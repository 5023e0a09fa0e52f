"""Tells which language a text is in: by its small words, and by py3langid only where these leave a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from backmail.article.lexicon import LANGUAGES, base_language, lexicon, straighten

__all__ = ["Foreign", "foreign", "language_of"]

_WORD = re.compile(r"[^\W\d_]+(?:’[^\W\d_]+)*")
_READ = 20_000  # characters: more tell nothing new
_PROSE_WORDS = 12  # of a line; a heading or a blurb has hardly more
_PROSE_SAYS = 24  # words in all
_ENOUGH = 8  # function words that decide about an article
_CLEAR = 1.25  # times the next language
_SPELLED = 0.5  # what a word spelled as in this language counts, of a function word
# A line is foreign when its chance to be in the article's language is below this. Asking "is it surely Danish?" instead
# fails: a short line splits its chance between Danish and Norwegian.
_FOREIGN = 0.1
_OTHERS = ("pt", "fi", "pl")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A line that is not in the article's language: the language that it is in, and how that was seen."""

    language: str
    evidence: str


def language_of(texts: Iterable[str], own: Sequence[str] = ()) -> str:
    """Return the language (ISO 639-1; Norwegian is nb) that most of the prose is in; English when nothing tells it.

    Headings, blurbs and captions are often in the shop's language: only lines as long as prose vote, if there are any.

    Args:
        texts: the lines.
        own: the keys of a project's own word lists (`Lexicons.keys`); languages that do not ship, too.
    """
    keys = {**{each: each for each in LANGUAGES}, **{base_language(key): key for key in own}}
    told = [straighten(text) for text in texts]
    prose = _prose(told)
    text = " ".join(prose)[:_READ]
    found = _WORD.findall(text.casefold())
    if len(found) < 3:
        return LANGUAGES[0]
    scores = {each: _score(found, text, key) for each, key in keys.items()}
    best, second = sorted(scores, key=lambda each: -scores[each])[:2]  # of equals, the first in the order above
    if scores[best] >= max(_ENOUGH, len(found) / 8) and (
        scores[best] >= _CLEAR * scores[second] or _outweighs(found, keys[best], keys[second])
    ):
        return best
    return _voted(prose, keys)


def _prose(texts: list[str]) -> list[str]:
    """Return the texts that are long enough for prose; all of them when these say too little."""
    prose = [text for text in texts if len(text.split()) >= _PROSE_WORDS]
    return prose if sum(len(text.split()) for text in prose) >= _PROSE_SAYS else texts


def _voted(texts: list[str], languages: Iterable[str]) -> str:
    """Return the language of most words, each text asked for itself: of a page in two languages the longer one."""
    votes: dict[str, int] = {}
    read = 0
    for text in texts:
        if read < _READ and _WORD.search(text):
            told = _ranked(text, *languages)[0][0]
            votes[told] = votes.get(told, 0) + len(text.split())
            read += len(text)
    return max(votes, key=lambda each: votes[each])


def foreign(text: str, language: str) -> Foreign | None:
    """Return what tells that the line `text` is in another language than `language`, or None when it may be in it."""
    base = base_language(language)
    words = set(_WORD.findall(straighten(text).casefold()))
    own = lexicon(language).function_words
    theirs = {each: words & lexicon(each).function_words for each in LANGUAGES if each != base}
    mine = words & own
    if len(mine) >= 2 and len(mine) >= max(len(held) for held in theirs.values()):
        return None
    # Words that the languages share ("for", "over") tell nothing.
    most = max(len(held - own) for held in theirs.values())
    if own and most >= 2 and not mine.difference(*theirs.values()):
        return Foreign(
            _nearest(text, [each for each, held in theirs.items() if len(held - own) == most]),
            f"{most} words of another language",
        )
    chances = _ranked(text, base)
    chance = sum(share for each, share in chances if each == base)
    return Foreign(chances[0][0], f"p({base})={chance:.2f}") if chance < _FOREIGN else None


def _outweighs(words: list[str], best: str, second: str) -> bool:
    """Say whether of two languages that share their small words one is told by those that they do not share."""
    ours, theirs = lexicon(best).function_words, lexicon(second).function_words
    mine = sum(word in ours and word not in theirs for word in words)
    return mine >= 3 and mine >= 2 * sum(word in theirs and word not in ours for word in words)


def _nearest(text: str, languages: list[str]) -> str:
    """Return which of a few languages a line is in; neighbours share small words, but spell others differently."""
    if len(languages) > 1:
        spelled = {each: _spelled(straighten(text), each) for each in languages}
        most = max(spelled.values())
        languages = [each for each in languages if spelled[each] == most]
    if len(languages) > 1:
        return next((each for each, _ in _ranked(text) if each in languages), languages[0])
    return languages[0]


def _spelled(text: str, language: str) -> int:
    return len(lexicon(language).pattern("words.spellings").findall(text))


def _score(words: list[str], text: str, language: str) -> float:
    known = lexicon(language).function_words
    return sum(word in known for word in words) + _SPELLED * _spelled(text, language)


@cache
def _identifier() -> Any:
    """Return py3langid's identifier; to read its model takes half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=8)
def _limited(wanted: frozenset[str]) -> Any:
    """Return the identifier for some of its languages; to pick them out of its model takes longer than to ask it."""
    identifier = copy(_identifier())
    identifier.set_languages([each for each in identifier.nb_classes if each in wanted])
    return identifier


def _ranked(text: str, *languages: str) -> list[tuple[str, float]]:
    """Return the languages that a text may be in, the most probable first; `languages` are further ones to consider."""
    wanted = frozenset("no" if each == "nb" else each for each in (*LANGUAGES, *_OTHERS, *languages))
    return [(base_language(each), float(chance)) for each, chance in _limited(wanted).rank(text)]
