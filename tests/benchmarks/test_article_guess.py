"""What backmail makes of an article is told in the annotation's lines, also where those are not its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from backmail.model.article import Article, Block, Kind, Source, Unit, UnitKind
from benchmarks import article_guess
from benchmarks.article_gold import Gold


def page(*blocks: tuple[Kind, list[str | tuple[str, ...]]]) -> Article:
    """Return an understood page: for each block its kind and the texts of its units, or the parts of one."""
    made, place = [], 0
    for number, (kind, texts) in enumerate(blocks):
        units = []
        for text in texts:
            place += 1
            parts = text if isinstance(text, tuple) else ()
            whole = " ".join(parts) if parts else str(text)
            units.append(Unit(UnitKind.PARAGRAPH, whole, whole, place, place, parts=parts))
        made.append(Block(f"b{number}", kind, tuple(units)))
    return Article(Source("article.html", "html", ""), "", False, "en", tuple(made))


def aligned(lines: list[str], article: Article) -> dict[int, int]:
    """Return which block each line was given."""
    return article_guess._by_text(Gold("example", Path("article.html"), "en", "html", tuple(lines), ()), article)


@pytest.mark.parametrize(
    ("lines", "owners"),
    [
        (["A tart", "Roll it.", "Bake it.", "A tart"], {1: 0, 2: 0, 3: 0, 4: 1}),  # a heading that stands there twice
        (["A  tart", "Roll it. Bake it.", "A tart!"], {1: 0, 2: 0, 3: 1}),  # two units in one line
        (["A tart", "Roll", "it.", "Bake it.", "A tart"], {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}),  # a unit in two lines
        (["Menu", "A tart", "Roll it.", "Bake it.", "A tart"], {2: 0, 3: 0, 4: 0, 5: 1}),  # a line of nobody's
        (["A tart", "Roll something else altogether.", "Bake it."], {1: 0, 3: 0}),  # not even half is there
    ],
)
def test_lines_of_a_page_find_their_block_in_order(lines: list[str], owners: dict[int, int]) -> None:
    article = page((Kind.HOW_TO, ["A tart", "Roll it.", "Bake it."]), (Kind.OTHER, ["A tart"]))
    assert aligned(lines, article) == owners


def test_the_cells_of_a_table_are_lines() -> None:
    article = page((Kind.INTRO, ["Prices"]), (Kind.OTHER, [("Lamp", "£3")]), (Kind.OTHER, ["£3"]))
    assert aligned(["Prices", "Lamp", "£3", "£3"], article) == {1: 0, 2: 1, 3: 1, 4: 2}


def test_units_are_met_in_the_order_of_the_page_not_of_the_blocks() -> None:
    section, link = page((Kind.HOW_TO, ["Roll it.", "Bake it."]), (Kind.OTHER, ["Read on"])).blocks
    units = (section.units[0], replace(section.units[1], start=3, end=3))
    inside = replace(link, units=(replace(link.units[0], start=2, end=2),))
    article = replace(page(), blocks=(replace(section, units=units), inside))
    assert aligned(["Roll it.", "Read on", "Bake it."], article) == {1: 0, 2: 1, 3: 0}


def test_a_line_without_words_is_found_by_its_signs() -> None:
    article = page((Kind.INTRO, ["Hello", "»", "…"]))
    assert aligned(["Hello", "»", "…"], article) == {1: 0, 2: 0, 3: 0}


def test_an_article_that_is_refused_has_no_spans_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(b"\xff\xfe\x00")
    found = article_guess.guess(Gold("example", path, "en", "txt", ("words",), ()))
    assert (found.spans, found.article, found.plan) == ((), None, None)
    assert "article.txt" in found.refused


def test_a_block_that_another_interrupts_is_two_spans() -> None:
    article = page((Kind.FAQ, ["one", "three"]), (Kind.PRODUCT, ["two"]))
    found = list(article_guess._spans({1: 0, 2: 1, 4: 0}, article, frozenset({"b0"})))
    assert [(span.start, span.end, span.kind, span.in_mails) for span in found] == [
        (1, 1, "faq-item", True), (2, 2, "product", False), (4, 4, "faq-item", True),
    ]  # fmt: skip
