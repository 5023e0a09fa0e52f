"""Finds product teasers: a name and a short line that a shop's page puts between the article's paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backmail import products
from backmail.article.concepts import cleaned, named
from backmail.article.labels import PARTS, label_of, listed
from backmail.article.language import Foreign, foreign
from backmail.article.lexicon import lexicon, straighten
from backmail.article.prices import PRICE, is_tag, price_of
from backmail.model.article import Unit, UnitKind
from backmail.model.campaign import Catalog

__all__ = ["CARD_HINTS", "TRADEMARK", "Teaser", "button", "catalogued", "find_teasers"]

CARD_HINTS = ("card", "product")  # of what a page calls a product: the first unit of one, and any
TRADEMARK = re.compile(r"[™®]|\((?:TM|R)\)")
_NAME_WORDS = 9
_BUTTON_HEADING = 3  # words of a line taken for a heading that may be a button all the same
_LETTERS = 3
_BLURB = range(3, 31)  # words
_TAIL_LINES = 4
_ROWS = 3  # of a list of prices
_ROW_LETTERS = 7  # of the name of what a price is for
_TAIL_WORDS = 8  # of a line with a price or a button below the blurb
_TAG_WORDS = 5  # of a price tag that ends as a sentence does
_SHIFT_WORDS = 3  # fewer tell no language
_NO_NAMES = ("faq", "sources", "conclusion", "related", "toc", "chrome", "guide", *PARTS)
# A shop's button stands below a list of ingredients, too.
_NO_CARDS = ("ingredients", "faq", "sources", "conclusion", "how_to", "safety")
_CARD_WORDS = 150  # of what a page calls a product; with more it means the whole article
_END = re.compile(r"[.?!:;,…][\"”’»)]*$")
_SENTENCE_END = re.compile(r"[.!…][\"”’»)]*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"\[([^\]]{0,200})\]\(")
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


def catalogued(name: str, catalog: Catalog, language: str) -> str:
    """Return the sku of the product that a line names, also with a colour or size behind its name; else ""."""
    if product := products.find(catalog, name):
        return product.sku
    variant = products.find_variant(catalog, name)
    return variant[0].sku if variant and all(_is_variant(each, language) for each in variant[1]) else ""


def button(unit: Unit, language: str) -> str:
    """Return the words of a unit that ask to buy, where it is a button: a link, or a few words alone; else ""."""
    # "Compare offers from several banks" is no button, though it begins as one does.
    if unit.kind is UnitKind.HEADING and len(unit.text.split()) > _BUTTON_HEADING:
        return ""
    if len(unit.text.split()) <= _TAIL_WORDS:
        return lexicon(language).find("phrases.buy", unit.text) or ""
    texts = (link[1] for link in _LINK.finditer(unit.raw))
    return next((found for text in texts if (found := lexicon(language).find("phrases.buy", text))), "")


def find_teasers(units: Sequence[Unit], language: str, catalog: Catalog) -> dict[int, Teaser]:
    """Return the product teasers among the units, by the index of their first unit.

    A teaser is a name (at most nine words, no full stop) and one line of at most thirty words, when something tells
    that it is a product: the catalogue, a line in another language than the article's, a trademark sign, a price, a
    button, a colour or size behind the name.
    """
    found: dict[int, Teaser] = {}
    lists = listed(units, language)
    index = 0
    while index < len(units):
        teaser = None if index in lists else _teaser(_View(units, lists, language, catalog), index)
        if teaser:
            found[index] = teaser
        index += teaser.count if teaser else _card_units(units, index)
    return found


@dataclass(frozen=True, slots=True)
class _View:
    """The units that teasers are looked for in: where lists of pros and cons are, their language, the catalogue."""

    units: Sequence[Unit]
    lists: frozenset[int]
    language: str
    catalog: Catalog


def _teaser(view: _View, index: int) -> Teaser | None:
    """Return the teaser that begins at unit `index`, if one does."""
    units, language = view.units, view.language
    if units[index].hint in CARD_HINTS:
        return _card(units, index, language)
    label = _is_advertisement(units[index], language)
    at = index + 1 if label else index
    if at >= len(units) or not _may_be_name(view, at):
        return None
    name, blurb = units[at], units[at + 1] if at + 1 < len(units) else None
    if bare := _priced(view, at):
        return Teaser(at + 1 + bare - index, at - index, "", ("product.price",))
    if blurb is None or blurb.kind is not UnitKind.PARAGRAPH or len(blurb.text.split()) not in _BLURB:
        sku = "" if _opens_section(units, at) else catalogued(cleaned(name.text), view.catalog, language)
        return Teaser(at + 1 - index, at - index, "", (f"product.catalogue {sku}",)) if sku else None
    tail = _tail(view, at + 2)
    if _goes_on(units, at, at + 2 + tail):
        return None
    reasons, other = _reasons(view, at, tail)
    if label:
        reasons.append(f"product.advertisement '{units[index].text}'")
    return Teaser(at + 2 + tail - index, at - index, other, tuple(reasons)) if reasons else None


def _may_be_name(view: _View, at: int) -> bool:
    """Say whether a line may name a thing that the lines below it offer; the one above a page's card does not."""
    above_card = at + 1 < len(view.units) and view.units[at + 1].hint == "card"
    named_so = _is_name(view.units[at], view.language) and not above_card
    return named_so and not _is_price_list(view, at) and not _is_award(view, at)


