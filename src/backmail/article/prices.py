"""Finds prices in all common forms, and tells a price tag from a sum of money that prose talks about."""

from __future__ import annotations

import re

from backmail.article.lexicon import lexicon
from backmail.article.sentences import sentences

__all__ = ["PRICE", "is_tag", "price_of", "price_said"]

# 1299, 1.299,00, 1,299.00, 1 299, 1’299.-, 199,-, 199:-. Thousands stand in threes behind one sign. Every repeat is
# bounded, so that a page of digits costs no more than a page of words.
_CENTS = r"(?:[.,:]\d{2}(?!\d)|[.,:][-–—]{1,2})?"
_AMOUNT = rf"(?:\d{{1,3}}(?:[.,’'\x20\xa0\u2009\u202f]\d{{3}}(?!\d)){{1,3}}|\d{{1,7}}){_CENTS}"
_BEFORE = r"(?:(?:US|CA|AU|C|A)?\$|€|£|kr\.?|dkk|sek|nok|eur|usd|gbp|chf|fr\.)"
# "10 pounds" and "5 francs" are weights and history as often as prices: written out, only what is never a weight.
_AFTER = (
    r"(?:€|£|\$|kr\b\.?|kroner|kronor|dkk|sek|nok|euros?|eur|dollars?|usd|gbp|chf|franken"
    r"|(?<=[.,:][-–—])(?!\w))"
)
# "$2.5 million" is what a company earns, "$10k" what a kitchen costs; neither is on a price tag.
_MORE = r"(?!\s?(?:k|m|mio|mrd|bn|milli\w+|billi\w+|miljon\w*|millon\w*|thousand|tusen\w*|tausend|mil)\b)"
# A former price that is struck out touches the new one: "29 €19 €".
_END = r"(?:(?!\w)|(?<=[€£$])(?=\d))"
PRICE = re.compile(
    rf"(?<![\w.,:$€£])(?:{_BEFORE}\s?{_AMOUNT}(?![\w%]|[.,]\d){_MORE}|{_AMOUNT}\s?{_AFTER}{_END}{_MORE})", re.IGNORECASE
)

_TAG_WORDS = 8  # "Price: from $29.95", "Was $35, now $24"


def price_of(text: str) -> str:
    """Return the first price in a text, verbatim, or an empty string."""
    found = PRICE.search(text)
    return found[0].strip() if found else ""


def is_tag(text: str, language: str) -> bool:
    """Say whether a text is a price tag: a few words with a price, and none of loans, fees or wages."""
    few = len(text.split()) <= _TAG_WORDS
    return few and PRICE.search(text) is not None and lexicon(language).find("phrases.money", text) is None


def price_said(text: str, language: str) -> str:
    """Return the first price that prose names, verbatim, or an empty string; loans and fees have none."""
    if not PRICE.search(text):
        return ""
    known = lexicon(language)
    told = (each for each in sentences(text, language) if known.find("phrases.money", each) is None)
    return next((price for each in told if (price := price_of(each))), "")
