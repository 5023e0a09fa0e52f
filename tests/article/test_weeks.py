"""An article is arranged over weeks: what every plan keeps, what a good one has, and when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backmail.article import arrange
from backmail.article.costs import MOST_WORDS, uneven
from backmail.errors import PlanRefused, SafetyStop
from backmail.model.article import Article, Kind
from backmail.model.plan import Plan
from tests.article.blocks import article, back_care, spec

_KINDS = ["intro", "exercise", "how-to", "safety", "faq", "product", "conclusion", "other", "lead", "sources", "chrome"]


def week_of(plan: Plan, block_id: str) -> int:
    return next(step.week for step in plan.steps if block_id in step.blocks)


def broken(plan: Plan) -> list[str]:
    return [f"{rule.id}: {rule.detail}" for rule in plan.invariants if not rule.ok]


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Articles of up to fifteen blocks in any order, with lead-ins, continuations and locked weeks."""
    specs: list[dict[str, Any]] = []
    for number in range(1, draw(st.integers(1, 15)) + 1):
        kind = draw(st.sampled_from(_KINDS))
        words = draw(st.sampled_from([12, 30, 60, 120, 240, 520]))
        heading = draw(
            st.sampled_from(["", f"part {'abcdefghijklmnop'[number]}", f"why {'abcdefghijklmnop'[number]} matters?"])
        )
        fields: dict[str, Any] = {"section": draw(st.integers(1, 4))}
        if draw(st.integers(0, 9)) == 0:
            fields["locked_week"] = draw(st.integers(1, 4))
        if kind == "lead":
            fields |= {"role": "lead", "lead_for": (f"b{number + 1:02}", f"b{number + 2:02}")}
        elif kind == "chrome":
            fields["role"] = "chrome"
        elif kind in ("exercise", "how-to", "other") and number > 1 and draw(st.integers(0, 5)) == 0:
            fields |= {"role": "continuation", "continues": f"b{number - 1:02}"}
        elif kind == "faq":
            fields["safety_relevant"] = draw(st.booleans())
        specs.append(spec({"lead": "other", "chrome": "other"}.get(kind, kind), words, heading, **fields))
    known = {f"b{number:02}" for number in range(1, len(specs) + 1)}
    for given_spec in specs:
        if "lead_for" in given_spec:
            given_spec["lead_for"] = tuple(each for each in given_spec["lead_for"] if each in known)
    return article(*specs, language=draw(st.sampled_from(["en", "da", "es"])))


@settings(max_examples=150)
@given(articles(), st.none() | st.integers(1, 10))
def test_no_plan_breaks_a_hard_rule(made: Article, weeks: int | None) -> None:
    try:
        plan = arrange(made, weeks)
    except SafetyStop:
        kinds = {block.kind for block in made.blocks if block.in_mails}
        assert Kind.EXERCISE in kinds
        assert Kind.SAFETY not in kinds
        return
    except PlanRefused as refused:
        if refused.nearest is not None:
            arrange(made, refused.nearest)
        return
    assert broken(plan) == []
    assert weeks is None or plan.weeks == weeks
    assert all(30 <= len(step.teaser) <= 120 for step in plan.steps)


@settings(max_examples=30)
@given(articles(), st.none() | st.integers(1, 5))
def test_the_same_article_gives_the_same_plan(made: Article, weeks: int | None) -> None:
    def tried() -> Plan | str:
        try:
            return arrange(made, weeks, without_safety="a trained audience")
        except PlanRefused as refused:
            return str(refused)

    assert tried() == tried()


def test_everything_stands_where_an_editor_would_put_it() -> None:
    plan = arrange(back_care())
    assert broken(plan) == []
    assert week_of(plan, "b12") <= week_of(plan, "b06") <= 2
    assert week_of(plan, "b18") == week_of(plan, "b12")
    assert week_of(plan, "b17") == week_of(plan, "b13")
    assert week_of(plan, "b19") == week_of(plan, "b07")
    assert week_of(plan, "b05") == week_of(plan, "b06")
    assert week_of(plan, "b15") == week_of(plan, "b21") == plan.weeks
    assert {week_of(plan, "b03"), week_of(plan, "b14")}.isdisjoint({1, week_of(plan, "b12")})


@pytest.mark.parametrize("weeks", range(4, 11))
def test_mails_are_neither_thin_nor_too_long(weeks: int) -> None:
    lengths = [step.words for step in arrange(back_care(), weeks).steps]
    assert max(lengths) <= MOST_WORDS
    if weeks <= 7:
        assert min(lengths) >= 100
        assert not uneven(lengths)


def test_the_proposed_number_gives_mails_that_are_read_at_once() -> None:
    plan = arrange(back_care())
    assert plan.weeks in (5, 6, 7)
    assert plan.steps[0].reason.startswith(f"{plan.weeks} mails, about ")


def test_an_article_too_short_for_a_series_is_one_mail_and_says_why() -> None:
    plan = arrange(article(spec("intro", 40), spec("other", 38, "how trees drink")))
    assert plan.weeks == 1
    assert plan.steps[0].reason == "one mail: 78 words are too few for a series"


