"""Cautions say what to look at before an article is mailed."""

import pytest

from backmail.model.article import Caution, Kind, Override
from tests.article.texts import PASTED, md, txt


def ids(cautions: tuple[Caution, ...]) -> list[str]:
    return [each.id for each in cautions]


def test_sources_without_a_link() -> None:
    found = [each for each in txt(PASTED).cautions if each.id == "source-without-link"]
    assert [(each.start, each.text[:8]) for each in found] == [(21, "Holm, B.")]


@pytest.mark.parametrize("link", ["https://example.org", "[here](x)", "doi:10.1/2", "ISBN 978"])
def test_a_source_with_a_link(link: str) -> None:
    assert "source-without-link" not in ids(md(f"Old.\n\n## Sources\n\n- Holm, B. (2019). Bees. {link}").cautions)


def test_headings_in_small_letters_are_said_once() -> None:
    found = [each for each in txt(PASTED).cautions if each.id == "lower-case-headings"]
    assert [(each.start, each.text) for each in found] == [(2, "why the neck grows stiff")]
    assert "6 headings" in found[0].message
    assert "lower-case-headings" not in ids(md("Old.\n\n## iron\n\nHard.\n\n## Wood\n\nSoft.").cautions)


def test_exercises_without_safety_text() -> None:
    assert "no-safety" not in ids(txt(PASTED).cautions)
    without = PASTED.replace("when to stop\n", "").replace("Stop at once if you feel dizzy. ", "")
    without = without.replace("Talk to your doctor before you begin if your neck was ever hurt.\n", "")
    (caution,) = [each for each in txt(without).cautions if each.id == "no-safety"]
    assert caution.start == 9
    for answer in ("--mark LINES=safety", "--safety FILE", "--no-safety 'REASON'"):
        assert answer in caution.message


def test_safety_text_that_is_dropped_is_none() -> None:
    assert "no-safety" in ids(txt(PASTED, overrides=[Override("when to stop", drop_because="x")]).cautions)
    marked = [Override("why the neck", kind=Kind.SAFETY), Override("when to stop", drop_because="x")]
    assert "no-safety" not in ids(txt(PASTED, overrides=marked).cautions)


def test_an_article_without_exercises_needs_no_safety_text() -> None:
    assert ids(md("# Bees\n\nThey fly.").cautions) == []


def test_they_are_in_the_order_of_the_source() -> None:
    starts = [each.start for each in txt(PASTED).cautions]
    assert starts == sorted(starts)
