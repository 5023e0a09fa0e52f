"""What stands at the top of an article is sorted: title, byline, picture, contents, introduction."""

import pytest

from tests.article.texts import md, shape, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."


def test_markdown_with_everything_at_the_top() -> None:
    text = (
        "# Bees\n\nBy Anna Holm\n\n![hive](h.png)\n\nBees fly.\n\n- [Water](#water)\n- [Food](#food)\n\nThey drink.\n\n"
        "## Water\n\nWet.\n\n## Food\n\nSweet."
    )
    assert shape(md(text))[:6] == [
        (1, 1, "other", "title"),
        (3, 3, "other", "chrome"),
        (5, 5, "other", "media"),
        (7, 7, "intro", None),
        (9, 10, "other", "toc"),
        (12, 12, "intro", "continuation"),
    ]


def test_a_plain_texts_first_line_is_its_title() -> None:
    article = txt(f"Keeping bees\nBy Anna Holm\n{BODY}\nThe water\n{BODY}")
    assert shape(article)[:3] == [(1, 1, "other", "title"), (2, 2, "other", "chrome"), (3, 3, "intro", None)]
    assert (article.title, article.title_guessed) == ("Keeping bees", False)


SECTIONS = f"what they eat\n{BODY}\nwhere they sleep\n{BODY}\nhow they fly\n{BODY}"


@pytest.mark.parametrize("first", ["Introduction", "introduction"])
def test_a_first_line_that_names_a_section_is_no_title(first: str) -> None:
    assert shape(txt(f"{first}\n{BODY}\n{SECTIONS}"))[0] == (1, 2, "intro", None)


def test_a_first_line_in_small_letters_is_the_title_above_prose() -> None:
    article = txt(f"keeping bees\n{BODY}\n{SECTIONS}")
    assert shape(article)[:2] == [(1, 1, "other", "title"), (2, 2, "intro", None)]


def test_a_small_first_line_that_asks_why_is_a_title_only_where_most_sections_speak_of_it() -> None:
    named = txt(f"why garden ponds freeze\n{BODY}\n{SECTIONS}")
    assert shape(named)[0][0:2] == (1, 2)
    ponds = SECTIONS.replace("they", "ponds")
    assert shape(txt(f"why garden ponds freeze\n{BODY}\n{ponds}"))[0] == (1, 1, "other", "title")


def test_a_small_first_line_above_a_lead_in_is_a_section() -> None:
    article = txt(f"bees and wasps\nThis is the question that we are asked most often of all:\n{BODY}\n{SECTIONS}")
    assert shape(article)[0][3] != "title"


def test_a_sites_name_above_the_title() -> None:
    article = txt(f"Holm Bees\n\nHow to keep bees without fear in your own garden\n\nThe water\n\n{BODY}")
    assert shape(article)[:2] == [(1, 1, "other", "chrome"), (3, 3, "other", "title")]


def test_a_first_section_with_a_heading_introduces_where_nothing_else_does() -> None:
    article = md(f"## Bees and people\n\n{BODY}\n\n## Next\n\n{BODY}")
    assert shape(article)[0] == (1, 3, "intro", None)
    assert "intro.first-section" in article.blocks[0].reasons
    assert article.blocks[0].confidence < 0.7


def test_front_matter_that_introduces_leaves_no_second_introduction() -> None:
    article = md(f"---\nintro: {BODY}\n---\n\n## Bees and people\n\n{BODY}")
    assert [block.kind for block in article.blocks if block.kind == "intro"] == ["intro"]
    assert article.blocks[-1].kind == "other"


def test_an_article_without_headings_has_its_first_paragraph_as_introduction() -> None:
    long = BODY * 6
    assert shape(txt(f"{long}\n\n{long}\n\n{long}")) == [(1, 1, "intro", None), (3, 5, "other", "body")]
    assert shape(txt(f"{BODY}\n\n{BODY}")) == [(1, 3, "intro", None)]


def test_a_title_that_the_front_matter_names_too_is_a_block_of_its_own() -> None:
    text = f"---\ntitle: Bees\n---\n\n# Bees\n\n{BODY}\n\n## Water\n\n{BODY}"
    assert shape(md(text))[1:3] == [(5, 5, "other", "title"), (7, 7, "intro", None)]
    several = shape(md(f"{text}\n\n# Honey\n\n{BODY}"))
    assert "title" not in [role for _, _, _, role in several]


def test_a_first_line_that_is_the_title_of_the_front_matter() -> None:
    told = f"{BODY}\n\n{BODY}"
    below = f"The Hive\n\n{told}\n\nThe Winter\n\n{told}"
    top = f"---\ntitle: Bees and water\n---\nBees and Water\n\n{told}\n\n{below}"
    assert [block.role for block in md(top).blocks][:3] == ["front-matter", "title", None]
    assert "title" not in [block.role for block in md(top.replace("Bees and W", "All about w")).blocks]


def test_a_warning_in_italics_beside_the_introduction_is_safety_text() -> None:
    warning = "*Please note: stop if you are stung, and ask your doctor if it swells.*"
    for text in (
        f"# Bees\n\n{BODY}\n\n{warning}\n\n## The hive\n\n{BODY}",
        f"{warning}\n\n{BODY}\n\n## The hive\n\n{BODY}",
    ):
        kinds = {block.text[:6]: block.kind for block in md(text).blocks}
        assert (kinds["Please"], kinds["Bees n"]) == ("safety", "intro")