def test_fewer_mails_rather_than_thin_ones() -> None:
    plan = arrange(article(*(spec("other", 80, f"part {name}") for name in ("one", "two", "three", "four"))))
    assert plan.weeks == 1
    assert arrange(article(*(spec("other", 110, f"part {n}") for n in ("one", "two", "three", "four")))).weeks == 2


def test_one_long_block_is_no_reason_for_more_mails() -> None:
    made = article(spec("intro", 107), spec("how-to", 367, "directions"), spec("other", 95, "notes"))
    assert arrange(made).weeks == 2


def test_a_block_longer_than_a_mail_stands_alone() -> None:
    long = article(spec("intro", 100), spec("how-to", 700, "how to lay a floor"), spec("conclusion", 100))
    plan = arrange(long)
    assert [step.blocks for step in plan.steps] == [("b01",), ("b02",), ("b03",)]
    assert broken(plan) == []


def test_a_locked_week_is_kept_and_said() -> None:
    made = article(
        spec("intro", 120),
        spec("other", 120, "soil"),
        spec("other", 120, "light", locked_week=1),
        spec("other", 120, "water"),
    )
    plan = arrange(made, 2)
    assert plan.steps[0].blocks == ("b01", "b03")
    assert [(move.block, move.reason) for move in plan.moved] == [("b03", "locked to week 1")]


def test_blocks_outside_mails_are_dropped_with_a_reason() -> None:
    made = article(
        spec("other", 4, role="chrome"),
        spec("intro", 150),
        spec("other", 20, "buy now", dropped_because="an old offer"),
    )
    plan = arrange(made)
    assert [(drop.block, drop.reason) for drop in plan.dropped] == [("b01", "chrome"), ("b03", "an old offer")]
    assert plan.dropped[1].lines == (3, 4)


def test_the_product_stands_at_the_end_of_its_mail_but_before_the_sources() -> None:
    made = article(
        spec("intro", 200),
        spec("other", 200, "soil"),
        spec("product", 12, "Spade"),
        spec("conclusion", 80),
        spec("sources", 60),
    )
    plan = arrange(made, 2)
    assert plan.steps[1].blocks == ("b02", "b04", "b03", "b05") or plan.steps[1].blocks == ("b04", "b03", "b05")


def test_exercises_without_a_safety_text_stop_and_name_the_answers() -> None:
    made = article(
        spec("intro", 100),
        spec("exercise", 80, "heel raise"),
        spec("faq", 40, "What if it hurts?", "Stop and ask a doctor.", safety_relevant=True),
    )
    with pytest.raises(SafetyStop) as stopped:
        arrange(made)
    said = str(stopped.value)
    assert said.startswith("article.txt:2: 1 exercise")
    assert "--mark 4-5=safety" in said
    assert "--safety FILE" in said
    assert "--no-safety 'REASON'" in said


def test_a_reason_lets_exercises_go_without_a_safety_text() -> None:
    plan = arrange(article(spec("intro", 100), spec("exercise", 80, "heel raise")), without_safety="for trainers")
    assert broken(plan) == []
    assert "for trainers" in next(rule.detail for rule in plan.invariants if rule.id == "safety-first")
    assert plan.steps[0].repeats == ()


def test_a_safety_text_that_is_dropped_is_none() -> None:
    made = article(spec("exercise", 80, "heel raise"), spec("safety", 80, "safety", dropped_because="out of date"))
    with pytest.raises(SafetyStop):
        arrange(made)


def test_the_last_mail_links_to_the_article_when_its_address_is_known() -> None:
    action = arrange(back_care(), source_url="https://example.org/ankles").steps[-1].action
    assert (action.kind, action.text) == ("link", "Read the whole article")
    assert arrange(back_care()).steps[-1].action.kind == "none"


def test_a_guide_to_products_tells_them_where_it_has_them() -> None:
    made = article(
        spec("intro", 120),
        *(spec("product", 70, f"Lamp {name}") for name in ("One", "Two", "Three", "Four")),
        spec("faq", 60, "How bright is bright?"),
        spec("conclusion", 60, "in short"),
    )
    assert made.about_products
    plan = arrange(made)
    assert plan.products_in_place
    assert [block for step in plan.steps for block in step.blocks] == [block.id for block in made.blocks]
    assert all(invariant.ok for invariant in plan.invariants)
    assert "Lamp" in " ".join(step.subject + step.preheader for step in plan.steps)


def test_offers_that_fit_nowhere_beside_the_text_stand_in_it() -> None:
    parts = [spec("intro", 130), spec("product", 40, "A lamp"), spec("other", 150, "light"), spec("other", 110, "dark")]
    made = article(*parts, spec("product", 45, "A shade"), spec("conclusion", 60, "in short"))
    assert not made.about_products
    for weeks in (None, 2):
        plan = arrange(made, weeks)
        assert plan.products_in_place
        assert [block for step in plan.steps for block in step.blocks] == [block.id for block in made.blocks]
    beside = arrange(article(*parts, spec("other", 150, "dusk"), spec("other", 150, "dawn")))
    assert not beside.products_in_place
    with pytest.raises(PlanRefused) as refused:
        arrange(article(*parts, spec("other", 150, "dusk"), spec("other", 150, "dawn")), 1)
    assert refused.value.rule == "most-words"
