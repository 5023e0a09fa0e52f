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

_PARTS_OF_HEADING = re.compile(r"\s+[-–—|]\s+|:\s+|\s*[()]\s*")
# A letter and two digits or more, in one word or in two, the first with a capital: X200, AF400EU, WK-500, "Tur 25".
_MODEL = re.compile(
    r"\b(?:[^\W\d_]{1,12}-?\d{2,5}[^\W\d_]{0,4}|[A-Z][^\W\d_]{0,3}\d|(?-i:[A-Z])[^\W\d_]+ \d{1,4}[A-Z]?)\b"
)
# Steps, years, vitamins, norms and versions have numbers, too.
_NO_MODEL = re.compile(
    r"(?:covid|sars|omega|vitamin\w*|vitamine?|b|k|d|q|a|e|h|mp|utf|ipv|html|css|python|java|php|ios|windows|android|node|es"
    r"|step|day|week|part|chapter|option|level|phase|variation|exercise|tip|top|trin|dag|uge|del|fase|tag|woche|teil|schritt"
    r"|steg|vecka|étape|jour|semaine|paso|día|semana|option|variante|din|iso|en|article|artikel|kapitel|age|alder|alter"
    r"|januar\w*|februar\w*|march|märz|april|may|mai|juni?|jul[iy]|august|september|o[ck]tober|november|de[cz]ember)"
    r"[ -]?\d+\w*",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\d\.\d")
_RATING = re.compile(
    r"(?<![\d/])(?:10|\d(?:[.,]\d)?)\s?/\s?(?:5|10)(?![\d/])|[★⭐]{3,}"
    r"|(?<!\d)\d(?:[.,]\d)? (?:out of|von|av|af|sur|de|van|su) (?:5|10|five|fünf|fem|cinq|cinco)\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LINK = re.compile(r"\[(?P<text>[^\]]{0,200})\]\((?P<address>[^)\s]{1,2000})[^)]{0,200}\)")
