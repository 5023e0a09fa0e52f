"""Sections that offer a product are found by what buying guides have in common; what only looks like one is not."""

import pytest

from backmail.model.article import Kind
from backmail.model.campaign import Catalog, Product
from tests.article.texts import md, txt

TEXT = "It is light and quiet. The handle sits well in the hand, and the cable is long enough for most rooms."
LISTS = {
    "en": "**Pros**\n\n- light\n\n**Cons**\n\n- dear",
    "da": "### Fordele\n\n- let\n\n### Ulemper\n\n- dyr",
    "de": "**Vorteile:** leicht\n\n**Nachteile:** teuer",
    "sv": "Plus: lätt\n\nMinus: dyr",
    "nb": "**Fordeler**\n\n- lett\n\n**Ulemper**\n\n- dyr",
    "fr": "**Avantages**\n\n- léger\n\n**Inconvénients**\n\n- cher",
    "es": "**Ventajas:** ligera\n\n**Inconvenientes:** cara",
}


SAID = {
    "en": TEXT,
    "da": "Den er let og stille. Håndtaget ligger godt i hånden, og ledningen er lang nok til de fleste rum.",
    "de": "Es ist leicht und leise. Der Griff liegt gut in der Hand, und das Kabel ist lang genug für jedes Zimmer.",
    "sv": "Den är lätt och tyst. Handtaget ligger bra i handen, och sladden är lång nog för de flesta rum.",
    "nb": "Den er lett og stille. Håndtaket ligger godt i hånden, og ledningen er lang nok for de fleste rom.",
    "fr": "Il est léger et silencieux. La poignée tient bien dans la main, et le fil est assez long pour une pièce.",
    "es": "Es ligera y silenciosa. El mango se agarra bien con la mano, y el cable es lo bastante largo para todo.",
}


def products(text: str, language: str = "en", catalog: Catalog | None = None) -> list[str]:
    article = md(f"# Title\n\n{SAID[language]}\n\n{text}", language=language, catalog=catalog)
    return [block.heading for block in article.blocks if block.kind is Kind.PRODUCT]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "Best overall: Orvane Glide X20"),
        ("en", "1. Orvane Glide X20 – Editor's choice"),
        ("da", "Orvane Glide X20 – Testvinder"),
        ("da", "Bedst til prisen: Orvane Glide X20"),
        ("de", "Preis-Leistungs-Sieger: Orvane X20"),
        ("de", "Orvane X20 (Testsieger)"),
        ("sv", "Bäst i test: Orvane X20"),
        ("nb", "Best i test: Orvane X20"),
        ("fr", "Meilleur rapport qualité-prix : Orvane X20"),
        ("es", "Mejor relación calidad-precio: Orvane X20"),
    ],
)
def test_an_award_with_a_models_name_and_pros_and_cons(language: str, heading: str) -> None:
    (found,) = products(f"## {heading}\n\n{SAID[language]}\n\n{LISTS[language]}\n\n## X\n\n{SAID[language]}", language)
    assert heading.endswith(found)


@pytest.mark.parametrize(
    ("below", "reason"),
    [
        ("Price: $39.95\n\n[Buy now](https://shop.example/x)", "product.price '$39.95'"),
        ("Price: $39.95\n\n[Check price on Amazon](https://a.example)", "product.button 'Check price on Amazon'"),
        ("Rating: 4.5/5\n\n[The Glide](https://amzn.to/abc)", "product.affiliate-link"),
        ("- A card\n\nRating: 4.5/5\n\nPrice: $39.95", "product.rating '4.5/5'"),
        ("Weight: 3 kg\n\nPower: 900 W\n\nCable: 6 m\n\nPrice: $39", "product.data 4"),
        ("| Weight | 3 kg |\n|---|---|\n| Power | 900 W |\n| Price | $39 |\n\n[Buy now](x)", "product.data 3"),
    ],
)
def test_signs_below_a_models_name(below: str, reason: str) -> None:
    text = f"# A title\n\nA first text of some words.\n\n## Orvane Glide X20\n\n{TEXT}\n\n{below}\n"
    (block,) = [each for each in md(text).blocks if each.kind is Kind.PRODUCT]
    assert reason in block.reasons
    assert block.heading == "Orvane Glide X20"


