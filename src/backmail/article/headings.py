"""Finds the headings of a plain text, which nothing marks: by their shape, their neighbours, the text's style."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import Hit, named, numbered
from backmail.article.lexicon import lexicon, straighten
from backmail.article.signals import is_link
from backmail.article.text import is_bare
from backmail.model.article import Unit, UnitKind

__all__ = ["guess", "guess_between_blanks", "is_unmarked"]

# Headings by these names are taken at their word, whatever stands next.
_KNOWN = (
    "faq",
    "sources",
    "conclusion",
    "intro",
    "roadmap",
    "ingredients",
    "safety",
    "related",
    "toc",
    "chrome",
    "how_to",
)
# Of these, with a capital and a colon, also where the text's headings begin with small letters.
_OPENING = ("faq", "sources", "conclusion", "ingredients", "safety", "related", "toc")
_KNOWN_WORDS = 9
_QUESTION_WORDS = 25
_LABEL_WORDS = 6  # of a heading that ends in a colon
_LEVEL = 2
_TELLING = 3  # lines above prose that all begin with a small letter
_PROSE = 12  # words
_HEADINGS = 2  # below the first line that a text which marks none has at least
_QUOTES = ('"', "“", "”", "„", "«", "»", "‘")
_PARAGRAPHS = 4  # of a Markdown text that is long enough to have headings
_COUNT = re.compile(r"\d{1,3}\s+")
# The address of a page on a line of its own, with or without its protocol.
_ADDRESS = re.compile(r"<?(?:https?://\S{3,}|(?:[\w-]{1,63}\.){1,5}[a-z]{2,10}(?:[/?#]\S*)?)>?", re.IGNORECASE)
_TOP = 5  # units from the top in which bylines stand
_QUANTITY = re.compile(r"[\d½⅓⅔¼¾⅛]")
_MEASURED = re.compile(r"[^:]{1,30}:\s.*\d")  # "Prep time: 20 min", "Serves: 4"
_POINTS = re.compile(r"[^:]{1,30}:\s+\S+\s+\S")  # "See also: The other page"
# A line to type or a line of a program, pasted without its frame.
_CODE = re.compile(
    r"^(?:[$>#]\s\S|(?:sudo|git|npm|npx|yarn|pnpm|pip3?|docker|apt(?:-get)?|brew|cargo|kubectl|ssh|curl|wget|mkdir|chmod|cd)"
    r"\s[\w./~@-]+(?:\s|$)|(?:import|from|def|class|const|let|var|return|function)\s\w+.*[=(){};]|[\w.\[\]\"']+\s?=\s?\S"
    r"|[{}<\[]|[\w.]+\([^)]*\);?$)|\s--?[a-z][\w-]*(?:[\s=]|$)|[{};]$|^[\w-]+:\s?[\"'\[{|>]"
)
_STOP = re.compile(r"\w[.!…][\"”’»)]* \S")
_SPOKEN_END = re.compile(r"\w[.!?][\"”’»)]*$")
_STEP = re.compile(r"(\w+)\s?(\d{1,3})\b")


def guess(units: Sequence[Unit], language: str) -> tuple[tuple[Unit, ...], dict[int, str]]:
    """Return the units with the headings among them as headings, and for each the named reason, by its first line."""
    page = _Page(units, language)
    for index in reversed(range(len(units))):
        reason = page.reason(index)
        if reason:
            page.reasons[units[index].start] = reason
    return tuple(page.settled(index) for index in range(len(units))), page.reasons


def is_unmarked(units: Sequence[Unit]) -> bool:
    """Say whether a Markdown text marks no heading but that of its title, and has more than a few paragraphs."""
    headings = [number for number, unit in enumerate(units) if unit.kind is UnitKind.HEADING]
    told = sum(unit.kind is UnitKind.PARAGRAPH and unit.words >= _PROSE for unit in units)
    return told >= _PARAGRAPHS and (not headings or (headings == [0] and units[0].level == 1))


def guess_between_blanks(units: Sequence[Unit], language: str) -> tuple[tuple[Unit, ...], dict[int, str]]:
    """Return the units of a Markdown text that marks no headings with those found, as `guess` does for a plain text.

    There each is a line of its own between blank ones, and no link, speech or picture; one alone divides nothing. Lists
    and code are marked as such.
    """
    apart = [unit.start == unit.end and not is_link(unit) and not _is_speech(unit.text) for unit in units]
    shown = [
        unit if one or unit.kind is not UnitKind.PARAGRAPH else replace(unit, kind=UnitKind.QUOTE)
        for unit, one in zip(units, apart, strict=True)
    ]
    guessed, reasons = guess(shown, language)
    found = [
        new if new.kind is UnitKind.HEADING and one else old
        for old, new, one in zip(units, guessed, apart, strict=True)
    ]
    below = [unit for unit in found[1:] if unit.start in reasons and unit.kind is UnitKind.HEADING]
    if len(below) < _HEADINGS:
        return tuple(units), {}
    return tuple(found), {unit.start: reasons[unit.start] for unit in found if unit.start in reasons}


def _is_speech(text: str) -> bool:
    """Say whether a line begins with what somebody says and goes on: "More of it," said our neighbour."""
    return text.startswith(_QUOTES) and not text.rstrip(":?").endswith(_QUOTES)


class _Page:
    """The units of a text, what is known of its style, and the headings found so far (it is read from its end)."""

    def __init__(self, units: Sequence[Unit], language: str) -> None:
        self.units = units
        self.language = language
        self.reasons: dict[int, str] = {}
        self.code = [unit.kind is UnitKind.PARAGRAPH and _is_code(unit.text) for unit in units]
        self.bare = [
            unit.kind is UnitKind.PARAGRAPH and is_bare(unit.text) and not code and not _ADDRESS.fullmatch(unit.text)
            for unit, code in zip(units, self.code, strict=True)
        ]
        bare = [unit for unit, is_one in zip(units, self.bare, strict=True) if is_one]
        small = [unit for unit in bare if _is_small(unit.text)]
        # A text whose headings begin with small letters has hardly others: what has a capital is something else.
        above = [
            unit
            for index, unit in enumerate(units)
            if self.bare[index] and self._is_above_text(index) and _may_name(unit.text)
        ]
        below = [unit for unit in above if _is_small(unit.text)]
        # Rows of a table and entries of a list are short lines, too: what stands above prose tells more.
        self.small = (len(small) >= 3 and len(small) * 2 >= len(bare)) or (
            len(below) >= _TELLING and len(below) * 5 >= len(above) * 4
        )
        capitals = [unit for unit in bare if _is_capitals(unit.text)]
        self.capitals = bool(capitals) and len(capitals) < len(bare)
        self.listed = self._listed()
        self.steps = self._steps()
        self.labels = sum(self._is_label(index) for index in range(len(units)))

    def settled(self, index: int) -> Unit:
        """Return a unit as the heading, the line of code or the entry of a list that it was found to be."""
        unit = self.units[index]
        if unit.start in self.reasons:
            return replace(unit, kind=UnitKind.HEADING, level=self.level(unit), ordered=False)
        if self.code[index]:
            return replace(unit, kind=UnitKind.CODE)
        return replace(unit, kind=UnitKind.ITEM) if index in self.listed else unit

    def level(self, unit: Unit) -> int:
        """Return the level of a guessed heading: where some are in capitals, these stand above the others."""
        below = self.capitals and not _is_capitals(unit.text)
        return _LEVEL + 1 if below or unit.start in self.steps else _LEVEL

    def reason(self, index: int) -> str:
        """Return the named reason for which unit `index` is a heading, or an empty string."""
        unit = self.units[index]
        if unit.start in self.steps:
            return "heading.numbered"
        if unit.kind is not UnitKind.PARAGRAPH or index + 1 == len(self.units):
            return ""
        if index == 0 and self._is_title():
            return "heading.first-line"
        by_its_end = {"?": self._question, ":": self._label, "!": self._call}.get(unit.text[-1:], self._without_stop)
        return by_its_end(index)

    def _without_stop(self, index: int) -> str:
        """A short line without a full stop is a heading by its name, by the text's style, or by its neighbours."""
        text = self.units[index].text
        if not self.bare[index] or self._is_aside(index):
            return ""
        if hit := self._known(text):
            return f"heading.list:{hit}"
        if self.small:
            return "heading.small-letters" if _is_small(text) or self._counts(index) else ""
        return self._by_neighbours(index)

    def _is_above_text(self, index: int) -> bool:
        """Say whether a paragraph of prose, or a list with bullets, stands right below a unit."""
        if index + 1 == len(self.units):
            return False
        below = self.units[index + 1]
        return below.kind is UnitKind.ITEM or (below.kind is UnitKind.PARAGRAPH and below.words >= _PROSE)

    def _is_above_prose(self, index: int) -> bool:
        below = self.units[index + 1] if index + 1 < len(self.units) else None
        return below is not None and below.kind is UnitKind.PARAGRAPH and below.words >= _PROSE

    def _counts(self, index: int) -> bool:
        """Say whether a line counts what its section has ("5 tips for ..."): it stands between prose and a heading."""
        text = self.units[index].text
        rest = _COUNT.sub("", text, count=1)
        if rest == text or not _is_small(rest) or len(rest.split()) < 2 or not index:
            return False
        before, below = self.units[index - 1], self.units[index + 1]
        told = before.kind is UnitKind.PARAGRAPH and before.words >= _PROSE
        opened = self.bare[index - 1] and _is_small(before.text)  # "how it goes at any age", "0 to 3 months"
        return (told or opened) and (below.start in self.reasons or self._is_above_text(index))

    def _is_title(self) -> bool:
        """Say whether the first line names the whole text: short, with a capital, above prose or a byline.

        In a text whose headings begin with small letters nothing else would tell it from them.
        """
        first, second = self.units[0], self.units[1]
        if not self.small or _is_small(first.text) or not is_bare(first.text.rstrip("?!:")) or self.code[0]:
            return False
        prose = second.kind is UnitKind.PARAGRAPH and not self.bare[1] and second.words >= first.words
        return prose or second.start in self.reasons or self._is_byline(1)

    def _call(self, index: int) -> str:
        """A few words with an exclamation mark are a heading when they say goodbye, or in the text's small letters."""
        text = self.units[index].text.rstrip(" !")
        if not is_bare(text) or len(text.split()) > _LABEL_WORDS or self.units[index + 1].kind is UnitKind.RULE:
            return ""
        if hit := self._known(text):
            return f"heading.list:{hit}"
        if self.small:
            return "heading.small-letters" if _is_small(text) else ""
        said = lexicon(self.language).find("phrases.farewell", text)
        return f"heading.farewell '{said}'" if said else ""

    def _known(self, text: str) -> Hit | None:
        if len(text.split()) > _KNOWN_WORDS:
            return None
        return next((hit for each in _KNOWN if (hit := named(each, text, self.language))), None)

    def _is_aside(self, index: int) -> bool:
        """Say whether a short line is a caption, a byline or a value with its name, none of which opens a section."""
        text = self.units[index].text
        return (
            index in self.listed
            or named("caption", text, self.language) is not None
            or self._is_byline(index)
            or (_POINTS.match(text) is not None and named("related", text, self.language) is not None)
            or (_MEASURED.match(text) is not None and _STEP.match(text) is None)
        )

    def _is_byline(self, index: int) -> bool:
        return index < _TOP and named("byline", self.units[index].text, self.language) is not None

    def _question(self, index: int) -> str:
        """A question on a line of its own opens a section when something answers it."""
        unit, next_one = self.units[index], self.units[index + 1]
        least = 2 if self.small and _is_small(unit.text) else 3
        short = least <= len(unit.text.split()) <= _QUESTION_WORDS
        if self.small and not _is_small(unit.text) and _STOP.search(unit.text):  # prose that ends by asking the reader
            return ""
        told = next_one.words > _QUESTION_WORDS or _STOP.search(next_one.text) is not None
        asks_on = next_one.text.endswith("?") and not told
        answered = next_one.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM) and not asks_on
        if short and (answered or next_one.start in self.reasons):
            return "heading.question"
        return ""

    def _label(self, index: int) -> str:
        """A few words and a colon are a heading by a name that is known, or where a text has more than one of them."""
        text = self.units[index].text.rstrip(" :")
        if not is_bare(text) or len(text.split()) > _LABEL_WORDS or self._answers(index):
            return ""
        if self.small and not _is_small(text) and self._touches(index):  # it names a list inside its section
            hit = next((hit for each in _OPENING if (hit := named(each, text, self.language))), None)
            return f"heading.list:{hit}" if hit else ""
        if hit := self._known(text):
            return f"heading.list:{hit}"
        # Where labels are the text's style, "The 50/30/20 rule:" is one, too.
        return "heading.label" if self.labels > 1 and (self._is_label(index) or self._is_apart(index)) else ""

    def _answers(self, index: int) -> bool:
        """Say whether a unit stands right below a question, so that it begins the answer."""
        return index > 0 and self.units[index - 1].text.endswith("?") and self._touches(index)

    def _is_label(self, index: int) -> bool:
        """Say whether a line names what follows ("Rabbits:", "For the sauce:"); "There are three:" does not."""
        unit = self.units[index]
        words = straighten(unit.text).casefold().rstrip(" :").split()
        if unit.kind is not UnitKind.PARAGRAPH or not unit.text.endswith(":") or not 0 < len(words) <= _LABEL_WORDS:
            return False
        known = lexicon(self.language)
        small = known.function_words - known.words.get("subordinators", frozenset())
        follows = self.units[index + 1].kind if index + 1 < len(self.units) else UnitKind.RULE
        return words[0] not in small and follows in (UnitKind.PARAGRAPH, UnitKind.ITEM)

    def _is_apart(self, index: int) -> bool:
        """Say whether blank lines stand above and below a unit, and prose below it."""
        above = index > 0 and not self._touches(index)
        return above and not self._touches(index + 1) and self._is_above_prose(index)

    def _by_neighbours(self, index: int) -> str:
        """A short line without a stop is a heading before a paragraph, a list or a heading."""
        unit, below = self.units[index], index + 1
        while below + 1 < len(self.units) and self._is_byline(below):
            below += 1
        next_one = self.units[below]
        if next_one.start in self.reasons or next_one.kind is UnitKind.HEADING:
            before = self.units[index - 1] if index else None
            parted = before is None or not self.bare[index - 1] or unit.start - before.end > 1
            return "heading.above-heading" if parted else ""
        if next_one.kind is UnitKind.ITEM or below in self.listed:
            return "heading.above-list"
        if next_one.kind is not UnitKind.PARAGRAPH or self.bare[below]:
            longer = next_one.words >= unit.words + 4 and next_one.words >= 12
            return "heading.short" if longer else ""
        return "heading.short-no-stop" if next_one.words >= 3 else ""

    def _listed(self) -> frozenset[int]:
        """Return the short lines that are entries of a list without bullets: amounts, and the middle of long runs."""
        found: set[int] = set()
        # In a text with small headings, a line with a capital is no heading: it parts two lists of headings.
        short = [
            bare and (not self.small or _is_small(unit.text)) for unit, bare in zip(self.units, self.bare, strict=True)
        ]
        index = 0
        while index < len(self.units):
            end = index
            while end < len(self.units) and short[end] and (end == index or self._touches(end)):
                end += 1
            run = range(index, end)
            found.update(self._entries(run))
            index = max(end, index + 1)
        texts = {each: self.units[each].text for each in found}
        return frozenset(each for each in found if _QUANTITY.match(texts[each]) or self._known(texts[each]) is None)

    def _entries(self, run: range) -> list[int]:
        """Return which of some short lines in a row are entries of a list; the first and the last may be headings."""
        if len(run) < 2:
            return []
        texts = [self.units[each].text for each in run]
        amounts = [
            each for each, text in zip(run, texts, strict=True) if _QUANTITY.match(text) and numbered(text) is None
        ]
        if len(amounts) == 1 and self._is_above_prose(amounts[0]):  # "0 to 3 months" is no list of ingredients
            amounts = []
        titled = run[0] > 0 and self._touches(run[0]) and self.units[run[0] - 1].text.endswith(":")
        below = run[-1] + 1 < len(self.units) and self._touches(run[-1] + 1)
        first, last = run[0] + (not titled), run[-1] - below
        long = last - first + 1 >= (2 if titled or not below else 3)
        return [*amounts, *range(first, last + 1)] if long else amounts

    def _touches(self, index: int) -> bool:
        """Say whether no blank line stands above unit `index`."""
        return self.units[index].start - self.units[index - 1].end == 1

    def _steps(self) -> frozenset[int]:
        """Return the first lines of numbered items that are headings: short ones, each with a paragraph of its own."""
        found = [
            unit.start
            for unit, after in itertools.pairwise(self.units)
            if unit.kind is UnitKind.ITEM
            and unit.ordered
            and (is_bare(unit.text.rstrip(" :")) or unit.text.endswith("?"))
            and after.kind is UnitKind.PARAGRAPH
            and after.words >= 8
        ]
        return frozenset(found) if len(found) > 1 else frozenset()


def _is_code(text: str) -> bool:
    return _CODE.search(text) is not None and _SPOKEN_END.search(text) is None


def _is_small(text: str) -> bool:
    """Say whether a line begins with a word in small letters; "pH" and the names of brands are none."""
    first, *_ = text.lstrip('¿¡"“„«(').split(maxsplit=1) or [""]
    return first[:1].islower() and first == first.lower()


def _may_name(text: str) -> bool:
    """Say whether a line may be a heading at all: it begins with a word, and is no value with its name."""
    return text.lstrip('¿¡"“„«(')[:1].isalnum() and _MEASURED.match(text) is None


def _is_capitals(text: str) -> bool:
    return sum(sign.isalpha() for sign in text) > 3 and text == text.upper() != text.lower()
