"""Units become sections: by headings, with teasers taken out, and what belongs to the page set apart."""

import pytest

from tests.article.texts import PASTED, called, md, shape, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."


def test_a_shops_article_pasted_as_text() -> None:
    article = txt(PASTED)
    assert shape(article) == [
        (1, 1, "intro", None),
        (2, 3, "other", "background"),
        (4, 5, "product", None),
        (6, 6, "other", "continuation"),
        (7, 8, "other", "lead"),
        (9, 10, "exercise", None),
        (11, 12, "exercise", None),
        (13, 14, "safety", None),
        (15, 15, "other", "heading"),
        (16, 17, "faq", None),
        (18, 19, "faq", None),
        (20, 22, "sources", None),
    ]
    assert [block.id for block in article.blocks] == [f"b{number:02d}" for number in range(1, 13)]
    assert article.blocks[3].continues == "b02"
    assert article.blocks[4].lead_for == ("b06", "b07")
    assert article.blocks[8].lead_for == ("b10", "b11")
    assert [block.section for block in article.blocks] == [1, 2, 2, 2, 3, 3, 3, 4, 5, 5, 5, 6]
    assert (article.blocks[2].language, article.blocks[11].language) == ("da", "en")


def test_a_section_of_which_a_teaser_leaves_only_the_heading_is_judged_by_its_text() -> None:
    article = txt(
        f"{BODY}\nslow nods\nKneeler™ - Green\nBlød knæpude, der gør det let at luge.\n"
        "Sit on a stool with both feet flat on the floor. Lower your chin to your chest and hold for 10 seconds.\n"
        "the evening\nRest.\nthe night\nSleep."
    )
    assert shape(article)[1:4] == [
        (2, 2, "exercise", None),
        (3, 4, "product", None),
        (5, 5, "exercise", "continuation"),
    ]


def test_a_rule_begins_a_new_part() -> None:
    assert shape(md(f"# Bees\n\n{BODY}\n\n## Water\n\n{BODY}\n\n---\n\n{BODY}"))[-2:] == [
        (5, 9, "other", "body"),
        (11, 11, "other", "body"),
    ]


def test_link_definitions_at_the_end_are_apart_and_others_stay() -> None:
    article = md("Bees.\n\n## Water\n\nWet [a].\n\n[a]: x\n\n## Food\n\nSweet [b].\n\n[b]: y\n[c]: z")
    assert shape(article)[1:] == [
        (3, 7, "other", "body"),
        (9, 11, "other", "body"),
        (13, 14, "other", "link-definitions"),
    ]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("## Related articles\n\n- [Wasps](w)\n- [Ants](a)", "related"),
        ("## Comments\n\nLovely!", "chrome"),
        ("## Table of contents\n\n- Water\n- Food", "toc"),
        ("---\n\n[Home](/) | [About](/about)", "chrome"),
        ("---\n\n<!-- end -->", "chrome"),
        ("---\n\n![bee](b.png)", "media"),
    ],
)
def test_what_belongs_to_the_page(text: str, role: str) -> None:
    article = md(f"Bees.\n\n## Water\n\n{BODY}\n\n{text}")
    assert article.blocks[-1].role == role


def test_a_section_called_related_that_says_something_is_a_part_of_the_article() -> None:
    assert md(f"Bees.\n\n## Related work\n\n{BODY} {BODY} {BODY}").blocks[-1].role == "body"
    assert md(f"Bees.\n\n## Related work\n\n- {BODY}\n- {BODY}").blocks[-1].role == "body"


def test_a_bibliography_without_a_heading() -> None:
    article = md(
        'Bees.\n\n## Water\n\nWet.\n\n- Holm, B. (2019). "Bees." Journal.\n- Lind, C. et al. (2021). *Hives*. Press.'
    )
    assert shape(article)[-1] == (7, 8, "sources", None)
    assert article.blocks[-1].reasons == ("sources.references 2",)


def test_a_lone_heading_is_one_with_the_plain_section_below_it() -> None:
    assert shape(md(f"Bees.\n\n## The year\n\n### Spring\n\n{BODY}"))[1:] == [(3, 7, "other", "body")]
    assert shape(md(f"Bees.\n\n### The year\n\n## Spring\n\n{BODY}"))[1:] == [
        (3, 3, "other", "heading"),
        (5, 7, "other", "body"),
    ]


def test_a_lone_heading_is_not_one_with_a_heading_above_it() -> None:
    text = f"{BODY}\nTHE YEAR\nIt is long.\nThe Spring\nTHE HIVE\n{BODY}\nThe Roof\n{BODY}"
    assert shape(txt(text))[2:4] == [(4, 4, "other", "heading"), (5, 6, "other", "body")]


def test_a_lone_heading_above_steps_introduces_them() -> None:
    steps = "".join(f"### Step {number}\n\nOpen the hive. Look at the comb.\n\n" for number in (1, 2, 3))
    article = md(f"Bees.\n\n## The visit\n\n{steps}## The end\n\nGo home.")
    assert shape(article)[1] == (3, 3, "other", "heading")
    assert article.blocks[1].lead_for == ("b03", "b04", "b05")


def test_a_product_in_markdown_gets_its_own_language() -> None:
    article = md(f"Bees.\n\n## Water\n\n{BODY}\n\n**Bee Veil - Black**\n\nEt slør, der holder bierne ude.\n\n{BODY}")
    block = called(article, "Bee Veil - Black")
    assert (block.kind, block.language) == ("product", "da")
    assert shape(article)[-1] == (11, 11, "other", "continuation")


def test_the_parts_of_a_list_of_ingredients_are_one_block() -> None:
    article = md(
        "The cake that we bake when it rains.\n\n## Ingredients\n\n### For the dough\n\n- flour\n\n"
        "### For the top\n\n- plums\n\n## Method\n\nBake."
    )
    assert shape(article)[1] == (3, 11, "other", "ingredients")


def test_links_to_the_articles_own_headings_are_its_contents() -> None:
    links = "".join(f"- [{name}](https://example.org/bees/#{name})\n" for name in ("Water", "Food", "Wax"))
    sections = "".join(f"## {name}\n\nBees need it.\n\n" for name in ("Water", "Food", "Wax"))
    article = md(f"Bees.\n\n## Find your way\n\n{links}\n{sections}")
    assert shape(article)[1] == (3, 7, "other", "toc")
    other = md(f"Bees.\n\n## Find your way\n\n{links}\n## Honey\n\nSweet.")
    assert shape(other)[1][3] != "toc"


def test_further_reading_with_years_is_sources_and_with_links_is_related() -> None:
    works = "Bees.\n\n## Further reading\n\n- Holm, B. (2019). Bees. Press.\n- Lind, C. (2020). Hives. Press."
    pages = "Bees.\n\n## Further reading\n\n- [Honey](/honey)\n- [Wax](/wax)"
    assert md(works).blocks[-1].kind == "sources"
    assert md(pages).blocks[-1].role == "related"
