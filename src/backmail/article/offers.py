"""Finds sections that offer one product: in buying guides and reviews, whose text is in the article's own language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backmail.article.concepts import cleaned, named, numbered
from backmail.article.drafts import Draft
from backmail.article.labels import PARTS, label_of
from backmail.article.lexicon import Lexicon, base_language, lexicon
from backmail.article.prices import PRICE, is_tag, price_of
from backmail.article.teasers import TRADEMARK, button, catalogued
from backmail.model.article import Kind, Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["offered", "with_award_headings"]

# What a heading may name instead; each of these is no product, whatever stands below it.
_OTHER_THINGS = ("faq", "sources", "conclusion", "roadmap", "safety", "ingredients", "how_to", "related", "toc",
                 "chrome", "guide", *PARTS)  # fmt: skip
_ENOUGH = 3.0
_ENOUGH_IN_A_ROW = 2.0  # beside a section that is enough by itself
_LONG = 600  # words; who says more of a product writes about it rather than offering it
_NAME_WORDS = 14
_SAID_WORDS = 60  # around a shopping list, and below a heading that is no product's name
_VALUE_WORDS = 8
_LABELS = 3  # lines such as "Weight: 4 kg" that make a specification

def offered(drafts: Sequence[Draft], language: str, catalog: Catalog) -> list[Draft]:
    """Return the drafts with the sections that offer a product settled, each with the parts it is divided into.

    Only sections whose kind is open are looked at. What prose says of prices is no offer: a section needs several
    signs, one of them of buying (price tag, button, affiliate link, rating, catalogue) or a model's name with an award
    or a list of pros and cons.
    """
    guide = any(draft.heading and named("guide", draft.heading, language) for draft in drafts)
    groups = list(_groups(drafts, language))
    judged = [_judged(group, language, catalog, guide=guide) for group in groups]
    clear = [
        _is_offer(signs, _ENOUGH) and _is_open(group[0], language) for group, signs in zip(groups, judged, strict=True)
    ]
    levels = {group[0].level for group, each in zip(groups, clear, strict=True) if each}
    done: list[Draft] = []
    for place, (group, signs) in enumerate(zip(groups, judged, strict=True)):
        near = clear[max(0, place - 2) : place] + clear[place + 1 : place + 3]
        row = group[0].level in levels and any(near)
        if _is_offer(signs, _ENOUGH) or (row and _is_offer(signs, _ENOUGH_IN_A_ROW)):
            done.append(_product(group, signs))
        else:
            done += group
    return done


def with_award_headings(units: Sequence[Unit], language: str) -> list[Unit]:
    """Return a text without markup with "best overall: acme x200" as a heading where it has a text below it."""
    if any(unit.marked for unit in units):
        return list(units)
    levels = [unit.level for unit in units if unit.kind is UnitKind.HEADING]
    level = max(set(levels), key=levels.count, default=2)
    return [
        replace(unit, kind=UnitKind.HEADING, level=level) if _names_award(units, place, language) else unit
        for place, unit in enumerate(units)
    ]


def _names_award(units: Sequence[Unit], place: int, language: str) -> bool:
    unit, below = units[place], units[place + 1] if place + 1 < len(units) else None
    words = len(unit.text.split())
    if unit.kind is not UnitKind.PARAGRAPH or words > _NAME_WORDS or unit.text.endswith((*".!?,;:", "…")):
        return False
    if below is None or below.kind is not UnitKind.PARAGRAPH or len(below.text.split()) < words + 4:
        return False
    parts = _split(unit.text)
    return len(parts) > 1 and any(_award(part, language) for part in parts)


def _is_offer(signs: Sequence[_Sign], enough: float) -> bool:
    return sum(sign.weight for sign in signs) >= enough and any(sign.buying for sign in signs)


def _groups(drafts: Sequence[Draft], language: str) -> Iterator[list[Draft]]:
    """Yield each draft, an open section together with the parts below it that belong to a product ("Pros")."""
    place = 0
    while place < len(drafts):
        stop = place + 1
        if _is_open(drafts[place], language):
            while stop < len(drafts) and _is_part(drafts[stop], drafts[place], language):
                stop += 1
        yield list(drafts[place:stop])
        place = stop


def _is_free(draft: Draft) -> bool:
    """Say whether nothing has settled yet what a section with a heading is."""
    return draft.kind is None and not draft.role and draft.continues is None and bool(draft.heading)


def _is_open(draft: Draft, language: str) -> bool:
    """Say whether a section might offer a product: it has a heading that is a name and no question."""
    if (
        not _is_free(draft)
        or draft.heading.endswith(("?", "!", ".", ",", ";"))
        or len(draft.heading.split()) > _NAME_WORDS
    ):
        return False
    if named("award", draft.heading, language) or any(_award(part, language) for part in _split(draft.heading)):
        return True
    return not any(named(each, draft.heading, language) for each in _OTHER_THINGS)


def _is_part(draft: Draft, above: Draft, language: str) -> bool:
    if not _is_free(draft):
        return False
    label = label_of(draft.heading).name
    below = draft.level > above.level or not draft.units[0].marked
    return below and any(named(each, label, language) for each in PARTS)


def _product(group: Sequence[Draft], signs: Sequence[_Sign]) -> Draft:
    """Return the one draft that a product's section and its parts make."""
    units = tuple(unit for draft in group for unit in draft.units)
    reasons = (*group[0].reasons, *(sign.reason for sign in signs if sign.weight > 0))
    weight = sum(sign.weight for sign in signs)
    sure = round(min(0.95, 0.5 + weight / 10), 2)
    return replace(group[0], units=units, kind=Kind.PRODUCT, reasons=tuple(dict.fromkeys(reasons)), confidence=sure)


