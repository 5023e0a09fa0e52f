"""Finds the cheapest way to cut an order of atoms into weeks: exactly, by dynamic programming over whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from backmail.article import costs
from backmail.article.atoms import Atom, Order, Promotion
from backmail.article.choices import Choice, Choices


@dataclass(frozen=True, slots=True)
class Arranged:
    """One step of an arrangement: its atoms in order, and the product in it."""

    atoms: tuple[Atom, ...]
    product: Promotion | None

    @property
    def words(self) -> int:
        """Source words, the product's included."""
        return sum(atom.words for atom in self.atoms) + (self.product.words if self.product else 0)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The cheapest way to fill a number of weeks, and what it costs in points."""

    steps: tuple[Arranged, ...]
    cost: int

    @property
    def uneven(self) -> bool:
        """Whether the longest step is too long beside the shortest."""
        return costs.uneven([step.words for step in self.steps])


def solve(order: Order, weeks: int, *, most_words: int | None = costs.MOST_WORDS) -> Arrangement | None:
    """Return the cheapest arrangement under the hard rules, or None when there is none.

    The search space is every way to cut the atoms, in order, into `weeks` steps, times every way to put the products
    into steps; atoms that
    are locked to a week stand in that week and nowhere else.

    One price depends on all steps together: that of the longest step being too long beside the shortest. Without it the
    steps are priced
    one by one, which is what dynamic programming needs. So the cheapest arrangement of all is found first. When it is
    even, it is the
    answer; when not, the answer is this one with the price added, or the cheapest even one (see `_cheapest_even`).

    Arguments:
        order: atoms and products.
        weeks: number of steps, 1 or more.
        most_words: the limit of source words a step; None to see whether that limit stands in the way.
    """
    choices = Choices(order, weeks, most_words)
    found = _cheapest(choices, 0, order.words)
    if found is None or not found.uneven:
        return found
    priced = Arrangement(found.steps, found.cost + costs.WEIGHTS.uneven)
    return _cheapest_even(choices, priced.cost) or priced


def _cheapest_even(choices: Choices, bound: int) -> Arrangement | None:
    """Return the cheapest even arrangement that costs at most `bound`.

    Every even arrangement has a shortest step of some length, between the mean / 2.5 and the mean; these lengths are
    scanned by halving.
    For lengths a..b the cheapest arrangement with all steps between a and 2.5 b words is a lower bound: dearer than the
    best so far, the
    range is left out; even, it is the range's answer; else the range is halved. A range of one length is always even.
    """
    total, weeks, (times, of) = choices.order.words, choices.weeks, costs.UNEVEN
    best: Arrangement | None = None
    ranges = [(max(1, total * of // (times * weeks)), max(1, total // weeks))]
    while ranges:
        low, high = ranges.pop()
        found = _cheapest(choices, low, times * high // of)
        if found is None or found.cost > bound or (best is not None and found.cost >= best.cost):
            continue
        if not found.uneven:
            best = found
        else:
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]
    return best


def _cheapest(choices: Choices, least: int, most: int) -> Arrangement | None:
    """Return the cheapest arrangement whose steps all have `least` to `most` words; on a tie, the earlier cuts."""
    weeks, products = choices.weeks, choices.order.products
    everything = (1 << len(products)) - 1

    @cache
    def best(week: int, start: int, used: int, running: bool) -> tuple[int, Choice | None] | None:
        """The cheapest way on: `start` atoms and the products `used` (bits) are placed; `running`: one just before."""
        left = (everything & ~used).bit_count()
        if week > weeks or left > weeks - week + 1:
            return (0, None) if week > weeks and not left else None
        answer: tuple[int, Choice | None] | None = None
        for choice in choices.of(week, start):
            mark = 0 if choice.product is None else 1 << choice.product
            if used & mark or not least <= choice.words <= most:
                continue
            rest = best(week + 1, choice.end, used | mark, bool(mark))
            if rest is not None:
                cost = choice.cost + rest[0] + (costs.WEIGHTS.running if running and mark else 0)
                answer = min(answer or (cost, choice), (cost, choice), key=lambda each: each[0])
        return answer

    steps: list[Arranged] = []
    start, used, running, found = 0, 0, False, best(1, 0, 0, False) if choices.possible else None
    if found is None:
        return None
    total = found[0]
    for week in range(1, weeks + 1):
        state = best(week, start, used, running)
        if state is None or state[1] is None:  # cannot be: the way on was found above
            raise RuntimeError("the cheapest arrangement cannot be walked")
        choice = state[1]
        product = None if choice.product is None else products[choice.product]
        steps.append(Arranged(choices.atoms(week, start, choice.end), product))
        start, running = choice.end, product is not None
        used |= 0 if choice.product is None else 1 << choice.product
    return Arrangement(tuple(steps), total)
