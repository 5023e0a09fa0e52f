"""Every hard rule can fail: a plan that is tampered with is found out by the rule that it breaks, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from backmail.article import arrange
from backmail.article.invariants import prove
from backmail.model.article import Article, Block
from backmail.model.plan import Drop, Move, Plan, PlannedStep, ProposedAction, Repeat
from tests.article.blocks import article, back_care, spec

_MADE = back_care()
_PLAN = arrange(_MADE, 6)


def broken(made: Article, plan: Plan, without_safety: str = "") -> set[str]:
    return {rule.id for rule in prove(made, plan, without_safety) if not rule.ok}


def with_step(number: int, **changes: object) -> Plan:
    steps = list(_PLAN.steps)
    steps[number - 1] = replace(steps[number - 1], **changes)  # type: ignore[arg-type]
    return replace(_PLAN, steps=tuple(steps))


def with_blocks(*weeks: str) -> Plan:
    """The plan with other blocks in its steps, given as "b01 b02"; the words of each are counted right."""
    steps: list[PlannedStep] = []
    for step, named in zip(_PLAN.steps, weeks, strict=True):
        ids = tuple(named.split())
        steps.append(replace(step, blocks=ids, words=sum(_MADE.block(block_id).words for block_id in ids)))
    return replace(_PLAN, steps=tuple(steps), moved=tuple(Move(block.id, "for a test") for block in _MADE.blocks))


def shown() -> list[str]:
    return [" ".join(step.blocks) for step in _PLAN.steps]


def test_nothing_is_broken_before() -> None:
    assert broken(_MADE, _PLAN) == set()
    assert broken(_MADE, with_blocks(*shown())) == set()


def swapped(first: str, second: str) -> Plan:
    """The plan in which two blocks have changed places."""
    other = {first: second, second: first}
    return with_blocks(*(" ".join(other.get(each, each) for each in named.split()) for named in shown()))


def moved_to(block_id: str, week: int, index: int = 99) -> Plan:
    """The plan in which a block stands in another week, or at another place."""
    weeks = [[each for each in named.split() if each != block_id] for named in shown()]
    weeks[week - 1].insert(index, block_id)
    return with_blocks(*(" ".join(named) for named in weeks))


def exercise_week() -> int:
    return next(step.week for step in _PLAN.steps if step.repeats)


@pytest.mark.parametrize(
    ("rule", "tampered"),
    [
        ("every-block-once", lambda: with_blocks(*[named.replace("b20 ", "") for named in shown()])),
        ("every-block-once", lambda: replace(_PLAN, dropped=(Drop("b20", (1, 2), "twice"),))),
        ("every-block-once", lambda: with_step(1, blocks=(), words=0)),
        ("safety-first", lambda: swapped("b12", "b07")),
        ("lead-ins", lambda: moved_to("b05", 1)),
        ("one-product", lambda: moved_to("b03", 1)),
        ("one-product", lambda: moved_to("b14", next(s.week for s in _PLAN.steps if "b03" in s.blocks))),
        ("most-words", lambda: with_step(1, words=7)),
        ("most-words", lambda: with_blocks(" ".join(shown()[:3]), "", "", *shown()[3:])),
        ("source-order", lambda: replace(_PLAN, moved=())),
        ("source-order", lambda: replace(_PLAN, moved=tuple(replace(move, reason="") for move in _PLAN.moved))),
        ("subjects", lambda: with_step(2, subject="")),
        ("subjects", lambda: with_step(2, subject="x" * 51)),
        ("subjects", lambda: with_step(2, subject=_PLAN.steps[0].subject.upper())),
        ("subjects", lambda: with_step(2, subject="A pain-free walk")),
        ("preheaders", lambda: with_step(2, preheader="Too short")),
        ("preheaders", lambda: with_step(2, preheader="x" * 101)),
        ("preheaders", lambda: with_step(2, preheader=_PLAN.steps[0].preheader)),
        ("preheaders", lambda: with_step(2, preheader=f"{_PLAN.steps[1].subject}, and a little more than that")),
        ("preheaders", lambda: with_step(2, preheader="Ankles as new, and we guarantee that they are")),
        ("one-action", lambda: with_step(1, action=ProposedAction("Buy", "order"))),
        ("one-action", lambda: with_step(1, action=ProposedAction(" ", "none"))),
        ("safety-repeated", lambda: with_step(exercise_week(), repeats=())),
        ("safety-repeated", lambda: with_step(exercise_week(), repeats=(Repeat("b12", "Never said.", 1),))),
        ("safety-repeated", lambda: with_step(exercise_week(), repeats=(Repeat("b02", "why ankles grow stiff", 1),))),
    ],
)
def test_a_broken_rule_is_named(rule: str, tampered: Callable[[], Plan]) -> None:
    assert rule in broken(_MADE, tampered())


def test_a_lost_source_is_named() -> None:
    assert "sources-kept" in broken(_MADE, with_blocks(*[named.replace("b21", "") for named in shown()]))


def test_too_much_product_is_named() -> None:
    made = article(spec("intro", 100), spec("other", 30, "soil"), spec("product", 20, "Spade"))
    steps = (
        replace(_PLAN.steps[0], blocks=("b01",), words=100),
        replace(_PLAN.steps[1], blocks=("b02", "b03"), words=50),
    )
    assert "product-share" in broken(made, replace(_PLAN, steps=steps, moved=()))


def test_a_split_exercise_is_named() -> None:
    made = article(spec("exercise", 60, "heel raise"), spec("other", 60, role="continuation", continues="b01"))
    steps = tuple(replace(_PLAN.steps[index], blocks=(f"b0{index + 1}",), words=60) for index in range(2))
    assert "whole-blocks" in broken(made, replace(_PLAN, steps=steps, moved=()), "none needed")


def test_a_broken_lock_is_named() -> None:
    locked: tuple[Block, ...] = (replace(_MADE.blocks[0], locked_week=5), *_MADE.blocks[1:])
    assert broken(replace(_MADE, blocks=locked), _PLAN) == {"locked-weeks"}


def test_exercises_without_safety_need_a_reason() -> None:
    made = article(spec("intro", 100), spec("exercise", 60, "heel raise"))
    plan = replace(_PLAN, steps=(replace(_PLAN.steps[0], blocks=("b01", "b02"), words=160),), moved=())
    assert broken(made, plan) == {"safety-first", "safety-repeated"}
    assert broken(made, plan, "for trainers") == set()
