"""Looks at a page's units in their order: links to read on, boxes under a telling heading, a title said twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from backmail.article.concepts import named
from backmail.article.html.embedded import key
from backmail.article.html.units import Found
from backmail.model.article import UnitKind

__all__ = ["sorted_out"]

_READ_ON_WORDS = 30  # of a line that leads to another article
_ENTRY_WORDS = 30  # of each line in a box of links
_PLAIN_WORDS = 6  # of one that is no link: a date, a category
_SENTENCE = 40  # words above the links of a box
_LINE_WORDS = 12
_PICTURE_ABOVE = 4  # units: a picture farther above the title is the site's
_NEARLY = 0.9
_MOSTLY = 0.5  # share of a line that is a link
_NEAR = 8  # units below the title
_DATE = re.compile(
    r"\W*(?:\w+,? )?(?:\d{1,2}[./]\s?\d{1,2}[./]\s?\d{2,4}|\d{1,2}\.? [^\W\d]{3,12},? \d{4}"
    r"|[^\W\d]{3,12} \d{1,2}, \d{4}|\d{4}-\d\d-\d\d)\b"
)
_LABEL = re.compile(r"\s*[:：»>→]\s*|\s+[-–—]\s+")
# What a heading may name that is no part of the article, and the region of what stands below it.
_BOXES = (("toc", "toc"), ("related", "related"), ("chrome", "chrome"))


def sorted_out(found: Sequence[Found], title: str, language: str) -> list[Found]:
    """Return the units with those marked that their words and neighbours tell to be no part of the article."""
    done = list(found)
    _above_title(done, title)
    _repeated_title(done, title)
    _boxes(done, language)
    _bylines(done, title, language)
    _ending(done, language)
    for place, each in enumerate(done):
        if not each.unit.region and _leads_away(each, language):
            done[place] = _marked(each, "related", "related.read-also")
        elif not each.unit.region and _is_control(each):
            done[place] = _marked(each, "chrome", "chrome.links-only")
    return done


def _marked(found: Found, region: str, reason: str) -> Found:
    return replace(found, unit=replace(found.unit, region=region), reason=reason)


def _repeated_title(done: list[Found], title: str) -> None:
    """Mark what says the title again, above the first section."""
    seen = False
    wanted = key(title)
    for place, each in enumerate(done):
        if each.unit.region or not wanted:
            continue
        heading = each.unit.kind is UnitKind.HEADING
        if key(each.unit.text) != wanted:
            if seen and heading:
                return
            continue
        if seen and not heading:
            done[place] = _marked(each, "title", "title.again")
        seen = True


def _above_title(done: list[Found], title: str) -> None:
    """Mark the short lines above the title: a date, a category, the site's name."""
    wanted = key(title)
    titles = (place for place, each in enumerate(done) if not each.unit.region and key(each.unit.text) == wanted)
    stop = next(titles, 0) if wanted else 0
    for place in range(stop):
        unit = done[place].unit
        logo = not unit.text and place < stop - _PICTURE_ABOVE
        if not unit.region and (logo or (unit.text and len(unit.text.split()) <= _LINE_WORDS)):
            done[place] = _marked(done[place], "chrome", "chrome.above-the-title")


def _bylines(done: list[Found], title: str, language: str) -> None:
    """Mark the lines below the title that say who wrote the article, and when."""
    wanted = key(title)
    start = next((place for place, each in enumerate(done) if wanted and key(each.unit.text) == wanted), 0)
    near = [place for place in range(start + 1, len(done)) if not done[place].unit.region][:_NEAR]
    for place in near:
        unit = done[place].unit
        if unit.kind is UnitKind.HEADING:
            return
        spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM) and 0 < len(unit.text.split()) <= _LINE_WORDS
        if spoken and done[place].linked >= _NEARLY and len(unit.text.split()) <= _PLAIN_WORDS:
            done[place] = _marked(done[place], "chrome", "chrome.links-only")
            continue
        if spoken and not unit.text.endswith((".", "!", "?")) and (
            named("byline", unit.text, language) or named("byline", unit.text, "en") or _DATE.match(unit.text)
        ):  # fmt: skip
            done[place] = _marked(done[place], "chrome", "chrome.byline")


