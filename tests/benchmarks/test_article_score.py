"""The measures of the benchmark of articles, each by an example worked out by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.article import OWN_SET
from benchmarks.article_gold import KINDS, Gold, GoldBlock, read_set
from benchmarks.article_guess import Span
from benchmarks.article_score import ITEMS, Counts, Score, score, summary

OWN = read_set([OWN_SET])


def gold(*blocks: GoldBlock, lines: int = 10) -> Gold:
    """Return an annotation of so many lines of four words each."""
    return Gold("example", Path("article.md"), "en", "md", ("some words stand here",) * lines, blocks)


def spans(annotated: Gold) -> list[Span]:
    """Return what somebody would say who knows the annotation."""
    return [Span(each.start, each.end, each.kind, in_mails=each.role != "chrome") for each in annotated.blocks]


@pytest.mark.parametrize("annotated", OWN, ids=lambda each: each.name)
def test_an_annotation_measured_by_itself_is_right_in_everything(annotated: Gold) -> None:
    found = score(annotated, spans(annotated))
    assert (found.boundaries, found.near, found.kinds, found.kinds_by_words) == (1, 1, 1, 1)
    assert all(each.wrong == each.missed == 0 for each in (*found.items.values(), found.safety))
    assert not found.mailed


def test_boundaries_count_where_blocks_begin_but_not_on_the_first_line() -> None:
    annotated = gold(GoldBlock(1, 2, "intro"), GoldBlock(3, 6, "how-to"), GoldBlock(7, 10, "conclusion"))
    found = score(annotated, [Span(1, 3, "intro"), Span(4, 6, "how-to"), Span(7, 8, "other"), Span(9, 10, "other")])
    # Right: 7. Beside the line: 4 for 3. Wrong in any case: 9.
    assert found.boundaries == pytest.approx(2 * 1 / (2 * 1 + 2 + 1))
    assert found.near == pytest.approx(2 * 2 / (2 * 2 + 1 + 0))


def test_boundaries_inside_and_at_the_edge_of_what_is_left_out_do_not_count() -> None:
    annotated = gold(GoldBlock(1, 2, "intro"), GoldBlock(3, 8, "other", role="chrome"), GoldBlock(9, 10, "how-to"))
    cut = [Span(1, 2, "intro"), Span(3, 4, "other"), Span(5, 8, "product"), Span(9, 10, "how-to")]
    assert score(annotated, cut).boundaries == 1


def test_a_line_is_named_rightly_by_any_kind_that_is_allowed() -> None:
    annotated = gold(GoldBlock(1, 4, "intro"), GoldBlock(5, 8, "how-to", ("other",)), GoldBlock(9, 10, "safety"))
    found = score(annotated, [Span(1, 5, "intro"), Span(9, 10, "safety")])
    assert found.kinds == pytest.approx(9 / 10)  # line 5 is called intro, 6 to 8 nothing, which is other


def test_where_spans_overlap_the_first_one_counts() -> None:
    annotated = gold(GoldBlock(1, 10, "intro"))
    assert score(annotated, [Span(1, 10, "intro"), Span(3, 4, "product")]).kinds == 1
    assert score(annotated, [Span(3, 4, "product"), Span(1, 10, "intro")]).kinds == pytest.approx(8 / 10)


def test_safety_has_a_recall_of_what_must_and_a_precision_of_what_may_be_found() -> None:
    annotated = gold(
        GoldBlock(1, 2, "safety"), GoldBlock(3, 4, "safety", ("other",)), GoldBlock(5, 6, "how-to", ("safety",)),
        GoldBlock(7, 10, "how-to"),
    )  # fmt: skip
    found = score(annotated, [Span(2, 3, "safety"), Span(5, 5, "safety"), Span(10, 10, "safety")])
    assert found.safety == Counts(right=4, wrong=4, missed=4)


@pytest.mark.parametrize(
    ("kind", "ours", "counts"),
    [
        ("exercise", [(3, 6)], Counts(1, 0, 1)),
        ("exercise", [(3, 4), (5, 6)], Counts(1, 1, 1)),  # the second half finds nothing that is left
        ("exercise", [(1, 2)], Counts(0, 1, 2)),
        ("exercise", [(1, 10)], Counts(0, 0, 2)),  # too long for either, but it touches what may be one
        ("exercise", [(3, 6), (9, 10)], Counts(1, 0, 1)),  # 9 and 10 may be an exercise
        ("faq-item", [(3, 6)], Counts(1, 0, 1)),
        ("faq-item", [(5, 8)], Counts(0, 1, 2)),  # half of what it shares with 7 and 8, but begins two lines before
    ],
)
def test_an_item_is_found_when_at_least_half_of_all_its_lines_are_shared(
    kind: str, ours: list[tuple[int, int]], counts: Counts
) -> None:
    annotated = gold(
        GoldBlock(1, 2, "intro"), GoldBlock(3, 6, kind), GoldBlock(7, 8, kind), GoldBlock(9, 10, "other", (kind,))
    )
    assert score(annotated, [Span(start, end, kind) for start, end in ours]).items[kind] == counts


def test_menus_that_get_a_kind_and_menus_that_get_into_mails_are_counted() -> None:
    annotated = gold(GoldBlock(1, 6, "intro"), GoldBlock(7, 10, "other", role="chrome"))
    found = score(annotated, [Span(1, 7, "intro"), Span(8, 8, "other"), Span(9, 9, "product", in_mails=False)])
    assert found.chrome_named == pytest.approx(2 / 4)
    assert found.mailed == (7, 8)


def test_a_summary_takes_means_of_articles_and_pools_items() -> None:
    one = Score(1.0, 1.0, 0.5, 0.5, {kind: Counts(1, 0, 0) for kind in ITEMS}, Counts(1, 0, 1), None, (3,))
    two = Score(0.5, 1.0, 1.0, 1.0, {kind: Counts(2, 1, 3) for kind in ITEMS}, Counts(0, 3, 0), 0.5)
    total = summary([one, two])
    assert (total.boundaries, total.kinds, total.mailed) == (0.75, 0.75, 1)
    assert total.items["product"] == Counts(3, 1, 3)
    assert (total.safety_recall, total.safety_precision, total.chrome_named) == (0.5, 0.25, 0.5)
    assert total.items["product"].f1 == pytest.approx(6 / 10)


@given(st.sampled_from(OWN), st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20), st.sampled_from(KINDS))))
def test_no_guess_leaves_the_measures_bounds(annotated: Gold, guessed: list[tuple[int, int, str]]) -> None:
    found = score(annotated, [Span(start, start + length, kind) for start, length, kind in guessed])
    shares = (found.boundaries, found.near, found.kinds, found.kinds_by_words, found.chrome_named)
    assert all(share is None or 0 <= share <= 1 for share in shares)
    assert (found.near or 0) >= (found.boundaries or 0)
    for kind in ITEMS:
        there = sum(block.kind == kind and not block.alt for block in annotated.blocks)
        assert found.items[kind].right + found.items[kind].missed == there
