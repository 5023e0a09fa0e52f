"""Finds the catalogue's product that a name means, also when it is written a little differently."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import OSA

from backmail.model.campaign import Catalog, Product

__all__ = ["find", "find_variant"]

_MARKS = re.compile(r"[™®©℠]|\((?:tm|r|c)\)", re.IGNORECASE)
_APOSTROPHES = re.compile(r"['‘’ʼ´`]")
_SIGNS = re.compile(r"[^\w]+|_")
_DIGITS = re.compile(r"\d+")
# What a shop puts behind a name, once or more: "- Black", ", XL", "(2 pack)", "/ 500 ml".
_VARIANT = re.compile(r"(?:\s+[-–—|/]\s|,|\s\(|/|\|)\s*(?P<variant>[^(),/|]{1,30}?)\)?\s*$")
_MOST_VARIANTS = 3
# Letters that a slip may add, lose, change or swap in a word, by its length. No digit may differ (model 2 is not model
# 3), and with two letters of four "Women's" would be a slip for "Men's".
_SLIPS = ((4, 0), (8, 1))
_MOST_SLIPS = 2


def find(catalog: Catalog, name: str) -> Product | None:
    """Return the product of that name, alias or sku, the nearest one; None when none is near enough.

    Case, trademark signs, punctuation, the order of the words and a slip of a letter do not matter.
    """
    wanted = _words(name)
    best: tuple[int, Product] | None = None
    for product in catalog.products:
        known = (_words(each) for each in (product.name, *product.aliases, product.sku))
        slips = min((found for each in known if (found := _slips(wanted, each)) is not None), default=None)
        if slips is not None and (best is None or slips < best[0]):
            best = (slips, product)
    return best[1] if best else None


def find_variant(catalog: Catalog, name: str) -> tuple[Product, tuple[str, ...]] | None:
    """Return the product of a name with colours or sizes behind it ("Bee Veil - Black / XL"), and what stands behind.

    None when the name without its last parts is no product's either.
    """
    behind: list[str] = []
    while len(behind) < _MOST_VARIANTS and (found := _VARIANT.search(name)):
        behind.insert(0, found["variant"].strip())
        name = name[: found.start()]
        if product := find(catalog, name):
            return product, tuple(behind)
    return None


def _words(name: str) -> tuple[str, ...]:
    """Return a name's words without case, signs and typography; a name of nothing but signs as it stands."""
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", _MARKS.sub(" ", name)))
    return tuple(_SIGNS.sub(" ", plain).casefold().split()) or tuple(name.casefold().split())


def _slips(one: tuple[str, ...], other: tuple[str, ...]) -> int | None:
    """Return in how many letters two names differ; None when they are two names."""
    if not one or not other:
        return None
    if "".join(one) == "".join(other) or sorted(one) == sorted(other):
        return 0
    if len(one) != len(other):
        return None
    found = (_between(*words) for words in ((one, other), (sorted(one), sorted(other))))
    return min((slips for slips in found if slips is not None), default=None)


def _between(one: tuple[str, ...] | list[str], other: tuple[str, ...] | list[str]) -> int | None:
    """Return the slips between two names word by word, or None."""
    total = 0
    for left, right in zip(one, other, strict=True):
        slips = OSA.distance(left, right)
        if slips and (_DIGITS.findall(left) != _DIGITS.findall(right) or slips > _allowed(left, right)):
            return None
        total += slips
    return total


def _allowed(one: str, other: str) -> int:
    """Return how many letters may differ between two words."""
    length = min(len(one), len(other))
    return next((slips for shorter, slips in _SLIPS if length < shorter), _MOST_SLIPS)
