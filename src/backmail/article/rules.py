"""The rules that tell a draft's kind: each gives points to one kind, for a named reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backmail.article.concepts import named, numbered
from backmail.article.drafts import Draft, is_ingredients
from backmail.article.prices import is_tag, price_of
from backmail.article.signals import WARNING_SHARE, Signals, is_order
from backmail.article.teasers import TRADEMARK, button
from backmail.model.article import Kind, UnitKind

__all__ = ["Verdict", "judged", "settled", "speaking_for"]

# Every section is "other" until something speaks for more; below this many points nothing does.
_OTHER = 1.2
_EXERCISE_WORDS = 260  # a section with more holds several exercises, or talks about one
_TELLING = 4  # sentences of a text that would tell what to do if that were its purpose
_ORDERED = 0.25  # of the sentences of an exercise that says nothing of seconds or repeats
_ONE_FORM = ("es", "fr", "it")  # languages in which "it helps" and "help!" are one word
_SHORT = 60  # words; a product card has hardly more
# Which kind wins a tie: the one that must not be overlooked.
_ORDER = (
    Kind.SAFETY, Kind.PRODUCT, Kind.SOURCES, Kind.FAQ, Kind.EXERCISE,
    Kind.CONCLUSION, Kind.INTRO, Kind.HOW_TO, Kind.OTHER,
)  # fmt: skip

Point = tuple[Kind, float, str]
Rule = Callable[[Draft, Signals], Iterator[Point]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft is for, how sure that is (0 to 1), what it might be instead, and why."""

    kind: Kind
    confidence: float
    runner_up: Kind | None
    reasons: tuple[str, ...]


def judged(draft: Draft, language: str, extra: tuple[Point, ...] = ()) -> Verdict:
    """Return what a draft is for: the kind with the most points. `extra` are points that its neighbours give.

    The confidence grows with the distance to the next kind: 0.5 for a tie, 0.82 at 2 points, 0.93 at 4.
    """
    signals = Signals(draft, language)
    points = [(Kind.OTHER, _OTHER, ""), *_points(draft, signals), *extra]
    totals = {kind: sum(weight for each, weight, _ in points if each is kind) for kind in _ORDER}
    ranked = sorted(_ORDER, key=lambda kind: (-totals[kind], _ORDER.index(kind)))
    best, second = ranked[:2]
    reasons = tuple(reason for kind, _, reason in points if kind is best and reason)
    confidence = round(1 - 0.5 * math.exp(-(totals[best] - max(0.0, totals[second])) / 2), 2)
    runner_up = second if totals[second] > 0 else None
    return Verdict(best, confidence, runner_up, reasons or ("other.nothing-else",))


def speaking_for(draft: Draft, kind: Kind, language: str) -> tuple[str, ...]:
    """Return the named reasons that speak for one kind, whether it is the draft's or not."""
    found = _points(draft, Signals(draft, language))
    return tuple(dict.fromkeys(reason for each, weight, reason in found if each is kind and weight > 0 and reason))


def _points(draft: Draft, signals: Signals) -> list[Point]:
    return [point for rule in _RULES for point in rule(draft, signals)]


def settled(draft: Draft) -> Verdict:
    """Return the verdict of a draft whose kind its place in the article has settled."""
    return Verdict(draft.kind or Kind.OTHER, draft.confidence, None, draft.reasons)


def _by_heading(draft: Draft, signals: Signals) -> Iterator[Point]:
    """What the heading names."""
    heading, language = draft.heading, signals.language
    for concept, kind, weight in (
        ("sources", Kind.SOURCES, 5.0),
        ("conclusion", Kind.CONCLUSION, 4.5),
        ("safety", Kind.SAFETY, 4.0),
        ("roadmap", Kind.INTRO, 4.0),
        ("intro", Kind.INTRO, 3.5),
        ("ingredients", Kind.OTHER, 4.0),
        ("how_to", Kind.HOW_TO, 3.0),
        ("background", Kind.OTHER, 1.5),
    ):
        if heading and (hit := named(concept, heading, language)):
            if kind is Kind.SAFETY and signals.advised_on_money:
                continue
            yield kind, weight, f"{kind}.heading:{hit}"
    if heading and (hit := named("avoid", heading, language)) and not named("no_avoid", heading, language):
        yield Kind.SAFETY, 2.5, f"safety.avoid:{hit}"


