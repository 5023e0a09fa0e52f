"""How a block is found again in another version of its article: by its text, its heading and the headings above it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from backmail.article.lexicon import straighten
from backmail.markup import fold
from backmail.model.article import Article, Kind, Override, Remembered, Unit, UnitKind

__all__ = ["Spot", "begins", "first_words", "found", "key_of", "like", "spots", "spots_of", "words_of"]

_FIRST_WORDS = 6
_FIRST_FEW = 4  # by which a block that stands elsewhere is known, if nearly all the rest is the same
_KEY = 8  # hexadecimal signs: two of a thousand blocks share one in a ten-thousandth of all articles
_ALIKE = 90.0  # of 100: a comma, a typing error, another word
_SIMILAR = 75.0  # of 100: a sentence more or less, below the same heading
_CLEAR = 3.0  # points of 100 by which one block is more alike than any other
_ENOUGH = 40  # characters: a shorter text is a part of many
_UNMARKED = str.maketrans("", "", "\u00ad\u200b\ufeff")  # signs that nobody sees

# Why a block cannot be told.
_GONE = "no block begins with these words"
_REWRITTEN = "the text that this was decided about is gone, or was rewritten"
_SEVERAL = "{} blocks begin with these words: write more of them"
_ALIKE_SEVERAL = "{} blocks are like the text that this was decided about"


@dataclass(frozen=True)
class Spot:
    """A block in its place: its text in one line, its heading, and the headings that it stands below."""

    text: str
    heading: str
    under: tuple[str, ...]

    @cached_property
    def plain(self) -> str:
        """Its text as texts are compared."""
        return _plain(self.text)

    def remembered(self, other: str = "") -> Remembered:
        """Return what is kept of it with a decision."""
        return Remembered(self.text, self.heading, self.under, other)


def words_of(units: Sequence[Unit]) -> str:
    """Return the text of some units in one line."""
    return fold(" ".join(unit.text or unit.raw for unit in units))


def spots(blocks: Iterable[tuple[Sequence[Unit], str, bool]]) -> list[Spot]:
    """Return the blocks in their places.

    Arguments:
        blocks: the units of each, its heading, and whether other blocks can stand below it: a product's name and the
            article's title are no headings of what follows.
    """
    made: list[Spot] = []
    above: list[tuple[int, str]] = []
    for units, heading, opens in blocks:
        level = units[0].level if heading and units[0].kind is UnitKind.HEADING else 0
        if opens and level:
            above = [each for each in above if each[0] < level]
        made.append(Spot(words_of(units), fold(heading), tuple(name for _, name in above)))
        if opens and level:
            above.append((level, fold(heading)))
    return made


def spots_of(article: Article) -> dict[str, Spot]:
    """Return the blocks of an article in their places, by their ids; not those of an added safety text."""
    own = [block for block in article.blocks if not block.file]
    opening = [(block.units, block.heading, block.kind is not Kind.PRODUCT and block.role != "title") for block in own]
    return {block.id: spot for block, spot in zip(own, spots(opening), strict=True)}


def key_of(known: Remembered) -> str:
    """Return the key of a block: a hash of its text and of the headings above it, case and signs set aside."""
    parts = [*(_plain(each) for each in known.under), "", _plain(known.text)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_KEY]


def begins(spot: Spot, words: str) -> bool:
    """Say whether a block begins with some words, in any case and spacing."""
    return bool(words.strip()) and spot.plain.startswith(_plain(words))


def first_words(text: str, others: Sequence[str]) -> str:
    """Return as many first words of a text as tell it from the texts `others`."""
    words = _plain(text).split(" ")
    count = min(_FIRST_WORDS, len(words))
    known = [_plain(each) for each in others]
    while count < len(words) and any(each.startswith(" ".join(words[:count])) for each in known):
        count += 1
    return " ".join(text.split(" ")[:count])


def found(places: Sequence[Spot], override: Override) -> int | str:
    """Return the number of the block that an override is about, or why there is none."""
    known = override.known
    if known is None:
        by_words = _by_words(places, override.block)
        if isinstance(by_words, int) or not override.key:
            return by_words
        by_key = [number for number, each in enumerate(places) if override.key == key_of(each.remembered())]
        return by_key[0] if len(by_key) == 1 else by_words
    text = _plain(known.text)
    same = [number for number, each in enumerate(places) if each.plain == text]
    home = [number for number in same if _under(places[number]) == _under(known)]
    if same:
        return _only(home or same, override.block, places)
    return _most_alike(places, known, override.block)


def like(text: str, other: str) -> bool:
    """Say whether two texts are the same but for a comma, a typing error or a word."""
    return fuzz.ratio(_plain(text), _plain(other), score_cutoff=_ALIKE) > 0


def _by_words(places: Sequence[Spot], words: str) -> int | str:
    """Return the block with these words as its heading, as its whole text, or as its beginning."""
    wanted = _plain(words)
    if not wanted:
        return _GONE
    for fits in (
        [number for number, each in enumerate(places) if _plain(each.heading) == wanted],
        [number for number, each in enumerate(places) if each.plain == wanted],
        [number for number, each in enumerate(places) if each.plain.startswith(wanted)],
    ):
        if fits:
            return fits[0] if len(fits) == 1 else _SEVERAL.format(len(fits))
    return _GONE


def _most_alike(places: Sequence[Spot], known: Remembered, words: str) -> int | str:
    """Return the block that is nearest to a text that changed."""
    scores = {number: score for number, each in enumerate(places) if (score := _score(each, known))}
    scores = scores or {number: score for number, each in enumerate(places) if (score := _elsewhere(each, known))}
    ranked = sorted(scores, key=lambda number: (-scores[number], number))
    if not ranked:
        return _REWRITTEN
    if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < _CLEAR:
        return _only(ranked, words, places)
    return ranked[0]


def _only(numbers: Sequence[int], words: str, places: Sequence[Spot]) -> int | str:
    """Return the one of some blocks that begins with these words, if just one does."""
    begun = [number for number in numbers if begins(places[number], words)]
    few = begun or numbers
    return few[0] if len(few) == 1 else _ALIKE_SEVERAL.format(len(few))


def _score(spot: Spot, known: Remembered) -> float:
    """Return how alike a block is to one that is remembered, of 100; 0 for one that is another."""
    one, other = spot.plain, _plain(known.text)
    headed = bool(known.heading) and _plain(spot.heading) == _plain(known.heading)
    beside = _under(spot) == _under(known)
    if not headed and not beside:
        return 0.0
    score = fuzz.ratio(one, other, score_cutoff=_SIMILAR if headed else _ALIKE)
    if not score and (headed or beside) and min(len(one), len(other)) >= _ENOUGH:
        # It was cut in two, or grew: nearly all of the shorter one stands in the longer one.
        score = fuzz.partial_ratio(one, other, score_cutoff=_ALIKE)
        score = score if headed or one.startswith(other[:_ENOUGH]) or other.startswith(one[:_ENOUGH]) else 0.0
    return score


def _elsewhere(spot: Spot, known: Remembered) -> float:
    """Return how alike a block below another heading is, of 100: it begins the same and reads nearly the same."""
    both = ((spot.plain, _plain(known.text)), (_unheaded(spot), _unheaded(known)))
    return max(fuzz.ratio(one, other, score_cutoff=_ALIKE) if _begins_alike(one, other) else 0.0 for one, other in both)


def _begins_alike(one: str, other: str) -> bool:
    """Say whether two texts that are long enough to be told from others have the same first words."""
    first, second = (text.split(" ")[:_FIRST_FEW] for text in (one, other))
    return first == second and min(len(one), len(other)) >= _ENOUGH


def _unheaded(place: Spot | Remembered) -> str:
    """Return the text of a block as texts are compared, without its heading: that may be another one now."""
    text, heading = _plain(place.text), _plain(place.heading)
    return text.removeprefix(heading).lstrip() if heading else text


def _under(place: Spot | Remembered) -> tuple[str, ...]:
    return tuple(_plain(each) for each in place.under)


def _plain(text: str) -> str:
    """Return a text as texts are compared: in one line and one case, one form of each sign, none that nobody sees."""
    return fold(straighten(unicodedata.normalize("NFC", text)).translate(_UNMARKED)).casefold()
