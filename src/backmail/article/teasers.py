"""Finds product teasers: a name and a short line that a shop's page puts between the article's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from backmail.article.concepts import cleaned, named
from backmail.article.language import foreign
from backmail.article.lexicon import lexicon, straighten
from backmail.model.article import Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["PRICE", "TRADEMARK", "Teaser", "catalogued", "find_teasers"]

PRICE = re.compile(
    r"(?<![\w.,])(?:[$€£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:kr\b\.?|dkk|sek|nok|eur|euros?|usd|gbp|€|\$|£|,-))(?!\w)",
    re.IGNORECASE,
)
TRADEMARK = re.compile(r"[™®]")
_NAME_WORDS = 9
_LETTERS = 3
_BLURB = range(3, 31)  # words
_TAIL_WORDS = 8  # of a line with a price or a button below the blurb
_SAME_NAME = 90  # of 100: the catalogue writes it a little differently
_END = re.compile(r"[.?!:;,…][\"”’»)]*$")
_SENTENCE_END = re.compile(r"[.!…][\"”’»)]*$")
_VARIANT = re.compile(r"\s[-–—|/,]\s*(\w+)(?:\s*[-–—|/,]\s*\w+)*$")


@dataclass(frozen=True, slots=True)
class Teaser:
    """A product teaser: how many units it takes, which of them is the name, the language of its text, the reasons.

    `language` is empty where it is the article's.
    """

    count: int
    name: int
    language: str
    reasons: tuple[str, ...]


def catalogued(name: str, catalog: Catalog) -> str:
    """Return the sku of the product with that name or alias, which may be written a little differently; else ""."""
    wanted = straighten(name).casefold()
    for product in catalog.products:
        for known in (product.name, *product.aliases):
            if known and fuzz.ratio(wanted, straighten(known).casefold()) >= _SAME_NAME:
                return product.sku
    return ""


def find_teasers(units: Sequence[Unit], language: str, catalog: Catalog) -> dict[int, Teaser]:
    """Return the product teasers among the units, by the index of their first unit.

    A teaser is a name (at most nine words, no full stop) and one line of at most thirty words, when something tells
    that it is a product: the catalogue, a line in another language than the article's, a trademark sign, a price, a
    button, a colour or size behind the name.
    """
    found: dict[int, Teaser] = {}
    index = 0
    while index < len(units):
        teaser = _teaser(units, index, language, catalog)
        if teaser:
            found[index] = teaser
        index += teaser.count if teaser else 1
    return found


def _teaser(units: Sequence[Unit], index: int, language: str, catalog: Catalog) -> Teaser | None:
    """Return the teaser that begins at unit `index`, if one does."""
    label = _is_advertisement(units[index], language)
    at = index + 1 if label else index
    if at >= len(units) or not _is_name(units[at], language):
        return None
    name, blurb = units[at], units[at + 1] if at + 1 < len(units) else None
    if bare := _priced(units, at, language):
        return Teaser(at + 1 + bare - index, at - index, "", ("product.price",))
    if blurb is None or blurb.kind is not UnitKind.PARAGRAPH or len(blurb.text.split()) not in _BLURB:
        sku = catalogued(cleaned(name.text), catalog)
        return Teaser(at + 1 - index, at - index, "", (f"product.catalogue {sku}",)) if sku else None
    tail = _tail(units, at + 2, language)
    reasons, other = _reasons(name, blurb, units[at + 2 : at + 2 + tail], language, catalog)
    if label:
        reasons.append(f"product.advertisement '{units[index].text}'")
    return Teaser(at + 2 + tail - index, at - index, other, tuple(reasons)) if reasons else None


def _priced(units: Sequence[Unit], at: int, language: str) -> int:
    """Return how many lines with a price and a button follow right below a name; 0 when it is not both."""
    tail = _tail(units, at + 1, language)
    lines = units[at + 1 : at + 1 + tail]
    both = any(PRICE.search(unit.text) for unit in lines) and any(_button(unit, language) for unit in lines)
    return tail if both else 0


def _is_name(unit: Unit, language: str) -> bool:
    """Say whether a unit may be a product's name; a heading of the article's furniture ("Sources") is none."""
    if unit.kind not in (UnitKind.PARAGRAPH, UnitKind.HEADING) or len(unit.text.split()) > _NAME_WORDS:
        return False
    letters = sum(sign.isalpha() for sign in PRICE.sub("", unit.text))
    if letters < _LETTERS or _END.search(unit.text):
        return False
    return not any(
        named(each, unit.text, language) for each in ("faq", "sources", "conclusion", "related", "toc", "chrome")
    )


def _is_advertisement(unit: Unit, language: str) -> bool:
    return unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING) and bool(
        lexicon(language).find("phrases.advertisement", unit.text)
    )


def _tail(units: Sequence[Unit], index: int, language: str) -> int:
    """Return how many short lines with a price or a button follow."""
    count = 0
    while index + count < len(units) and count < 3:
        unit = units[index + count]
        prose = unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING)
        if (
            not prose
            or len(unit.text.split()) > _TAIL_WORDS
            or not (PRICE.search(unit.text) or _button(unit, language))
        ):
            break
        count += 1
    return count


def _button(unit: Unit, language: str) -> str | None:
    return lexicon(language).find("phrases.call_to_action", unit.text)


def _reasons(name: Unit, blurb: Unit, tail: Sequence[Unit], language: str, catalog: Catalog) -> tuple[list[str], str]:
    """Return why a name with a line below it is a product, and that line's language where it is not the article's."""
    reasons = []
    written_as_section = name.marked and name.level > 0 and name.raw.lstrip().startswith("#")
    if sku := catalogued(cleaned(name.text), catalog):
        reasons.append(f"product.catalogue {sku}")
    if not written_as_section and (sign := TRADEMARK.search(name.text)):
        reasons.append(f"product.trademark '{sign[0]}'")
    variant = _VARIANT.search(straighten(name.text))
    if (
        not written_as_section
        and variant
        and variant[1].casefold() in lexicon(language).words.get("colours", frozenset())
    ):
        reasons.append(f"product.variant '{variant[1]}'")
    for unit in (name, *tail):
        if price := PRICE.search(unit.text):
            reasons.append(f"product.price '{price[0]}'")
        elif unit is not name and (button := _button(unit, language)):
            reasons.append(f"product.button '{button}'")
    other = foreign(blurb.text, language) if _SENTENCE_END.search(blurb.text) and len(blurb.text.split()) > 3 else None
    if other:
        reasons.append(f"product.language-shift {other.language}, {other.evidence}")
    return reasons, other.language if other else ""
