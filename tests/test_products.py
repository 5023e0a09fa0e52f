"""A product is found under what people write for its name, and never under another product's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import products
from backmail.model.campaign import Catalog, Product

CATALOG = Catalog(
    (
        Product("MV-1", "Men's Bee Suit™"),
        Product("w-1", "Bee Veil, round", aliases=("Round bee veil", "Rundt bislør")),
        Product("s-2", "Smoker"),
        Product("x-2", "Acme X200 Pro"),
    )
)


@pytest.mark.parametrize(
    ("name", "sku"),
    [
        ("mens bee suit", "MV-1"),
        ("Men’s Bee-Suit ®", "MV-1"),
        ("Bee suit, men's", "MV-1"),
        ("MV 1", "MV-1"),
        ("Beeveil round", "w-1"),
        ("Bee Viel, round", "w-1"),
        ("rundt bislør", "w-1"),
        ("Smokers", "s-2"),
        ("ACME X-200 Pro", "x-2"),
        ("Women's Bee Suit", None),
        ("Acme X300 Pro", None),
        ("Acme X200", None),
        ("Bee", None),
        ("", None),
    ],
)
def test_names(name: str, sku: str | None) -> None:
    found = products.find(CATALOG, name)
    assert (found.sku if found else None) == sku


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Smoker - Black", ("s-2", ("Black",))),
        ("Smoker - Black / XL", ("s-2", ("Black", "XL"))),
        ("Smoker (2 pack)", ("s-2", ("2 pack",))),
        ("Bee Veil, round, 40 cm", ("w-1", ("40 cm",))),
        ("Smoker: how to light it", None),
        ("Stove - Black", None),
    ],
)
def test_a_colour_or_size_behind_a_name(name: str, found: tuple[str, tuple[str, ...]] | None) -> None:
    variant = products.find_variant(CATALOG, name)
    assert (variant and (variant[0].sku, variant[1])) == found


def test_the_nearest_name_wins() -> None:
    near = Catalog((Product("1", "Wool socks"), Product("2", "Wool sock")))
    found = products.find(near, "Wool sock")
    assert found is not None
    assert found.sku == "2"


@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_product_is_found_under_its_own_name(name: str) -> None:
    assert products.find(Catalog((Product("p", name),)), name) is not None