def test_a_name_of_the_catalogue_as_a_heading() -> None:
    catalog = Catalog((Product("g-1", "Orvane Glide"),))
    assert products(f"## Orvane Glide - Black\n\n{TEXT} {TEXT}", catalog=catalog) == ["Orvane Glide - Black"]
    assert products(f"## Why an Orvane Glide\n\n{TEXT} {TEXT}", catalog=catalog) == []


def test_a_list_of_links_that_pay() -> None:
    shopping = "- [Bandages](https://amzn.to/1) – $4\n- [Blanket](https://amzn.to/2) – $3"
    assert products(f"## What is in our kit\n\n{shopping}") == ["What is in our kit"]
    recipe = "- 200 g [flour](https://amzn.to/1)\n- 50 g [butter](https://amzn.to/2)"
    assert products(f"## The filling\n\n{recipe}") == []


def test_a_review_offers_in_its_specification_alone() -> None:
    review = (
        f"## Orvane X20 review\n\n{TEXT}\n\n## Design\n\n{TEXT} {TEXT} {TEXT} {TEXT}\n\n[Check price](https://amzn.to/1)\n\n"
        "## Specifications\n\n- Weight: 3 kg\n- Power: 900 W\n- Cable: 6 m\n\nPrice: $149"
    )
    assert products(review) == ["Specifications"]


def test_like_shaped_neighbours_of_a_product_are_products() -> None:
    row = "\n\n".join(
        f"## {name}\n\n{TEXT}\n\nPrice: ${price}\n\n[Buy now](x)" for name, price in (("Alto", 9), ("Bero", 8))
    )
    assert products(f"{row}\n\n## Ceta\n\n{TEXT}\n\n[Buy now](x)") == ["Alto", "Bero", "Ceta"]
    assert products(f"## Ceta\n\n{TEXT} {TEXT} {TEXT}\n\n[Buy now](x)") == []


@pytest.mark.parametrize(
    "text",
    [
        "## Labrador\n\nA calm dog.\n\n**Pros**\n\n- friendly\n\n**Cons**\n\n- sheds",
        "## Best for beginners: Dead Bug\n\nLie on your back and lift your legs slowly.",
        "## A loan of $9,000\n\nInstalment: $239 a month",
        "## Vitamin B12\n\nIt is in meat and eggs. Price: $4",
        "## Docker Compose 2.24\n\nDownload it and run it.\n\n**Pros**\n\n- easy\n\n**Cons**\n\n- big",
        "## Step 2\n\nMix it all.\n\n## Option 3\n\nLeave it.",
        "## The sauce\n\nSimmer it in stock for an hour. Read more about stock in our guide.",
        "## Ingredients\n\n- 2 eggs\n- 200 g flour, about $2",
        "## How we compare\n\n| Model | Price |\n|---|---|\n| A | $9 |\n| B | $8 |",
        "## Pricing\n\nThe big version costs $99.",
        "## Is it worth $40?\n\nYes, it is.",
    ],
)
def test_what_only_looks_like_an_offer(text: str) -> None:
    assert products(text) == []


def test_a_plain_text_without_bullets() -> None:
    text = (
        "growing salad at home\nSalad is one of the easiest things to grow, and a bed near by makes it easier.\n"
        f"best overall: orvane x20\n{TEXT}\nPros\nlight\nquiet\nCons\ndear\nCheck price on Amazon\n"
        f"best budget: talmo 10\n{TEXT}\nPros\ncheap\nCons\nshort cable\nCheck price on Amazon\n"
        f"where to put it\n{TEXT} {TEXT}\n"
    )
    found = [(block.start, block.end) for block in txt(text).blocks if block.kind is Kind.PRODUCT]
    assert found == [(3, 10), (11, 17)]


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [
        ("en", ("Foam roller - Worth it", "Hand weights - Skip it"), "- made of cork\n- rolls well\n- $15-30"),
        ("es", ("Aro de bambú - Vale la pena", "Tabla de corcho - Opcional"), "- ligera\n- cómoda\n- entre 10 y 20 €"),
        ("de", ("Rolle aus Kork - Lohnt sich", "Brett - Eher nicht"), "- leicht\n- leise\n- 15 bis 20 €"),
        ("fr", ("Rouleau de liège – vaut le coup", "Planche – à éviter"), "- léger\n- stable\n- de 10 à 20 €"),
        ("da", ("Rulle af kork - pengene værd", "Bræt - kan undværes"), "- let\n- stille\n- cirka 149 kr."),
        ("sv", ("Rulle av kork - värd pengarna", "Bräda - hoppa över"), "- lätt\n- tyst\n- ungefär 149 kr"),
        ("nb", ("Rulle av kork - verdt pengene", "Brett - hopp over"), "- lett\n- stille\n- rundt 149 kr"),
        ("nl", ("Rol van kurk - de moeite waard", "Plank - overbodig"), "- licht\n- stil\n- rond € 15"),
        ("it", ("Rullo di sughero - vale la pena", "Tavola - da evitare"), "- leggero\n- comodo\n- circa 15 €"),
    ],
)
def test_verdicts_in_a_row_with_properties(language: str, names: tuple[str, ...], said: str) -> None:
    row = "\n\n".join(f"### {name}\n{said}" for name in names)
    article = md(f"# X\n\n{SAID.get(language, TEXT)}\n\n## Y\n\n{row}", language=language)
    assert [block.heading for block in article.blocks if block.kind is Kind.PRODUCT] == list(names)


