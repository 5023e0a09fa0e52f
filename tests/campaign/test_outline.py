"""outline.yaml: the marketer's decisions are read back as they were written, above the part that is ours."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article import read_text, understand
from backmail.campaign import Outline, outline_text, outline_text_in, override_places, read_outline
from backmail.campaign.outline import first_words, outline_of
from backmail.errors import CampaignError
from backmail.model.article import Article, Kind, Override
from tests.campaign import sample

OUTLINE = Outline(
    weeks=4,
    overrides=(
        Override("three ways to begin", kind=Kind.INTRO),
        Override("How soon", merge_with="Do I need shoes?"),
        Override("make it a habit", split_at=18),
        Override("walking a line", week=3),
        Override("Kilder", drop_because="no: room"),
    ),
    without_safety="readers are trainers",
    adapt="all",
    added_safety="safety.md",
    language="da",
)


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "outline.yaml").write_text(outline_text(OUTLINE, sample.article()), encoding="utf-8")
    assert read_outline(tmp_path) == OUTLINE


def test_the_marketer_s_part_comes_first_and_every_block_is_explained() -> None:
    text = outline_text(OUTLINE, sample.article())
    own, ours = text.split("# From here on")
    assert "overrides:\n  - block: three ways to begin\n    kind: intro\n" in own
    assert "- id: b04\n    words: the one-legged stand This is the\n    kind: exercise\n    lines: 6-7\n" in ours
    assert "rewritten" in ours or "anew" in ours


def test_without_a_file_nothing_was_decided(tmp_path: Path) -> None:
    assert read_outline(tmp_path) == Outline()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("overrides:\n  - block: a\n", "2:5", "exactly one of"),
        ("overrides:\n  - {block: a, kind: safety, week: 2}\n", "2:5", "exactly one of"),
        ("overrides:\n  - {block: a, kind: saftey}\n", "2:22", "did you mean 'safety'?"),
        ("overrides:\n  - {block: a, headng: b}\n", "2:16", "did you mean 'heading'?"),
        ("overrides:\n  - {block: a, split_at: 0}\n", "2:5", "1 or more"),
        ("overrides:\n  - {week: 2}\n", "2:5", "'block' is missing"),
        ("weeks: 0\n", "1:8", "1 or more"),
        ("adapt: some\n", "1:8", "takes all or none"),
        ("weks: 3\n", "1:1", "did you mean 'weeks'?"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    (tmp_path / "outline.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CampaignError) as caught:
        read_outline(tmp_path)
    assert f"outline.yaml:{place}: " in str(caught.value)
    assert message in str(caught.value)


def test_first_words_tell_blocks_apart() -> None:
    start = "one two three four five six"
    given_ = tuple(
        sample.Given(Kind.OTHER, (f"{start} {last}",), heading=False) for last in ("seven eight", "nine ten")
    )
    blocks = sample.article(given_).blocks
    assert first_words(blocks[0], blocks) == f"{start} seven"
    assert first_words(blocks[1], blocks) == f"{start} nine"
    assert first_words(blocks[0], blocks[:1]) == start


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(Kind)), max_size=3),
    st.lists(st.tuples(WORDS, WORDS), max_size=3),
    WORDS,
)
def test_any_decision_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    kinds: list[tuple[str, Kind]],
    drops: list[tuple[str, str]],
    reason: str,
) -> None:
    overrides = (
        *(Override(words, kind=kind) for words, kind in kinds),
        *(Override(words, drop_because=why) for words, why in drops),
    )
    outline = Outline(overrides=overrides, without_safety=reason)
    folder = tmp_path_factory.mktemp("any")
    (folder / "outline.yaml").write_text(outline_text(outline, sample.article(sample.GIVEN[:1])), encoding="utf-8")
    assert read_outline(folder) == outline


TEXT = """\
Bees fly when it is warm, and they come home in the evening before the rain begins to fall on the roof.

The Water
Put out a shallow bowl with stones. Change the water each day, so that it stays clean.

The Hive
Look at it once a week in summer, and leave it alone when it is cold outside and windy.
"""


def understood(outline: Outline, text: str = TEXT) -> Article:
    return understand(read_text(text.encode(), "article.txt"), overrides=outline.overrides)


def test_a_decision_has_a_key_and_is_found_again_in_another_text() -> None:
    outline = Outline(overrides=(Override("The Water", kind=Kind.SAFETY), Override("The Hive", split_at=7)))
    text = outline_text(outline, understood(outline))
    assert re.search(r"overrides:\n  - block: The Water\n    kind: safety\n    key: \"?[0-9a-f]{8}\"?\n", text)
    read = outline_of(text, "outline.yaml")
    assert [each.known is not None for each in read.overrides] == [True, True]
    later = (
        TEXT.replace("Bees", "Above it all.\n\nBees").replace("Put out a", "Always put out a").replace("The W", "Our w")
    )
    article = understood(read, later)
    assert [each.stale for each in article.decisions] == ["", ""]
    assert [block.kind for block in article.blocks if block.heading == "Our water"] == ["safety"]
    renewed = outline_text_in(text, read, article)
    assert "  - block: Our water Always put out a\n    kind: safety\n" in renewed
    assert "    split_at: 9\n" in renewed


def test_a_line_changed_by_hand_is_newer_than_what_is_remembered() -> None:
    outline = Outline(overrides=(Override("The Water", kind=Kind.SAFETY),))
    text = outline_text(outline, understood(outline)).replace("block: The Water\n    kind", "block: The Hive\n    kind")
    read = outline_of(text, "outline.yaml")
    assert read.overrides[0].known is None
    assert [block.heading for block in understood(read).blocks if block.kind == "safety"] == ["The Hive"]


def test_taking_the_last_decision_back_restores_the_file_byte_for_byte() -> None:
    outline = Outline()
    before = outline_text(outline, understood(outline))
    decided = replace(outline, overrides=(Override("The Water", week=2), Override("The Hive", heading="Our hive")))
    text = outline_text_in(before, decided, understood(decided))
    assert "remembered:" in text
    read = outline_of(text, "outline.yaml")
    back = replace(read, overrides=())
    assert outline_text_in(text, back, understood(back)) == before


def test_a_stale_decision_stays_with_what_is_remembered() -> None:
    outline = Outline(overrides=(Override("The Water", product="none"),))
    read = outline_of(outline_text(outline, understood(outline)), "outline.yaml")
    other = TEXT.replace(
        "The Water\nPut out a shallow bowl with stones. Change the water each day, so that it stays clean.\n\n", ""
    )
    article = understood(read, other)
    assert article.decisions[0].stale
    again = outline_of(outline_text(read, article), "outline.yaml")
    assert again.overrides == read.overrides


def test_the_place_of_each_decision_is_known(tmp_path: Path) -> None:
    (tmp_path / "outline.yaml").write_text(
        "overrides:\n  - {block: a, week: 2}\n\n  - block: b\n    drop: no\n", "utf-8"
    )
    assert [str(place).rpartition("/")[2] for place in override_places(tmp_path)] == [
        "outline.yaml:2:5",
        "outline.yaml:4:5",
    ]
