"""Counts in one draft what may tell its kind: body positions, doses, orders, warnings, references, links."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from backmail.article.drafts import Draft
from backmail.article.lexicon import Lexicon, lexicon, straighten
from backmail.article.sentences import sentences
from backmail.model.article import Unit, UnitKind

__all__ = ["WARNING_SHARE", "Signals", "is_imperative", "is_link", "is_order", "is_reference", "safety_phrases"]

_WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
_ORDER_BY_ENDING = {
    # "Verwenden Sie ...", "Allongez-vous ...": the ending gives the order away.
    "de": re.compile(r"^\w+(?:en|eln|ern) Sie\b"),
    "fr": re.compile(r"^(?!(?:assez|chez|nez|rez)\b)\w+ez\b", re.IGNORECASE),
    # "Acércate", "Mézclalo": the pronoun behind the verb moves its accent.
    "es": re.compile(
        r"^(?:\w*[áéíóú]\w{1,4}(?:te|se|l[oae]s?)|ponte|mantente|vete|(?:da|de|pon|haz|ten|ve|di)(?:le|les|lo|los|la|las)"
        r"(?<!dela)(?<!delo)(?<!vela)(?<!velas)(?<!tenla)(?<!dedo))\b",
        re.IGNORECASE,
    ),
    # Verbs in -era have one form for orders, and so do Danish ones with an accent: "Inspektera", "Kontrollér".
    "sv": re.compile(r"^(?!(?:kamera|opera|flera|camera|cholera|kolera)\b)\w{3,}era\b", re.IGNORECASE),
    "da": re.compile(r"^\w{3,}ér\b"),
    # "Fagli bere acqua", "Mettilo al fresco".
    "it": re.compile(
        r"^(?:fa(?:gli|lle|llo|lla|tti)|(?:metti|lascia|porta|tieni|prendi|usa|evita|controlla|aggiungi|togli|copri|bagna"
        r"|lava|asciuga|taglia|versa|mescola|offri|proteggi|sistema|posiziona|riempi|chiedi)(?:lo|la|li|le|gli|ne|ti))\b",
        re.IGNORECASE,
    ),
}
# An infinitive that begins a sentence is an order ("Préchauffer le four", "Les couper en dés"), unless it is what the
# sentence is about ("Courir chaque jour est ..."): then a finite verb follows.
_BEFORE_OBJECT = {
    "fr": (
        r"^(?:(?:ne pas|bien|puis|ensuite) )?(?:(?:le|la|les|l’|y) ?)?"
        r"(?!(?:hier|notre|votre|autre|entre|contre|outre|premi|derni|leur|par|sur)\w*\b)"
        r"\w{2,}(?:er|ir|re)\b"
        r"(?: (?:le|la|les|un|une|des|du|de|à|au|aux|sur|dans|en|avec|sans|pendant|ensuite|puis|bien|et|environ|tout"
        r"|toute"
        r"|ce|cette|ces|son|votre|vos|plusieurs|\d+|\w+(?:er|ir|re|ment)|[ld]’\w+|jusqu’\w+)\b|[,;.]|$)",
        r"\b(?:est|sont|permet\w*|aide|aident|peut|peuvent|reste|demande|devient|suffit|a|ont|évite|coûte|c’est)\b",
    ),
    "es": (
        r"^(?!(?:ayer|ser|mujer|lugar|hogar|azúcar|mar|bar|primer|tercer|cualquier|estar|alrededor)\b)"
        r"\w{2,}(?:ar|er|ir)(?:l[oae]s?|se|te)?\b"
        r"(?: (?:el|la|los|las|un|una|unos|unas|de|con|sin|en|a|al|y|bien|durante|sobre|hasta|por|todo|todos|todas|cada"
        r"|tu"
        r"|su|\d+|\w+mente)\b|[,;.]|$)",
        r"\b(?:es|son|puede|pueden|ayuda|ayudan|permite|significa|requiere|ha|cuesta|evita|reduce|mejora)\b",
    ),
    "it": (
        r"^(?!(?:essere|mare)\b)\w{2,}(?:are|ere|ire|rre|(?:ar|er|ir)l[oaie])\b"
        r"(?: (?:il|lo|la|i|gli|le|un|uno|una|di|con|senza|in|a|al|alla|e|bene|per|su|sul|sulla|fino|ogni|tutto|tutti"
        r"|\d+|\w+mente|l’\w+|un’\w+)\b|[,;.]|$)",
        r"\b(?:è|sono|può|possono|aiuta|aiutano|permette|significa|richiede|ha|evita|riduce|migliora)\b",
    ),
}
_INFINITIVE_FIRST = {
    language: (re.compile(first, re.IGNORECASE), re.compile(finite, re.IGNORECASE))
    for language, (first, finite) in _BEFORE_OBJECT.items()
}
# "Le citronnier, l’olivier ..." begins as "Le couper en dés" does.
_FRENCH_NOUN = re.compile(r"(?:le |la |les |l’)\w+(?:,|ier\b)", re.IGNORECASE)
# One that ends a clause without a finite verb is one, too: "Den Teig kneten und eine Stunde ruhen lassen."
_INFINITIVE_LAST = {"de": re.compile(r"[a-zäöüß]{2,}(?:en|ern|eln)"), "nl": re.compile(r"[a-z]{2,}en")}
_CLAUSES = re.compile(r"[,;:()–—]|\s-\s")
_CLAUSE_WORDS = range(2, 26)
_YEAR = re.compile(r"\((?:[^()]{0,20}\s)?(?:19|20)\d\d[a-z]?\)|(?:^|[\s,(])(?:19|20)\d\d[a-z]?[).,;:]")
_REFERENCE = re.compile(
    r"https?://|www\.|\bdoi\b|\bet al\b|\bISBN\b|\bvol\.|\bJournal\b|^[^\W\d_][\w’-]+, (?:[A-Z]\.\s?)+", re.I
)
_LINK = r"(?:!?\[[^\]]*\]\([^)]*\)|<?https?://\S+>?)"
_LINKS_ONLY = re.compile(rf"\s*(?:#{{1,6}}\s+)?(?:[-*+]\s+|\d+[.)]\s+)?{_LINK}(?:[\s.,;|·→»]+{_LINK})*[\s.,;|·→»]*")
_LABEL_WORDS = 4
_ENOUGH = 1000  # sentences of a draft
_BEGINNING = 120  # signs of a sentence in which its order shows
_LONGEST_SENTENCE = 600  # signs of a sentence that is looked through; what is longer is no sentence
WARNING_SHARE = 0.34  # of the sentences: a text that warns this much may be safety text
_WARNINGS = ("phrases.consult", "phrases.stop", "phrases.hazards")
_DOSES = ("hold", "repeats", "sides")


def is_reference(text: str) -> bool:
    """Say whether a line looks like an entry of a bibliography: short, a year, and a name or a place to find it."""
    return (
        len(text.split()) <= 60
        and (_YEAR.search(text) is not None or "http" in text)
        and (_REFERENCE.search(text) is not None or bool(re.search(r"[\"“«].+[\"”»]", text)) or text.count(".") >= 2)
    )


def is_link(unit: Unit) -> bool:
    """Say whether a unit is nothing but links."""
    return _LINKS_ONLY.fullmatch(unit.raw) is not None


def safety_phrases(text: str, language: str) -> list[str]:
    """Return the pieces of `text`, verbatim, that tell to stop or to ask a doctor, vet, electrician ..."""
    known = lexicon(language)
    return known.find_all("phrases.stop", text) + known.find_all("phrases.consult", text)


@lru_cache(maxsize=4096)
def is_order(sentence: str, language: str) -> bool:
    """Say whether a sentence tells the reader to do something: with its first word, or after its first comma.

    In languages that put an order into the infinitive ("Den Teig kneten", "Ajouter le sel"), so does such a clause.
    """
    known = lexicon(language)
    text = straighten(sentence[:_LONGEST_SENTENCE]).strip()
    if _bids(text, known):
        return True
    label, colon, rest = text.partition(":")  # "Day 1: mix flour and water"
    if _orders(text, known) or (colon and len(label.split()) <= _LABEL_WORDS and _orders(rest, known)):
        return True
    first = _WORD.search(text)
    begins = first is not None and first[0].casefold() in known.words.get("subordinators", frozenset())
    return begins and "," in text and _orders(text.partition(",")[2], known)


def is_imperative(heading: str, language: str) -> bool:
    """Say whether a heading speaks to the reader ("Give it shade"), and not in the infinitive ("Das Glas spülen")."""
    return _orders(straighten(heading).strip(), lexicon(language))


def _bids(text: str, known: Lexicon) -> bool:
    """Say whether a sentence is an order in the infinitive."""
    if text.endswith("?") or (known.language == "fr" and _FRENCH_NOUN.match(text)):
        return False
    if found := _INFINITIVE_FIRST.get(known.language):
        first, finite = found
        return first.match(text) is not None and finite.search(text.partition(",")[0]) is None
    if (ending := _INFINITIVE_LAST.get(known.language)) is None:
        return False
    finite_words = known.words.get("finite", frozenset())
    joining = known.words.get("subordinators", frozenset()) | known.words.get("relatives", frozenset())
    for place, clause in enumerate(_CLAUSES.split(text.rstrip(".!… "))):
        words = _WORD.findall(clause)
        if len(words) not in _CLAUSE_WORDS or ending.fullmatch(words[-1]) is None or words[-2] in ("zu", "te"):
            continue
        small = [word.casefold() for word in words]
        dependent = place > 0 and small[0] in joining
        if not dependent and not finite_words & set(small[:-1]):
            return True
    return False


def _orders(text: str, known: Lexicon) -> bool:
    """Say whether a text begins with an imperative, after words such as "then" or "slowly"."""
    words = [word.casefold() for word in _WORD.findall(text[:_BEGINNING])]
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
        """The sentences of its prose and its list items; the first thousand of them tell what it is for."""
        spoken = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE)
        units = [unit for unit in self.draft.prose if unit.kind in spoken]
        found = (each for unit in units for each in sentences(unit.text, self.language) if each.strip())
        return list(itertools.islice(found, _ENOUGH))

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
    def bodily_orders(self) -> int:
        """How many sentences tell the reader to do something with a part of the body."""
        parts = self.known.words.get("body_parts", frozenset())
        return sum(
            is_order(each, self.language)
            and any(word.casefold() in parts for word in _WORD.findall(straighten(each[:_LONGEST_SENTENCE])))
            for each in self._harmless
        )

    @cached_property
    def plain_orders(self) -> int:
        """How many sentences tell the reader to do something and warn of nothing."""
        return sum(is_order(each, self.language) for each in self._harmless)

    @cached_property
    def advised(self) -> int:
        """How many harmless sentences tell what to do though they are no orders: "You should ...", "It is best to"."""
        return sum(
            self.known.find("phrases.instruction", each[:_LONGEST_SENTENCE]) is not None
            for each in self._harmless
            if not each.rstrip().endswith("?") and not is_order(each, self.language)
        )

    @cached_property
    def _harmless(self) -> list[str]:
        """The sentences that neither warn nor tell to stop or to ask a doctor; all where few do."""
        if self.share(len(self.warned)) < WARNING_SHARE:
            return self.sentences
        return [each for each in self.sentences if not self._piece(each, _WARNINGS)]

    @cached_property
    def sequenced(self) -> int:
        """How many sentences begin with a word that puts them behind others: "Then ...", "After that ..."."""
        return sum(self.known.find("phrases.sequence", each) is not None for each in self.sentences)

    @cached_property
    def farewells(self) -> list[str]:
        """For each sentence of heading and body that says goodbye as the end of an article does: the piece."""
        texts = [self.draft.heading, *self.sentences]
        found = (self.known.find("phrases.farewell", each[:_LONGEST_SENTENCE]) for each in texts)
        return [piece for piece in found if piece]

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
        return self._pieces(_WARNINGS[:2])

    @cached_property
    def advised_on_money(self) -> bool:
        """Whether its heading names those who know about money or law: to ask them is a step, and no warning."""
        return self.known.find("phrases.advisers", self.draft.heading) is not None

    @cached_property
    def told_to_ask(self) -> bool:
        """Whether a sentence tells to ask a doctor, a vet, an electrician ..."""
        return bool(self._pieces(_WARNINGS[:1]))

    @cached_property
    def warned(self) -> list[str]:
        """For each sentence that tells to stop, to ask a doctor or to beware: the piece that does, verbatim."""
        return self._pieces(_WARNINGS)

    @cached_property
    def directed(self) -> int:
        """How many of the sentences that warn also tell what to do or not to do; the others only name a danger."""
        return sum(
            is_order(each, self.language)
            or self.known.find("phrases.instruction", each[:_LONGEST_SENTENCE]) is not None
            for each in self.sentences
            if self._piece(each, _WARNINGS[2:])
        )

    def _pieces(self, names: Sequence[str]) -> list[str]:
        """Return, for each sentence in which one of the patterns finds something, what the first of them finds."""
        return [piece for each in self.sentences if (piece := self._piece(each, names))]

    def _piece(self, sentence: str, names: Sequence[str]) -> str:
        """Return what the first of the patterns finds that finds anything; in a list of warnings "never" is one."""
        found = next(filter(None, (self.known.find(name, sentence) for name in names)), "")
        return found or (self._forbidding(sentence) if _WARNINGS[2] in names else "")

    def _forbidding(self, sentence: str) -> str:
        """Return the "never" of a sentence that forbids something, or an empty string."""
        words = self.known.words.get("never", frozenset())
        piece = next((word for word in _WORD.findall(sentence) if word.casefold() in words), "")
        forbids = piece and (is_order(sentence, self.language) or self.known.find("phrases.instruction", sentence))
        return piece if forbids else ""

    @cached_property
    def references(self) -> int:
        """How many of its units look like entries of a bibliography."""
        return sum(is_reference(unit.text) for unit in self.draft.prose)

    @cached_property
    def links(self) -> int:
        """How many of its units are nothing but a link."""
        return sum(is_link(unit) for unit in self.draft.prose)

    def share(self, count: int) -> float:
        """Return the share that `count` has of its sentences."""
        return count / len(self.sentences) if self.sentences else 0.0
