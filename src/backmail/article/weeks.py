"""Arranges an article over weeks: the number of mails, what stands in each, and the words proposed around it."""

from __future__ import annotations

from dataclasses import replace

from backmail.article import costs, reasons
from backmail.article.atoms import Order
from backmail.article.choices import Fillings
from backmail.article.invariants import prove
from backmail.article.optimise import NEVER, Arranged, Arrangement, solve
from backmail.article.order import canonical
from backmail.article.proposals import propose
from backmail.article.proposals.cues import Cues
from backmail.article.refusals import possible, refusal
from backmail.article.repeats import repeated
from backmail.errors import Fault, SafetyStop
from backmail.model.article import Article, Block, Kind
from backmail.model.plan import Ahead, Plan, PlannedStep


def arrange(
    article: Article,
    weeks: int | None = None,
    *,
    without_safety: str = "",
    source_url: str = "",
    ahead: Ahead | None = None,
) -> Plan:
    """Return the article arranged over weeks: the cheapest plan that breaks no hard rule of a series.

    Arguments:
        article: an understood article.
        weeks: number of mails, one a week; None: a number is proposed.
        without_safety: why an article with exercises and no safety text may go out without one.
        source_url: address of the whole article, for the last mail's link; "" when there is none.
        ahead: the mails of other articles that stand ahead of these; None: there are none.

    Raises:
        SafetyStop: there are exercises, no safety text, and no reason why none is needed.
        PlanRefused: the article does not fit that many weeks; names the rule and the nearest number that works.
    """
    ahead = ahead or Ahead()
    if not ahead.reminder:
        _ask_for_safety(article, without_safety)
    cues = Cues.of(article.lexicon or article.language)
    in_place = article.about_products
    order = canonical(article, cues.stopwords, products_in_place=in_place)
    found = _found(order, weeks)
    if found is None and order.products and _proposed(order) is None:
        # No number of weeks has room for the products as offers: then they are a part of the text.
        in_place = True
        order = canonical(article, cues.stopwords, products_in_place=True)
        found = _found(order, weeks)
    if found is None:
        raise refusal(article.source.name, order, weeks)
    shown = [_shown(step) for step in found.steps]
    said = propose(article, shown, source_url, ahead)
    again = repeated(article, shown, cues, ahead.reminder)
    week_of = {block.id: week for week, blocks in enumerate(shown, start=1) for block in blocks}
    steps = tuple(
        PlannedStep(
            week=index + 1,
            blocks=tuple(block.id for block in shown[index]),
            words=step.words,
            slug=said[index].slug,
            subject=said[index].subject,
            subjects=said[index].subjects,
            preheader=said[index].preheader,
            teaser=said[index].teaser,
            action=said[index].action,
            repeats=again[index],
            reason=reasons.of_cut(found.steps[index - 1], step, order)
            if index
            else reasons.of_number(order.words, len(shown), weeks),
        )
        for index, step in enumerate(found.steps)
    )
    moved = reasons.moves(article, list(week_of), order, week_of)
    plan = Plan(steps, order.dropped, moved, (), float(found.cost), in_place, ahead)
    proved = replace(plan, invariants=prove(article, plan, without_safety))
    behind = len(ahead.steps)
    return replace(proved, steps=tuple(replace(step, week=step.week + behind) for step in steps)) if behind else proved


def _found(order: Order, weeks: int | None) -> Arrangement | None:
    """Return the cheapest arrangement in that many weeks, or in as many as suit the article; None when none works."""
    if weeks is None:
        return _proposed(order)
    return solve(order, weeks) if possible(order, weeks) else None


def likely_safety(article: Article) -> list[Block]:
    """Return the blocks that speak of stopping or asking for advice, and may be meant as the safety text."""
    stay = [block for block in article.blocks if block.in_mails and not block.file]
    return [block for block in stay if block.safety_relevant and block.kind is not Kind.EXERCISE]


def _ask_for_safety(article: Article, without_safety: str) -> None:
    stay = [block for block in article.blocks if block.in_mails]
    exercises = [block for block in stay if block.kind is Kind.EXERCISE]
    if not exercises or without_safety.strip() or any(block.kind is Kind.SAFETY for block in stay):
        return
    likely = likely_safety(article)
    lines = " ".join(f"--mark {block.start}-{block.end}=safety" for block in likely) or "--mark LINES=safety"
    look = "these lines speak of stopping or asking for advice" if likely else "when some lines are the safety text"
    raise SafetyStop(
        Fault(
            f"{len(exercises)} exercises and no safety text: readers must know when to stop and whom to ask first",
            place=article.source.place(exercises[0].start),
            hint=f"answer with {lines} ({look}), --safety FILE (adds one) or --no-safety 'REASON' (none is needed)",
        )
    )


def _proposed(order: Order) -> Arrangement | None:
    """Return the arrangement whose cost per mail and length of mails are best together; fewer mails on a tie.

    Numbers of weeks are tried from the best mean length on; when that alone costs more than the best so far, the rest
    cannot be better.
    """
    best: Arrangement | None = None
    least = NEVER
    fillings = Fillings(order)
    numbers = range(1, min(costs.MOST_WEEKS, len(order.atoms)) + 1)
    for weeks in sorted(numbers, key=lambda number: (costs.length(order.words, number), number)):
        away = costs.length(order.words, weeks)
        if away > least:
            break
        found = solve(order, weeks, bound=min(NEVER, (least - away + 1) * weeks) - 1, fillings=fillings)
        if found is None:
            continue
        fixed = costs.WEIGHTS.uneven if found.uneven else 0  # once a series, not once a mail
        cost = away + fixed + (found.cost - fixed) // weeks
        if best is None or (cost, weeks) < (least, len(best.steps)):
            best, least = found, cost
    return best


def _shown(step: Arranged) -> tuple[Block, ...]:
    """Return a step's blocks as they are shown: the product at the end, but before sources, and never first."""
    atoms = list(step.atoms)
    told = [block for atom in atoms if atom.kind is not Kind.SOURCES for block in atom.blocks]
    sources = [block for atom in atoms if atom.kind is Kind.SOURCES for block in atom.blocks]
    product = step.product.blocks if step.product else ()
    return (*told, *product, *sources) if told else (*sources, *product)
