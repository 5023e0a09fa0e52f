"""What is said of a series that was made: places are lines, or elements where an article has no lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from backmail import article as articles
from backmail.desk.summary import flagged, kept_of
from backmail.model.article import Caution, Source

ARTICLES = Path(__file__).parents[2] / "benchmarks" / "articles"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("07-en-lamp-guide/article.html", "elements stand in the mails"),
        ("04-sv-torra-hander/article.md", "lines stand"),
    ],
)
def test_what_is_kept_is_counted_by_lines_or_elements(file: str, said: str) -> None:
    article = articles.understand(articles.read(ARTICLES / file))
    plan = articles.arrange(article, without_safety="none is needed")
    told = kept_of(article, plan)
    kept, all_ = (int(word) for word in told.split()[:3:2])
    assert said in told
    assert 0 < kept <= all_


@pytest.mark.parametrize(
    ("format_", "starts", "where"),
    [
        ("txt", [3], "line 3"),
        ("html", [3], "element 3"),
        ("md", [3, 4, 5], "lines 3-5"),
        ("docx", [3, 9, 9], "elements 3, 9"),
    ],
)
def test_a_caution_names_its_places(format_: str, starts: list[int], where: str) -> None:
    cautions = [Caution("claim", "it promises too much", start) for start in starts]
    assert flagged(Source("a", format_, ""), cautions) == [f"{where}: it promises too much"]
