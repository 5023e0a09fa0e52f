"""Whatever the text: it is understood, every line is in one block, and the same text gives the same article."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article import read_text, understand
from backmail.article.reading import MAX_BYTES
from backmail.errors import ArticleError
from backmail.model.article import Article, Kind
from backmail.model.campaign import Catalog, Product
from tests.article.texts import PASTED, called, md, shape, txt
from tests.counting import calls

PIECES = [
    "How often should I water?", "- item one", "  - item two", "1. Step one", "2. Do it:", "# Title", "## FAQ",
    "### Why?", "frequently asked questions", "Kilder", "Apron™ - Black", "Blødt forklæde, der passer til alle.",
    "299 kr.", "Buy now", "A paragraph that goes on for a while. It has two sentences, and they say little.",
    "small heading", "A Heading", "---", "===", "```", "~~~", "> quote", "| a | b |", "|---|---|", "[a]: http://x",
    "[text](http://y)", "![i](x.png)", "**Bold**", "**Q?** A.", "<div>", "<!-- c -->", "<summary>Q?</summary>",
    "    indented", "Q: What?", "A: That.", "Ingredients:", "200 g flour", "2 eggs", "{{< x >}}",
    "Lie on your back with your knees bent. Hold for 30 seconds. Repeat 8 times.", "Stop at once and see a doctor.",
    "Annonce", "\u2028x\u2029y", "\ufeff", "\u200b", "ß É ﬁ", "’s", "?", ":", "+++", "By Anna Holm",
    'Holm, A. (2020). "Title." Journal.', "title: x", "faq:", "  - question: Q?", "    answer: A.",
    "<details><summary>Q?</summary>A.</details>", "<details>x<summary>Q?</summary>", "Your questions", "good luck!",
    "$ git log --all", "Tip 3: Dig", "This post contains affiliate links.", "In short, dig.", "For the dough",
    "intro: some words that go on for quite a bit here", "\\", "&quest;", "", "", "", "\t", " \x0b ",
]  # fmt: skip
LINES = st.one_of(st.sampled_from(PIECES), st.text(max_size=25))
TEXTS = st.builds(
    lambda top, lines, end: top + end.join(lines),
    st.sampled_from(["", "---\n"]),
    st.lists(LINES, min_size=1, max_size=16),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)


def article_of(text: str, name: str) -> Article | None:
    try:
        return understand(read_text(text.encode("utf-8", "ignore"), name))
    except ArticleError:
        return None  # blank, a NUL byte


def check(article: Article) -> None:
    """Check what holds for every article."""
    lines = {number for number, line in enumerate(article.source.lines, 1) if line.strip()}
    held = [line for block in article.blocks for line in range(block.start, block.end + 1)]
    assert held == sorted(set(held)), "blocks in order, without overlap"
    of_units = {line for block in article.blocks for unit in block.units for line in range(unit.start, unit.end + 1)}
    assert lines <= of_units, "every line in a unit"
    assert [block.id for block in article.blocks] == sorted(block.id for block in article.blocks)
    ids = {block.id for block in article.blocks}
    for block in article.blocks:
        assert block.reasons
        assert 0.5 <= block.confidence <= 1
        assert block.continues is None or block.continues in ids
        assert ids.issuperset(block.lead_for)
        assert bool(block.role) or block.kind is not Kind.OTHER
        assert not block.lead_for or block.role in ("lead", "heading")
        assert not block.dose or block.kind is Kind.EXERCISE
        assert all(any(dose.text in unit.text for unit in block.units) for dose in block.dose.values())
        assert all(block.start <= dose.start <= block.end for dose in block.dose.values())
        assert [unit.start for unit in block.units] == sorted(unit.start for unit in block.units)
    assert article.title
    texts = [unit.text for block in article.blocks for unit in block.units]
    cited = [caution.text for caution in article.cautions if caution.id != "guessed-title"]
    assert all(any(text in each for each in texts) for text in cited)


@given(TEXTS)
def test_any_text(text: str) -> None:
    if article := article_of(text, "a.txt"):
        check(article)


@given(TEXTS)
def test_any_markdown(text: str) -> None:
    if article := article_of(text, "a.md"):
        check(article)


@given(TEXTS, st.sampled_from(["a.txt", "a.md"]))
def test_the_same_text_is_the_same_article(text: str, name: str) -> None:
    assert article_of(text, name) == article_of(text, name)


def test_the_shops_article_holds_too() -> None:
    check(txt(PASTED))


def test_ids_have_as_many_digits_as_they_need() -> None:
    text = "Bees.\n\n" + "".join(f"## Part {number}\n\nIt is old.\n\n" for number in range(100))
    assert [md(text).blocks[number].id for number in (0, 9, 100)] == ["b001", "b010", "b101"]


def test_the_language_can_be_given() -> None:
    assert txt("Kilder\nBier.", language="da-DK").language == "da"
    assert txt("Bees fly when it is warm and they come home before it rains on them.").language == "en"


def test_safety_phrases_are_seen_in_any_block_but_products_and_sources() -> None:
    article = txt(
        "Bees fly when it is warm.\nFAQ\nDo they sting?\nRarely. See a doctor if it swells.\nSpade™ - Black\n"
        "Ask your doctor about it.\nSources\nAsk a doctor. (2020). Journal."
    )
    assert [(block.kind.value, block.safety_relevant) for block in article.blocks] == [
        ("intro", False),
        ("other", False),
        ("faq", True),
        ("product", False),
        ("sources", False),
    ]


def test_a_product_of_the_catalogue() -> None:
    catalog = Catalog((Product("p-1", "Garden stool"),))
    text = "Bees fly when it is warm.\nThe Water\nIt is wet.\nGarden Stool\nSit well on it.\nIt is deep."
    assert called(txt(text), "Garden Stool").kind != "product"
    block = called(txt(text, catalog=catalog), "Garden Stool")
    assert (block.kind, block.reasons[-1]) == ("product", "product.catalogue p-1")


def test_safety_text_from_another_file_stands_last_and_names_it() -> None:
    safety = read_text(b"# Before you begin\n\nAsk a doctor.\n\n## In the shed\n\nMind the rake.", "care/safety.md")
    article = txt(PASTED, added_safety=safety)
    assert shape(article)[:-2] == shape(txt(PASTED))
    added = article.blocks[-2:]
    assert [(block.id, block.kind.value, block.heading, block.file) for block in added] == [
        ("s01", "safety", "Before you begin", "care/safety.md"),
        ("s02", "safety", "In the shed", "care/safety.md"),
    ]
    assert (added[1].start, added[1].end) == (5, 7)


def test_safety_text_from_a_plain_text() -> None:
    safety = read_text(b"Stop if it hurts.\nAsk a doctor first.", "safety.txt")
    (block,) = [block for block in txt("Bees fly.", added_safety=safety).blocks if block.file]
    assert (block.kind, block.start, block.end) == ("safety", 1, 2)


def test_a_long_article_takes_no_time_and_the_longest_none_that_breaks() -> None:
    before = time.process_time()
    txt(PASTED * 4)
    assert time.process_time() - before < 3
    assert txt("word " * (MAX_BYTES // 50)).blocks


@given(TEXTS, st.sampled_from(["article.txt", "article.md"]), st.sampled_from([" ", "\t", "   "]))
def test_trailing_blanks_line_ends_and_a_byte_order_mark_change_nothing(text: str, name: str, blanks: str) -> None:
    lines = [line.rstrip() for line in text.splitlines()]
    article = article_of("\n".join(lines), name)
    # Two blanks at the end of a line of Markdown break it, and nothing else: the blocks stay as they are.
    padded = "\n".join(line + blanks if line and name.endswith("txt") else line for line in lines)
    for other in ("\r\n".join(lines), "\ufeff" + "\n".join(lines), padded, "\n".join([*lines, "", ""])):
        twin = article_of(other, name)
        assert (twin is None) == (article is None)
        if article and twin:
            assert [(block.kind, block.role, block.heading) for block in twin.blocks] == [
                (block.kind, block.role, block.heading) for block in article.blocks
            ]


@pytest.mark.parametrize(
    "line",
    [
        "Do bees sting?\n",
        "# Bees\n\n",
        "- bees\n",
        "how bees fly\nBees fly well when it is warm and dry.\n",
        "Tip 3: Dig\n",
        "<details><summary>How?</summary>\n\nLike that.\n</details>\n\n",
        "## Rose\n\n### Soil\n\nRich soil.\n\n### Water\n\nMuch water.\n\n",
        "As you read on, it never hurts. ",
    ],
)
@pytest.mark.parametrize("name", ["article.txt", "article.md"])
def test_the_work_grows_as_the_text_does(line: str, name: str) -> None:
    def article(lines: int) -> Article | None:
        return article_of("Bees fly when it is warm.\n" + line * lines, name)

    assert article(280)  # the patterns are compiled: a long list needs more of them than a short one
    # Four times as long, and long enough to have an introduction of its own; work that grew with the square were 16.
    assert calls(lambda: article(280)) < 8 * calls(lambda: article(70))