def _exercise(draft: Draft, signals: Signals) -> Iterator[Point]:
    """An exercise has a body position, names parts of the body that move, and often says how long or how many times."""
    positions, parts, doses = signals.positions, signals.body_parts, signals.doses
    # "Plant them two feet apart" has a position and a part of the body, too: these alone are not enough.
    # A doctor "feels the neck" of a child that sits, and sitting is a cause of pain: without a dose it takes orders.
    moves = signals.movements > 0 or signals.orders > 1
    told = signals.share(signals.orders) >= _ORDERED and not named("background", draft.heading, signals.language)
    moved = told and (signals.movements > 0 or signals.orders > 1)
    placed = positions and parts and (doses or (len(parts) > 1 and moved))
    counted = len(parts) >= 2 and signals.orders >= 2 and (len(doses) >= 2 or (doses and signals.movements >= 2))
    # A heading that names one, such as "Exercise 2: Slow breathing", needs no more than a movement that is counted.
    called = signals.exercise_name and moves and doses
    if not draft.heading or not draft.prose or not (placed or counted or called):
        return
    if named("no_avoid", draft.heading, signals.language):  # "Common mistakes" tells how not to do one
        return
    language = signals.known.language
    if positions:
        yield Kind.EXERCISE, 2.0 if len(positions) == 1 else 2.5, f"exercise.position:{language} '{positions[0]}'"
    if parts:
        yield Kind.EXERCISE, 1.5 if len(parts) > 1 else 0.75, f"exercise.body:{language} '{', '.join(parts[:3])}'"
    for dose in doses[:2]:
        yield Kind.EXERCISE, 1.0, f"exercise.dose:{language} '{dose}'"
    if signals.movements:
        yield Kind.EXERCISE, 1.0 if signals.movements > 2 else 0.5, f"exercise.movements {signals.movements}"
    if signals.orders and doses:  # orders that are counted and move the body are no plain instructions
        yield Kind.EXERCISE, 1.0, f"exercise.orders {signals.orders}"
    if signals.exercise_name:
        yield Kind.EXERCISE, 1.0, f"exercise.name:{language} '{signals.exercise_name}'"
    divided = any(unit.kind is UnitKind.HEADING for unit in draft.body)  # "How to practice", "Modifications"
    most = _EXERCISE_WORDS * (2 if divided else 1)
    if draft.words > most:
        yield Kind.EXERCISE, -8.0 if draft.words > 1.75 * most else -3.0, "exercise.long"


def _how_to(draft: Draft, signals: Signals) -> Iterator[Point]:
    """Instructions are numbered, show code, or tell the reader what to do."""
    share = signals.share(signals.plain_orders)
    if signals.plain_orders and share >= 0.15:
        weight = min(3.0, share * 4) if len(signals.sentences) > 1 else min(1.0, share)
        # One order among several sentences is what any text has.
        if signals.plain_orders + signals.advised == 1 and len(signals.sentences) > 2:
            weight = min(weight, 0.6)
        # "Mejora la postura": what it does and what to do are one form there, and its heading says which it is.
        if signals.known.language in _ONE_FORM and named("background", draft.heading, signals.language):
            weight = min(weight, 1.0)
        yield Kind.HOW_TO, weight, f"how-to.orders {signals.plain_orders} of {len(signals.sentences)} sentences"
    advised = signals.share(signals.advised)
    if signals.advised and advised + share >= 0.25:
        weight = min(2.0, advised * 2.5) if len(signals.sentences) > 1 else min(0.6, advised)
        yield Kind.HOW_TO, weight, f"how-to.advice {signals.advised} of {len(signals.sentences)} sentences"
    if signals.sequenced > 1 and signals.plain_orders + signals.advised:
        yield Kind.HOW_TO, 0.5, f"how-to.sequence {signals.sequenced}"
    if draft.heading and (hit := named("counted", draft.heading, signals.language)):
        yield Kind.HOW_TO, 1.3, f"how-to.counted:{hit}"
    if signals.ordered_items > 1:
        yield Kind.HOW_TO, 1.0, f"how-to.numbered {signals.ordered_items} items"
    named_so = bool(draft.heading) and named("how_to", draft.heading, signals.language) is not None
    silent = not (signals.plain_orders or signals.advised or signals.ordered_items or signals.code)
    if named_so and silent and len(signals.sentences) >= _TELLING:
        yield Kind.HOW_TO, -1.2, "how-to.tells-nothing"
    if signals.code:
        yield Kind.HOW_TO, 2.0, f"how-to.code {signals.code}"
    if draft.units[0].kind is UnitKind.HEADING and numbered(draft.units[0].raw) is not None:
        yield Kind.HOW_TO, 1.0, "how-to.numbered-heading"
    if draft.heading and is_order(draft.heading, signals.language):  # "Plant care" looks like one: not enough alone
        yield Kind.HOW_TO, 0.9, "how-to.heading-orders"


