"""Boxes with a product each are found by how they are built, and a guide's sections are read with their boxes."""

from __future__ import annotations

import pytest

from backmail.article import understand
from backmail.model.article import Article, Kind, Source, UnitKind
from tests.article.html.pages import PROSE, article, block, fixture, page, unit

PAYS = '<a href="https://shop.example/1" rel="sponsored">At Gardenia</a>'
PLAIN = '<a href="https://shop.example/1">At Gardenia</a>'


def hooks(html: str) -> Article:
    """Return the article of some HTML between two sections of prose."""
    body = f"<article><h1>On hooks</h1>{PROSE}{html}<h2>Nails</h2>{PROSE}</article>"
    return understand(Source("page.html", "html", body))


@pytest.fixture(scope="module")
def feeders() -> Article:
    return article("bird-feeders.html")


def test_boxes_in_a_row_are_a_product_each_with_all_that_they_say(feeders: Article) -> None:
    first, second = block(feeders, "Wren house"), block(feeders, "Tit tube")
    assert (first.kind, first.heading, second.kind, second.heading) == (
        Kind.PRODUCT, "Wren house, green", Kind.PRODUCT, "Tit tube, long",
    )  # fmt: skip
    assert [unit.text for unit in first.units][1:] == ["$ 18.50 At Gardenia", "Price of 3 May, may have changed"]
    assert block(feeders, "Steel outlives").kind is not Kind.PRODUCT
    assert block(feeders, "Whichever").continues == block(feeders, "Steel outlives").id


def test_sections_that_present_a_thing_each_are_one_with_its_box(feeders: Article) -> None:
    tray, arm = block(feeders, "Clearview"), block(feeders, "Iron arm")
    assert (tray.kind, tray.id) == (Kind.PRODUCT, block(feeders, "It sticks").id)
    assert (arm.kind, arm.id) == (Kind.PRODUCT, block(feeders, "It swings").id)  # its price and link are gone


def test_a_counted_thing_that_comes_again_is_no_part_of_its_section(feeders: Article) -> None:
    assert block(feeders, "For the lawn").id != block(feeders, "Pole and dish").id


@pytest.mark.parametrize(
    "html",
    [
        f"<div><p>Iron hook</p><p>{PAYS}</p></div>",
        f"<div><div><p>Our pick</p><p>Iron hook</p></div>{PAYS}</div>",
        f"<section><h3>Iron hook</h3><p>Holds two kilos.</p><span>$ 9.50</span> {PAYS}</section>",
        f'<div class="c"><p>Iron hook</p><p>$ 9.50</p>{PLAIN}</div><div class="c"><p>A pole</p><p>$ 4</p>{PLAIN}</div>',
    ],
)
def test_a_name_beside_a_link_to_a_shop_is_a_card(html: str) -> None:
    said = [each for each in page(f"<h1>On hooks</h1><p>{'Some words here. ' * 40}</p>{html}").units if each.hint]
    assert said[0].hint == "card"
    assert any(unit.text == "Iron hook" for unit in said)
    assert {unit.hint for unit in said[1:]} <= {"card", "product"}


@pytest.mark.parametrize(
    "html",
    [
        f"<div><p>Hang it on a hook, as {PAYS} has them, and never on a nail.</p></div>",
        f"<ul><li>{PAYS}</li><li>200 g seed</li></ul>",
        f'<div class="c"><p>Iron hook</p><p>$ 9.50</p>{PLAIN}</div>',  # alone, and its link may lead anywhere
        '<div class="c"><p>Iron hook</p><p>$ 9.50</p></div><div class="c"><p>Pole</p><p>$ 4</p></div>',
        "".join(f'<div class="c"><a href="/{n}"><h3>{n} soup</h3><p>$ {n} a pot</p></a></div>' for n in (3, 4)),
        '<div><p>Share this page</p><a href="https://twitter.com/share?url=https://a.example/&via=me">Twitter</a></div>',
    ],
)
def test_a_link_in_prose_or_in_a_list_or_a_price_without_one_is_no_card(html: str) -> None:
    units = page(f"<h1>On hooks</h1><p>{'Some words here. ' * 40}</p>{html}").units
    assert not any(unit.hint in ("card", "product") for unit in units)


def test_a_cards_name_is_not_the_label_above_it() -> None:
    whole = hooks(f"<div><div><p>Our recommendation</p><p>Iron hook, black</p></div>{PAYS}</div>")
    assert block(whole, "Iron hook").heading == "Iron hook, black"


def test_a_lone_section_above_a_box_stays_what_it_is() -> None:
    whole = hooks(f"<h2>Steel wire</h2><p>It does not rust, and is soon washed.</p><div><p>Iron hook</p>{PAYS}</div>")
    assert block(whole, "It does not rust").kind is not Kind.PRODUCT
    assert block(whole, "Iron hook").kind is Kind.PRODUCT


def test_ingredients_with_a_shops_button_are_no_product() -> None:
    whole = hooks(f"<div><h3>Ingredients</h3><p>200 g seed</p><p>50 g fat</p>{PAYS}</div>")
    assert block(whole, "50 g fat").kind is not Kind.PRODUCT


def test_headings_that_only_count_steps_are_one_text(feeders: Article) -> None:
    assert block(feeders, "Drill").id == block(feeders, "Turn the hook").id


def test_a_line_in_bold_by_its_class_is_a_heading_but_not_below_the_number_of_a_step(feeders: Article) -> None:
    kinds = {unit.text: unit.kind for each in feeders.blocks for unit in each.units}
    assert kinds["Step 1"] is kinds["Wash it on Sundays"] is UnitKind.HEADING
    assert kinds["Empty it"] is kinds["Scrub it"] is UnitKind.PARAGRAPH


def test_headings_alone_in_their_boxes_are_a_list(feeders: Article) -> None:
    assert block(feeders, "Rubber gloves").id == block(feeders, "A drawer").id


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("Ruth Arden", "chrome.header"),
        ("41 People", "chrome.header"),
        ("Garden Winter", "chrome.tags"),
        ("Nine feeders", "chrome.media"),
        ("Keep the screen", "chrome.hidden"),
        ("Tired of", "chrome.call-to-action"),
        ("Add to my list", "chrome.links-only"),
        ("Which bird", "chrome.form"),
        ("Did you like", "chrome.share"),
        ("Feeling lucky", "related.behind-the-end"),
    ],
)
def test_what_is_the_pages_own_stands_in_no_mail(feeders: Article, start: str, reason: str) -> None:
    assert not block(feeders, start).in_mails
    read = fixture("bird-feeders.html")
    assert read.reasons[unit(read, start).start] == reason


def test_icons_of_a_menu_are_units_and_those_of_an_article_are_none() -> None:
    read = page("<h1>On hooks</h1><div><i>\ue0c3</i></div><nav><a href='/'>\ue0c4</a></nav>")
    assert [each.text for each in read.units if "\ue000" <= each.text[:1] <= "\uf8ff"] == ["\ue0c4"]
