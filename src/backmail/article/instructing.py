"""Which sentences of an exercise tell the reader to do something: more than `is_order` finds in any other text."""

from __future__ import annotations

import re

from backmail.article.lexicon import Lexicon, lexicon, straighten
from backmail.article.signals import is_order

__all__ = ["instructs"]

_WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
_BEGINNING = 120  # signs of a sentence in which its order shows
_FORBIDS = {
    # "Ne bloquez pas la respiration", "Y no arquees la espalda": here the verb says it, not a word in front of it.
    "fr": re.compile(r"(?:(?!vous )\w+,? ){0,2}(?:ne |n’)\w+ez (?:pas|jamais|plus)\b", re.IGNORECASE),
    "es": re.compile(
        r"(?:\w+,? ){0,2}no (?:(?:te|se|l[oae]s?) )?(?!(?:tien|pued|quier|deb|necesit|est|er|v|pierd|sient|hac)[ea]s\b)"
        r"\w{3,}[ae]s\b",
        re.IGNORECASE,
    ),
}
# Words of movement that are no imperative: "Du bøjer ...", "Strecken hilft", "Descendre lentement". In languages that
# are not here they are as often nouns, or what the exercise does: "Stretch marks", "Estira la espalda".
_OTHER_FORMS = {
    "da": re.compile(r"\w+(?:er|e|et)"),
    "nb": re.compile(r"\w+(?:er|e|et)"),
    "sv": re.compile(r"\w+(?:r|de)"),
    "de": re.compile(r"\w+(?:en|st)"),
    "fr": re.compile(r"(?!\w+ez$)\w+"),
}
_OR = frozenset({"and", "or", "og", "eller", "och", "und", "oder", "et", "ou", "y", "o", "e", "en", "of"})
# What follows imperatives as well as nouns: "Halte die Position", "Tournez de gauche à droite".
_OBJECTS = {"de": frozenset({"der", "die", "das"}), "fr": frozenset({"de", "du", "des"})}


def instructs(sentence: str, language: str) -> bool:
    """Say whether a sentence of an exercise tells the reader to do something.

    There a word of movement at the beginning is an order ("Svaj ryggen", "Remontez"), where elsewhere it may be a noun,
    and so is a sentence that forbids ("Ne bloquez pas").

    Args:
        sentence: of an exercise; in another text this finds too many.
        language: a language tag.
    """
    if is_order(sentence, language):
        return True
    known = lexicon(language)
    text = straighten(sentence[:_BEGINNING]).strip()
    forbids = _FORBIDS.get(known.language)
    return (forbids is not None and forbids.match(text) is not None) or _moves(text, known)


def _moves(text: str, known: Lexicon) -> bool:
    """Say whether a text begins with an imperative of movement, after words such as "then" or "slowly"."""
    words = [word.casefold() for word in _WORD.findall(text)]
    openers = known.words.get("openers", frozenset())
    begun = next((at for at, word in enumerate(words) if word not in openers), len(words))
    first, *rest = words[begun : begun + 3] or [""]
    if not rest or not _is_imperative(first, known):
        return False
    if rest[0] in _OR:  # "Stand or sit tall"
        return len(rest) > 1 and _is_imperative(rest[1], known)
    signs = known.words.get("noun_signs", frozenset()) - _OBJECTS.get(known.language, frozenset())
    return known.language in _OTHER_FORMS and rest[0] not in signs


def _is_imperative(word: str, known: Lexicon) -> bool:
    """Say whether a word that begins a sentence may be an order; of words of movement only those that have no noun."""
    if word in known.words.get("imperatives", frozenset()):
        return True
    others = _OTHER_FORMS.get(known.language)
    return others is not None and word in known.words.get("movements", frozenset()) and not others.fullmatch(word)
