"""The titles in the captions of a gallery open sections, as headings do."""

from __future__ import annotations

from backmail.model.article import UnitKind
from tests.article.html.pages import PROSE, page

TOLD = "Cut the four boards to length and sand their edges."


def _headings(*captions: str) -> list[str]:
    figures = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>{each}</figcaption></figure>" for n, each in enumerate(captions)
    )
    found = page(f"<h1>A box for bees</h1>{PROSE}<div>{figures}</div>")
    return [unit.text for unit in found.units if unit.kind is UnitKind.HEADING and unit.text != "A box for bees"]


def _slide(title: str) -> str:
    return f"<span>{title}</span><p>{TOLD}</p><span>Photo: Mona Holm</span>"


def test_slides_with_titles_are_sections_and_those_with_one_title_are_one() -> None:
    titles = ("What bees like", "Build the box", "Build the box", "Paint it")
    assert _headings(*map(_slide, titles)) == ["What bees like", "Build the box", "Paint it"]


def test_captions_without_titles_and_a_few_pictures_open_nothing() -> None:
    assert _headings(*[f"<p>{TOLD}</p>"] * 5) == []
    assert _headings(*[_slide(title) for title in ("One", "Two", "Three")]) == []
