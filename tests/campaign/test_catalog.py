"""The catalogue is read, and completed without touching what the marketer wrote."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import yamlfile
from backmail.campaign import complete, find, products_of, read_catalog
from backmail.errors import CampaignError
from backmail.model.article import Kind
from backmail.model.campaign import Catalog, Product
from tests.campaign import sample

TEXT = """# our shop
products:
  - sku: rest-1   # the grey one
    name: Wrist Rest Pro™ - Grey
    aliases: [Wrist Rest]
    blurb: {en: Soft., da: Blød.}
    link: https://shop.example.org/rest
    price: 199 kr.
    price_as_of: "2027-01-04"
    until: "2027-12-31"

# the end
"""
PUDE = Product("balance-pude", "Balance Pude", blurb={"da": "En pude."})


def written(tmp_path: Path, text: str) -> Path:
    """Return a file that holds a catalogue."""
    path = tmp_path / "catalog.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_catalogue_is_read(tmp_path: Path) -> None:
    assert read_catalog(written(tmp_path, TEXT)).products == (
        Product(
            sku="rest-1",
            name="Wrist Rest Pro™ - Grey",
            aliases=("Wrist Rest",),
            blurb={"en": "Soft.", "da": "Blød."},
            link="https://shop.example.org/rest",
            price="199 kr.",
            price_as_of=dt.date(2027, 1, 4),
            until=dt.date(2027, 12, 31),
        ),
    )


@pytest.mark.parametrize("text", ["", "products:\n", "products: []\n", "# nothing yet\nproducts: [ ] # none\n"])
def test_an_empty_catalogue_has_no_products_and_can_be_completed(tmp_path: Path, text: str) -> None:
    assert read_catalog(written(tmp_path, text)) == Catalog()
    completed, catalog = complete(text, [PUDE])
    assert catalog.products == (PUDE,)
    assert read_catalog(written(tmp_path, completed)) == catalog
    assert "# nothing yet" in completed or "nothing" not in text


def test_what_the_marketer_wrote_stays_as_it_is(tmp_path: Path) -> None:
    completed, catalog = complete(TEXT, [PUDE])
    assert completed.startswith(TEXT[: TEXT.index("\n\n# the end")])
    assert completed.endswith("# the end\n")
    assert [product.sku for product in catalog.products] == ["rest-1", "balance-pude"]
    assert read_catalog(written(tmp_path, completed)) == catalog
    assert 'link: ""' in completed


def test_products_are_put_behind_the_others_and_not_behind_another_key(tmp_path: Path) -> None:
    text = "products:\n- sku: a\n  name: Lamp\n# ours\nx-shop: [1, 2]\n"
    completed, catalog = complete(text, [PUDE])
    assert completed.startswith("products:\n- sku: a\n  name: Lamp\n- sku: balance-pude\n")
    assert completed.endswith("# ours\nx-shop: [1, 2]\n")
    assert read_catalog(written(tmp_path, completed)) == catalog


def test_a_product_that_is_there_under_any_name_is_not_added_again() -> None:
    again = [Product("x", "wrist rest pro - grey"), Product("y", "Wrist  Rest")]
    assert complete(TEXT, again) == (TEXT, complete(TEXT, [])[1])
    completed, catalog = complete(TEXT, [PUDE, Product("other", "Balance Pude®")])
    assert len(catalog.products) == 2
    assert complete(completed, [PUDE]) == (completed, catalog)


def test_another_model_is_another_product() -> None:
    catalog = Catalog((Product("a", "Lumbar Cushion 200"),))
    assert find(catalog, "Lumbar Cushion 300") is None
    assert find(catalog, "lumbar cushion 200™") == catalog.products[0]
    assert find(catalog, "Lumber Cushion 200") == catalog.products[0]


def test_two_products_get_two_skus() -> None:
    _, catalog = complete("", [Product("lamp", "Lamp A1"), Product("lamp", "Lamp B22")])
    assert [product.sku for product in catalog.products] == ["lamp", "lamp-2"]


def test_products_in_one_line_are_refused_rather_than_broken() -> None:
    with pytest.raises(CampaignError, match="write each product below the other"):
        complete("products: [{sku: a, name: Lamp}]\n", [PUDE])


def test_two_products_with_one_sku_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "products:\n  - {sku: a, name: Lamp}\n  - {sku: a, name: Desk}\n")
    with pytest.raises(CampaignError, match=r"catalog.yaml:3:11: the sku 'a' is also that of the product on line 2"):
        read_catalog(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("link: shop.example.org", "it begins with https://"),
        ("price_as_of: soon", "'soon' is not a date"),
        ("blurb: {danish: x}", "'danish' is not a language tag"),
        ("availble: false", "did you mean 'available'?"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(CampaignError) as caught:
        read_catalog(written(tmp_path, f"products:\n  - sku: a\n    name: Lamp\n    {line}\n"))
    assert "catalog.yaml:4:" in str(caught.value)
    assert message in str(caught.value)


def test_an_article_names_its_products() -> None:
    made = sample.article((sample.Given(Kind.PRODUCT, ("Lampe™", "Et lys.", "Nu i blå."), language="da"),))
    assert products_of(made) == (Product("lampe", "Lampe™", blurb={"da": "Et lys. Nu i blå."}),)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)


@given(st.lists(NAMES, max_size=4), st.lists(NAMES, max_size=4))
def test_any_catalogue_is_completed_whole(before: list[str], names: list[str]) -> None:
    text, catalog = complete("", [Product(f"p{at}", name) for at, name in enumerate(before)])
    completed, after = complete(text, [Product(f"q{at}", name, blurb={"en": name}) for at, name in enumerate(names)])
    assert completed.startswith(text.rstrip("\n"))
    assert after.products[: len(catalog.products)] == catalog.products
    assert all(find(after, name) for name in (*before, *names))
    data = yamlfile.parse(completed, "catalog.yaml").data
    assert data is None or isinstance(data, dict)