def _ending(done: list[Found], language: str) -> None:
    """Mark what stands behind the last words of the article: cards and lines that only lead elsewhere."""
    last = len(done)
    cards = 0
    while last and (done[last - 1].unit.region or _may_follow(done[last - 1])):
        last -= 1
        cards += not done[last].unit.region and done[last].linked >= _MOSTLY
    tail = [each.unit for each in done[last:] if not each.unit.region]
    if not cards or any(unit.kind is UnitKind.HEADING and named("sources", unit.text, language) for unit in tail):
        return
    for place in range(last, len(done)):
        if not done[place].unit.region:
            done[place] = _marked(done[place], "related", "related.behind-the-end")


def _may_follow(found: Found) -> bool:
    """Say whether a unit may stand behind the end of an article: a linked line, a picture, a heading above these."""
    unit = found.unit
    if unit.kind in (UnitKind.TABLE, UnitKind.CODE) or unit.hint:
        return False
    plain = unit.kind is UnitKind.HEADING and len(unit.text.split()) <= _LINE_WORDS and not unit.text.endswith("?")
    return not unit.text or plain or (found.linked >= _NEARLY and len(unit.text.split()) <= _READ_ON_WORDS)


def _boxes(done: list[Found], language: str) -> None:
    """Mark the boxes that their headings name: a table of contents, related articles, comments."""
    place = 0
    while place < len(done):
        unit = done[place].unit
        place += 1
        if unit.region or len(unit.text.split()) > 10 or unit.kind not in (UnitKind.HEADING, UnitKind.PARAGRAPH):
            continue
        for concept, region in _BOXES:
            hit = named(concept, unit.text, language)
            stop = _box_end(done, place) if hit else place
            alone = concept == "chrome" and (unit.kind is UnitKind.PARAGRAPH or done[place - 1].linked >= _NEARLY)
            if hit and (stop > place or alone):
                for number in range(place - 1, stop):
                    if not done[number].unit.region:
                        done[number] = _marked(done[number], region, f"{region}.heading:{hit}")
                place = stop
                break
            # Its list has been seen to be one already: the heading belongs to it.
            if hit and place < len(done) and done[place].unit.region == region:
                done[place - 1] = _marked(done[place - 1], region, f"{region}.heading:{hit}")
                break


def _box_end(done: Sequence[Found], start: int) -> int:
    """Return where a box ends: at the next heading, at prose (save a sentence at its top), or at what is marked."""
    stop = start
    if start + 2 < len(done) and not done[start].unit.region and len(done[start].unit.text.split()) <= _SENTENCE:
        below = [each for each in done[start + 1 : start + 6] if each.unit.text][:2]
        if len(below) == 2 and all(_is_entry(each) and each.linked >= _MOSTLY for each in below):
            stop += done[start].unit.kind is UnitKind.PARAGRAPH
    while stop < len(done) and _is_entry(done[stop]):
        stop += 1
    return stop


def _is_entry(found: Found) -> bool:
    """Say whether a unit may stand in a box of links: a link with a few words, a picture, a date."""
    unit = found.unit
    words = len(unit.text.split())
    if unit.region or (unit.kind is UnitKind.HEADING and found.linked < _MOSTLY):
        return False
    return words <= (_ENTRY_WORDS if found.linked >= _MOSTLY else _PLAIN_WORDS)


def _leads_away(found: Found, language: str) -> bool:
    """Say whether a line only leads to another article: "Read also: ..."."""
    unit = found.unit
    if unit.kind not in (UnitKind.PARAGRAPH, UnitKind.HEADING, UnitKind.ITEM, UnitKind.QUOTE):
        return False
    if len(unit.text.split()) > _READ_ON_WORDS or found.linked < 0.4:
        return False
    label = _LABEL.split(unit.text, maxsplit=1)[0]
    return named("related", label, language) is not None


def _is_control(found: Found) -> bool:
    """Say whether a line is nothing but what readers of the page click: "Jump to recipe", "Print", "Back"."""
    unit = found.unit
    spoken = unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING)
    inside = unit.kind is UnitKind.PARAGRAPH and "](" not in unit.raw  # it leads to places on the page itself
    return spoken and inside and found.linked > 0.95 and len(unit.text.split()) <= _PLAIN_WORDS
