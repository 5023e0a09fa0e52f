"""What an article's word lists say of a line: does it tell to stop, does it lean on others, does it name anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backmail.article.lexicon import Lexicon, base_language, lexicon, straighten
from backmail.article.proposals.wording import wording

# Headings that say what a section is for, but not what it is about.
_BLAND = ("headings.intro", "headings.faq", "headings.sources", "headings.conclusion", "headings.label", "headings.toc")
_FLAGGED = frozenset({"medium-words", "cure-claim"})


@dataclass(frozen=True, slots=True)
class Cues:
    """The word lists of one language. `stopwords` say nothing about a topic; their apostrophes are straight."""

    words: Lexicon
    stopwords: frozenset[str]
    leaning_start: frozenset[str]
    leaning: frozenset[str]

    @classmethod
    def of(cls, language: str) -> Cues:
        """Return the cues of a language (or key of a project's words); one without proposals knows no leaning words."""
        words, said = lexicon(language), wording(base_language(language))
        function = frozenset(word.replace("’", "'") for word in words.function_words)
        if said is None:
            return cls(words, function, frozenset(), frozenset())
        return cls(words, function | said.empty, said.leaning_start, said.leaning)

    def says_stop(self, sentence: str) -> bool:
        """Say whether a sentence tells the reader to stop."""
        return self.words.find("phrases.stop", sentence) is not None

    def says_consult(self, sentence: str) -> bool:
        """Say whether a sentence tells the reader to ask a professional."""
        return self.words.find("phrases.consult", sentence) is not None

    def names(self, text: str) -> bool:
        """Say whether a heading names something that a mail can be about, in words that hold in a mail."""
        if any(self.words.find(pattern, text) for pattern in _BLAND):
            return False
        return not any(each.id in _FLAGGED and each.find.search(straighten(text)) for each in self.words.replacements)

    def stands_alone(self, sentence: str) -> bool:
        """Say whether a sentence can be read without the one before it."""
        words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", sentence.casefold().replace("’", "'"))
        return bool(words) and words[0] not in self.leaning_start and self.leaning.isdisjoint(words)
