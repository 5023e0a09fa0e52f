"""The three-way merge of texts: what one side changed is taken, what both changed otherwise is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign.merge import MINE, NEW, Clash, marked_lines, merge, merge_order, merge_text

LINES = st.lists(st.sampled_from(["one", "two", "three", "", "four. five.", "six"]), max_size=8)
TEXTS = LINES.map("\n".join)


@given(TEXTS, TEXTS)
def test_what_one_side_alone_changed_is_taken(base: str, changed: str) -> None:
    assert merge_text(base, base, changed) == (changed, 0)
    assert merge_text(base, changed, base) == (changed, 0)


@given(TEXTS, TEXTS)
def test_what_both_changed_alike_is_taken_once(base: str, changed: str) -> None:
    assert merge_text(base, changed, changed) == (changed, 0)


@given(LINES, LINES, LINES)
def test_a_conflict_is_one_whoever_is_asked_first(base: list[str], ours: list[str], theirs: list[str]) -> None:
    def turned(piece: str | Clash[str]) -> str | Clash[str]:
        return Clash(piece.base, piece.theirs, piece.ours) if isinstance(piece, Clash) else piece

    assert [turned(each) for each in merge(base, ours, theirs)] == merge(base, theirs, ours)


@given(LINES, LINES, LINES)
def test_no_word_that_somebody_added_is_lost(base: list[str], ours: list[str], theirs: list[str]) -> None:
    text, _ = merge_text("\n".join(base), "\n".join(ours), "\n".join(theirs))
    added = {line for side in (ours, theirs) for line in side if line and line not in base}
    assert added <= set(text.split("\n"))


@given(LINES, LINES, LINES)
def test_every_conflict_is_marked_and_counted(base: list[str], ours: list[str], theirs: list[str]) -> None:
    text, conflicts = merge_text("\n".join(base), "\n".join(ours), "\n".join(theirs))
    assert "".join(sign for _, sign in marked_lines(text)) == "<=>" * conflicts


def test_changes_of_two_paragraphs_stand_beside_each_other() -> None:
    merged = merge_text(
        "Warm up.\n\nHold it.\n\nRest.", "Warm up well.\n\nHold it.\n\nRest.", "Warm up.\n\nHold it.\n\nRest now."
    )
    assert merged == ("Warm up well.\n\nHold it.\n\nRest now.", 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        ("Sit down slowly. Breathe. Rest.", "Sit down. Breathe. Rest now.", "Sit down slowly. Breathe. Rest now."),
        ("Sit down. Breathe out. Rest.", "Sit down. Breathe. Rest now.", "Sit down. Breathe out. Rest now."),
        ("Sit down. Breathe. Rest. Smile.", "Sit. Breathe. Rest.", "Sit. Breathe. Rest. Smile."),
    ],
)
def test_two_sentences_of_one_line_are_two_changes(ours: str, theirs: str, merged: str) -> None:
    assert merge_text("Sit down. Breathe. Rest.", ours, theirs) == (merged, 0)


def test_the_smallest_piece_is_marked() -> None:
    text, conflicts = merge_text(
        "a\n\nHold for 20 seconds.\n\nz", "a\n\nHold for 30 seconds.\n\nz", "a\n\nHold for 10 seconds.\n\nz"
    )
    assert conflicts == 1
    assert text == f"a\n\n{MINE}\nHold for 30 seconds.\n=======\nHold for 10 seconds.\n{NEW}\n\nz"


def test_a_line_below_a_heading_is_no_conflict() -> None:
    assert list(marked_lines("Title\n=======\n\n<<<<<<<< eight")) == []


@given(
    st.permutations("abcdef"), st.permutations("abcdef"), st.permutations("abcdef"), st.sets(st.sampled_from("abcdefx"))
)
def test_an_order_has_each_that_is_wanted_once(
    base: list[str], ours: list[str], theirs: list[str], wanted: set[str]
) -> None:
    made = merge_order(base, ours, theirs, sorted(wanted))
    assert sorted(made) == sorted(wanted)
    assert merge_order(base, base, theirs, "abcdef") == theirs
    assert merge_order(base, ours, base, "abcdef") == ours


def test_what_is_new_stands_behind_what_it_followed() -> None:
    assert merge_order("abc", "cab", "abxc", "abcx") == ["c", "a", "b", "x"]
