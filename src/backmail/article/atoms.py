"""Atoms: the blocks that stand together whatever happens, and the order they come in before they are cut into weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from backmail.model.article import Block, Kind
from backmail.model.plan import Drop


@dataclass(frozen=True)
class Atom:
    """One block, or a lead-in with the block that it introduces, or a block with its continuation: never split.

    `place` is its index in the order. `topic` is the section it belongs to; a question takes the topic of what it is
    about, and `about` is the place of that atom. `week` is the week that a marketer locked it to. `speaks_of` are the
    stems of its content words, without those that most atoms have.
    """

    blocks: tuple[Block, ...]
    place: int
    topic: int
    about: int | None = None
    week: int | None = None
    speaks_of: frozenset[str] = frozenset()

    @cached_property
    def main(self) -> Block:
        """The block that is not a lead-in."""
        return next((block for block in self.blocks if not is_lead(block)), self.blocks[-1])

    @cached_property
    def kind(self) -> Kind:
        """What the atom is for: the kind of its main block."""
        return self.main.kind

    @cached_property
    def words(self) -> int:
        """Source words of all its blocks."""
        return sum(block.words for block in self.blocks)

    @cached_property
    def is_safety(self) -> bool:
        """Whether it is a safety text, or a question that a safety text answers too."""
        return self.kind is Kind.SAFETY or (self.kind is Kind.FAQ and self.main.safety_relevant)


@dataclass(frozen=True)
class Promotion:
    """A product, which stands in no order: it may go into any step where the rules allow one.

    `homes` are the gaps between atoms where it would stand best: home h is the gap in front of the atom at place h.
    """

    blocks: tuple[Block, ...]
    homes: tuple[int, ...]
    week: int | None = None

    @cached_property
    def words(self) -> int:
        """Source words of all its blocks, a lead-in of its own included."""
        return sum(block.words for block in self.blocks)

    @cached_property
    def product_words(self) -> int:
        """Source words of the product alone."""
        return sum(block.words for block in self.blocks if block.kind is Kind.PRODUCT)


@dataclass(frozen=True)
class Order:
    """Everything that a plan is made of: atoms in order, products beside them, and what stands in no mail.

    `moves` says for each block that a rule may have moved why it did.
    """

    atoms: tuple[Atom, ...]
    products: tuple[Promotion, ...]
    dropped: tuple[Drop, ...]
    moves: Mapping[str, str]

    @cached_property
    def words(self) -> int:
        """Source words of all mails together."""
        return sum(atom.words for atom in self.atoms) + sum(product.words for product in self.products)

    @cached_property
    def kin(self) -> tuple[tuple[int, ...], ...]:
        """How far two atoms, by their places, speak of the same: in percent, the share of the shorter one's stems."""
        return tuple(tuple(_kinship(one, other) for other in self.atoms) for one in self.atoms)

    @cached_property
    def chain(self) -> tuple[Atom, ...]:
        """The atoms that are not locked to a week."""
        return tuple(atom for atom in self.atoms if atom.week is None)

    @cached_property
    def first_doing(self) -> int | None:
        """Place of the first exercise or how-to: what readers came for."""
        return next((atom.place for atom in self.atoms if atom.kind in (Kind.EXERCISE, Kind.HOW_TO)), None)


def is_lead(block: Block) -> bool:
    """Say whether a block only introduces others."""
    return block.role in ("lead", "heading")


def _kinship(one: Atom, other: Atom) -> int:
    fewer = min(len(one.speaks_of), len(other.speaks_of))
    return 100 * len(one.speaks_of & other.speaks_of) // fewer if fewer else 0
