"""What a section says of a thing that is for sale: names, prices, buttons, ratings; each is a sign with its weight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backmail.article.concepts import cleaned, named
from backmail.article.labels import label_of
from backmail.article.lexicon import Lexicon, base_language, lexicon
from backmail.article.prices import PRICE, is_tag, price_of, price_said
from backmail.article.teasers import TRADEMARK, button, catalogued
from backmail.model.article import Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = [
    "Sign",
    "award",
    "compares",
    "in_body",
    "in_heading",
    "leads_to_shop",
    "lines_of",
    "paid_link",
    "parts_of_heading",
    "shopping_list",
    "thing_named",
]

_LONG = 300  # words; who says more of a thing in the catalogue may only mention it
_SAID_WORDS = 60  # around a shopping list
_VALUE_WORDS = 8
_LABELS = 3  # lines such as "Weight: 4 kg" that make a specification
_PROPERTIES = 3  # entries of a list that says what a thing is like
_PROPERTY_WORDS = 9
_OF_RECIPES = ("ingredient", "step")

_PARTS_OF_HEADING = re.compile(r"\s*[()]\s*(?:[-–—|:]\s+)?|\s+[-–—|]\s+|:\s+")
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
# A partner's number as shops of any size write it; hosts of code name a version so.
_PARTNER = re.compile(
    r"//(?!(?:\w+\.)?(?:github|gitlab|bitbucket|codeberg)\.)[^\s)]{3,300}[?&](?:ref|aff|aff_?id|affiliate|partner|via)=[\w-]"
    r"|[?&]tag=[\w-]{2,40}-\d\d\b",
    re.IGNORECASE,
)
# A name of two words or more behind an article: "the Foo Pro", "das Modell Breeze 12".
_THING = re.compile(r"(?<=\w )(?-i:[A-ZÀ-Þ])[\w’-]{2,20}(?: (?-i:[A-ZÀ-Þ]|\d)[\w’-]{0,20}){1,3}")
# How much of it there is, how large or strong it is: "400 g", "23 cm", "1450 W".
_SIZE = re.compile(
    r"(?<![\d.,])\d{1,5}(?:[.,]\d{1,3})?(?:[ -]?[-–x×] ?\d{1,5}(?:[.,]\d{1,3})?){0,2} ?"
    r"(?:kg|g|mg|ml|cl|dl|l|cm|mm|m|oz|lbs?|inch(?:es)?|w|kw|v|mah|lm|lumens?|lit(?:er|re|ro|ri)s?|litros?|tum|zoll)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for a product: how much, the reason, and whether it speaks of buying."""

    weight: float
    reason: str
    buying: bool = True


def parts_of_heading(heading: str) -> list[str]:
    """Return the parts of a heading: "1. Best overall: Acme X200" has two."""
    return [part for part in (each.strip() for each in _PARTS_OF_HEADING.split(cleaned(heading))) if part]


def award(heading: str, language: str) -> str:
    """Return what a heading says of how good a thing is ("Best overall: ...", "... - worth it"), or an empty string.

    A verdict ("worth it") says so only beside a name; alone it is a heading about something else.
    """
    parts = parts_of_heading(heading)
    hits = [named("award", part, language) for part in parts]
    hits += [named("verdict", part, language) for part in parts] if len(parts) > 1 else []
    return next((hit.text for hit in hits if hit), "")


def in_heading(heading: str, language: str, catalog: Catalog, words: int) -> Iterator[Sign]:
    """Yield what a heading says: a name of the catalogue, an award, a model, a trademark sign, a price."""
    names = [part for part in parts_of_heading(heading) if not _praises(part, language) and not PRICE.fullmatch(part)]
    if sku := next((sku for part in (cleaned(heading), *names) if (sku := catalogued(part, catalog, language))), ""):
        yield Sign(3.0 if words <= _LONG else 1.0, f"product.catalogue {sku}")
    if praise := award(heading, language):
        yield Sign(1.5, f"product.award:{base_language(language)} '{praise}'", buying=False)
    if model := next((found for part in names if (found := _model(part))), ""):
        yield Sign(1.0, f"product.model '{model}'", buying=False)
    if sign := TRADEMARK.search(heading):
        yield Sign(1.5, f"product.trademark '{sign[0]}'")
    if deal := lexicon(language).find("phrases.selling", heading):
        yield Sign(1.0, f"product.selling:{base_language(language)} '{deal}'")
    if (price := price_of(heading)) and lexicon(language).find("phrases.money", heading) is None:
        yield Sign(1.5, f"product.price '{price}'")


def _praises(part: str, language: str) -> bool:
    return named("award", part, language) is not None or named("verdict", part, language) is not None


def _model(name: str) -> str:
    """Return the name of a model ("AF400EU", "Breeze 12") in a heading's part, or an empty string."""
    if _VERSION.search(name):
        return ""
    return next((found[0] for found in _MODEL.finditer(name) if not _NO_MODEL.fullmatch(found[0])), "")


