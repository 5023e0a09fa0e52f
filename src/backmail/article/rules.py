"""The rules that tell a draft's kind: each gives points to one kind, for a named reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backmail.article.concepts import named, numbered
from backmail.article.drafts import Draft
from backmail.article.signals import Signals, is_order
from backmail.article.teasers import PRICE, TRADEMARK
from backmail.model.article import Kind, UnitKind

__all__ = ["Verdict", "judged", "settled"]

# Every section is "other" until something speaks for more; below this many points nothing does.
_OTHER = 1.2
_EXERCISE_WORDS = 260  # a section with more holds several exercises, or talks about one
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
    points = [(Kind.OTHER, _OTHER, "")] + [point for rule in _RULES for point in rule(draft, signals)] + list(extra)
    totals = {kind: sum(weight for each, weight, _ in points if each is kind) for kind in _ORDER}
    ranked = sorted(_ORDER, key=lambda kind: (-totals[kind], _ORDER.index(kind)))
    best, second = ranked[:2]
    reasons = tuple(reason for kind, _, reason in points if kind is best and reason)
    confidence = round(1 - 0.5 * math.exp(-(totals[best] - max(0.0, totals[second])) / 2), 2)
    runner_up = second if totals[second] > 0 else None
    return Verdict(best, confidence, runner_up, reasons or ("other.nothing-else",))


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
            yield kind, weight, f"{kind}.heading:{hit}"
    if heading and (hit := named("avoid", heading, language)) and not named("no_avoid", heading, language):
        yield Kind.SAFETY, 2.5, f"safety.avoid:{hit}"


def _exercise(draft: Draft, signals: Signals) -> Iterator[Point]:
    """An exercise has a body position, names parts of the body that move, and often says how long or how many times."""
    positions, parts, doses = signals.positions, signals.body_parts, signals.doses
    # "Plant them two feet apart" has a position and a part of the body, too: these alone are not enough.
    moves = signals.movements > 0 or signals.orders > 1
    placed = positions and parts and (doses or (len(parts) > 1 and moves))
    counted = len(parts) >= 2 and signals.orders >= 2 and (len(doses) >= 2 or (doses and signals.movements >= 2))
    # A heading that names one, such as "Exercise 2: Slow breathing", needs no more than a movement that is counted.
    named = signals.exercise_name and moves and doses
    if not draft.heading or not draft.prose or not (placed or counted or named):
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
    if signals.exercise_name:
        yield Kind.EXERCISE, 1.0, f"exercise.name:{language} '{signals.exercise_name}'"
    if draft.words > _EXERCISE_WORDS:
        yield Kind.EXERCISE, -5.0, "exercise.long"


def _how_to(draft: Draft, signals: Signals) -> Iterator[Point]:
    """Instructions are numbered, show code, or tell the reader what to do."""
    share = signals.share(signals.orders)
    if signals.orders and share >= 0.15:
        weight = min(3.0, share * 4) if len(signals.sentences) > 1 else min(1.0, share)
        yield Kind.HOW_TO, weight, f"how-to.orders {signals.orders} of {len(signals.sentences)} sentences"
    if signals.ordered_items > 1:
        yield Kind.HOW_TO, 1.0, f"how-to.numbered {signals.ordered_items} items"
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
    if not warned or share < 0.34:
        return
    # A danger that is only named ("toxic when eaten") may be a fact about the thing.
    named_only = 0.5 if len(warned) < 2 or share < 0.6 else 2.5 if share > 0.8 else 1.5
    weight = named_only if not told else 3.0 if share >= 0.5 else 2.0
    yield Kind.SAFETY, weight, f"safety.phrase:{signals.known.language} '{(told or warned)[0]}'"


def _sources(draft: Draft, signals: Signals) -> Iterator[Point]:
    """Two entries of a bibliography or more, and hardly anything else."""
    if signals.references >= 2 and signals.references * 10 >= len(draft.prose) * 6:
        yield Kind.SOURCES, 4.0, f"sources.references {signals.references}"


def _product(draft: Draft, signals: Signals) -> Iterator[Point]:
    """A price, a button or a trademark in a few words is a product card."""
    text = f"{draft.heading}\n{draft.text}"
    if draft.words > _SHORT or draft.heading.endswith("?"):
        return
    if price := PRICE.search(text):
        yield Kind.PRODUCT, 1.5, f"product.price '{price[0]}'"
    if button := signals.known.find("phrases.call_to_action", text):
        yield Kind.PRODUCT, 1.5, f"product.button:{signals.known.language} '{button}'"
    if sign := TRADEMARK.search(draft.heading):
        yield Kind.PRODUCT, 1.5, f"product.trademark '{sign[0]}'"
    if label := signals.known.find("phrases.advertisement", draft.units[0].text):
        yield Kind.PRODUCT, 2.0, f"product.advertisement '{label}'"


def _conclusion(draft: Draft, signals: Signals) -> Iterator[Point]:
    """A section may say itself that it sums up."""
    if signals.sentences and (words := signals.known.find("phrases.closing", signals.sentences[0])):
        yield Kind.CONCLUSION, 2.5, f"conclusion.words:{signals.known.language} '{words}'"


_RULES: tuple[Rule, ...] = (_by_heading, _exercise, _how_to, _safety, _sources, _product, _conclusion)
