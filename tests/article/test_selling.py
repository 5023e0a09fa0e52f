"""What a section says of a thing that is for sale is told sign by sign, with its weight."""

import pytest

from backmail.article.lexicon import lexicon
from backmail.article.markdown import markdown_units
from backmail.article.selling import award, compares, in_body, in_heading, lines_of, parts_of_heading, shopping_list
from backmail.model.campaign import Catalog, Product

CATALOG = Catalog((Product("g-1", "Orvane Glide"),))


def said(text: str, language: str = "en") -> list[str]:
    return [sign.reason for sign in in_body(markdown_units(text), lexicon(language))]


def named(heading: str, language: str = "en") -> list[str]:
    return [sign.reason for sign in in_heading(heading, language, CATALOG, 50)]


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("1. Best overall: Orvane X20", ["Best overall", "Orvane X20"]),
        ("Orvane – Glide (23 cm) - worth it", ["Orvane", "Glide", "23 cm", "worth it"]),
        ("Orvane", ["Orvane"]),
    ],
)
def test_the_parts_of_a_heading(heading: str, parts: list[str]) -> None:
    assert parts_of_heading(heading) == parts


def test_a_verdict_counts_only_beside_a_name() -> None:
    assert award("Roller - worth it", "en") == "worth it"
    assert award("Best overall: Orvane", "en") == "Best overall"
    assert award("Worth it", "en") == ""
    assert award("Roller - made of cork", "en") == ""


def test_what_a_heading_says() -> None:
    assert named("Orvane Glide") == ["product.catalogue g-1"]
    assert named("Roller - skip it") == ["product.award:en 'skip it'"]
    assert named("Talmo - 20% off your first order") == ["product.selling:en '20% off'"]
    assert named("Talmo X20, $49") == ["product.model 'X20'", "product.price '$49'"]
    assert named("How bees see") == []


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("It boils half a litre and weighs 371 g. At $115 it is not cheap, for a stove that only boils.",
         ["product.price-said '$115'", "product.size '371 g'"]),
        ("- light\n- folds flat\n- cheap", ["product.properties"]),
        ("1. open it\n2. fill it\n3. close it", []),
        ("It is sold in most shops, and you can order it online from the maker.", ["product.selling:en 'sold in'"]),
        ("Chapter 4 has 371 pages and 2 pictures of a garden that nobody has ever seen.", []),
    ],
)  # fmt: skip
def test_what_prose_says(text: str, reasons: list[str]) -> None:
    assert said(text) == reasons


def test_a_table_with_several_prices_compares_and_says_nothing_of_one() -> None:
    (table,) = markdown_units("| Model | Price |\n|---|---|\n| Alto | $9 |\n| Bero | $8 |")
    assert compares(table, "en")
    assert said(table.raw) == []
    (data,) = markdown_units("| Weight | 3 kg |\n|---|---|\n| Price | $9 |")
    assert not compares(data, "en")
    assert "Weight: 3 kg" in lines_of(data)


def test_a_shopping_list_has_a_price_and_a_link_on_each_line() -> None:
    assert shopping_list(markdown_units("- [Rope](https://a.example) $4\n- [Peg](https://a.example) $1"), "en") == 2
    assert shopping_list(markdown_units("- rope, $4\n- a peg"), "en") == 0
