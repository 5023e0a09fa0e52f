"""What a marketer decided always wins, is shown as such, and is never lost silently."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article import mark
from backmail.errors import UsageError
from backmail.model.article import Article, Kind, Override
from tests.article.texts import PASTED, called, md, shape, txt


def with_overrides(*overrides: Override, text: str = PASTED, **how: Any) -> Article:
    return txt(text, overrides=overrides, **how)


def test_a_kind() -> None:
    article = with_overrides(Override("Why the  NECK grows", kind=Kind.SAFETY))
    block = called(article, "why the neck grows stiff")
    assert (block.kind, block.role, block.confidence, block.reasons) == ("safety", None, 1.0, ("override",))
    assert article.cautions == tuple(each for each in article.cautions if each.id != "stale-override")


def test_a_kind_takes_a_block_out_of_the_page() -> None:
    text = "Bees fly when it is warm.\nThe Water\nWet.\nRelated articles\n- Wasps\n- Ants"
    assert txt(text).blocks[-1].role == "related"
    block = with_overrides(Override("related articles", kind=Kind.OTHER), text=text).blocks[-1]
    assert (block.role, block.in_mails) == ("body", True)


def test_an_exercise_gets_its_dose_and_loses_it() -> None:
    assert called(with_overrides(Override("slow nods", kind=Kind.HOW_TO)), "slow nods").dose == {}
    block = called(with_overrides(Override("when to stop", kind=Kind.EXERCISE)), "when to stop")
    assert block.kind == "exercise"


def test_week_and_drop() -> None:
    article = with_overrides(Override("slow nods", week=3), Override("side bends", drop_because="too hard"))
    assert called(article, "slow nods").locked_week == 3
    assert called(article, "side bends").dropped_because == "too hard"
    assert not called(article, "side bends").in_mails


def test_a_split() -> None:
    article = with_overrides(Override("frequently asked", split_at=15))
    assert [each.id for each in article.cautions].count("stale-override") == 1
    article = with_overrides(Override("Kilder", split_at=22))
    assert [block.id for block in article.blocks][-2:] == ["b12", "b13"]
    assert shape(article)[-2:] == [(20, 21, "sources", None), (22, 22, "sources", None)]
    assert article.blocks[-1].reasons == ("override",)


def test_a_part_with_a_heading_of_its_own_is_judged() -> None:
    text = "Bees.\n\n## Water\n\n### How to dig\n\nTake a spade."
    assert shape(md(text))[1:] == [(3, 3, "other", "heading"), (5, 7, "how-to", None)]
    merged = [Override("Water", merge_with="How to dig")]
    assert shape(md(text, overrides=merged))[1:] == [(3, 7, "how-to", None)]
    assert shape(md(text, overrides=[*merged, Override("Water", split_at=5)]))[1:] == [
        (3, 3, "other", "heading"),
        (5, 7, "how-to", None),
    ]


def test_what_is_split_off_goes_by_its_own_words() -> None:
    article = with_overrides(
        Override("- Lind", kind=Kind.INTRO), Override("Kilder", split_at=22), Override("Lind, C.", kind=Kind.CONCLUSION)
    )
    assert shape(article)[-1] == (22, 22, "conclusion", None)
    assert [each.text for each in article.cautions if each.id == "stale-override"] == ["- Lind"]


def test_a_merge() -> None:
    article = with_overrides(Override("slow nods", merge_with="side bends"))
    assert (9, 12, "exercise", None) in shape(article)
    article = with_overrides(Override("movements for", merge_with="slow nods"))
    assert (7, 10, "exercise", None) in shape(article)


@pytest.mark.parametrize(
    ("override", "why"),
    [
        (Override("no such words", kind=Kind.FAQ), "no block begins with these words"),
        (Override("", week=1), "no block begins with these words"),
        (Override("slow nods", split_at=12), "no paragraph of it begins on line 12"),
        (Override("slow nods", split_at=9), "no paragraph of it begins on line 9"),
        (Override("slow nods", merge_with="when to stop"), "is not the next one"),
        (Override("slow nods", merge_with="gone"), "no block below it"),
    ],
)
def test_one_that_does_not_fit_any_more_is_a_caution(override: Override, why: str) -> None:
    article = with_overrides(override)
    (caution,) = [each for each in article.cautions if each.id == "stale-override"]
    assert why in caution.message
    assert shape(article) == shape(txt(PASTED))


def test_marking_a_whole_block() -> None:
    article = txt(PASTED)
    assert mark(article, "13-14=how-to") == (Override("when to stop stop at once", kind=Kind.HOW_TO),)
    assert called(with_overrides(*mark(article, "13-14=how-to")), "when to stop").kind == "how-to"


def test_marking_a_part_splits_it_off() -> None:
    text = (
        "Bees fly when it is warm.\n\nThe Water\n\nIt is wet.\n\nIt is deep.\n\nIt is cold.\n\nThe Hive\n\nIt is dry."
    )
    marked = with_overrides(*mark(txt(text), "7=safety"), text=text)
    assert shape(marked) == [
        (1, 1, "intro", None),
        (3, 5, "other", "body"),
        (7, 7, "safety", None),
        (9, 9, "other", "body"),
        (11, 13, "other", "body"),
    ]


def test_marking_a_part_that_begins_like_its_block() -> None:
    text = "Bees.\n\n---\n\nIt is old and it is deep and dark.\n\nIt is old and it is deep and cold."
    marked = mark(md(text), "7=safety")
    assert shape(md(text, overrides=marked))[1:] == [(5, 5, "other", "body"), (7, 7, "safety", None)]


def test_marking_lines_of_several_blocks_marks_each() -> None:
    marked = with_overrides(*mark(txt(PASTED), " 9 - 12 = HOW-TO "))
    assert [block.kind for block in marked.blocks if block.start in (9, 11)] == ["how-to", "how-to"]


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("safety", "cannot be understood"),
        ("9-12", "cannot be understood"),
        ("9-12=safty", "did you mean 'safety'?"),
        ("9-12=zebra", "the kinds are intro, exercise"),
        ("90=safety", "the article has lines 1 to 22"),
        ("12-9=safety", "no text begins on the lines 12-9"),
    ],
)
def test_a_mark_that_cannot_be_used(marked: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        mark(txt(PASTED), marked)
    assert said in str(caught.value)


def test_a_mark_may_not_cut_through_a_paragraph() -> None:
    wrapped = (
        "Bees fly when it is warm outside and\nthey come home before the rain begins\nto fall on the roof of the hive."
    )
    with pytest.raises(UsageError, match=r"write 1-3=safety"):
        mark(txt(wrapped), "1-2=safety")


BLOCKS = ["slow nods", "side bends", "Kilder", "frequently", "gone", "", "Gardeners", "Kneeler", "Cold wind"]
OVERRIDES = st.builds(
    lambda block, what: Override(block, **what),
    st.sampled_from(BLOCKS),
    st.one_of(
        st.fixed_dictionaries({"kind": st.sampled_from(Kind)}),
        st.fixed_dictionaries({"split_at": st.integers(0, 25)}),
        st.fixed_dictionaries({"merge_with": st.sampled_from(BLOCKS)}),
    ),
)


@given(st.lists(OVERRIDES, max_size=5))
def test_no_override_loses_a_line(overrides: list[Override]) -> None:
    article = with_overrides(*overrides)
    assert [line for block in article.blocks for line in range(block.start, block.end + 1)] == list(range(1, 23))
