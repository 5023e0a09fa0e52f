"""What a good series is, in numbers: the hard limits, one table of weights, and the cost of one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backmail.article.atoms import Atom, Order

# The numbers of the hard and soft rules of a series.
MOST_WORDS = 500  # source words a step; a longer step is one atom alone
FEWEST_WORDS = 100
IDEAL_WORDS = 220  # where subscribers' mails are short enough to be read at once
MOST_WEEKS = 26
LONG = 12  # weeks: a quarter of a year, beyond which few readers stay
UNEVEN = (5, 2)  # the longest step is at most 5/2 times the shortest


@dataclass(frozen=True, slots=True)
class Weights:
    """The price, in points, of what a marketer would rather not have.

    All costs are whole numbers, so that ties are ties.
    """

    balance: int = 600  # times ((words - mean) / mean) squared, for each step
    thin: int = 20  # each word that a step has less than FEWEST_WORDS
    uneven: int = 3000  # once, when longest / shortest is more than UNEVEN
    late: int = 250  # each week after the second in which the first exercise or how-to comes
    topic: int = 70  # each change of topic inside a step, less the percentage of words that both sides speak of
    section: int = 120  # each section that is cut in two
    question: int = 350  # each question in another step than what it is about
    safety: int = 500  # each safety text or safety question in another step than the first safety text
    closing: int = 500  # each conclusion that is not in the last step
    astray: int = 60  # a product in another step than its home
    distance: int = 10  # each atom between a product and its home
    early: int = 150  # a product in a step before the first exercise or how-to: readers get before they are asked
    running: int = 400  # each product right after a week with a product
    length: int = 900  # when the number of weeks is proposed: times (mean's distance from IDEAL_WORDS) squared
    short: int = 2  # times the above when mails would be shorter than ideal, not longer
    long: int = 30  # when the number of weeks is proposed: each week beyond LONG, rather than somewhat longer mails


WEIGHTS = Weights()


def balance(words: int, total: int, weeks: int) -> int:
    """Return the cost of a step's distance from the mean, which is total / weeks, in whole points (rounded down)."""
    return WEIGHTS.balance * (words * weeks - total) ** 2 // max(1, total) ** 2


def thin(words: int) -> int:
    """Return the cost of a step that is shorter than FEWEST_WORDS."""
    return WEIGHTS.thin * max(0, FEWEST_WORDS - words)


def uneven(lengths: Sequence[int]) -> bool:
    """Say whether the longest step is more than UNEVEN times the shortest."""
    times, of = UNEVEN
    return of * max(lengths) > times * min(lengths)


def length(total: int, weeks: int) -> int:
    """Return the cost of mails that are not around IDEAL_WORDS, and of a series that is longer than LONG.

    Mails that are too short cost more than long ones.
    """
    missing = weeks * IDEAL_WORDS - total
    cost = WEIGHTS.length * missing**2 // max(1, total) ** 2
    beyond = WEIGHTS.long * max(0, weeks - LONG)
    return (cost * WEIGHTS.short if missing > 0 else cost) + beyond


def lasting(atoms: Sequence[Atom], order: Order) -> int:
    """Return what a step costs in any week: its changes of topic, and what it parts from its own.

    Arguments:
        atoms: the atoms of one step, in order.
        order: the order they are from.
    """
    places = {atom.place for atom in atoms}
    cost = sum(change(one, other, order) for one, other in pairwise(atoms))
    for atom in atoms:
        if atom.about is not None and atom.about not in places:
            cost += WEIGHTS.safety if atom.is_safety else WEIGHTS.question
        before = atom.place - 1
        if before >= 0 and before not in places and order.atoms[before].topic == atom.topic:
            cost += WEIGHTS.section
    return cost


def change(one: Atom, other: Atom, order: Order) -> int:
    """Return what it costs that two atoms follow each other in a step: the less they have in common, the more."""
    return 0 if one.topic == other.topic else WEIGHTS.topic * (100 - order.kin[one.place][other.place]) // 100


def timely(doing: bool, closings: int, week: int, weeks: int) -> int:
    """Return what a step costs in this week: a late first exercise, a conclusion before the end.

    Arguments:
        doing: whether the first exercise or how-to of the series is in the step.
        closings: how many conclusions are.
        week: counted from 1.
        weeks: of the series.
    """
    late = WEIGHTS.late * max(0, week - 2) if doing else 0
    return late + (WEIGHTS.closing * closings if week != weeks else 0)


def promoting(homes: Sequence[int], atoms: Sequence[Atom], order: Order) -> int:
    """Return the cost of a product in a step: how far it is from home, and whether it comes too early.

    Far is counted in atoms between its nearest home and the step's nearest atom. A home is a gap between atoms: home h
    is the gap in front of the atom at place h.
    """
    away = min(max(0, atom.place - home, home - atom.place - 1) for home in homes for atom in atoms)
    first = order.first_doing
    early = first is not None and all(atom.place < first for atom in atoms)
    return WEIGHTS.astray * (away > 0) + WEIGHTS.distance * away + WEIGHTS.early * early
