"""Every way to fill one step that breaks no hard rule, with its price: what the optimiser chooses from."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from backmail.article import costs
from backmail.article.atoms import Atom, Order, Promotion
from backmail.model.article import SHARE_OF_PRODUCT, Kind


class Choice(NamedTuple):
    """One way to fill a step: the chain's atoms up to `end`, and the product of that index, if any.

    `cost` is the step's price in points, without the price of two products running, which hangs on the step before.
    """

    end: int
    product: int | None
    words: int
    cost: int


class Choices:
    """The ways to fill the steps of one order in one number of weeks.

    `chain` is the atoms that are not locked to a week.
    """

    def __init__(self, order: Order, weeks: int, most_words: int | None) -> None:
        """Take the order, the number of steps, and the limit of source words a step (None: no limit)."""
        self.order = order
        self.weeks = weeks
        self.most_words = order.words if most_words is None else most_words
        self.chain = tuple(atom for atom in order.atoms if atom.week is None)
        self.locked = {week: tuple(atom for atom in order.atoms if atom.week == week) for week in range(1, weeks + 1)}
        everything: tuple[Atom | Promotion, ...] = (*order.atoms, *order.products)
        # Locked atoms can turn the order round: exercises in `_exercise_week`, so safety may not come later, and the
        # other way about.
        self._exercise_week = min(
            (atom.week for atom in order.atoms if atom.week and atom.kind is Kind.EXERCISE), default=weeks
        )
        self._safety_week = max(
            (atom.week for atom in order.atoms if atom.week and atom.kind is Kind.SAFETY), default=1
        )
        self.possible = (
            all(each.week is None or 1 <= each.week <= weeks for each in everything)
            and self._safety_week <= self._exercise_week
            and len(order.products) < weeks + (not order.products)
        )
        self.of = cache(self._of)
        self._lasting = cache(self._lasting_cost)

    def atoms(self, week: int, start: int, end: int) -> tuple[Atom, ...]:
        """Return the atoms of a step in the order they are shown: those of the chain, and those locked to the week."""
        chained, locked = self.chain[start:end], self.locked[week]
        return tuple(sorted((*chained, *locked), key=lambda atom: atom.place)) if locked else chained

    def _of(self, week: int, start: int) -> tuple[Choice, ...]:
        """Return all ways to fill the step of `week` from chain atom `start`: earliest cut first, no product first."""
        found: list[Choice] = []
        for end in self._ends(week, start):
            atoms = self.atoms(week, start, end)
            words = sum(atom.words for atom in atoms)
            if words > self.most_words and len(atoms) > 1:
                break
            if atoms and self._is_safe(atoms, week):
                cost = self._lasting(start, end, week if self.locked[week] else 0)
                cost += costs.timely(atoms, self.order, week, self.weeks)
                found += self._with_products(atoms, week, end, words, cost)
        return tuple(found)

    def _ends(self, week: int, start: int) -> range:
        """Return where the step may end: each step behind it needs an atom, and the last takes all that are left."""
        if week == self.weeks:
            return range(len(self.chain), len(self.chain) + 1)
        wanting = sum(not self.locked[later] for later in range(week + 1, self.weeks + 1))
        return range(start, len(self.chain) - wanting + 1)

    def _is_safe(self, atoms: tuple[Atom, ...], week: int) -> bool:
        """Safety before or with the first exercise; inside a step, and without locks, the order itself sees to it."""
        kinds = {atom.kind for atom in atoms}
        too_late = Kind.SAFETY in kinds and week > self._exercise_week
        too_early = Kind.EXERCISE in kinds and week < self._safety_week
        return not too_late and not too_early

    def _lasting_cost(self, start: int, end: int, week: int) -> int:
        """Return what the step costs in any week; `week` is 0 when nothing is locked to it: weeks share one answer."""
        return costs.lasting(self.atoms(week, start, end) if week else self.chain[start:end], self.order)

    def _with_products(self, atoms: tuple[Atom, ...], week: int, end: int, words: int, cost: int) -> list[Choice]:
        found = [Choice(end, None, words, cost + self._priced(words))]
        if week == 1 or any(block.kind is Kind.SAFETY for atom in atoms for block in atom.blocks):
            return found
        for index, product in enumerate(self.order.products):
            together = words + product.words
            if self._has_room(product, week, together):
                price = self._priced(together) + costs.promoting(product.homes, atoms, self.order)
                found.append(Choice(end, index, together, cost + price))
        return found

    def _has_room(self, product: Promotion, week: int, words: int) -> bool:
        in_time = product.week in (None, week)
        return in_time and words <= self.most_words and product.product_words * SHARE_OF_PRODUCT <= words

    def _priced(self, words: int) -> int:
        return costs.balance(words, self.order.words, self.weeks) + costs.thin(words)
