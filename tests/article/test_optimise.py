"""The optimiser finds what trying everything finds, in every case that is small enough to try everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, pairwise, product
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from backmail.article.atoms import Atom, Order, Promotion
from backmail.article.costs import FEWEST_WORDS, MOST_WORDS, WEIGHTS
from backmail.article.optimise import Arrangement, solve
from backmail.model.article import Block, Kind, Unit, UnitKind


class Try(NamedTuple):
    """One way to do it: the week of each atom, and of each product."""

    atoms: tuple[int, ...]
    products: tuple[int, ...]


def block(number: int, kind: Kind, words: int) -> Block:
    text = " ".join(["word"] * words)
    return Block(f"b{number:02}", kind, (Unit(UnitKind.PARAGRAPH, text, text, number, number),))


@st.composite
def orders(draw: st.DrawFn) -> Order:
    told = [kind for kind in Kind if kind is not Kind.PRODUCT]
    kinds: list[Kind] = draw(st.lists(st.sampled_from(told), min_size=1, max_size=7))
    if Kind.SAFETY in kinds and Kind.EXERCISE in kinds:  # what the order of a series sees to
        rest = [kind for kind in kinds if kind is not Kind.SAFETY]
        first = rest.index(Kind.EXERCISE)
        kinds = [*rest[:first], *[Kind.SAFETY] * kinds.count(Kind.SAFETY), *rest[first:]]
    locks = st.none() | st.integers(1, 5)
    locked = draw(st.integers(0, 3)) == 0
    topic = 0
    atoms: list[Atom] = []
    for place, kind in enumerate(kinds):
        topic += draw(st.integers(0, 1))
        about = draw(st.none() | st.integers(0, place - 1)) if place and kind in (Kind.FAQ, Kind.SAFETY) else None
        words = draw(st.sampled_from([20, 60, 80, 90, 100, 110, 120, 130, 150, 200, 260, 510]))
        week = draw(locks) if locked else None
        said = frozenset(draw(st.sets(st.sampled_from("abcd"))))
        atoms.append(Atom((block(place, kind, words),), place, topic, about, week, said))
    products: list[Promotion] = []
    for number in range(draw(st.integers(0, 2))):
        homes = tuple(draw(st.lists(st.integers(0, len(atoms)), min_size=1, max_size=2)))
        words = draw(st.sampled_from([4, 10, 16, 45]))
        products.append(Promotion((block(50 + number, Kind.PRODUCT, words),), homes, draw(locks) if locked else None))
    return Order(tuple(atoms), tuple(products), (), {})


@st.composite
def problems(draw: st.DrawFn) -> tuple[Order, int]:
    """An order and a number of weeks that is seldom out of reach."""
    order = draw(orders())
    return order, draw(st.integers(1, min(5, len(order.atoms) + 1)))


def all_tries(order: Order, weeks: int) -> Iterator[Try]:
    free = [atom for atom in order.atoms if atom.week is None]
    for chosen in combinations_with_replacement(range(1, weeks + 1), len(free)):
        at = iter(chosen)
        atoms = tuple(next(at) if atom.week is None else atom.week for atom in order.atoms)
        if set(atoms) == set(range(1, weeks + 1)):
            yield from (Try(atoms, products) for products in product(range(1, weeks + 1), repeat=len(order.products)))


def lengths(order: Order, tried: Try, weeks: int) -> list[int]:
    found = [0] * weeks
    for atom, week in zip(order.atoms, tried.atoms, strict=True):
        found[week - 1] += atom.words
    for promoted, week in zip(order.products, tried.products, strict=True):
        found[week - 1] += promoted.words
    return found


def is_allowed(order: Order, tried: Try, weeks: int) -> bool:
    words = lengths(order, tried, weeks)
    stands = {
        week: [atom for atom, at in zip(order.atoms, tried.atoms, strict=True) if at == week] for week in tried.atoms
    }
    for week, atoms in stands.items():
        if words[week - 1] > MOST_WORDS and (len(atoms) > 1 or week in tried.products):
            return False
    safety = [week for atom, week in zip(order.atoms, tried.atoms, strict=True) if atom.kind is Kind.SAFETY]
    exercises = [week for atom, week in zip(order.atoms, tried.atoms, strict=True) if atom.kind is Kind.EXERCISE]
    if safety and exercises and max(safety) > min(exercises):
        return False
    if len(set(tried.products)) < len(tried.products) or 1 in tried.products or set(tried.products) & set(safety):
        return False
    for promoted, week in zip(order.products, tried.products, strict=True):
        if promoted.week not in (None, week) or promoted.words * 5 > words[week - 1]:
            return False
    return True


def price(order: Order, tried: Try, weeks: int) -> int:
    words = lengths(order, tried, weeks)
    total = sum(words)
    week_of = dict(enumerate(tried.atoms))
    cost = 0
    for each in words:
        cost += WEIGHTS.balance * (each * weeks - total) ** 2 // total**2
        cost += WEIGHTS.thin * max(0, FEWEST_WORDS - each)
    if max(words) > 2.5 * min(words):
        cost += WEIGHTS.uneven
    doing = [atom.place for atom in order.atoms if atom.kind in (Kind.EXERCISE, Kind.HOW_TO)]
    if doing:
        cost += WEIGHTS.late * max(0, week_of[doing[0]] - 2)
    for week in range(1, weeks + 1):
        stands = [atom for atom in order.atoms if week_of[atom.place] == week]
        cost += sum(change(one, other) for one, other in pairwise(stands) if one.topic != other.topic)
    for one, other in pairwise(order.atoms):
        cost += WEIGHTS.section * (one.topic == other.topic and week_of[one.place] != week_of[other.place])
    for atom in order.atoms:
        if atom.about is not None and week_of[atom.about] != week_of[atom.place]:
            cost += WEIGHTS.safety if atom.kind is Kind.SAFETY else WEIGHTS.question
        cost += WEIGHTS.closing * (atom.kind is Kind.CONCLUSION and week_of[atom.place] != weeks)
    cost += sum(promotion_price(order, tried, index, doing) for index in range(len(order.products)))
    return cost + WEIGHTS.running * len([1 for one, other in pairwise(sorted(tried.products)) if other == one + 1])


def change(one: Atom, other: Atom) -> int:
    """The price of a change of topic: whole where the two share no word, nothing where one says what the other does."""
    fewer = min(len(one.speaks_of), len(other.speaks_of))
    shared = sum(100 for word in one.speaks_of if word in other.speaks_of)
    return WEIGHTS.topic * (100 - (shared // fewer if fewer else 0)) // 100


def promotion_price(order: Order, tried: Try, index: int, doing: Sequence[int]) -> int:
    places = [atom.place for atom in order.atoms if tried.atoms[atom.place] == tried.products[index]]
    away = min(len(between(home, place)) for home in order.products[index].homes for place in places)
    early = bool(doing) and max(places) < doing[0]
    return WEIGHTS.astray * (away > 0) + WEIGHTS.distance * away + WEIGHTS.early * early


def between(home: int, place: int) -> range:
    """The atoms between a gap and an atom: gap h is in front of atom h."""
    return range(home, place) if place >= home else range(place + 1, home)


def as_try(order: Order, found: Arrangement) -> Try:
    weeks = {atom.place: week for week, step in enumerate(found.steps, start=1) for atom in step.atoms}
    promoted = {id(step.product): week for week, step in enumerate(found.steps, start=1) if step.product}
    return Try(tuple(weeks[atom.place] for atom in order.atoms), tuple(promoted[id(each)] for each in order.products))


@settings(max_examples=400)
@given(problems())
def test_the_cheapest_arrangement_is_the_cheapest_of_all_that_are_allowed(problem: tuple[Order, int]) -> None:
    order, weeks = problem
    prices = [price(order, tried, weeks) for tried in all_tries(order, weeks) if is_allowed(order, tried, weeks)]
    found = solve(order, weeks)
    assert (found is None) == (not prices)
    if found is not None:
        assert found.cost == min(prices)
        assert is_allowed(order, as_try(order, found), weeks)
        assert found.cost == price(order, as_try(order, found), weeks)


@settings(max_examples=100)
@given(problems(), st.integers(0, 6000))
def test_a_bound_leaves_out_what_costs_more_and_nothing_else(problem: tuple[Order, int], bound: int) -> None:
    order, weeks = problem
    found = solve(order, weeks)
    bounded = solve(order, weeks, bound=bound)
    assert (bounded is None) == (found is None or found.cost > bound)
    if bounded is not None and found is not None:
        assert bounded.cost == found.cost


@settings(max_examples=20)
@given(problems())
def test_the_same_order_gives_the_same_arrangement(problem: tuple[Order, int]) -> None:
    order, weeks = problem
    assert solve(order, weeks) == solve(order, weeks)


def test_of_two_cuts_that_cost_the_same_the_earlier_is_taken() -> None:
    atoms = tuple(Atom((block(place, Kind.OTHER, 100),), place, 1) for place in range(3))
    found = solve(Order(atoms, (), (), {}), 2)
    assert found is not None
    assert [len(step.atoms) for step in found.steps] == [1, 2]


def arranged(
    kinds: Sequence[Kind], weeks: int, locks: Mapping[int, int], products: Sequence[Promotion] = ()
) -> Arrangement | None:
    """What becomes of atoms of 100 words, each a topic of its own, of which some are locked to a week."""
    atoms = (Atom((block(n, kind, 100),), n, n, None, locks.get(n)) for n, kind in enumerate(kinds))
    return solve(Order(tuple(atoms), tuple(products), (), {}), weeks)


def test_a_lock_cannot_bring_an_exercise_before_safety() -> None:
    kinds = [Kind.SAFETY, Kind.EXERCISE, Kind.OTHER]
    assert arranged(kinds, 2, {0: 1, 1: 2}) is not None
    assert arranged(kinds, 2, {0: 2}) is None
    assert arranged([Kind.OTHER, Kind.SAFETY, Kind.EXERCISE], 2, {2: 1, 1: 2}) is None
    assert arranged([Kind.OTHER, Kind.OTHER, Kind.SAFETY, Kind.EXERCISE], 3, {3: 1, 0: 2}) is None


def test_two_products_stand_apart_though_both_are_at_home_side_by_side() -> None:
    products = [Promotion((block(50 + n, Kind.PRODUCT, 10),), (home,)) for n, home in enumerate((2, 3))]
    found = arranged([Kind.OTHER] * 5, 5, {}, products)
    assert found is not None
    weeks = [week for week, step in enumerate(found.steps) if step.product]
    assert weeks[1] - weeks[0] > 1


def test_an_uneven_series_costs_extra_once() -> None:
    atoms = tuple(Atom((block(place, Kind.OTHER, words),), place, place) for place, words in enumerate((400, 100)))
    order = Order(atoms, (), (), {})
    found = solve(order, 2)
    assert found is not None
    assert found.uneven
    assert found.cost == 2 * (WEIGHTS.balance * 300**2 // 500**2) + WEIGHTS.uneven
    assert solve(order, 2, bound=found.cost - 1) is None


def test_without_the_limit_of_words_a_long_mail_is_possible() -> None:
    atoms = tuple(Atom((block(place, Kind.OTHER, 300),), place, 1) for place in range(2))
    order = Order(atoms, (), (), {})
    assert solve(order, 1) is None
    assert solve(order, 1, most_words=None) is not None


def test_many_products_are_placed_in_good_time() -> None:
    kinds = [Kind.INTRO, *[Kind.OTHER] * 40]
    atoms = tuple(
        Atom((block(place, kind, 70 + place * 37 % 60),), place, place // 3) for place, kind in enumerate(kinds)
    )
    products = tuple(Promotion((block(50 + number, Kind.PRODUCT, 12 + number),), (6 * number,)) for number in range(7))
    found = solve(Order(atoms, products, (), {}), 15)
    assert found is not None
    assert sum(step.product is not None for step in found.steps) == 7


def test_a_cut_falls_where_the_texts_have_least_in_common() -> None:
    said = [frozenset("ab"), frozenset("ab"), frozenset("cd"), frozenset("ce")]
    atoms = tuple(Atom((block(place, Kind.OTHER, 150),), place, place, None, None, said[place]) for place in range(4))
    near = solve(Order(atoms, (), (), {}), 3)
    assert near is not None
    assert [[atom.place for atom in step.atoms] for step in near.steps] == [[0, 1], [2], [3]]
    apart = tuple(replace(atom, speaks_of=frozenset("cd" if atom.place > 1 else "a")) for atom in atoms)
    far = solve(Order((replace(apart[0], speaks_of=frozenset("z")), *apart[1:]), (), (), {}), 3)
    assert far is not None
    assert [[atom.place for atom in step.atoms] for step in far.steps] == [[0], [1], [2, 3]]
