"""Counts in one draft what may tell its kind: body positions, doses, orders, warnings, references, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from backmail.article.drafts import Draft
from backmail.article.lexicon import Lexicon, lexicon, straighten
from backmail.article.sentences import sentences
from backmail.model.article import UnitKind

__all__ = ["Signals", "is_order", "is_reference", "safety_phrases"]

_WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
_ORDER_BY_ENDING = {
    # "Verwenden Sie ...", "Allongez-vous ...": the ending gives the order away.
    "de": re.compile(r"^\w+(?:en|eln|ern) Sie\b"),
    "fr": re.compile(r"^(?!(?:assez|chez|nez|rez)\b)\w+ez\b", re.IGNORECASE),
}
_YEAR = re.compile(r"\((?:[^()]{0,20}\s)?(?:19|20)\d\d[a-z]?\)|(?:^|[\s,(])(?:19|20)\d\d[a-z]?[).,;:]")
_REFERENCE = re.compile(
    r"https?://|www\.|\bdoi\b|\bet al\b|\bISBN\b|\bvol\.|\bJournal\b|^[^\W\d_][\w’-]+, (?:[A-Z]\.\s?)+", re.I
)
_LINK = r"(?:!?\[[^\]]*\]\([^)]*\)|<?https?://\S+>?)"
_LINKS_ONLY = re.compile(rf"\s*(?:[-*+]\s+|\d+[.)]\s+)?{_LINK}(?:[\s.,;|·→»]+{_LINK})*[\s.,;|·→»]*")
_LABEL_WORDS = 4
_DOSES = ("hold", "repeats", "sides")


def is_reference(text: str) -> bool:
    """Say whether a line looks like an entry of a bibliography: short, a year, and a name or a place to find it."""
    return (
        len(text.split()) <= 60
        and (_YEAR.search(text) is not None or "http" in text)
        and (_REFERENCE.search(text) is not None or bool(re.search(r"[\"“«].+[\"”»]", text)) or text.count(".") >= 2)
    )


def safety_phrases(text: str, language: str) -> list[str]:
    """Return the pieces of `text`, verbatim, that tell to stop or to ask a doctor, vet, electrician ..."""
    known = lexicon(language)
    return known.find_all("phrases.stop", text) + known.find_all("phrases.consult", text)


def is_order(sentence: str, language: str) -> bool:
    """Say whether a sentence tells the reader to do something: with its first word, or after its first comma."""
    known = lexicon(language)
    text = straighten(sentence)
    label, colon, rest = text.partition(":")  # "Day 1: mix flour and water"
    if _orders(text, known) or (colon and len(label.split()) <= _LABEL_WORDS and _orders(rest, known)):
        return True
    first = _WORD.search(text)
    begins = first is not None and first[0].casefold() in known.words.get("subordinators", frozenset())
    return begins and "," in text and _orders(text.partition(",")[2], known)


def _orders(text: str, known: Lexicon) -> bool:
    """Say whether a text begins with an imperative, after words such as "then" or "slowly"."""
    words = [word.casefold() for word in _WORD.findall(text[:120])]
    while words and words[0] in known.words.get("openers", frozenset()):
        words.pop(0)
    if not words or words[0] in known.words.get("pointers", frozenset()):
        return False
    if (pattern := _ORDER_BY_ENDING.get(known.language)) and pattern.search(text.strip()):
        return True
    if words[:2] in (["do", "not"], ["don’t"]) or words[0] == "don’t":
        return True
    noun = len(words) > 1 and words[1] in known.words.get("noun_signs", frozenset())
    return words[0] in known.words.get("imperatives", frozenset()) and not noun


@dataclass(frozen=True)
class Signals:
    """What is seen in one draft; every count is made when it is first asked for."""

    draft: Draft
    language: str

    @cached_property
    def known(self) -> Lexicon:
        """The word lists of the article's language."""
        return lexicon(self.language)

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of its prose and its list items."""
        spoken = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE)
        units = [unit for unit in self.draft.prose if unit.kind in spoken]
        return [each for unit in units for each in sentences(unit.text, self.language) if each.strip()]

    @cached_property
    def words(self) -> list[str]:
        """The words of heading and body, in lower case."""
        return [word.casefold() for word in _WORD.findall(straighten(f"{self.draft.heading}\n{self.draft.text}"))]

    @cached_property
    def positions(self) -> list[str]:
        """Body positions, verbatim."""
        return self.known.find_all("phrases.positions", self.draft.text)

    @cached_property
    def body_parts(self) -> list[str]:
        """The different parts of the body that it names, in their order."""
        parts = self.known.words.get("body_parts", frozenset())
        return list(dict.fromkeys(word for word in self.words if word in parts))

    @cached_property
    def movements(self) -> int:
        """How many different words of movement its body has."""
        moving = self.known.words.get("movements", frozenset())
        return len({word.casefold() for word in _WORD.findall(straighten(self.draft.text))} & moving)

    @cached_property
    def doses(self) -> list[str]:
        """For each of hold, repeats and sides that it tells: the piece, verbatim."""
        return [piece for name in _DOSES if (piece := self._dose(name))]

    def _dose(self, name: str) -> str:
        number = 0
        while f"dose.{name}.{number}" in self.known.patterns:
            if found := self.known.find(f"dose.{name}.{number}", self.draft.text):
                return found
            number += 1
        return ""

    @cached_property
    def exercise_name(self) -> str:
        """The word of its heading that names an exercise, or an empty string."""
        names = self.known.words.get("exercise_names", frozenset())
        words = [word.casefold() for word in _WORD.findall(straighten(self.draft.heading))]
        pieces = [piece for word in words for piece in (word, *word.split("-"))]
        return next((piece for piece in pieces if piece in names), "")

    @cached_property
    def orders(self) -> int:
        """How many sentences tell the reader to do something."""
        return sum(is_order(each, self.language) for each in self.sentences)

    @cached_property
    def ordered_items(self) -> int:
        """How many items of numbered lists it has."""
        return sum(unit.kind is UnitKind.ITEM and unit.ordered for unit in self.draft.body)

    @cached_property
    def code(self) -> int:
        """How many blocks of code it has."""
        return sum(unit.kind is UnitKind.CODE for unit in self.draft.body)

    @cached_property
    def told_to_stop(self) -> list[str]:
        """For each sentence that tells to stop or to ask a doctor: the piece that does, verbatim."""
        return self._pieces("phrases.consult", "phrases.stop")

    @cached_property
    def warned(self) -> list[str]:
        """For each sentence that tells to stop, to ask a doctor or to beware: the piece that does, verbatim."""
        return self._pieces("phrases.consult", "phrases.stop", "phrases.hazards")

    def _pieces(self, *names: str) -> list[str]:
        """Return, for each sentence in which one of the patterns finds something, what the first of them finds."""
        found = (next(filter(None, (self.known.find(name, each) for name in names)), "") for each in self.sentences)
        return [piece for piece in found if piece]

    @cached_property
    def references(self) -> int:
        """How many of its units look like entries of a bibliography."""
        return sum(is_reference(unit.text) for unit in self.draft.prose)

    @cached_property
    def links(self) -> int:
        """How many of its units are nothing but a link."""
        return sum(_LINKS_ONLY.fullmatch(unit.raw) is not None for unit in self.draft.prose)

    def share(self, count: int) -> float:
        """Return the share that `count` has of its sentences."""
        return count / len(self.sentences) if self.sentences else 0.0
