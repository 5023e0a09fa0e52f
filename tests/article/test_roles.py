"""Plain blocks get a role, lead-ins the blocks that they introduce, and every block its section."""

import pytest

from tests.article.texts import called, md, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."
STEPS = "Open the hive. Look at the comb. Close the hive."


@pytest.mark.parametrize(
    ("text", "role", "reason"),
    [
        (f"## What you need\n\n- a veil\n\n## The visit\n\n{STEPS}", "ingredients", ""),
        (f"## Why bees\n\n{BODY}\n\n## The visit\n\n{STEPS}", "background", "background.heading:en 'Why'"),
        (f"## The bees\n\n{BODY}\n\n## The visit\n\n{STEPS}", "background", "background.before-instructions"),
        (f"## The bees\n\n{BODY}\n\n## The wasps\n\n{BODY}", "body", ""),
        (f"## The visit\n\nDo so:\n\n### Step 1\n\n{STEPS}", "lead", "lead.colon"),
        (f"## The visit\n\nIt is easy.\n\n### Step 1\n\n{STEPS}", "lead", "lead.above-subsections"),
        (f"## The visit\n\nHere are all steps.\n\n## Step 1\n\n{STEPS}", "lead", "lead.words 'Here are'"),
        (f"## The visit\n\n### Step 1\n\n{STEPS}", "heading", "heading.alone"),
    ],
)
def test_roles(text: str, role: str, reason: str) -> None:
    block = md(f"Bees.\n\n{text}").blocks[1]
    assert (block.kind, block.role) == ("other", role)
    assert not reason or reason in block.reasons


def test_a_long_section_that_ends_in_a_colon_is_no_lead() -> None:
    article = md(f"Bees.\n\n## The visit\n\n{BODY * 6} Look:\n\n### Step 1\n\n{STEPS}")
    assert article.blocks[1].role != "lead"


def test_a_roadmap_is_an_introduction() -> None:
    block = called(md(f"Bees.\n\n## What you will find\n\n{BODY}"), "What you will find")
    assert (block.kind, block.role) == ("intro", "roadmap")


def leads(article_text: str) -> dict[str, tuple[str, ...]]:
    return {block.heading: block.lead_for for block in md(article_text).blocks if block.lead_for}


def test_a_lead_in_markdown_introduces_what_is_below_it_up_to_the_next() -> None:
    text = (
        f"Bees.\n\n## One\n\nSo:\n\n### Step 1\n\n{STEPS}\n\n### Step 2\n\n{STEPS}\n\n"
        f"## Two\n\nSo:\n\n### Step 3\n\n{STEPS}\n\n## End\n\n{BODY}"
    )
    assert leads(text) == {"One": ("b03", "b04"), "Two": ("b06",)}


def test_a_lead_passes_products_over() -> None:
    text = (
        f"Bees.\n\n## One\n\nSo:\n\n### Step 1\n\n{STEPS}\n\n"
        f"**Veil™ - Black**\n\nA light veil for long days.\n\n### Step 2\n\n{STEPS}"
    )
    assert leads(text) == {"One": ("b03", "b05")}


def test_in_plain_text_a_lead_introduces_one_kind_or_what_is_counted() -> None:
    article = txt(f"{BODY}\nthe visit\nso:\nstep 1\n{STEPS}\nstep 2\n{BODY}\nstep 3\n{STEPS}\nthe end\n{BODY}")
    assert called(article, "the visit").lead_for == ("b03", "b04", "b05")


def test_sections() -> None:
    article = md(
        f"# Bees\n\n{BODY}\n\n## One\n\n{BODY}\n\n### Deep\n\n{BODY}\n\n## Two\n\n{BODY}\n\n## Three\n\n{BODY}"
    )
    assert [(block.heading, block.section) for block in article.blocks] == [
        ("Bees", 1), ("", 1), ("One", 2), ("Deep", 2), ("Two", 3), ("Three", 4),
    ]  # fmt: skip