def test_the_lines_of_one_maker_with_prices_in_their_prose() -> None:
    offers = {"Dry": "You get the bag of 2 kg for $12.80.", "Wet": "A tin of 400 g is $2.80, sold in most shops.",
              "Snacks": "A packet of 125 g is $3.20 at the moment."}  # fmt: skip
    row = "\n\n".join(f"## Morrow – {name}\n\n{TEXT} {TEXT} {TEXT} {said}" for name, said in offers.items())
    assert products(row) == [f"Morrow – {name}" for name in offers]
    apart = "\n\n".join(f"## {name}\n\n{TEXT} {TEXT} {TEXT} {said}" for name, said in offers.items())
    assert "product.maker 'Morrow'" in str([block.reasons for block in md(f"# T\n\n{TEXT}\n\n{row}").blocks])
    assert products(apart.replace("$", "about ")) == []


def test_a_row_with_the_same_data_and_a_price_each() -> None:
    data = "- **Weight:** {} g\n- **Sizes:** 52 to 61\n- **For:** town\n\nPrice: about ${}."
    row = "\n\n".join(
        f"### {name}\n\n{TEXT}\n\n{data.format(*numbers)}"
        for name, numbers in {"Heron": (310, 89), "Coot": (240, 59)}.items()
    )
    assert products(f"## Two helmets\n\n{row}") == ["Heron", "Coot"]


def test_a_table_that_compares_them_is_no_part_of_the_last() -> None:
    table = "| Model | Price |\n|---|---|\n| Alto | $9 |\n| Bero | $8 |"
    row = "\n\n".join(f"## {name}\n\n{TEXT}\n\nPrice: $9\n\n[Buy now](x)" for name in ("Alto", "Bero"))
    article = md(f"# Title\n\n{TEXT}\n\n{row}\n\nBoth at a glance:\n\n{table}\n")
    assert [block.kind for block in article.blocks][-3:] == [Kind.PRODUCT, Kind.PRODUCT, Kind.OTHER]
    assert article.blocks[-1].text.startswith("Both at a glance:")


@pytest.mark.parametrize(
    "sections",
    [
        {"Oak": "Warm and hard. $8 to $15 per square foot.", "Tile": "Cold. From $4 per square foot."},
        {"Dachshund": "It weighs 9 kg. A breeder asks $1,200.", "Pug": "It weighs 7 kg. Breeders ask $1,500."},
        {"Ivy": "Height: 10 m. Evergreen.", "Jasmine": "Height: 3 m. A simple trellis costs $20."},
        {"Bridge – worth it": "Lie on your back and lift your hips. Hold for 10 seconds.",
         "Burpee – skip it": "Stand up straight and jump. Repeat 8 times."},
        {"Spelt flour": "Nutty. About $3 a bag.", "Rye flour": "Sour. About $2 a bag.", "White flour": "Light."},
        {"Personal loan": "You pay $190 a month for $9,000.", "Credit card": "The annual fee is $95."},
    ],
)  # fmt: skip
def test_a_row_of_something_else_with_prices(sections: dict[str, str]) -> None:
    assert products("\n\n".join(f"## {name}\n\n{said}" for name, said in sections.items())) == []
