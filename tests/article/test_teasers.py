"""Product teasers are found in the prose, each for a named reason, and nothing else is."""

from dataclasses import replace

import pytest

from backmail.article.markdown import markdown_units
from backmail.article.teasers import Teaser, button, catalogued, find_teasers
from backmail.article.text import text_units
from backmail.model.article import Unit, UnitKind
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
    assert teaser.reasons[0].startswith("product.language-shift da, ")


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
    assert catalogued("round bee-veil", CATALOG, "en") == "w-1"
    assert catalogued("Bee Veil,  Round", CATALOG, "en") == "w-1"
    assert catalogued("A veil", CATALOG, "en") == ""
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


def test_a_colour_or_size_behind_a_name_of_the_catalogue() -> None:
    assert catalogued("Smoker - Navy", CATALOG, "en") == "s-2"
    assert catalogued("Smoker, 30 cm", CATALOG, "en") == "s-2"
    assert catalogued("Smoker - how to light it", CATALOG, "en") == ""


def test_a_product_that_is_only_mentioned_is_none() -> None:
    assert teasers("Lighting a smoker\nTake dry grass and let it burn well first.", CATALOG) == {}
    assert teasers("We use the Smoker for this.\nIt calms the bees at once.", CATALOG) == {}


@pytest.mark.parametrize(
    ("language", "button"),
    [
        ("en", "Check price on Amazon"),
        ("en", "Add to basket"),
        ("da", "Køb her"),
        ("da", "Se prisen"),
        ("de", "Jetzt kaufen"),
        ("de", "Zum Angebot"),
        ("sv", "Köp här"),
        ("nb", "Kjøp nå"),
        ("fr", "Voir le prix"),
        ("es", "Ver precio"),
    ],
)
def test_buttons(language: str, button: str) -> None:
    (teaser,) = teasers(f"Imker Pro Set\n49 €\n{button}", language=language).values()
    assert teaser.count == 3


def test_read_more_is_a_button_below_a_price_alone() -> None:
    assert only("Beekeeper's jacket\n€49\nRead more").count == 3
    assert teasers("Beekeeper's jacket\nKeeps the bees out.\nRead more") == {}


def test_data_and_lists_belong_to_a_teaser() -> None:
    text = (
        "Beekeeper's jacket\nKeeps the bees out.\nPros\nlight\ncool\nCons\ndear\nPrice: $49\nBuy now\nBees like it dry."
    )
    assert only(text).count == 9


def test_a_card_of_the_page_is_one_teaser_each() -> None:
    units = [replace(unit, hint="product") for unit in markdown_units("### Veil\n\nKeeps out.\n\n### Smoker\n\nCalms.")]
    found = find_teasers([*units, *text_units("Bees fly.")], "en", NONE)
    assert {place: teaser.count for place, teaser in found.items()} == {0: 2, 2: 2}
    long = [replace(units[1], text="word " * 200, raw="word " * 200)]
    assert find_teasers(long, "en", NONE) == {}


def test_a_passage_in_another_language_is_no_teaser() -> None:
    passage = "De sidder tæt, når det er koldt, og de holder sig varme ved at ryste med vingerne hele vinteren."
    assert teasers(f"An old verse\nEn bi er ikke bange for regnen, siger man.\n{passage}") == {}


def test_a_list_of_prices_is_no_product() -> None:
    assert not teasers("What you need\nBeekeeper's veil $25\nGood smoker $30\nLong gloves $15\nTotal $70")


def test_a_year_behind_a_name_is_no_variant() -> None:
    assert not teasers("From: the bees' almanac 12 / 2013\nFavourite pages and posts.")
    assert only("Beekeeper's jacket / 42\nKeeps the bees out.").reasons == ("product.variant '42'",)


def test_small_print_below_a_button_belongs_to_the_product() -> None:
    said = "If you buy something we earn a commission, and you pay no more."
    assert only(f"Beekeeper's jacket\nKeeps the bees out.\nBuy now\n{said}\nBees sleep.").count == 4


def test_a_heading_that_begins_as_a_button_does_is_none() -> None:
    heading = Unit(UnitKind.HEADING, "Compare prices at several shops", "Compare prices at several shops", 1, 1, 2)
    assert button(heading, "en") == ""
    assert button(replace(heading, kind=UnitKind.PARAGRAPH), "en")
