"""Front matter is settings, and sometimes an introduction, a list, a FAQ, a verdict."""

import pytest

from backmail.article.frontmatter import front_matter_date, front_matter_drafts, front_matter_end, front_matter_title
from backmail.model.article import Kind

FRONT = """\
---
title: 'Bees ''at'' home'
description: What this page is about, for those who search.
intro: >
  Two hives fit into nearly every garden, and
  the neighbours like the honey.
imageAlt: Two old hives that stand below an apple tree in May
pros:
  - They fly far and find food where nobody looks
  - "They need little \\"work\\" in winter"
related:
  - /bees
  - /honey
faq:
  - question: Do they sting?
    answer: >-
      Rarely, if you
      go slowly.
  - question: "Do they sleep?"
    answer: At night.
verdict: Whoever has an hour a week should try it, and whoever has none should not.

---
"""


def drafts() -> list[tuple[int, int, str | None, str, str]]:
    lines = FRONT.rstrip("\n").split("\n")
    return [
        (draft.start, draft.units[-1].end, draft.kind, draft.role or "", draft.heading)
        for draft in front_matter_drafts(lines, "en")
    ]


def test_fields_that_are_parts_of_the_article_are_drafts_of_their_own() -> None:
    assert drafts() == [
        (1, 3, "other", "front-matter", ""),
        (4, 6, "intro", "", ""),
        (7, 7, "other", "front-matter", ""),
        (8, 10, "other", "body", "Pros"),
        (11, 13, "other", "front-matter", ""),
        (14, 14, "other", "heading", "FAQ"),
        (15, 18, "faq", "", "Do they sting?"),
        (19, 20, "faq", "", "Do they sleep?"),
        (21, 21, "conclusion", "", ""),
        (23, 23, "other", "front-matter", ""),
    ]


def test_the_text_of_a_field_is_its_value() -> None:
    lines = FRONT.rstrip("\n").split("\n")
    texts = {draft.start: [unit.text for unit in draft.units] for draft in front_matter_drafts(lines, "en")}
    assert texts[4] == ["Two hives fit into nearly every garden, and the neighbours like the honey."]
    assert texts[8][2] == 'They need little "work" in winter'
    assert texts[15] == ["Do they sting?", "Rarely, if you go slowly."]


def test_the_title() -> None:
    assert front_matter_title(FRONT.split("\n")) == "Bees 'at' home"
    assert front_matter_title(["+++", 'title = "Bees"', "[cover]", "title = 'x'", "+++"]) == "Bees"
    assert front_matter_title(["---", "date: 2024-01-10", "---"]) == ""


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (FRONT, 23),
        ("+++\ndraft = false\n+++\nText", 3),
        ("---\n---\nText", 2),
        ("---\nNo key here.\n---", 0),
        ("---\ntitle: x\nnever closed", 0),
        ("\n---\ntitle: x\n---", 0),
        ("Text", 0),
    ],
)
def test_where_front_matter_ends(text: str, end: int) -> None:
    assert front_matter_end(text.split("\n")) == end


def test_lists_of_settings_are_no_part_of_the_article() -> None:
    lines = ["---", "links:", "  - name: The one place where everybody goes", "    url: x", "  - name: Another", "---"]
    assert [draft.role for draft in front_matter_drafts(lines, "en")] == ["front-matter"]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("date: 2023-04-05", "2023-04-05"),
        ('date: "2023-04-05T10:00:00+02:00"', "2023-04-05"),
        ("publishDate: 2022-12-31", "2022-12-31"),
        ("date: 2023-13-05", ""),
        ("updated: 2023-04-05", ""),
        ("date: yesterday", ""),
    ],
)
def test_the_day_of_publication_is_read(line: str, day: str) -> None:
    assert front_matter_date(["---", line, "title: Bread", "---"]) == day


@pytest.mark.parametrize(("value", "language"), [("May 3, 2021", "en"), ("3. Mai 2021", "de"), ("2021-05-03", "da")])
def test_a_date_may_be_written_out(value: str, language: str) -> None:
    assert front_matter_date(["---", f"date: {value}", "---"], language) == "2021-05-03"


def test_a_review_keeps_its_product_in_the_front_matter() -> None:
    text = """---
title: "Kettle test"
product: Brontal K2
brand: Brontal
price: 499
affiliateUrl: https://shop.example.org/k2
capacity: 1.7 l
pros:
  - Boils fast
  - Quiet enough for an open kitchen in the morning
---"""
    drafts = front_matter_drafts(text.split("\n"), "en")
    assert [(draft.kind, draft.start, draft.units[-1].end) for draft in drafts][1] == (Kind.PRODUCT, 3, 7)
    product = drafts[1]
    assert product.heading == "Brontal K2"
    assert [unit.text for unit in product.units] == [
        "Brontal K2",
        "Brand: Brontal",
        "Price: 499",
        "",
        "Capacity: 1.7 l",
    ]
    assert product.reasons == ("front-matter.product 'brand, price, affiliateUrl'",)
    lines = [number for draft in drafts for unit in draft.units for number in range(unit.start, unit.end + 1)]
    assert lines == list(range(1, 12))


@pytest.mark.parametrize(
    "fields",
    ["model: diffusion\ntype: post\nid: 7", "product: docs\nversion: 2", "brand: a\nprice: 3", "name: Anna\nrating: 5"],
)
def test_settings_of_other_pages_are_no_product(fields: str) -> None:
    drafts = front_matter_drafts(["---", *fields.split("\n"), "---"], "en")
    assert [draft.kind for draft in drafts] == [Kind.OTHER]


def test_a_product_may_stand_indented_below_its_key() -> None:
    text = "---\ntitle: Kettles\nproduct:\n  name: Brontal K2\n  brand: Brontal\n  price: 499 kr.\ntags: [a]\n---"
    drafts = front_matter_drafts(text.split("\n"), "da")
    product = drafts[1]
    assert (product.kind, product.heading, product.start, product.units[-1].end) == (Kind.PRODUCT, "Brontal K2", 3, 6)
    assert [unit.text for unit in product.units] == ["Brontal K2", "", "Brand: Brontal", "Price: 499 kr."]
    assert [unit.raw for unit in product.units][1] == "  name: Brontal K2"


def test_entries_with_keys_are_ingredients_and_steps_where_their_list_is_called_so() -> None:
    lines = [
        "---", "ingredienser:", "  - maengde: '250 g'", "    navn: linser", "  - maengde: 1", "    navn: løg",
        "    image: /lok.jpg", "fremgangsmåde:", "  - trin: 'Hak løget fint.'", "  - trin: 'Kog linserne møre.'",
        "authors:", "  - name: Mona Holm", "    role: cook and gardener", "  - name: Per Dahl", "    role: baker",
        "---",
    ]  # fmt: skip
    settings, first, second, *rest = front_matter_drafts(lines, "da")
    assert (first.role, [unit.text for unit in first.units[1:]]) == ("ingredients", ["250 g linser", "1 løg"])
    assert (second.kind, [unit.text for unit in second.units[1:]]) == (
        Kind.HOW_TO,
        ["Hak løget fint.", "Kog linserne møre."],
    )
    assert {draft.role for draft in (settings, *rest)} == {"front-matter"}