def _safety(draft: Draft, signals: Signals) -> Iterator[Point]:
    """A text that mostly tells to stop, to ask somebody or to beware is safety text, whatever its heading says."""
    warned, told = signals.warned, signals.told_to_stop
    share = signals.share(len(warned))
    if not warned or share < WARNING_SHARE or (signals.advised_on_money and not _stops(signals)):
        return
    # A danger that is only named ("toxic when eaten") may be a fact about the thing.
    named_only = 0.5 if len(warned) < 2 or share < 0.6 else 2.5 if share > 0.8 else 1.5
    if not signals.directed:
        named_only = min(named_only, 1.3 if len(warned) > 2 and share > 0.8 else 1.0)
    mostly = share >= 0.5 and (signals.told_to_ask or len(warned) > 1 or len(signals.sentences) == 1)
    weight = named_only if not told else 3.0 if mostly else 2.0
    yield Kind.SAFETY, weight, f"safety.phrase:{signals.known.language} '{(told or warned)[0]}'"


def _stops(signals: Signals) -> bool:
    """Say whether a sentence warns of more than it sends to somebody who knows about money."""
    known = signals.known
    return any(
        known.find("phrases.advisers", each) is None for each in signals.sentences if known.find("phrases.stop", each)
    )


def _sources(draft: Draft, signals: Signals) -> Iterator[Point]:
    """Two entries of a bibliography or more, and hardly anything else."""
    if signals.references >= 2 and signals.references * 10 >= len(draft.prose) * 6:
        yield Kind.SOURCES, 4.0, f"sources.references {signals.references}"


def _product(draft: Draft, signals: Signals) -> Iterator[Point]:
    """Two of price tag, button and trademark in a few words are a product card; one alone may be anything."""
    if draft.words > _SHORT or draft.heading.endswith("?"):
        return
    language = signals.language
    texts = [draft.heading, *(unit.text for unit in draft.body)]
    if price := next((price_of(text) for text in texts if is_tag(text, language)), ""):
        yield Kind.PRODUCT, 1.0, f"product.price '{price}'"
    if words := next((found for unit in draft.body if (found := button(unit, language))), ""):
        yield Kind.PRODUCT, 1.0, f"product.button:{signals.known.language} '{words}'"
    if sign := TRADEMARK.search(draft.heading):
        yield Kind.PRODUCT, 1.0, f"product.trademark '{sign[0]}'"
    if label := signals.known.find("phrases.advertisement", draft.units[0].text):
        yield Kind.PRODUCT, 2.0, f"product.advertisement '{label}'"


def _conclusion(draft: Draft, signals: Signals) -> Iterator[Point]:
    """A section may say itself that it sums up."""
    if signals.sentences and (words := signals.known.find("phrases.closing", signals.sentences[0])):
        yield Kind.CONCLUSION, 2.5, f"conclusion.words:{signals.known.language} '{words}'"


def _by_page(draft: Draft, signals: Signals) -> Iterator[Point]:
    """A web page may say itself what are the steps and the ingredients of a recipe."""
    said = [unit.hint for unit in draft.prose]
    if steps := said.count("step"):
        yield Kind.HOW_TO, 3.0 if steps * 2 >= len(said) else 1.0, f"how-to.page-says {steps} steps"
    if is_ingredients(draft):
        yield Kind.OTHER, 4.0, "ingredients.page-says"


_RULES: tuple[Rule, ...] = (_by_heading, _by_page, _exercise, _how_to, _safety, _sources, _product, _conclusion)
