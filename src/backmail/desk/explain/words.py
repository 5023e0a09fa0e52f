"""What is said of an outline, in the languages that backmail explains itself in: one file of words for each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["LANGUAGES", "Words", "words_for", "words_in"]

LANGUAGES = ("en", "da", "de")

_REASON = re.compile(r"([a-z-]+)(?:\.([a-z0-9-]+))?(?::([a-z]{2,3}))?(?: (.*))?", re.DOTALL)
_COUNTED = re.compile(r"-\d+-words$")
_QUOTED = re.compile(r"(?:([a-z]{2,3}) )?'(.*)'", re.DOTALL)
_MOST = 90  # characters of the article that are quoted
_FIELD = re.compile(r"\{([a-z])\}")
_NAME = re.compile(r"“(.*)”", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. A reason, kind or sentence that it does not know is said as it stands."""

    language: str
    reasons: Mapping[str, str]
    kinds: Mapping[str, str]
    roles: Mapping[str, str]
    plan: Mapping[str, str]
    details: Mapping[str, str]
    said: Mapping[str, str]

    def reason(self, reason: str) -> str:
        """Return a reason such as "exercise.dose:en '8 times'" as a person says it."""
        found = _REASON.fullmatch(reason)
        if found is None:
            return reason
        name = found[1] + (f".{found[2]}" if found[2] else "")
        sentence = self.reasons.get(name) or self.reasons.get(_COUNTED.sub("", name))
        if sentence is None:
            return reason
        if "{it}" not in sentence:
            return sentence
        return sentence.replace("{it}", self._shown(found[4])) if found[4] else sentence.partition(":")[0]

    def of_plan(self, sentence: str) -> str:
        """Return a sentence of a plan, which speaks English, in this language."""
        return self._translated(sentence, "plan", self.plan)

    def say(self, key: str, **fields: object) -> str:
        """Return one of the fixed sentences with its fields filled in."""
        return self.said[key].format(**fields)

    def counted(self, number: int) -> str:
        """Return a number of words, in words."""
        return self.say("words", n=f"{number:,}".replace(",", self.said["thousands"]))

    def quoted(self, text: str) -> str:
        """Return a text in quotation marks."""
        return f"{self.said['open_quote']}{text}{self.said['close_quote']}"

    def _translated(self, text: str, section: str, mine: Mapping[str, str]) -> str:
        for key, pattern in _patterns(section) if self.language != "en" else ():
            if found := pattern.fullmatch(text):
                fields = {name: self._requoted(each) for name, each in found.groupdict().items()}
                return mine[key].format(**fields)
        return text

    def _requoted(self, text: str) -> str:
        found = _NAME.fullmatch(text)
        return self.quoted(found[1]) if found else text

    def _shown(self, detail: str) -> str:
        found = _QUOTED.fullmatch(detail)
        words = found[2] if found else self._translated(detail, "details", self.details)
        words = words if len(words) <= _MOST else f"{words[: _MOST - 1].rstrip()}…"
        return self.quoted(words) if found else words


@cache
def words_in(language: str) -> Words:
    """Return the words of a language of LANGUAGES."""
    data = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, data["reasons"], data["kinds"], data["roles"], data["plan"], data["details"], data["said"])


def words_for(article: str, asked: str | None = None) -> Words:
    """Return the words of the language that was asked for, else those of the article's, else English ones."""
    return words_in(asked or (article if article in LANGUAGES else "en"))


@cache
def _patterns(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return what the sentences of a section look like in English: {a} is any text, other letters are numbers."""
    english: Mapping[str, str] = getattr(words_in("en"), section)
    return tuple((key, re.compile("".join(_pieces(each)), re.DOTALL)) for key, each in english.items())


def _pieces(sentence: str) -> Iterator[str]:
    end = 0
    for field in _FIELD.finditer(sentence):
        yield re.escape(sentence[end : field.start()])
        yield f"(?P<{field[1]}>{'.+' if field[1] == 'a' else '[0-9]+'})"
        end = field.end()
    yield re.escape(sentence[end:])
