"""Sorts what stands at the top of an article: title, bylines, pictures, a table of contents, the introduction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.drafts import Draft, section
from backmail.article.ending import is_disclaimer, is_disclosure
from backmail.article.lexicon import lexicon
from backmail.article.signals import is_link
from backmail.markup import fold
from backmail.model.article import Kind, Unit, UnitKind

__all__ = ["opened"]

_BYLINE_WORDS = 14
_SITE_WORDS = 4
_INTRO_WORDS = 150  # of an article without any heading: what is longer has its first paragraph as introduction
_SECTIONS = 3  # below a first line in small letters that is the title
_WORD_SIGNS = 4  # of a word that says what a text is about
_STEM_SIGNS = 7  # of it that come back in other forms of the word
_NO_TITLES = ("intro", "faq", "toc", "roadmap")
_SECTION_NAMES = ("background", "ingredients", "safety", "conclusion", "sources")
_WORD = re.compile(r"[^\W\d_]+")
_SILENT = (UnitKind.RULE, UnitKind.LINK_DEFINITION)


def opened(drafts: Sequence[Draft], language: str, *, title: str) -> list[Draft]:
    """Return the drafts with those at the top settled.

    Arguments:
        drafts: the sections, in order; the first may have no heading.
        language: the article's.
        title: as the front matter names it, or an empty string.
    """
    rest = list(drafts)
    top: list[Draft] = []
    first_line = rest[0].start if rest else 0
    if rest and not rest[0].heading and not rest[0].prose and len(rest) > 1:
        top.append(_media(rest.pop(0)))
    if rest and _is_title(rest[0], rest[1:], language, title):
        first = rest.pop(0)
        if _is_site(first, rest):
            page = ("chrome.above-the-title",)
            top.append(Draft(first.units, first.heading, first.level, Kind.OTHER, "chrome", (*first.reasons, *page)))
            first = rest.pop(0)
        top.append(
            Draft(
                first.units[:1], first.heading, first.level, Kind.OTHER, "title", (*first.reasons, "title.first-line")
            )
        )
        if first.body:
            rest.insert(0, section(first.body))
    if rest and not rest[0].heading and rest[0].kind is None and rest[0].continues is None:
        held = rest.pop(0)
        top += _preamble(held, language, alone=not rest)
        # What a product teaser cut off goes on with the introduction, not with the title or byline above it.
        rest = [
            replace(each, continues=top[-1].start) if each.continues in (first_line, held.start) else each
            for each in rest
        ]
    return [*top, *rest]


def _media(draft: Draft) -> Draft:
    """Return a draft of pictures alone; one without even these is a remainder of the page."""
    pictures = any(unit.kind is UnitKind.IMAGE for unit in draft.units)
    return replace(draft, kind=Kind.OTHER, role="media" if pictures else "chrome", reasons=("other.nothing-to-read",))


def _is_title(draft: Draft, below: Sequence[Draft], language: str, title: str) -> bool:
    """Say whether the first section's heading is the article's title.

    In Markdown that is one of the first level; where the front matter names the title, too, the only one. A plain
    text's first line is one unless it names a section ("Introduction").
    """
    first = draft.units[0]
    if first.kind is not UnitKind.HEADING or draft.kind is not None:
        return False
    if first.marked:
        return first.level == 1 and not (title and any(each.level == 1 for each in below))
    if title:
        return fold(first.text).casefold() == fold(title).casefold()
    if any(named(each, first.text, language) for each in _NO_TITLES):
        return False
    small = first.text.lstrip('¿¡"“„«(')[:1].islower()
    return not small or _is_small_title(draft, below, language)


def _is_small_title(draft: Draft, below: Sequence[Draft], language: str) -> bool:
    """Say whether a first line in small letters is the title: prose stands below it, then the article's sections.

    An article hardly begins with a section; where the line names one ("why backs hurt"), most must speak of it.
    """
    headed = [each for each in below if each.heading]
    prose = bool(draft.prose) and all(unit.kind is UnitKind.PARAGRAPH for unit in draft.prose)
    if len(headed) < _SECTIONS or not prose or draft.prose[0].text.endswith(":"):
        return False
    if not any(named(each, draft.heading, language) for each in _SECTION_NAMES):
        return True
    small = lexicon(language).function_words
    words = {word for word in _WORD.findall(draft.heading.casefold()) if len(word) >= _WORD_SIGNS and word not in small}
    texts = [f"{each.heading} {each.text}".casefold() for each in headed]
    told = sum(any(word[:_STEM_SIGNS] in text for word in words) for text in texts)
    return told * 2 > len(texts)


def _is_site(first: Draft, rest: Sequence[Draft]) -> bool:
    """Say whether the first line is a site's name: a few words alone, above a longer line alone."""
    if first.units[0].marked or len(rest) < 2 or not rest[0].heading or not rest[1].heading:
        return False
    alone = len(first.units) == 1 and len(rest[0].units) == 1
    return alone and len(first.heading.split()) <= _SITE_WORDS < len(rest[0].heading.split())


