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


class _Filling(NamedTuple):
    """The atoms of a step, and what their prices hang on: all that does not change from week to week.

    `lasting` is what they cost in any week, `doing` says whether the first exercise or how-to is among them, `careful`
    whether a safety text is.
    """

    atoms: tuple[Atom, ...]
    words: int
    lasting: int
    doing: bool
    closings: int
    safety: bool
    exercises: bool
    careful: bool


class Fillings:
    """What the steps of one order may be filled with, each looked at once."""

    def __init__(self, order: Order) -> None:
        """Take the order."""
        self._order = order
        self.chained = cache(self._chained)

    def of(self, atoms: tuple[Atom, ...]) -> _Filling:
        """Return what there is to say of a step with these atoms."""
        kinds = [atom.kind for atom in atoms]
        return _Filling(
            atoms=atoms,
            words=sum(atom.words for atom in atoms),
            lasting=costs.lasting(atoms, self._order),
            doing=any(atom.place == self._order.first_doing for atom in atoms),
            closings=kinds.count(Kind.CONCLUSION),
            safety=Kind.SAFETY in kinds,
            exercises=Kind.EXERCISE in kinds,
            careful=any(block.kind is Kind.SAFETY for atom in atoms for block in atom.blocks),
        )

    def _chained(self, start: int, end: int) -> _Filling:
        """Return the filling with the chain's atoms from `start` to before `end`."""
        return self.of(self._order.chain[start:end])


class Choices:
    """The ways to fill the steps of one order in one number of weeks.

    `chain` is the atoms that are not locked to a week.
    """

    def __init__(self, order: Order, weeks: int, most_words: int | None, fillings: Fillings | None = None) -> None:
        """Take the order, the number of steps, and the limit of source words a step (None: no limit).

        `fillings` are the order's own; to give them to several numbers of weeks saves making them anew for each.
        """
        self.order = order
        self.weeks = weeks
        self.most_words = order.words if most_words is None else most_words
        self.chain = order.chain
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
        self._fillings = fillings or Fillings(order)
        self._priced = cache(self._price)

    def atoms(self, week: int, start: int, end: int) -> tuple[Atom, ...]:
        """Return the atoms of a step in the order they are shown: those of the chain, and those locked to the week."""
        chained, locked = self.chain[start:end], self.locked[week]
        return tuple(sorted((*chained, *locked), key=lambda atom: atom.place)) if locked else chained

    def _of(self, week: int, start: int) -> tuple[Choice, ...]:
        """Return all ways to fill the step of `week` from chain atom `start`: earliest cut first, no product first."""
        found: list[Choice] = []
        locked = bool(self.locked[week])
        for end in self._ends(week, start):
            filling = self._fillings.of(self.atoms(week, start, end)) if locked else self._fillings.chained(start, end)
            if filling.words > self.most_words and len(filling.atoms) > 1:
                break
            if filling.atoms and self._is_safe(filling, week):
                cost = filling.lasting + costs.timely(filling.doing, filling.closings, week, self.weeks)
                found += self._with_products(filling, week, end, cost)
        return tuple(found)

    def _ends(self, week: int, start: int) -> range:
        """Return where the step may end: each step behind it needs an atom, and the last takes all that are left."""
        if week == self.weeks:
            return range(len(self.chain), len(self.chain) + 1)
        wanting = sum(not self.locked[later] for later in range(week + 1, self.weeks + 1))
        return range(start, len(self.chain) - wanting + 1)

    def _is_safe(self, filling: _Filling, week: int) -> bool:
        """Safety before or with the first exercise; inside a step, and without locks, the order itself sees to it."""
        too_late = filling.safety and week > self._exercise_week
        too_early = filling.exercises and week < self._safety_week
        return not too_late and not too_early

    def _with_products(self, filling: _Filling, week: int, end: int, cost: int) -> list[Choice]:
        words = filling.words
        found = [Choice(end, None, words, cost + self._priced(words))]
        if week == 1 or filling.careful:
            return found
        for index, product in enumerate(self.order.products):
            together = words + product.words
            if self._has_room(product, week, together):
                price = self._priced(together) + costs.promoting(product.homes, filling.atoms, self.order)
                found.append(Choice(end, index, together, cost + price))
        return found

    def _has_room(self, product: Promotion, week: int, words: int) -> bool:
        in_time = product.week in (None, week)
        return in_time and words <= self.most_words and product.product_words * SHARE_OF_PRODUCT <= words

    def _price(self, words: int) -> int:
        return costs.balance(words, self.order.words, self.weeks) + costs.thin(words)
