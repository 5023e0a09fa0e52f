"""What an article knows of itself."""

from dataclasses import FrozenInstanceError

import pytest

from backmail.model.article import OUTSIDE_MAILS, Article, Block, Kind, Source, Unit, UnitKind
from backmail.model.plan import Plan

HEADING = Unit(UnitKind.HEADING, "pelvic tilts", "## *pelvic* tilts", 3, 3, level=2, marked=True)
TEXT = Unit(UnitKind.PARAGRAPH, "Lie on your back.", "Lie on\nyour back.", 5, 6)


def test_lines_of_a_source_count_from_one() -> None:
    source = Source("a.txt", "txt", "one\n\nthree\n")
    assert source.lines[3 - 1] == "three"
    assert source.lines[-1] == ""


def test_words_are_counted_in_the_source_as_written() -> None:
    block = Block("b01", Kind.EXERCISE, (HEADING, TEXT))
    assert HEADING.words == 3
    assert block.words == 3 + 4
    assert (block.start, block.end) == (3, 6)
    assert block.text == "pelvic tilts\nLie on your back."


def test_the_body_of_a_block_is_what_is_not_its_heading() -> None:
    assert Block("b01", Kind.EXERCISE, (HEADING, TEXT)).body == (TEXT,)
    assert Block("b01", Kind.EXERCISE, (TEXT, HEADING)).body == (TEXT, HEADING)


@pytest.mark.parametrize("role", sorted(OUTSIDE_MAILS))
def test_menus_and_their_like_stand_in_no_mail(role: str) -> None:
    assert not Block("b01", Kind.OTHER, (TEXT,), role=role).in_mails


def test_a_block_stands_in_mails_unless_it_was_dropped() -> None:
    assert Block("b01", Kind.INTRO, (TEXT,), role="lead").in_mails
    assert not Block("b01", Kind.INTRO, (TEXT,), dropped_because="out of date").in_mails


def test_an_article_finds_its_blocks() -> None:
    block = Block("b01", Kind.INTRO, (TEXT,))
    article = Article(Source("a.txt", "txt", "Lie on your back."), "Title", False, "en", (block,))
    assert article.block("b01") is block
    assert article.words == 4
    with pytest.raises(KeyError):
        article.block("b02")


def test_a_plan_counts_its_weeks() -> None:
    assert Plan((), (), (), (), 0.0).weeks == 0


def test_values_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        TEXT.text = "other"  # type: ignore[misc]