def in_body(body: Sequence[Unit], known: Lexicon) -> Iterator[Sign]:
    """Yield what the units below a heading say: price tag, button, affiliate link, rating, pros and cons, data."""
    language = known.language
    body = [unit for unit in body if unit.kind is not UnitKind.CODE and not compares(unit, language)]
    lines = [line for unit in body for line in lines_of(unit)]
    if price := next((price_of(line) for line in lines if is_tag(line, language)), ""):
        yield Sign(1.5, f"product.price '{price}'")
    elif price := next((said for line in lines if (said := price_said(line, language))), ""):
        yield Sign(1.0, f"product.price-said '{price}'")
    if found := next((deal for line in lines if (deal := known.find("phrases.selling", line))), ""):
        yield Sign(0.75, f"product.selling:{language} '{found}'")
    if found := next((found for unit in body if (found := button(unit, language))), ""):
        yield Sign(2.0, f"product.button:{language} '{found}'")
    if any(_is_affiliate(unit) for unit in body):
        yield Sign(2.0, "product.affiliate-link")
    if rating := next((rated[0] for line in lines if _few(line) and (rated := _RATING.search(line))), ""):
        yield Sign(1.0, f"product.rating '{rating}'")
    labels = [label_of(line) for line in lines]
    if all(any(known.find(f"headings.{each}", label.name) for label in labels) for each in ("pros", "cons")):
        yield Sign(1.5, f"product.pros-and-cons:{language}", buying=False)
    data = sum(bool(_DIGIT.search(label.value)) and _few(label.value) for label in labels)
    if data >= _LABELS:
        yield Sign(1.0, f"product.data {data}", buying=False)
    elif size := next((told[0] for line in lines if (told := _SIZE.search(line))), ""):
        yield Sign(0.5, f"product.size '{size}'", buying=False)
    if _is_properties(body):
        yield Sign(0.5, "product.properties", buying=False)


def _is_properties(body: Sequence[Unit]) -> bool:
    """Say whether units are nothing but a list of a few words each."""
    said = [unit for unit in body if unit.text]
    listed = [unit for unit in said if unit.kind is UnitKind.ITEM and not unit.ordered and not unit.hint]
    short = all(len(unit.text.split()) <= _PROPERTY_WORDS for unit in listed)
    return short and len(listed) >= _PROPERTIES and len(listed) == len(said)


def lines_of(unit: Unit) -> list[str]:
    """Return the lines of a unit; a row of a table with two cells reads like a label and its value."""
    if unit.kind is not UnitKind.TABLE:
        return list(unit.parts) or [unit.text]
    rows = ([cell.strip() for cell in row.strip(" |").split("|")] for row in unit.raw.split("\n"))
    return [": ".join(row) if len(row) == 2 else row[0] for row in rows if any(row)]


def compares(unit: Unit, language: str) -> bool:
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
    if found is None or not _pays(unit, unit.raw) or unit.hint in _OF_RECIPES:
        return False
    first = not re.search(r"\w", re.sub(r"^\s*\d+[.)]", "", unit.raw[: found.start()]))
    return first and len(unit.text.split()) <= len(found["text"].split()) + _VALUE_WORDS


def paid_link(unit: Unit) -> str:
    """Return the words of a unit's link that pays the page, wherever it stands in the unit; "" where it has none."""
    found = next((link for link in _LINK.finditer(unit.raw) if _pays(unit, link["address"])), None)
    return found["text"] if found else ""


def _pays(unit: Unit, address: str) -> bool:
    return unit.hint == "sponsored" or leads_to_shop(address)


def leads_to_shop(address: str) -> bool:
    """Say whether an address, or the Markdown around it, is that of a link which pays whoever has it on his page."""
    return bool(_AFFILIATE.search(address) or _PARTNER.search(address))


def thing_named(text: str) -> str:
    """Return the name of a thing that a sentence has: of a model, with a trademark sign, of two words or more."""
    if model := _model(text):
        return model
    found = _THING.search(text)
    return found[0] if found else ""


def shopping_list(body: Sequence[Unit], language: str) -> int:
    """Return how many things a list names with a link that pays or a price and a link each; 0 when it is no such list.

    A list of ingredients has links now and then, a shopping list has one on each line.
    """
    items = [unit for unit in body if unit.kind is UnitKind.ITEM and unit.text]
    sold = sum(_is_affiliate(unit) or (is_tag(unit.text, language) and bool(_LINK.search(unit.raw))) for unit in items)
    said = sum(unit.words for unit in body if unit.kind is UnitKind.PARAGRAPH)
    return sold if sold > 1 and sold * 4 >= len(items) * 3 and said <= _SAID_WORDS else 0
