"""Tables of a page that are made of boxes: amounts and names, nutrition facts, terms with their values."""

from __future__ import annotations

from backmail.model.article import UnitKind
from tests.article.html.pages import PROSE, page

FACTS = "".join(f"<div><div>{name}</div><div>{amount}</div><div>g</div></div>" for name, amount in (
    ("Fat", 12), ("Sugar", 4), ("Fibre", 7), ("Salt", 1)))  # fmt: skip


def _tables(html: str) -> list[str]:
    return [unit.raw for unit in page(f"<article><h1>Bean soup</h1>{PROSE}{html}</article>").article
            if unit.kind is UnitKind.TABLE]  # fmt: skip


def test_boxes_of_names_and_amounts_are_one_table_with_a_line_for_each_row() -> None:
    assert _tables(f"<h2>Nutrition</h2><div>{FACTS}</div>") == ["Fat 12 g\\\nSugar 4 g\\\nFibre 7 g\\\nSalt 1 g"]


def test_a_heading_of_a_part_of_the_facts_is_in_the_table() -> None:
    assert len(_tables(f"<h2>Nutrition</h2><div><h5>A serving</h5>{FACTS}</div>")) == 1


def test_terms_with_short_values_are_a_table_with_or_without_numbers() -> None:
    assert _tables("<dl><dt>Course</dt><dd>Dinner</dd><dt>Cuisine</dt><dd>Italian</dd></dl>") == [
        "Course Dinner\\\nCuisine Italian"
    ]


def test_prose_and_lists_stay_what_they_are() -> None:
    amounts = "".join(f"<p>{number} drops</p>" for number in range(9))
    assert not _tables(f"<div>{PROSE}{amounts}</div>")
    assert not _tables("<div><ul>" + "".join(f"<li>{number} eggs</li>" for number in range(9)) + "</ul></div>")
    told = "A layer of straw, leaves or bark that keeps the soil moist in summer."
    assert not _tables(f"<dl><dt>Mulch</dt><dd>{told}</dd><dt>Loam</dt><dd>{told}</dd></dl>")
