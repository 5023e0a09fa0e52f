"""Why a block is what it is: no reason reaches a marketer in the words of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backmail import article as articles
from backmail.config import sample_campaigns
from backmail.desk.preview.reasons import said
from tests.desk.workbench import ARTICLE

CODE = Path(articles.__file__).parent


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("exercise.dose:en '8 times'", "it says how long or how often: “8 times”"),
        ("heading.list:da 'Kilder'", "its first line is a heading that is often used: “Kilder”"),
        ("background.heading:en 'why'", "its heading asks for the why: “why”"),
        ("how-to.orders 4 of 9 sentences", "it tells the reader what to do: 4 of 9 sentences"),
        ("heading.small-letters", "its first line is in small letters and ends without a full stop"),
        ("continuation.longer-than-500-words", "it goes on where a long section was cut in two"),
        ("override", "you said so"),
        ("front-matter", "it is settings of the page, above the text"),
        ("product.advertisement 'it's an ad'", "it is marked as an advertisement: “it's an ad”"),
        ("exercise.dose", "it says how long or how often"),
        ("something.new 'x'", "something.new 'x'"),
        ("", ""),
    ],
)
def test_a_reason_is_a_sentence(reason: str, sentence: str) -> None:
    assert said(reason) == sentence


def test_long_words_of_the_article_are_cut() -> None:
    assert (
        said(f"safety.phrase:en '{'stop ' * 60}'")
        == f"it tells to stop, to beware or to ask somebody: “{'stop ' * 17}stop…”"
    )


def test_all_reasons_of_whole_articles_are_known() -> None:
    sources = [articles.read(sample_campaigns()[0] / "article.txt"), articles.read_text(ARTICLE.encode(), "pots.txt")]
    reasons = {reason for source in sources for block in articles.understand(source).blocks for reason in block.reasons}
    assert len(reasons) > 20
    assert {reason for reason in reasons if said(reason) == reason} == set()


def test_all_reasons_that_the_rules_name_are_known() -> None:
    kinds = (
        "background|chrome|conclusion|exercise|front-matter|heading|how-to|intro|lead|link-definitions|other|product"
    )
    pattern = re.compile(rf"""f?"((?:{kinds}|related|safety|sources|title|toc)\.[a-z-]+[ :'a-z]*)[{{"]""")
    found = {name.strip(" :'") for path in CODE.glob("*.py") for name in pattern.findall(path.read_text("utf-8"))}
    assert len(found) > 40
    assert {name for name in found if said(name) == name} == set()