# Addresses of the large networks, and what their links have in common (a partner's number, a redirect, `rel`).
_AFFILIATE = re.compile(
    r"//(?:www\.)?(?:amzn\.(?:to|eu|asia)|amazon\.[a-z.]{2,6}/\S{0,300}[?&]tag=|awin1\.com|tidd\.ly|partner-ads\.com"
    r"|\w{1,20}\.tradedoubler\.com|track\.adtraction\.com|shareasale\.com|(?:go\.)?skimresources\.com|go\.skimlinks\.com"
    r"|rstyle\.me|shopstyle\.it|ltk\.app|liketk\.it|geni\.us|(?:www\.)?(?:anrdoezrs|jdoqocy|tkqlhce|dpbolvw|kqzyfj)\.(?:net|com)"
    r"|click\.linksynergy\.com|prf\.hn|\w{1,30}\.(?:sjv\.io|pxf\.io|evyy\.net)|tc\.tradetracker\.net|ds1\.nl|partner\.bol\.com"
    r"|hop\.clickbank\.net|\w{1,20}\.digidip\.net|financeads\.net|www\.webgains\.com|track\.effiliation\.com"
    r"|\w{1,20}\.go2cloud\.org)"
    r"|[?&](?:affid|aff_id|affiliate_?id|partnerid|awinmid|awc|afftrack)=|rel=\"?[^\">]{0,60}\bsponsored\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that speaks for a product: how much, the reason, and whether it speaks of buying."""

    weight: float
    reason: str
    buying: bool = True


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


def _shopping_list(body: Sequence[Unit], language: str) -> int:
    """Return how many things a list names with a link that pays or a price and a link each; 0 when it is no such list.

    A list of ingredients has links now and then, a shopping list has one on each line.
    """
    items = [unit for unit in body if unit.kind is UnitKind.ITEM and unit.text]
    sold = sum(_is_affiliate(unit) or (is_tag(unit.text, language) and bool(_LINK.search(unit.raw))) for unit in items)
    said = sum(unit.words for unit in body if unit.kind is UnitKind.PARAGRAPH)
    return sold if sold > 1 and sold * 4 >= len(items) * 3 and said <= _SAID_WORDS else 0


def _split(heading: str) -> list[str]:
    """Return the parts of a heading: "1. Best overall: Acme X200" has two."""
    return [part for part in (each.strip() for each in _PARTS_OF_HEADING.split(cleaned(heading))) if part]


def _award(part: str, language: str) -> str:
    hit = named("award", part, language)
    return hit.text if hit else ""


def _in_heading(heading: str, language: str, catalog: Catalog, words: int) -> Iterator[_Sign]:
    """Yield what a heading says: a name of the catalogue, an award, a model, a trademark sign, a price."""
    parts = _split(heading)
    names = [part for part in parts if not _award(part, language) and not PRICE.fullmatch(part)]
    if sku := next((sku for part in (cleaned(heading), *names) if (sku := catalogued(part, catalog, language))), ""):
        yield _Sign(3.0 if words <= _LONG // 2 else 1.0, f"product.catalogue {sku}")
    if award := next((found for part in parts if (found := _award(part, language))), ""):
        yield _Sign(1.5, f"product.award:{base_language(language)} '{award}'", buying=False)
    if model := next((found for part in names if (found := _model(part))), ""):
        yield _Sign(1.0, f"product.model '{model}'", buying=False)
    if sign := TRADEMARK.search(heading):
        yield _Sign(1.5, f"product.trademark '{sign[0]}'")
    if (price := price_of(heading)) and lexicon(language).find("phrases.money", heading) is None:
        yield _Sign(1.5, f"product.price '{price}'")


def _model(name: str) -> str:
    """Return the name of a model ("AF400EU", "Breeze 12") in a heading's part, or an empty string."""
    if _VERSION.search(name):
        return ""
    return next((found[0] for found in _MODEL.finditer(name) if not _NO_MODEL.fullmatch(found[0])), "")


def _in_body(body: Sequence[Unit], known: Lexicon) -> Iterator[_Sign]:
    """Yield what the units below a heading say: price tag, button, affiliate link, rating, pros and cons, data."""
    language = known.language
    body = [unit for unit in body if unit.kind is not UnitKind.CODE and not _compares(unit, language)]
    lines = [line for unit in body for line in _lines(unit)]
    if price := next((price_of(line) for line in lines if is_tag(line, language)), ""):
        yield _Sign(1.5, f"product.price '{price}'")
    if found := next((found for unit in body if (found := button(unit, language))), ""):
        yield _Sign(2.0, f"product.button:{language} '{found}'")
    if any(_is_affiliate(unit) for unit in body):
        yield _Sign(2.0, "product.affiliate-link")
    if rating := next((rated[0] for line in lines if _few(line) and (rated := _RATING.search(line))), ""):
        yield _Sign(1.0, f"product.rating '{rating}'")
    labels = [label_of(line) for line in lines]
    if all(any(known.find(f"headings.{each}", label.name) for label in labels) for each in ("pros", "cons")):
        yield _Sign(1.5, f"product.pros-and-cons:{language}", buying=False)
    data = sum(bool(_DIGIT.search(label.value)) and _few(label.value) for label in labels)
    if data >= _LABELS:
        yield _Sign(1.0, f"product.data {data}", buying=False)


def _lines(unit: Unit) -> list[str]:
    """Return the lines of a unit; a row of a table with two cells reads like a label and its value."""
    if unit.kind is not UnitKind.TABLE:
        return list(unit.parts) or [unit.text]
    rows = ([cell.strip() for cell in row.strip(" |").split("|")] for row in unit.raw.split("\n"))
    return [": ".join(row) if len(row) == 2 else row[0] for row in rows if any(row)]


def _compares(unit: Unit, language: str) -> bool:
    """Say whether a unit is a table that compares several products: it has a price for each."""
    cells = re.split(r"[|\n]", unit.raw) if unit.kind is UnitKind.TABLE else []
    return sum(is_tag(cell, language) for cell in cells) > 1


def _few(line: str) -> bool:
    return len(line.split()) <= _VALUE_WORDS


def _is_affiliate(unit: Unit) -> bool:
    """Say whether a unit is a link that pays: it begins with it and says little more.

    A link inside prose is none, nor is one behind an amount ("200 g [flour](...)"): recipes link what goes into them.
    """
    found = _LINK.search(unit.raw)
    if found is None or not _AFFILIATE.search(unit.raw) or unit.hint in ("ingredient", "step"):
        return False
    first = not re.search(r"\w", re.sub(r"^\s*\d+[.)]", "", unit.raw[: found.start()]))
    return first and len(unit.text.split()) <= len(found["text"].split()) + _VALUE_WORDS
