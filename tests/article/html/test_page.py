"""What a page is read as: its article, what stands around it, hints, title, date, language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement

from backmail.article.html import web_page
from backmail.article.html.dom import SKIPPED
from backmail.article.html.parsing import parsed
from backmail.article.reading import read
from backmail.errors import ArticleError
from backmail.model.article import Source, UnitKind
from tests.article.html.pages import FOLDER, PROSE, fixture, page, unit


@pytest.mark.parametrize(
    ("start", "region", "reason"),
    [
        ("Green Corner", "chrome", "chrome.header"),
        ("Shop", "chrome", "chrome.header"),
        ("We use cookies", "chrome", "chrome.cookies"),
        ("Home", "chrome", "chrome.nav"),
        ("By Mona", "chrome", "chrome.byline"),
        ("Length", "toc", "toc.class"),
        ("Read also", "related", "related.read-also"),
        ("Share", "chrome", "chrome.share"),
        ("Ten plants", "related", "related.class"),
        ("© Green", "chrome", "chrome.footer"),
        ("Walk from", "", ""),
        ("Longer is not", "", ""),
        ("Tip: hang", "", ""),
        ("Width For", "", ""),
        ("A reel keeps", "", ""),
    ],
)
def test_each_unit_of_a_shops_guide_is_in_its_part_of_the_page(start: str, region: str, reason: str) -> None:
    guide = fixture("shop-guide.html")
    found = unit(guide, start)
    assert (found.region, guide.reasons.get(found.start, "")) == (region, reason)


def test_scripts_are_never_read() -> None:
    assert not any("secret" in each.text for each in fixture("shop-guide.html").units)


def test_what_a_page_says_of_itself_is_kept() -> None:
    guide = fixture("shop-guide.html")
    assert (guide.title, guide.published, guide.language) == ("How to choose a garden hose", "2024-03-09", "en")
    assert guide.units[guide.title_unit - 1].text == guide.title


def test_a_table_has_its_cells_as_parts_and_is_a_table_in_markdown() -> None:
    table = unit(fixture("shop-guide.html"), "Width For")
    assert table.kind is UnitKind.TABLE
    assert table.parts == ("Width", "For", "13 mm", "pots", "19 mm", "lawns")
    assert table.raw == "| Width | For |\n| --- | --- |\n| 13 mm | pots |\n| 19 mm | lawns |"


def test_links_and_pictures_lead_somewhere_in_a_mail_too() -> None:
    guide = fixture("shop-guide.html")
    assert "[our guide to taps](https://green.example.org/guides/taps)" in unit(guide, "Walk from").raw
    image = next(each for each in guide.units if each.pictures)
    assert image.pictures[0].source == "https://green.example.org/img/hose.jpg"
    assert image.raw == "![A green hose on its reel](https://green.example.org/img/hose.jpg)"


def test_a_list_keeps_its_numbers_and_depths() -> None:
    items = [each for each in fixture("shop-guide.html").article if each.kind is UnitKind.ITEM]
    assert [(each.raw, each.level, each.ordered) for each in items] == [
        ("1. Empty the hose before the frost.", 0, True),
        ("2. Roll it up loosely.", 0, True),
        ("   - Start at the tap.", 1, False),
    ]


@pytest.mark.parametrize("start", ["What if it turns", "Which flour", "Can I freeze"])
def test_a_head_that_unfolds_and_a_question_of_json_ld_are_questions(start: str) -> None:
    question = unit(fixture("accordion-faq.html"), start)
    assert (question.kind, question.hint, question.region) == (UnitKind.HEADING, "question", "")


def test_what_is_folded_away_is_article() -> None:
    assert unit(fixture("accordion-faq.html"), "Grey water").region == ""


def test_a_heading_that_json_ld_calls_a_question_needs_its_answer_below() -> None:
    said = '<script type="application/ld+json">{"@type":"Question","name":"What is rye?"}</script>'
    assert unit(page(f"{said}<h2>What is rye?</h2>"), "What is rye?").hint == ""


def test_json_ld_tells_ingredients_and_steps() -> None:
    recipe = fixture("recipe-card.html")
    hints = [each.hint for each in recipe.units if each.kind is UnitKind.ITEM]
    assert hints == ["ingredient", "ingredient", "step", "step"]
    assert recipe.published == "2023-11-02"


def test_comments_are_known_by_their_container() -> None:
    blog = fixture("blog-comments.html")
    assert {unit(blog, start).region for start in ("2 comments", "Ben,", "How do you", "Your name")} == {"comments"}
    assert unit(blog, "Posted on").region == "chrome"
    assert unit(blog, "I ride").region == ""


def test_a_google_document_has_its_bold_headings_and_plain_links() -> None:
    document = fixture("google-docs.html")
    assert document.title == "Planting garlic in autumn"
    heading = unit(document, "Choosing")
    assert (heading.kind, heading.marked) == (UnitKind.HEADING, True)
    assert unit(document, "Take the").raw == (
        "Take the largest cloves of the **largest bulbs**, see [all kinds](https://garlic.example.org/kinds)."
    )


def test_the_words_win_over_a_language_that_is_declared_wrongly() -> None:
    assert fixture("anleitung.html").language == "de"


def test_an_item_under_a_bold_line_is_a_heading_and_a_paragraph() -> None:
    guide = fixture("anleitung.html")
    assert unit(guide, "Alte Fuge entfernen").kind is UnitKind.HEADING
    assert unit(guide, "Schneiden Sie").kind is UnitKind.PARAGRAPH
    assert unit(guide, "Lesen Sie auch").region == "related"


def test_a_login_wall_is_refused_in_plain_words() -> None:
    with pytest.raises(ArticleError, match="asks to log in"):
        read(FOLDER / "login-wall.html")


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>Enable JavaScript to go on.</p><script>run()</script>", "empty until its scripts run"),
        ("<p>Too little.</p>", "no article was found on this page: 2 words"),
        ("<div>" * 3000 + PROSE, "nested too deep"),
        ("<!-- nothing -->", "the page is empty"),
    ],
)
def test_a_page_without_an_article_is_refused(html: str, said: str) -> None:
    with pytest.raises(ArticleError, match=said) as caught:
        web_page(Source("page.html", "html", html))
    assert "hint" in str(caught.value)


def test_lines_with_breaks_are_parts_and_two_breaks_are_a_paragraph() -> None:
    units = page("<div>Street 1<br>4000 Town<br><br>Another line</div>").units
    assert [each.parts or each.text for each in units[:2]] == [("Street 1", "4000 Town"), "Another line"]
    assert units[0].raw == "Street 1\\\n4000 Town"


def test_code_stays_as_it_is() -> None:
    code = page("<pre>a = 1\n  ```b\n</pre>").units[0]
    assert (code.kind, code.raw) == (UnitKind.CODE, "````\na = 1\n  ```b\n````")


def test_a_table_that_arranges_the_page_is_walked() -> None:
    kinds = [each.kind for each in page(f"<table><tr><td><h2>Left</h2>{PROSE * 2}</td></tr></table>").units]
    assert UnitKind.TABLE not in kinds
    assert kinds[0] is UnitKind.HEADING


_TAGS = ["p", "div", "b", "li", "ul", "table", "tr", "td", "h2", "a", "br", "pre", "aside", "nav", "form", "dt", "svg"]


@st.composite
def _html(draw: st.DrawFn) -> str:
    words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "S"]), max_size=12)
    tag = st.sampled_from(_TAGS)
    pieces = st.one_of(words, tag.map("<{}>".format), tag.map("</{}>".format), st.just("<script>x</script>"))
    return "".join(draw(st.lists(pieces, max_size=40)))


@settings(max_examples=60, deadline=None)
@given(_html())
def test_every_visible_word_is_in_exactly_one_unit(html: str) -> None:
    try:
        units = page(html).units
    except ArticleError:
        return
    tree = parsed(f"<html><body><article>{html}{PROSE}</article></body></html>", "page.html")
    shown = re.sub(r"[\s\ue000-\uf8ff\ufffd]", "", "".join(_visible(tree)))
    assert re.sub(r"[\s\ufffd]", "", "".join(each.text for each in units)) == shown


def _visible(element: HtmlElement) -> Iterator[str]:
    if element.tag in SKIPPED:
        return
    yield element.text or ""
    for child in element:
        yield from _visible(child)
        yield child.tail or ""


def test_a_discussion_that_no_class_names_is_seen_by_its_answers() -> None:
    comment = "<div><p>Ida: I bake it in a pan, and it never sticks.</p><a href='/r'>Reply</a></div>"
    talk = page(f"<h1>Bread</h1>{PROSE}<section>{comment * 3}</section>")
    assert unit(talk, "Ida:").region == "comments"
    assert unit(page(f"<h1>Bread</h1>{PROSE}<section>{comment}</section>"), "Ida:").region == ""


def test_sources_at_the_end_stay_though_they_are_links() -> None:
    link = "<ul><li><a href='https://a.example.org'>Flour and water, a study</a></li></ul>"
    html = f"<html><body><article><h1>Bread</h1>{PROSE * 2}<h2>Sources</h2>{link}</article></body></html>"
    found = web_page(Source("page.html", "html", html))
    assert unit(found, "Flour and").region == ""
    html = html.replace("<h2>Sources</h2>", "<h2>What our readers liked</h2>")
    assert unit(web_page(Source("page.html", "html", html)), "Flour and").region == "related"


def test_a_link_that_is_paid_for_is_told() -> None:
    read = page('<p><a rel="nofollow sponsored" href="https://a.example/1">The feeder</a></p><p><a href="/2">B</a></p>')
    assert unit(read, "The feeder").hint == "sponsored"
    assert unit(read, "B").hint == ""


@pytest.mark.parametrize(
    ("html", "hint", "region"),
    [
        ('<ul class="products"><li class="product"><h3>Name</h3><p>24,50 €</p></li></ul>', "product", ""),
        ('<div class="shop-teaser"><p>Name</p><p>Soft and warm.</p><p>199 kr.</p><a href="/2">More</a></div>', "", ""),
        ('<div class="teaser"><p>Name</p><p>Ten tips.</p><a href="/2">More about this</a></div>', "", "related"),
    ],
)
def test_a_box_with_a_price_is_the_articles(html: str, hint: str, region: str) -> None:
    found = unit(page(html), "Name")
    assert (found.hint, found.region) == (hint, region)


def test_buttons_in_a_row_are_a_part_of_their_heading_but_not_of_a_mail() -> None:
    found = page(
        "<h1>Flat bread</h1><div class='recipe-toggle'><h3><span>Ingredients</span>"
        "<div><button>1x</button><button>2x</button></div></h3></div><ul><li>2 cups flour</li></ul>"
    )
    heading = unit(found, "Ingredients")
    assert (heading.text, heading.raw) == ("Ingredients", "### Ingredients")
    assert heading.parts == ("Ingredients", "1x", "2x")


@pytest.mark.parametrize(
    ("html", "raw"),
    [
        ("<p>The reel costs <del>29 €</del> <ins>19 €</ins> now.</p>", "The reel costs 29 € 19 € now."),
        ("<p>The reel: <s>29 €</s>19 €</p>", "The reel: 29 € 19 €"),
        ("<p>The <strike>299,-</strike><b>199,-</b> reel</p>", "The 299,- **199,-** reel"),
        ("<p>The <del><span>$29.00</span></del><ins><span>$19.00</span></ins></p>", "The $29.00 $19.00"),
        ("<p>The <s>old</s>ly</p>", "The oldly"),
    ],
)
def test_what_is_struck_out_is_text_in_its_order(html: str, raw: str) -> None:
    assert unit(page(f"<h1>Flat bread</h1>{html}"), "The").raw == raw


@pytest.mark.parametrize(
    "html",
    [
        "<p>Press <button type=button>Start</button> and wait.</p>",
        "<p>Press <b>the</b> <button>Start</button>, and <i>wait</i>.</p>",
        "<ul><li>Press <button><span>Start</span></button> and wait.</li></ul>",
    ],
)
def test_a_button_in_a_sentence_is_a_word_of_it(html: str) -> None:
    found = unit(page(f"<h1>Flat bread</h1>{html}"), "Press")
    assert found.region == ""
    assert "Start" in found.text
    assert found.text.endswith("wait.")


@pytest.mark.parametrize(
    "html",
    [
        "<p>Press it.</p><button>Start</button>",
        "<p>Press it. <button>Start</button></p>",
        "<p><button>Start</button> Press it.</p>",
        "<p>Press it.<br><button>Start</button> then</p>",
        "<div>Press it. <button>Start</button> then</div>",
    ],
)
def test_a_button_beside_sentences_is_no_word_of_them(html: str) -> None:
    assert unit(page(f"<h1>Flat bread</h1>{html}"), "Start").region == "chrome"


DOCUMENTS = [
    ('<body class="c7 doc-content">', ""),
    ("<body>", "<style>@import url(https://themes.googleusercontent.com/fonts/css?kit=x);.c1{}</style>"),
    ("<body>", '<meta name="generator" content="LibreOffice 24.2 (Linux)">'),
    ("<body>", "<meta name=Generator content='Microsoft Word 15'>"),
]


def linking(body: str, head: str) -> list[tuple[str, str]]:
    """Return text and region of the lines with a link of a page."""
    link = "https://www.google.com/url?q=https://example.org/soil&amp;sa=D"
    lines = [f'<p><span><a href="{link}">{text}</a></span></p>' for text in ("Our pots", "All clay pots", "The study")]
    html = f"<html><head>{head}</head>{body}<h1>Herbs</h1>{lines[0]}<p>{PROSE}</p><h2>Pots</h2><p>{PROSE}</p>{lines[1]}"
    made = web_page(Source("a.html", "html", f"{html}<h2>Soil</h2><p>{PROSE}</p>{lines[2]}</body></html>"))
    return [(each.text, each.region) for each in made.units if "](" in each.raw]


@pytest.mark.parametrize(("body", "head"), DOCUMENTS)
def test_a_line_that_is_one_link_is_a_documents_own(body: str, head: str) -> None:
    assert linking(body, head) == [("Our pots", ""), ("All clay pots", ""), ("The study", "")]


def test_a_line_that_is_one_link_at_the_edge_of_a_web_page_is_not_the_articles() -> None:
    assert [region for _, region in linking("<body>", '<meta name="generator" content="WordPress 6.5">')] == [
        "chrome", "", "related",
    ]  # fmt: skip


def test_a_label_at_a_field_is_chrome_and_one_at_an_ingredient_is_not() -> None:
    found = page(
        "<h1>Flat bread</h1><div><label>Loan in pounds</label><input type=number></div>"
        "<ul><li><input type=checkbox><label>2 cups flour</label></li></ul>"
    )
    assert unit(found, "Loan").region == "chrome"
    assert unit(found, "2 cups flour").region == ""


def test_what_stands_under_every_picture_to_be_clicked_is_chrome() -> None:
    steps = "".join(
        f"<p>{number} of 3</p><p>Fold the dough {word} and let it rest under a damp cloth.</p><p>Show picture</p>"
        for number, word in enumerate(("once", "twice", "again"), 1)
    )
    found = page(f"<h1>Flat bread</h1>{steps}")
    shown = [each.text for each in found.article]
    assert not {"1 of 3", "Show picture"} & set(shown)
    assert sum(text.startswith("Fold") for text in shown) == 3


def test_a_heading_whose_body_was_a_form_goes_with_it() -> None:
    found = page(
        f"<h1>Flat bread</h1>{PROSE}<h2>Rate this loaf</h2><form><select><option>5</option></select></form>"
        f"<h2>Storing</h2>"
    )
    assert unit(found, "Rate").region == "chrome"
    assert unit(found, "Storing").region == ""


def test_a_word_to_click_does_not_take_what_stands_below_it() -> None:
    found = page(f"<h1>Flat bread</h1>{PROSE}<p>Print</p><p>You need:</p><p>Two cups flour</p>")
    assert unit(found, "Print").region == "chrome"
    assert unit(found, "You need").region == unit(found, "Two cups").region == ""


def test_captions_between_paragraphs_above_the_title_are_the_articles() -> None:
    found = page(f"{PROSE}<p>Morning by the mill</p>{PROSE}<h1>Flat bread</h1>")
    assert unit(found, "Morning").region == ""


def test_the_day_of_publication_may_be_written_out() -> None:
    found = page(f"<h1>Flat bread</h1><p class=byline>Updated 4 June 2022 · Published 3 May 2021</p>{PROSE}")
    assert found.published == "2021-05-03"


def test_a_teaser_of_another_page_in_the_middle_is_no_part_of_the_article() -> None:
    teaser = (
        "<article class='inline-teaser'><a href='/rye'><h3>Rye bread from the stove</h3></a><p>Baking</p></article>"
    )
    found = page(f"<h1>Flat bread</h1>{PROSE}{teaser}{PROSE}")
    assert unit(found, "Rye bread").region == "related"


def test_products_of_the_shop_around_an_article_are_no_part_of_it() -> None:
    card = "<div class=card><a href='/p'>Baking stone</a><span>29.00 €</span></div>"
    found = page(f"<h1>Flat bread</h1>{PROSE}<div class='product-grid'>{card}{card}</div>")
    assert unit(found, "Baking stone").region == "related"


def test_the_line_below_an_article_that_names_its_author_is_no_part_of_it() -> None:
    page_ = web_page(
        Source("p.html", "html", f"<article><h1>Flat bread</h1>{PROSE}<p>Photos: Ann Miller</p></article>")
    )
    assert unit(page_, "Photos").region == "chrome"