def _preamble(draft: Draft, language: str, *, alone: bool) -> list[Draft]:
    """Return what stands above the first heading: bylines, pictures, a table of contents, and the introduction."""
    done: list[Draft] = []
    units = list(draft.units)
    count = 0
    while count < len(units) and (_is_byline(units[count], language) or units[count].kind in _SILENT):
        count += 1
    if count and any(unit.text for unit in units[:count]):
        done.append(Draft(tuple(units[:count]), kind=Kind.OTHER, role="chrome", reasons=("chrome.byline",)))
        units = units[count:]
    count = next((number for number, unit in enumerate(units) if unit.kind is not UnitKind.IMAGE), len(units))
    if count:
        done.append(_media(Draft(tuple(units[:count]))))
        units = units[count:]
    if not units:
        return done
    start, stop = _contents(units)
    before, contents, after = units[:start], units[start:stop], units[stop:]
    if alone and sum(unit.words for unit in before) > _INTRO_WORDS and len(before) > 1:
        first = next((number for number, unit in enumerate(before, 1) if unit.kind is UnitKind.PARAGRAPH), 1)
        before, after = before[:first], before[first:] + after
        done.append(_intro(before))
    elif before:
        done += _warned(before, language)
    if contents:
        done.append(Draft(tuple(contents), kind=Kind.OTHER, role="toc", reasons=("toc.links-inside-the-page",)))
    if after:
        continues = before[0].start if before and contents else None
        done.append(Draft(tuple(after), continues=continues))
    return done


def _warned(units: Sequence[Unit], language: str) -> list[Draft]:
    """Return an introduction, and the warning at its beginning or its end that is set apart in italics."""
    first, last = (is_disclaimer(units[place], language) for place in (0, -1))
    if len(units) < 2 or first == last:
        return [_intro(units)]
    place = 1 if first else len(units) - 1
    parts = units[:place], units[place:]
    warning = Draft(tuple(parts[last]), kind=Kind.SAFETY, reasons=("safety.disclaimer",), confidence=0.8)
    told = _intro(parts[first])
    return [warning, told] if first else [told, warning]


def _intro(units: Sequence[Unit]) -> Draft:
    return Draft(tuple(units), kind=Kind.INTRO, reasons=("intro.before-first-heading",))


def _is_byline(unit: Unit, language: str) -> bool:
    """Say whether a line tells who wrote the article, and when, or how the page earns its money."""
    spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.HEADING)
    if unit.kind in (UnitKind.PARAGRAPH, UnitKind.QUOTE) and is_disclosure(unit.text, language):
        return True
    if spoken and is_link(unit) and "](#" not in unit.raw:  # the way back to a page above this one
        return True
    if unit.hint == "caption":  # it names the photographer
        return False
    return spoken and len(unit.text.split()) <= _BYLINE_WORDS and named("byline", unit.text, language) is not None


def _contents(units: Sequence[Unit]) -> tuple[int, int]:
    """Return start and stop of a list of links to the page's own headings; both are behind the end without one."""
    inside = [unit.kind is UnitKind.ITEM and "](#" in unit.raw for unit in units]
    if sum(inside) < 2:
        return len(units), len(units)
    start = inside.index(True)
    stop = next((number for number in range(start, len(units)) if not inside[number]), len(units))
    return start, stop
