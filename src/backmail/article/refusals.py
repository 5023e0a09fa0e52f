"""Says which hard rule an article breaks in a number of weeks, and which number is the nearest that works."""

from __future__ import annotations

from dataclasses import replace

from backmail.article import costs
from backmail.article.atoms import Atom, Order, Promotion
from backmail.article.optimise import solve
from backmail.article.reasons import name
from backmail.errors import PlanRefused
from backmail.model.article import SHARE_OF_PRODUCT


def possible(order: Order, weeks: int) -> bool:
    """Say whether the number of weeks is in reach at all: each mail needs something to say."""
    return 1 <= weeks <= min(costs.MOST_WEEKS, len(order.atoms))


def refusal(file: str, order: Order, weeks: int | None) -> PlanRefused:
    """Return the refusal for an order that cannot be cut into that many weeks; None: into no number of weeks.

    The rule is found by leaving out one rule after the other, what the marketer asked for first, until the article
    fits.
    """
    if not order.atoms:
        return PlanRefused(
            f"{file}: nothing is left to send: every block is dropped", rule="every-block-once", nearest=None
        )
    nearest = None if weeks is None else _nearest(order, weeks)
    tried = (
        min(len(order.atoms), max(1, round(order.words / costs.IDEAL_WORDS)), costs.MOST_WEEKS)
        if weeks is None
        else weeks
    )
    rule, message = _broken(order, tried)
    return PlanRefused(f"{file}: {message}", rule=rule, nearest=nearest)


def _nearest(order: Order, weeks: int) -> int | None:
    """Return the number of weeks nearest to `weeks` that works, the smaller of two; None when none works."""
    for number in sorted(range(1, costs.MOST_WEEKS + 1), key=lambda each: (abs(each - weeks), each)):
        if possible(order, number) and solve(order, number) is not None:
            return number
    return None


def _broken(order: Order, weeks: int) -> tuple[str, str]:
    mails = "1 mail" if weeks == 1 else f"{weeks} mails"
    if not 1 <= weeks <= costs.MOST_WEEKS:
        return "weeks", f"a series has 1 to {costs.MOST_WEEKS} mails, not {weeks}"
    if weeks > len(order.atoms):
        many = len(order.atoms)
        return (
            "whole-blocks",
            f"{mails} cannot be filled: the article has {many} {'part' if many == 1 else 'parts'} that can stand alone",
        )
    free = replace(order, atoms=tuple(replace(atom, week=None) for atom in order.atoms))
    free = replace(free, products=tuple(replace(product, week=None) for product in order.products))
    if solve(free, weeks) is not None:
        return (
            "locked-week",
            f"{mails}: {_locks(order)} cannot be kept together with the other rules (safety first, length, products)",
        )
    if solve(replace(free, products=()), weeks) is not None:
        return "one-product", f"{mails} have no room for {_products(order)}: {_PRODUCT_RULE}"
    too_long = f"a mail would have more than {costs.MOST_WORDS}, or a block would have to be cut"
    return "most-words", f"{order.words} words in {mails}: {too_long}"


_PRODUCT_RULE = (
    "at most one product a mail, none in the first mail or beside safety text, "
    f"and a product is at most {100 // SHARE_OF_PRODUCT} % of the words of its mail"
)


def _locks(order: Order) -> str:
    every: tuple[Atom | Promotion, ...] = (*order.atoms, *order.products)
    locked = [each for each in every if each.week is not None]
    return " and ".join(f"{name(each.blocks)} in week {each.week}" for each in locked)


def _products(order: Order) -> str:
    if len(order.products) > 3:
        return f"{len(order.products)} products"
    return " and ".join(name(product.blocks) for product in order.products)