def _judged(group: Sequence[Draft], language: str, catalog: Catalog, *, guide: bool) -> list[_Sign]:
    """Return what speaks for it that a section offers a product; nothing when it is none to be looked at."""
    first = group[0]
    body = [unit for draft in group for unit in (draft.units if draft is not first else draft.body)]
    if not _is_free(first) or not any(unit.text for unit in body):
        return []
    if count := _shopping_list(body, language):
        return [_Sign(_ENOUGH, f"product.list {count}")]
    if not _is_open(first, language):
        return _specification(first, language, guide=guide)
    known = lexicon(language)
    words = sum(draft.words for draft in group)
    titled = list(_in_heading(first.heading, language, catalog, words))
    signs = [*titled, *_in_body(body, known)]
    listed = numbered(first.units[0].raw) is not None
    if not titled and not listed and sum(unit.words for unit in body) > _SAID_WORDS:
        # Each section of a review may end in a button.
        signs.append(_Sign(-2.5, "product.no-name", buying=False))
    # The name of a model with an award or pros and cons is an offer, without any word of buying.
    if sum(not sign.buying for sign in signs) > 1 and any(sign.reason.startswith("product.model") for sign in signs):
        signs = [replace(sign, buying=True) for sign in signs]
    if guide and any(sign.weight > 0 for sign in signs):
        signs.append(_Sign(1.0, "product.guide", buying=False))
    if words > _LONG:
        signs.append(_Sign(-1.5, "product.long", buying=False))
    if first.units[0].ordered or sum(unit.kind is UnitKind.ITEM and unit.ordered for unit in body) > 2:
        signs.append(_Sign(-1.0, "product.numbered-steps", buying=False))
    return signs


def _specification(draft: Draft, language: str, *, guide: bool) -> list[_Sign]:
    """Return what speaks for a product in a section of a review that is called "Specifications"."""
    if not named("details", draft.heading, language):
        return []
    signs = list(_in_body(draft.body, lexicon(language)))
    if not guide and (not any(sign.buying for sign in signs) or len(signs) < 2):  # "Pricing: the Pro version costs $99"
        return []
    return [*signs, _Sign(1.5, f"product.specification '{draft.heading}'", buying=guide)]


