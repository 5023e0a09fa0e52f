"""Product teasers are found in the prose, each for a named reason, and nothing else is."""

import pytest

from backmail.article.teasers import Teaser, catalogued, find_teasers
from backmail.article.text import text_units
from backmail.model.campaign import Catalog, Product

NONE = Catalog()
CATALOG = Catalog((Product("w-1", "Bee Veil, round", aliases=("Round bee veil",)), Product("s-2", "Smoker")))


def teasers(text: str, catalog: Catalog = NONE, language: str = "en") -> dict[int, Teaser]:
    return find_teasers(text_units(text), language, catalog)


def only(text: str, catalog: Catalog = NONE) -> Teaser:
    (teaser,) = teasers(text, catalog).values()
    return teaser


def test_a_line_in_another_language() -> None:
    teaser = only("Beekeeper's jacket\nEn jakke, der holder bierne ude og er let at vaske.")
    assert (teaser.count, teaser.name, teaser.language) == (2, 0, "da")
    assert teaser.reasons == ("product.language-shift da, 4 words of another language",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Calm Smoker™\nMakes bees calm in a minute.", "product.trademark '™'"),
        ("Beekeeper's jacket - Navy\nKeeps the bees out.", "product.variant 'Navy'"),
        ("Beekeeper's jacket, $49.50\nKeeps the bees out.", "product.price '$49.50'"),
        ("Beekeeper's jacket\nKeeps the bees out.\n349 kr.", "product.price '349 kr.'"),
        ("Beekeeper's jacket\nKeeps the bees out.\nBuy now", "product.button 'Buy now'"),
        ("Advertisement\nBeekeeper's jacket - Navy\nKeeps the bees out.", "product.advertisement 'Advertisement'"),
    ],
)
def test_what_tells_a_product(text: str, reason: str) -> None:
    teaser = only(text)
    assert reason in teaser.reasons
    assert teaser.count == len(text.split("\n"))


def test_the_catalogue_knows_names_and_aliases_also_written_a_little_differently() -> None:
    assert catalogued("round bee-veil", CATALOG) == "w-1"
    assert catalogued("Bee Veil,  Round", CATALOG) == "w-1"
    assert catalogued("A veil", CATALOG) == ""
    assert only("Round bee veil\nKeeps the bees out.", CATALOG).reasons == ("product.catalogue w-1",)


def test_a_name_from_the_catalogue_takes_no_long_paragraph_with_it() -> None:
    teaser = only("Smoker\n" + "The story goes on here for a while. " * 6, CATALOG)
    assert (teaser.count, teaser.reasons) == (1, ("product.catalogue s-2",))


def test_a_name_with_only_price_and_button() -> None:
    assert only("Beekeeper's jacket\n€49\nAdd to cart").count == 3
    assert teasers("Beekeeper's jacket\n€49\nThen winter comes.") == {}


@pytest.mark.parametrize(
    "text",
    [
        "The winter\nBees sit close.",
        "The winter\n" + "De sidder tæt, når det er koldt. " * 8,
        "Kilder\nHolm, B. har skrevet om det, og det er godt.",
        "Why do they sit close?\nFordi det er koldt, og de fryser.",
        "They sit close.\nFordi det er koldt, og de fryser.",
        "## Calm Smoker™ review\nMakes bees calm in a minute.",
        "How much is it\nA hive costs about 100 euros in the first year.",
    ],
)
def test_what_is_no_product(text: str) -> None:
    assert teasers(text) == {}
