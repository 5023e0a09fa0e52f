"""A paragraph that recommends one thing to buy is a product, wherever it stands; one that only names things is not."""

from __future__ import annotations

import pytest

from backmail.article import understand
from backmail.article.drafts import section
from backmail.article.markdown import markdown_units
from backmail.article.recommending import recommended
from backmail.model.article import Article, Kind, Source

ABOVE = "Start with the saddle. Set your heel on the pedal, and raise the saddle until your leg is straight."
BELOW = "Then raise the bar by a finger each week, until you can hold your back straight without any effort."


def _article(paragraph: str) -> Article:
    text = f"# A back that rides\n\nMany riders know it.\n\n## Set up the bike\n\n{ABOVE}\n\n{paragraph}\n\n{BELOW}\n"
    return understand(Source("a.md", "md", text), language="en")


def _product(paragraph: str, language: str = "en") -> str:
    """Return the name of what a paragraph in the middle of a section recommends."""
    parts = recommended([section(markdown_units(f"## The bike\n\n{ABOVE}\n\n{paragraph}\n"))], language)
    found = [draft.heading for draft in parts if draft.kind is Kind.PRODUCT]
    assert len(found) < 2
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("language", "paragraph"),
    [
        ("en", "We recommend the [Glide 150](https://shop.example/p/1?ref=back), which spreads the weight."),
        ("en", "I love the [Glide 150](https://www.amazon.com/dp/B0?tag=back-20), and it was $49 last time I looked."),
        ("da", "Vi anbefaler sadlen [Glide 150](https://shop.example/p/1?ref=ryg). Den koster 449 kr."),
        ("de", "Wir empfehlen den [Glide 150](https://amzn.to/3x), der das Gewicht gut verteilt und lange hält."),
        ("sv", "Vi rekommenderar sadeln [Glide 150](https://shop.example/p/1?aff=rygg), som fördelar vikten."),
        ("fr", "Nous recommandons la [Glide 150](https://amzn.to/3x), qui répartit mieux le poids du corps."),
        ("es", "En casa usamos el [Glide 150](https://libros.example/p?tag=casa-21). Cuesta 14,90 €."),
        ("en", "We recommend the Glide Pro saddle, which costs $49 and spreads the weight well."),
    ],
)
def test_a_recommended_thing_is_a_product(language: str, paragraph: str) -> None:
    assert _product(paragraph, language).startswith("Glide")


@pytest.mark.parametrize(
    "paragraph",
    [
        "We recommend to ride three times a week, and to rest for a day between two longer tours.",
        "We use [a floor pump](https://pumps.example/how) for this, because it shows how hard the tyre is.",
        "We use [the tool](https://github.com/a/b?ref=main) for this, because it shows how hard the tyre is.",
        "A new saddle costs between $30 and $90, and a fitting costs $100 in most towns of the country.",
        "A [gel saddle](https://shop.example/p/1?ref=back) spreads the weight, as a wide one of leather does.",
    ],
)
def test_prose_that_names_things_and_prices_is_none(paragraph: str) -> None:
    assert _product(paragraph) == ""


def test_the_section_goes_on_below_the_product() -> None:
    article = _article("We recommend the [Glide 150](https://shop.example/p/1?ref=back), which costs $49.")
    section, product, rest = article.blocks[2:]
    assert (section.heading, product.kind, rest.continues) == ("Set up the bike", Kind.PRODUCT, section.id)
    assert rest.kind is section.kind
