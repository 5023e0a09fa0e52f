"""Gives the slides of a picture gallery headings: a title in a caption opens a section, as a heading would."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from backmail.article.html.embedded import key
from backmail.article.html.units import Found
from backmail.article.text import is_bare
from backmail.model.article import UnitKind

__all__ = ["with_slides"]

_SLIDES = 4  # captions in a row that make a gallery: fewer are pictures of the text around them
_TITLE_WORDS = 10
_TOLD_WORDS = 5  # below the title of a slide: a photographer's name is shorter
_TOP = 2  # level of a page's sections


def with_slides(found: Sequence[Found]) -> list[Found]:
    """Return the units of a page with the titles in the captions of a gallery as headings.

    A gallery is a row of captions with a title and a text each, and nothing but pictures between them. Slides with
    one title are one section: only the first of them keeps it as a heading.
    """
    done = list(found)
    for slides in _galleries(found):
        titled = [_is_titled([found[place] for place in slide]) for slide in slides]
        if len(slides) < _SLIDES or sum(titled) * 4 < len(slides) * 3:
            continue
        before = ""
        level = _level(found[: slides[0][0]])
        for slide, has_title in zip(slides, titled, strict=True):
            unit = found[slide[0]].unit
            if has_title and key(unit.text) != before:
                raw = f"{'#' * level} {unit.raw.replace('**', '')}"
                heading = replace(unit, kind=UnitKind.HEADING, level=level, raw=raw, hint="")
                done[slide[0]] = replace(found[slide[0]], unit=heading)
                before = key(unit.text)
    return done


def _level(above: Sequence[Found]) -> int:
    """Return the level of a section where a gallery stands: one below the last heading, but never a page's title."""
    levels = (
        each.unit.level for each in reversed(above) if each.unit.kind is UnitKind.HEADING and not each.unit.region
    )
    return max(_TOP, min(next(levels, 1) + 1, _TOP + 1))


def _galleries(found: Sequence[Found]) -> Iterator[list[list[int]]]:
    """Yield the captions that stand in a row, each as the places of its units."""
    shown = [place for place, each in enumerate(found) if each.unit.text and each.unit.kind is not UnitKind.IMAGE]
    for caption, row in itertools.groupby(shown, key=lambda place: _figure(found[place]) != ""):
        if caption:
            yield [list(slide) for _, slide in itertools.groupby(row, key=lambda place: _figure(found[place]))]


def _figure(found: Found) -> str:
    """Return the path of the caption that a unit of the article stands in, or an empty string."""
    unit = found.unit
    if unit.region or unit.hint != "caption" or unit.kind is not UnitKind.PARAGRAPH:
        return ""
    above, tag, _ = unit.path.rpartition("/figcaption")
    return above + tag


def _is_titled(slide: Sequence[Found]) -> bool:
    """Say whether a caption has a title: a few words without a stop, above a text."""
    first, *rest = (each.unit for each in slide)
    short = len(first.text.split()) <= _TITLE_WORDS and is_bare(first.text.rstrip("?!:"))
    return short and any(len(unit.text.split()) >= _TOLD_WORDS for unit in rest)
