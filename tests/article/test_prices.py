"""Prices are found whole in all common forms; sums, weights and versions are none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.prices import PRICE, is_tag, price_of, price_said

WHOLE = st.integers(1, 9_999_999)
SEPARATORS = st.sampled_from([".", ",", "’", " ", "\xa0", "\u202f", ""])
CENTS = st.sampled_from(["", ".95", ",50", ",-", ",–", ".-"])
BEFORE = st.sampled_from(["$", "€", "£", "US$", "kr. ", "kr ", "DKK ", "SEK ", "NOK ", "EUR ", "USD ", "GBP ", "CHF "])
AFTER = st.sampled_from([" kr", " kr.", " €", "€", " EUR", " euro", " DKK", " SEK", " NOK", " CHF", " $", " USD"])


def amount(whole: int, separator: str, cents: str) -> str:
    return f"{whole:,}".replace(",", separator) + (cents if not (separator and cents[:1] == separator) else "")


@given(WHOLE, SEPARATORS, CENTS, BEFORE)
def test_any_amount_behind_a_currency_is_found_whole(whole: int, separator: str, cents: str, before: str) -> None:
    price = before + amount(whole, separator, cents)
    assert price_of(f"It costs {price} in the shop") == price


@given(WHOLE, SEPARATORS, CENTS, AFTER)
def test_any_amount_before_a_currency_is_found_whole(whole: int, separator: str, cents: str, after: str) -> None:
    price = amount(whole, separator, cents) + after
    assert price_of(f"It costs {price} in the shop") == price


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        ("from $29", ["$29"]),
        ("Was $35.00, now $24.50", ["$35.00", "$24.50"]),
        ("29 €19 €", ["29 €"]),
        ("29 €x", []),
        ("Pris: 199,-", ["199,-"]),
        ("499:-", ["499:-"]),
        ("CHF 1’299.–", ["CHF 1’299.–"]),
        ("ab 29€/Stück", ["29€"]),
        ("349 kr. i dag", ["349 kr."]),
        ("1 299 kronor", ["1 299 kronor"]),
    ],
)
def test_forms(text: str, prices: list[str]) -> None:
    assert [found[0] for found in PRICE.finditer(text)] == prices


@pytest.mark.parametrize(
    "text",
    [
        "$10k a year",
        "a $2.5 million house",
        "3 Mio. Euro",
        "10 pounds of flour",
        "24,99 % p. a.",
        "at 3:30",
        "version 2.7.1",
        "5 krukker",
    ],
)
def test_what_is_no_price(text: str) -> None:
    assert price_of(text) == ""


@pytest.mark.parametrize(
    ("text", "language", "tag"),
    [
        ("Price: from $29.95", "en", True),
        ("ca. 79,90 €", "de", True),
        ("Kontoführung: 4,90 € im Monat", "de", False),
        ("A loan of $9,000", "en", False),
        ("Lån 10.000 kr. i dag", "da", False),
        ("A machine with a window lets you watch and costs about $20 more", "en", False),
        ("Price: on request", "en", False),
    ],
)
def test_a_tag_is_short_and_speaks_of_no_loan(text: str, language: str, *, tag: bool) -> None:
    assert is_tag(text, language) is tag


@pytest.mark.parametrize("text", ["1 " * 50_000, "111 " * 25_000, "1" * 100_000, "kr " * 33_000, "$1,111" * 16_000])
def test_a_page_of_digits_costs_no_more_than_a_page_of_words(text: str) -> None:
    start = time.process_time()
    list(PRICE.finditer(text))
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "language", "price"),
    [
        ("The pan is heavy and dark. At £42 it is not cheap, but it lasts.", "en", "£42"),
        ("Den Sack mit zwei Kilo gibt es schon für 12,80€.", "de", "12,80€"),
        ("The loan costs $90. The kettle costs $30.", "en", "$30"),
        ("Expect to pay $8 to $15 per square foot.", "en", ""),
        ("A puppy from a good breeder is about $1,200.", "en", ""),
        ("Une séance dure une heure, comptez 60 € par séance.", "fr", ""),
        ("En god kennel tager 9.000 kr. for en hvalp.", "da", ""),
        ("Nothing is sold here.", "en", ""),
    ],
)
def test_a_price_in_prose(text: str, language: str, price: str) -> None:
    assert price_said(text, language) == price