def _is_award(view: _View, at: int) -> bool:
    """Say whether a line is what the thing named right above it is best at: "Best for travel"."""
    below_name = at > 0 and view.units[at - 1].kind is UnitKind.HEADING
    return below_name and named("award", view.units[at].text, view.language) is not None


def _card(units: Sequence[Unit], index: int, language: str) -> Teaser | None:
    """Return the teaser that a page's own product card is: up to the next card, or its heading."""
    stop = index
    names = [index] if units[index].kind is UnitKind.HEADING else []
    while stop < len(units) and units[stop].hint in CARD_HINTS and (stop == index or units[stop].hint != "card"):
        heads = units[stop].kind is UnitKind.HEADING
        if heads and names and stop > names[0]:
            break
        names += [stop] if heads else []
        stop += 1
    if sum(unit.words for unit in units[index:stop]) > _CARD_WORDS:
        return None
    written = [number for number in range(index, stop) if units[number].text]
    called = (
        number for number in written if _is_name(units[number], language) and not _is_label(units[number], language)
    )
    name = names[0] if names else next(called, written[0] if written else index)
    if any(named(each, units[name].text, language) for each in _NO_CARDS):
        return None
    return Teaser(stop - index, name - index, "", ("product.card",))


def _card_units(units: Sequence[Unit], index: int) -> int:
    """Return how many units there are in the card that begins at `index`, which is no product; 1 where none begins."""
    stop = index + 1
    while units[index].hint == "card" and stop < len(units) and units[stop].hint == "product":
        stop += 1
    return stop - index


def _is_label(unit: Unit, language: str) -> bool:
    """Say whether a line in a product's box says why it stands there, or is its price or button, but not its name."""
    return (
        named("award", unit.text, language) is not None or _is_advertisement(unit, language) or _is_tail(unit, language)
    )


def _opens_section(units: Sequence[Unit], at: int) -> bool:
    """Say whether a name is a heading of the article's own, with a text below it: that is judged as a section."""
    return units[at].marked and at + 1 < len(units) and units[at + 1].kind is not UnitKind.HEADING


def _goes_on(units: Sequence[Unit], at: int, stop: int) -> bool:
    """Say whether a section with a heading of its own has more below than a teaser: a list, a table."""
    below = units[stop : stop + 2]
    return units[at].marked and any(unit.kind in (UnitKind.ITEM, UnitKind.TABLE, UnitKind.CODE) for unit in below[:2])


def _priced(view: _View, at: int) -> int:
    """Return how many lines with a price and a button follow right below a name; 0 when it is not both.

    A name that is a link which pays needs no price: networks forbid to write it down.
    """
    tail = _tail(view, at + 1)
    lines = view.units[at + 1 : at + 1 + tail]
    tagged = view.units[at].hint == "sponsored" or any(is_tag(unit.text, view.language) for unit in lines)
    both = tagged and any(_is_button(unit, view.language) for unit in lines)
    return tail if both else 0


def _is_price_list(view: _View, at: int) -> bool:
    """Say whether a name stands in three lines or more with a name and a price each: what several things cost."""
    start = at
    while start > 0 and _is_price_row(view.units[start - 1], view.language):
        start -= 1
    rows = [unit for unit in view.units[start : at + 1 + _TAIL_LINES] if _is_price_row(unit, view.language)]
    return len({PRICE.sub("", unit.text) for unit in rows}) >= _ROWS


def _is_price_row(unit: Unit, language: str) -> bool:
    """Say whether a line names a thing and its price; "Now 25 $" and "Before 30 $" name nothing."""
    if unit.kind is not UnitKind.PARAGRAPH or not is_tag(unit.text, language):
        return False
    return sum(sign.isalpha() for sign in PRICE.sub("", unit.text)) > _ROW_LETTERS


def _is_name(unit: Unit, language: str) -> bool:
    """Say whether a unit may be a product's name; a heading of the article's furniture ("Sources") is none."""
    if unit.kind not in (UnitKind.PARAGRAPH, UnitKind.HEADING) or len(unit.text.split()) > _NAME_WORDS:
        return False
    letters = sum(sign.isalpha() for sign in PRICE.sub("", unit.text))
    if letters < _LETTERS or _END.search(unit.text):
        return False
    found = label_of(unit.text)
    if found.value and found.value[0].isdigit():  # "Power: 900 W"
        return False
    label = found.name
    return not any(named(each, unit.text, language) for each in _NO_NAMES) and not any(
        label and named(each, label, language) for each in PARTS
    )


