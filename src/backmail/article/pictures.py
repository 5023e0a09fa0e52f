"""Puts other addresses in the place of an article's pictures: those of their copies in a campaign's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from backmail.markup import escape
from backmail.model.article import Article, Picture, Unit

__all__ = ["placed"]

# A picture of Markdown with an address, by a reference, or as HTML. Its text may have brackets in it, one level deep;
# blanks are counted, or a long run of them would be gone through from each of its places.
_WRITTEN = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*)\]"
    r"(?:\([ \t\n]{0,40}(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\([^\s()]*\))*)"
    r"(?:[ \t\n]{1,40}(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t\n]{0,40}\)"
    r"|\[[^\[\]]*\])?"
    r"|<img\b[^<>]*>",
    re.IGNORECASE,
)


def placed(article: Article, places: Mapping[str, str]) -> Article:
    """Return an article whose pictures have other addresses.

    Arguments:
        article: the article as it was understood.
        places: the new address of each picture by its source; "" where it is left out. Others stay as they are.
    """
    source = replace(article.source, places=places)
    if not places:
        return replace(article, source=source)
    blocks = (
        replace(block, units=tuple(_placed(unit, places) for unit in block.units)) if not block.file else block
        for block in article.blocks
    )
    return replace(article, source=source, blocks=tuple(blocks))


def _placed(unit: Unit, places: Mapping[str, str]) -> Unit:
    if not any(picture.source in places for picture in unit.pictures):
        return unit
    kept = (replace(each, source=places.get(each.source, each.source)) for each in unit.pictures)
    return replace(unit, raw=_rewritten(unit, places), pictures=tuple(each for each in kept if each.source))


def _rewritten(unit: Unit, places: Mapping[str, str]) -> str:
    """Return the Markdown of a unit with its pictures elsewhere: the first that is written is the first that it has."""
    written = list(_WRITTEN.finditer(unit.raw))
    if len(written) != len(unit.pictures):  # something only looks like a picture, in code for instance
        raw = unit.raw
        for picture in unit.pictures:
            if picture.source in places:
                raw = raw.replace(f"({picture.source})", f"({places[picture.source]})")
        return raw
    parts, end = [], 0
    for found, picture in zip(written, unit.pictures, strict=True):
        parts += [unit.raw[end : found.start()], _instead(found, picture, places)]
        end = found.end()
    return "".join([*parts, unit.raw[end:]])


def _instead(found: re.Match[str], picture: Picture, places: Mapping[str, str]) -> str:
    """Return what stands for a picture now; its text stays, letter for letter."""
    place = places.get(picture.source)
    if place is None:
        return found[0]
    alt = escape(picture.alt) if found["alt"] is None else found["alt"]
    return f"![{alt}]({place})" if place else ""
