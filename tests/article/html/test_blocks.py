"""The blocks of a page: the article's as of any article, the page around it named and left out of mails."""

from __future__ import annotations

from backmail.article import arrange, understand
from backmail.model.article import Kind, Source
from tests.article.html.pages import PROSE, article, block


def test_every_unit_is_in_exactly_one_block_and_blocks_are_in_the_order_of_the_page() -> None:
    guide = article("shop-guide.html")
    numbers = [unit.start for each in guide.blocks for unit in each.units]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert [each.start for each in guide.blocks] == sorted(each.start for each in guide.blocks)


def test_a_line_that_leads_away_does_not_cut_the_section_around_it() -> None:
    guide = article("shop-guide.html")
    assert block(guide, "Walk from").id == block(guide, "Longer is not").id
    assert block(guide, "Read also").role == "related"


def test_menus_and_comments_are_chrome_with_their_reason_and_dropped() -> None:
    blog = article("blog-comments.html")
    comments = block(blog, "How do you")
    assert (comments.kind, comments.role) == (Kind.OTHER, "chrome")
    assert "chrome.comments" in comments.reasons
    assert comments.id in {drop.block for drop in arrange(blog, 1).dropped}


def test_questions_of_an_accordion_are_a_faq_without_a_heading_that_says_so() -> None:
    starter = article("accordion-faq.html")
    for start in ("What if it turns", "Which flour", "Can I freeze"):
        assert block(starter, start).kind is Kind.FAQ
    assert block(starter, "Grey water").heading == "What if it turns grey?"
    assert block(starter, "A healthy").kind is not Kind.FAQ


def test_a_product_card_is_a_product() -> None:
    card = block(article("shop-guide.html"), "Riverline")
    assert (card.kind, card.heading) == (Kind.PRODUCT, "Riverline 20 m")


def test_what_json_ld_says_of_a_recipe_tells_what_its_parts_are_for() -> None:
    recipe = article("recipe-card.html")
    assert block(recipe, "200 g oats").role == "ingredients"
    assert block(recipe, "Melt the butter").kind is Kind.HOW_TO


def test_a_page_has_its_title_and_date() -> None:
    guide = article("shop-guide.html")
    assert (guide.title, guide.title_guessed, guide.published) == ("How to choose a garden hose", False, "2024-03-09")
    assert block(guide, "How to choose").role == "title"


def test_what_stands_behind_a_list_is_no_part_of_its_last_item() -> None:
    items = "".join(
        f"<li><b>{name}</b><br>{'It keeps the soil moist and the roots cool. ' * 3}</li>" for name in ("Straw", "Bark")
    )
    told = "All of them are cheap, and every garden shop in the country sells them in bags of forty litres in spring."
    html = f"<article><h1>Mulch</h1>{PROSE}<h2>Kinds</h2><ol>{items}</ol><p>{told}</p></article>"
    found = understand(Source("p.html", "html", html))
    assert block(found, "All of them").units[0].text.startswith("All of them")