def _is_advertisement(unit: Unit, language: str) -> bool:
    label = unit.kind in (UnitKind.PARAGRAPH, UnitKind.HEADING) and len(unit.text.split()) <= _NAME_WORDS
    return label and lexicon(language).find("phrases.advertisement", unit.text) is not None


def _tail(view: _View, index: int) -> int:
    """Return how many lines follow that belong to a teaser: a price, a button, data, lists of pros and cons."""
    count = short = 0
    while index + count < len(view.units) and short < _TAIL_LINES:
        if index + count not in view.lists:
            if view.units[index + count].hint == "card" or not _is_tail(view.units[index + count], view.language):
                break
            short += 1
        count += 1
    return count + _small_print(view, index + count) if count else 0


def _small_print(view: _View, index: int) -> int:
    """Return 1 where the line below a teaser says that the page earns money with it, else 0."""
    if index >= len(view.units):
        return 0
    unit = view.units[index]
    short = unit.kind is UnitKind.PARAGRAPH and len(unit.text.split()) in _BLURB
    return int(short and lexicon(view.language).find("phrases.disclosure", unit.text) is not None)


def _is_tail(unit: Unit, language: str) -> bool:
    spoken = unit.kind is UnitKind.PARAGRAPH or (unit.kind is UnitKind.HEADING and not unit.marked)
    if not spoken or len(unit.text.split()) > _TAIL_WORDS or unit.text.endswith("?"):
        return False
    label = label_of(unit.text)
    data = bool(label.value) and named("details", label.name, language) is not None
    told = len(unit.text.split()) > _TAG_WORDS and _SENTENCE_END.search(unit.text)  # "We like the X, which costs $9."
    return data or (is_tag(unit.text, language) and not told) or _is_button(unit, language)


def _is_button(unit: Unit, language: str) -> bool:
    """Say whether a short line below a product may be its button; "Read more" is one there, and nowhere else."""
    return bool(button(unit, language) or lexicon(language).find("phrases.call_to_action", unit.text))


def _reasons(view: _View, at: int, tail: int) -> tuple[list[str], str]:
    """Return why a name with a line below it is a product, and that line's language where it is not the article's.

    Arguments:
        view: the article's units.
        at: where the name is; its line stands behind it.
        tail: how many lines behind that belong to it.
    """
    units, language = view.units, view.language
    name = units[at]
    reasons = []
    written_as_section = name.marked and name.level > 0 and name.raw.lstrip().startswith("#")
    if sku := catalogued(cleaned(name.text), view.catalog, language):
        reasons.append(f"product.catalogue {sku}")
    if not written_as_section and (sign := TRADEMARK.search(name.text)):
        reasons.append(f"product.trademark '{sign[0]}'")
    variant = _VARIANT.search(straighten(name.text))
    if not written_as_section and variant and _is_variant(variant[1], language):
        reasons.append(f"product.variant '{variant[1]}'")
    for unit in (name, *units[at + 2 : at + 2 + tail]):
        if is_tag(unit.text, language):
            reasons.append(f"product.price '{price_of(unit.text)}'")
        elif unit is not name and (found := button(unit, language)):
            reasons.append(f"product.button '{found}'")
    other = _shift(units, at + 1, language)
    if other:
        reasons.append(f"product.language-shift {other.language}, {other.evidence}")
    return reasons, other.language if other else ""


def _shift(units: Sequence[Unit], at: int, language: str) -> Foreign | None:
    """Return what tells that the line at `at` is in another language, where it is the only one there that is.

    A longer text in that language behind it is a passage: a quotation, a translation, what a program prints.
    """
    text = units[at].text
    if not _SENTENCE_END.search(text) or len(text.split()) <= _SHIFT_WORDS:
        return None
    found = foreign(text, language)
    behind = units[at + 1] if at + 1 < len(units) else None
    if found and behind and behind.kind is UnitKind.PARAGRAPH and len(behind.text.split()) > _NAME_WORDS:
        return None if foreign(behind.text, language) else found
    return found


def _is_variant(text: str, language: str) -> bool:
    """Say whether a text is a colour or a size: "Navy", "Size XL", "500 ml", "2 pack"."""
    words = _WORD.findall(straighten(text).casefold())
    if len(words) == 1 and _YEAR.fullmatch(words[0]):
        return False
    known = lexicon(language).words.get("colours", frozenset()) | lexicon("en").words.get("colours", frozenset())
    return bool(words) and (any(word in known for word in words) or any(word[0].isdigit() for word in words))
