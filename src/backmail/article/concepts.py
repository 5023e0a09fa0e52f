"""What a heading names: a FAQ, sources, safety, a conclusion ... in the article's language, or in the shop's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from backmail.article.lexicon import LANGUAGES, base_language, lexicon

__all__ = ["Hit", "cleaned", "counted", "named", "numbered"]

# A shop's page has these headings in the shop's own language, whatever language the article is in.
_ANY_LANGUAGE = frozenset({"faq", "sources", "related", "toc", "chrome"})
_LONGEST = 400  # signs of what may name something
_NUMBER = re.compile(r"(\d{1,3})\s?[.):]\s+(?=\S)")
_ORNAMENT = re.compile(r"^[^\w¿¡(\"“]+|[\s:–—-]+$")
_PREFIX = re.compile(
    r"(?:Q|A|F|S|Sp|Question|Answer|Spørgsmål|Spørsmål|Svar|Frage|Antwort|Fråga|Pregunta|Respuesta|Réponse|Vraag|Antwoord|Domanda|Risposta)\s?\d{0,3}\s?[:.)]\s+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a word list found in a text, and in which language."""

    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.language} '{self.text}'"


def cleaned(heading: str) -> str:
    """Return a heading without what stands around its words: its number, a "Q:", ornaments, a last colon."""
    text = _ORNAMENT.sub("", heading)
    text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
    text = _PREFIX.sub("", text, count=1) if _PREFIX.match(text) else text
    return text.strip() or heading.strip()


def numbered(heading: str) -> int | None:
    """Return the number that a heading, as it is written, begins with ("## 2. Water it" is 2), or None."""
    found = _NUMBER.match(_ORNAMENT.sub("", heading))
    return int(found[1]) if found else None


def counted(heading: str) -> str | None:
    """Return how a heading is counted: "step" for "Step 2: ...", "" for "2. ...", None for one that is not."""
    words = re.sub(r"[^\w\s]", " ", heading.casefold()).split()
    if words and words[0].isdigit():
        return ""
    return words[0] if len(words) > 1 and words[1].isdigit() else None


@lru_cache(maxsize=4096)
def named(concept: str, heading: str, language: str) -> Hit | None:
    """Return what in a heading names the concept (a name of [headings] in the word lists), or None.

    The article's language is asked first; the others only about what belongs to a shop's page rather than to the
    article.
    """
    if len(heading) > _LONGEST:
        return None
    text = cleaned(heading)
    if not text:
        return None
    own = base_language(language)
    others = [each for each in LANGUAGES if each != own] if concept in _ANY_LANGUAGE else []
    for each in (language, *others):
        found = lexicon(each).find(f"headings.{concept}", text)
        if found is not None:
            return Hit(base_language(each), found)
    return None
