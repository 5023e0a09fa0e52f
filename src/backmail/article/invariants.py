"""Proves the hard rules of a series on a finished plan, without a look at how it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from backmail.article import costs
from backmail.article.atoms import is_lead
from backmail.article.proposals.naming import refused
from backmail.article.proposals.picking import PREHEADER, SUBJECT
from backmail.model.article import SHARE_OF_PRODUCT, Article, Block, Kind
from backmail.model.plan import Invariant, Plan
from backmail.remarks import repeats

_WHOLE = frozenset({Kind.EXERCISE, Kind.HOW_TO, Kind.SAFETY, Kind.FAQ, Kind.PRODUCT})
_IN_PLACE = "products are a part of the text: they stand where the article has them"
ACTIONS = frozenset({"link", "calendar", "print", "reply", "none"})


@dataclass(frozen=True, slots=True)
class _Facts:
    """A plan with its blocks at hand."""

    article: Article
    plan: Plan
    without_safety: str
    steps: tuple[tuple[Block, ...], ...]
    week: dict[str, int]  # block id -> week
    place: dict[str, int]  # block id -> place among all blocks in mails, in the order in which they are read

    def of(self, kind: Kind) -> list[Block]:
        return [block for blocks in self.steps for block in blocks if block.kind is kind]


_Rule = Callable[[_Facts], tuple[list[str], str]]  # what breaks it; what to say when nothing does


def prove(article: Article, plan: Plan, without_safety: str = "") -> tuple[Invariant, ...]:
    """Return each hard rule of a series with whether it holds, and what breaks it.

    Arguments:
        article: the article that the plan is about.
        plan: steps, moves and drops; its own invariants are not looked at.
        without_safety: the reason that was given for exercises without a safety text.
    """
    steps = tuple(tuple(article.block(block_id) for block_id in step.blocks) for step in plan.steps)
    shown = [(block.id, step.week) for step, blocks in zip(plan.steps, steps, strict=True) for block in blocks]
    facts = _Facts(
        article,
        plan,
        without_safety,
        steps,
        dict(shown),
        {block_id: index for index, (block_id, _) in enumerate(shown)},
    )
    proved: list[Invariant] = []
    for rule_id, rule in _RULES.items():
        broken, holds = rule(facts)
        proved.append(Invariant(rule_id, not broken, "; ".join(broken) or holds))
    return tuple(proved)


def _every_block_once(facts: _Facts) -> tuple[list[str], str]:
    counted = Counter(
        [block_id for step in facts.plan.steps for block_id in step.blocks]
        + [drop.block for drop in facts.plan.dropped]
    )
    broken = [
        f"{block.id} stands in {counted[block.id]} places" for block in facts.article.blocks if counted[block.id] != 1
    ]
    broken += [f"week {step.week} has nothing to say" for step in facts.plan.steps if not step.blocks]
    broken += [f"{drop.block} is dropped without a reason" for drop in facts.plan.dropped if not drop.reason]
    return broken, f"{len(facts.place)} blocks in mails, {len(facts.plan.dropped)} dropped with a reason"


def _whole_blocks(facts: _Facts) -> tuple[list[str], str]:
    """A continuation of what may not be split stays with it, unless they are too long for one mail."""
    broken: list[str] = []
    for first in (block for block in facts.article.blocks if block.id in facts.week and block.kind in _WHOLE):
        family = [
            first,
            *(each for each in facts.article.blocks if each.continues == first.id and each.id in facts.week),
        ]
        family = [each for each in family if each.kind in (first.kind, Kind.OTHER)]
        weeks = sorted({facts.week[each.id] for each in family})
        if len(weeks) > 1 and sum(each.words for each in family) <= costs.MOST_WORDS:
            broken.append(f"{first.id} is split over weeks {' and '.join(map(str, weeks))}")
    return broken, "no exercise, how-to, safety text, question or product is split"


def _safety_first(facts: _Facts) -> tuple[list[str], str]:
    exercises, safety = facts.of(Kind.EXERCISE), facts.of(Kind.SAFETY)
    if not exercises:
        return [], "there are no exercises"
    if not safety and facts.plan.ahead.reminder:
        return [], f"the safety text stands in the mails ahead, in {facts.plan.ahead.told_in or 'another article'}"
    if not safety:
        return ([], f"set aside: {facts.without_safety}") if facts.without_safety else (["there is no safety text"], "")
    first = min(facts.place[block.id] for block in exercises)
    broken = [f"{block.id} comes after the first exercise" for block in safety if facts.place[block.id] > first]
    return (
        broken,
        f"safety text in week {facts.week[safety[0].id]}, first exercise in week {facts.week[exercises[0].id]}",
    )


def _lead_ins(facts: _Facts) -> tuple[list[str], str]:
    broken: list[str] = []
    for blocks in facts.steps:
        for block, following in zip_longest(blocks, blocks[1:]):
            introduced = [each for each in _introduced(facts.article, block) if each in facts.week]
            follows = following is not None and (is_lead(following) or following.id in introduced)
            if is_lead(block) and introduced and not follows:
                broken.append(f"{block.id} is parted from what it introduces")
    return broken, "every lead-in stands in front of what it introduces"


def _introduced(article: Article, lead: Block) -> list[str]:
    """Return what a lead-in introduces, through lead-ins below it."""
    named = [article.block(each) for each in lead.lead_for]
    return [found for block in named for found in (_introduced(article, block) if is_lead(block) else [block.id])]


def _sources_kept(facts: _Facts) -> tuple[list[str], str]:
    lost = [
        block.id
        for block in facts.article.blocks
        if block.kind is Kind.SOURCES and block.in_mails and block.id not in facts.week
    ]
    return [f"{block_id} is in no mail" for block_id in lost], f"{len(facts.of(Kind.SOURCES))} sources blocks kept"


def _one_product(facts: _Facts) -> tuple[list[str], str]:
    if facts.plan.products_in_place:
        return [], _IN_PLACE
    broken: list[str] = []
    for step, blocks in zip(facts.plan.steps, facts.steps, strict=True):
        products = [block for block in blocks if block.kind is Kind.PRODUCT and block.continues not in step.blocks]
        beside = any(block.kind is Kind.SAFETY for block in blocks)
        broken += [f"{len(products)} products in week {step.week}"] if len(products) > 1 else []
        broken += ["a product in the first mail"] if products and step.week == 1 else []
        broken += [f"a product beside safety text in week {step.week}"] if products and beside else []
    return broken, f"{len(facts.of(Kind.PRODUCT))} products, each alone, none in week 1 or beside safety text"


def _product_share(facts: _Facts) -> tuple[list[str], str]:
    if facts.plan.products_in_place:
        return [], _IN_PLACE
    broken: list[str] = []
    for step, blocks in zip(facts.plan.steps, facts.steps, strict=True):
        promoted = sum(block.words for block in blocks if block.kind is Kind.PRODUCT)
        words = sum(block.words for block in blocks)
        if promoted * SHARE_OF_PRODUCT > words:
            broken.append(f"{promoted} of {words} words in week {step.week} are a product's")
    return broken, f"products have at most {100 // SHARE_OF_PRODUCT} % of a mail's words"


def _most_words(facts: _Facts) -> tuple[list[str], str]:
    broken: list[str] = []
    for step, blocks in zip(facts.plan.steps, facts.steps, strict=True):
        words = sum(block.words for block in blocks)
        broken += (
            [f"week {step.week} is said to have {step.words} words and has {words}"] if words != step.words else []
        )
        if words > costs.MOST_WORDS and not _is_one_atom(blocks):
            broken.append(f"{words} words in week {step.week}")
    longest = max((step.words for step in facts.plan.steps), default=0)
    return (
        broken,
        f"the longest mail has {longest} words; {costs.MOST_WORDS} is the most, save for one block that cannot be cut",
    )


def _is_one_atom(blocks: tuple[Block, ...]) -> bool:
    told = [block for block in blocks if not is_lead(block)]
    return len([block for block in told if block.continues not in {each.id for each in told}]) <= 1


def _locked_weeks(facts: _Facts) -> tuple[list[str], str]:
    locked = [block for block in facts.article.blocks if block.locked_week is not None and block.id in facts.week]
    broken = [
        f"{each.id} is locked to week {each.locked_week}" for each in locked if facts.week[each.id] != each.locked_week
    ]
    return broken, f"{len(locked)} blocks locked to a week"


def _source_order(facts: _Facts) -> tuple[list[str], str]:
    moved = {move.block for move in facts.plan.moved}
    kept = [block.id for block in facts.article.blocks if block.id in facts.place and block.id not in moved]
    broken = [f"{other} comes before {one}" for one, other in pairwise(kept) if facts.place[one] > facts.place[other]]
    broken += [f"{move.block} is moved without a reason" for move in facts.plan.moved if not move.reason]
    return broken, f"the source's order, but for {len(facts.plan.moved)} moves with a reason"


def _subjects(facts: _Facts) -> tuple[list[str], str]:
    return _lines(
        [step.subject for step in facts.plan.steps], SUBJECT, "subject"
    ), "each of 1-50 characters and said once"


def _preheaders(facts: _Facts) -> tuple[list[str], str]:
    broken = _lines([step.preheader for step in facts.plan.steps], PREHEADER, "preheader")
    repeating = [step for step in facts.plan.steps if repeats(step.preheader, step.subject)]
    broken += [f"the preheader of week {step.week} repeats its subject" for step in repeating]
    return broken, "each of 30-100 characters, said once, without its subject"


def _lines(lines: list[str], bounds: tuple[int, int], what: str) -> list[str]:
    least, most = bounds
    counted = Counter(line.casefold() for line in lines)
    broken: list[str] = []
    for week, line in enumerate(lines, start=1):
        broken += [f"the {what} of week {week} has {len(line)} characters"] if not least <= len(line) <= most else []
        broken += [f"the {what} of week {week} is said twice"] if counted[line.casefold()] > 1 else []
        broken += [f"the {what} of week {week} promises too much"] if refused(line) else []
    return broken


def _one_action(facts: _Facts) -> tuple[list[str], str]:
    wrong = [step for step in facts.plan.steps if step.action.kind not in ACTIONS or not step.action.text.strip()]
    return [f"week {step.week} has no action" for step in wrong], "exactly one in each mail"


def _safety_repeated(facts: _Facts) -> tuple[list[str], str]:
    broken: list[str] = []
    wanting = 0
    for step, blocks in zip(facts.plan.steps, facts.steps, strict=True):
        kinds = {block.kind for block in blocks}
        wanted = Kind.EXERCISE in kinds and Kind.SAFETY not in kinds and not facts.without_safety
        wanting += wanted
        if wanted and len(step.repeats) != 1:
            broken.append(f"week {step.week} has exercises and repeats {len(step.repeats)} safety sentences")
        for repeat in step.repeats:
            if repeat == facts.plan.ahead.reminder:  # it is of another article, which says so word for word
                continue
            source = facts.article.block(repeat.block)
            told = any(repeat.text in unit.text for unit in source.units)
            if not told or not (source.kind is Kind.SAFETY or source.safety_relevant):
                broken.append(f"week {step.week} repeats what {repeat.block} does not say")
    return broken, f"{wanting} exercise mails repeat one safety sentence word for word"


_RULES: dict[str, _Rule] = {
    "every-block-once": _every_block_once,
    "whole-blocks": _whole_blocks,
    "safety-first": _safety_first,
    "lead-ins": _lead_ins,
    "sources-kept": _sources_kept,
    "one-product": _one_product,
    "product-share": _product_share,
    "most-words": _most_words,
    "locked-weeks": _locked_weeks,
    "source-order": _source_order,
    "subjects": _subjects,
    "preheaders": _preheaders,
    "one-action": _one_action,
    "safety-repeated": _safety_repeated,
}
