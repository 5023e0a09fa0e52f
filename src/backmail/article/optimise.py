"""Finds the cheapest way to cut an order of atoms into weeks: exactly, by a search over whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import groupby
from typing import NamedTuple

from backmail.article import costs
from backmail.article.atoms import Atom, Order, Promotion
from backmail.article.choices import Choice, Choices, Fillings

NEVER = 10**12  # dearer than anything that can be


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


def solve(
    order: Order,
    weeks: int,
    *,
    bound: int = NEVER - 1,
    most_words: int | None = costs.MOST_WORDS,
    fillings: Fillings | None = None,
) -> Arrangement | None:
    """Return the cheapest arrangement under the hard rules, or None when there is none that costs at most `bound`.

    The search space is every way to cut the atoms, in order, into `weeks` steps, times every way to put the products
    into steps; atoms that are locked to a week stand in that week and nowhere else.

    One price depends on all steps together: that of the longest step being too long beside the shortest. Without it the
    steps are priced one by one. So the cheapest arrangement of all is found first. When it is even, it is the answer;
    when not, the answer is this one with the price added, or the cheapest even one (see `_cheapest_even`).

    Arguments:
        order: atoms and products.
        weeks: number of steps, 1 or more.
        bound: the most that is of interest, in points.
        most_words: the limit of source words a step; None to see whether that limit stands in the way.
        fillings: the order's, where several numbers of weeks are tried.
    """
    choices = Choices(order, weeks, most_words, fillings)
    if not choices.possible:
        return None
    found = _cheapest(choices, 0, order.words, bound)
    if found is None or not found.uneven:
        return found
    priced = Arrangement(found.steps, found.cost + costs.WEIGHTS.uneven)
    even = _cheapest_even(choices, min(bound, priced.cost))
    return even or (priced if priced.cost <= bound else None)


def _cheapest_even(choices: Choices, bound: int) -> Arrangement | None:
    """Return the cheapest even arrangement that costs at most `bound`.

    Every even arrangement has a shortest step of some length, between the mean / 2.5 and the mean; these lengths are
    scanned by halving. For lengths a..b the cheapest arrangement with all steps between a and 2.5 b words is a lower
    bound: dearer than the best so far, the range is left out; even, it is the range's answer; else the range is halved.
    A range of one length is always even.
    """
    total, weeks, (times, of) = choices.order.words, choices.weeks, costs.UNEVEN
    best: Arrangement | None = None
    ranges = [(max(1, total * of // (times * weeks)), max(1, total // weeks))]
    while ranges:
        low, high = ranges.pop()
        found = _cheapest(choices, low, times * high // of, bound)
        if found is None:
            continue
        if not found.uneven:
            best, bound = found, found.cost - 1
        else:
            middle = (low + high) // 2
            ranges += [(middle + 1, high), (low, middle)]
    return best


def _cheapest(choices: Choices, least: int, most: int, bound: int) -> Arrangement | None:
    """Return the cheapest arrangement that costs at most `bound` and whose steps all have `least` to `most` words.

    This is dynamic programming over states (step, atoms placed, products placed, a product in the step before), done
    best first (A*): a state's rank is its cost so far and the least that the rest can cost, so the first end that comes
    up is the cheapest, and most states are never looked at. Of states with one rank the one that is nearest to the end
    goes on, then the one with the earlier cuts: like everything here, the same in every run.
    """
    products = choices.order.products
    everything = (1 << len(products)) - 1
    rest = _Rest(choices, least, most)
    # Rank, steps left, path (for each step its last atom and its product), cost so far, products placed (as bits).
    states: list[tuple[int, int, tuple[tuple[int, int], ...], int, int]] = [
        (rest.least_cost(1, 0, everything, False), choices.weeks, (), 0, 0)
    ]
    closed: set[tuple[int, int, int, bool]] = set()
    while states:
        rank, left, path, cost, used = heappop(states)
        start, running = (path[-1][0], path[-1][1] > 0) if path else (0, False)
        week = choices.weeks - left + 1
        if rank > bound:
            return None
        if not left:
            return _walked(choices, path, cost)
        if (week, start, used, running) in closed:
            continue
        closed.add((week, start, used, running))
        for choice in rest.choices(week, start):
            mark = 0 if choice.product is None else 1 << choice.product
            if used & mark:
                continue
            so_far = cost + choice.cost + (costs.WEIGHTS.running if running and mark else 0)
            after = rest.least_cost(week + 1, choice.end, everything & ~(used | mark), bool(mark))
            number = 0 if choice.product is None else choice.product + 1
            if so_far + after <= bound:
                heappush(states, (so_far + after, left - 1, (*path, (choice.end, number)), so_far, used | mark))
    return None


def _walked(choices: Choices, path: tuple[tuple[int, int], ...], cost: int) -> Arrangement:
    steps: list[Arranged] = []
    start = 0
    for week, (end, number) in enumerate(path, start=1):
        product = choices.order.products[number - 1] if number else None
        steps.append(Arranged(choices.atoms(week, start, end), product))
        start = end
    return Arrangement(tuple(steps), cost)


class _Rest:
    """The least that the steps from a state on can cost: never more than they do, or the search would not be exact.

    Every choice is split into the cheapest one with the same end, and what its product costs beyond that. The least is
    the cheapest sequence of ends, plus for each product that is left the least that it costs extra in any step to come;
    and there must be as many steps with room for a product as there are products left.
    """

    def __init__(self, choices: Choices, least: int, most: int) -> None:
        """Take the choices, and the fewest and most words of a step."""
        self._all = choices
        self._words = range(least, most + 1)
        self.choices = cache(self._choices)
        self._ahead = cache(self._ahead_of)

    def least_cost(self, week: int, start: int, left: int, running: bool) -> int:
        """Return the least cost from `week` and chain atom `start` on, with the products `left` (as bits) to place.

        `running`: the step before has a product. Of `many` products in `steps` steps so many must stand side by side.
        """
        ahead = self._ahead(week, start)
        many, steps = left.bit_count(), self._all.weeks - week + 1
        if many > ahead.room:
            return NEVER
        pairs = max(0, 2 * many - steps - (not running))
        extra = sum(extra for index, extra in enumerate(ahead.extras) if left >> index & 1)
        return ahead.cost + extra + costs.WEIGHTS.running * pairs

    def _choices(self, week: int, start: int) -> tuple[Choice, ...]:
        return tuple(choice for choice in self._all.of(week, start) if choice.words in self._words)

    def _ahead_of(self, week: int, start: int) -> _Ahead:
        cost, room, extras = NEVER, 0, [NEVER] * len(self._all.order.products)
        if week > self._all.weeks:
            return _Ahead(0, room, tuple(extras))
        for end, same in groupby(self.choices(week, start), key=lambda choice: choice.end):
            ways = {choice.product: choice.cost for choice in same}
            cheapest = min(ways.values())
            later = self._ahead(week + 1, end)
            if later.cost >= NEVER:
                continue
            cost = min(cost, cheapest + later.cost)
            room = max(room, later.room + (ways.keys() != {None}))
            for index, extra in enumerate(later.extras):
                extras[index] = min(extras[index], extra, ways.get(index, NEVER) - cheapest)
        return _Ahead(cost, room, tuple(extras))


class _Ahead(NamedTuple):
    """What can be said of the steps to come: the least cost of their atoms, the steps with room for a product at the
    most, and the least extra cost of each product."""

    cost: int
    room: int
    extras: tuple[int, ...]
