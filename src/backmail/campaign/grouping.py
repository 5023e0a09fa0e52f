"""Groups the sentences of an exercise: why, what to do in steps, what it does; none is split or changes places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Grouped", "grouped"]

# Below this share of instructions among the sentences from the first to the last one, the paragraphs stand as they are:
# a list would number what is nothing to do.
_SURE = 0.8
_LEAST = 2  # steps: a list of one says nothing that its sentence does not


@dataclass(frozen=True, slots=True)
class Grouped:
    """An exercise's sentences in their order.

    Attributes:
        why: paragraphs ahead of the instructions.
        steps: an instruction each, with what is said about it.
        effect: paragraphs behind the instructions.
        confidence: 0 to 1, how sure it is that these are the steps.
    """

    why: tuple[str, ...]
    steps: tuple[str, ...]
    effect: tuple[str, ...]
    confidence: float


def grouped(
    paragraphs: Sequence[Sequence[str]],
    instructs: Callable[[str], bool],
    doses: Sequence[str] = (),
    position: str = "",
) -> Grouped | None:
    """Return the sentences of an exercise's paragraphs in groups, or None where it is better left as it is.

    The steps begin with an instruction, or with how to lie or stand, and end with an instruction, or with how long or
    how often. A sentence in between that says nothing of this belongs to the step before it.

    Args:
        paragraphs: the sentences of each.
        instructs: whether a sentence tells the reader to do something.
        doses: what the exercise's dose says, word for word.
        position: what of it says how to lie or stand; "" for nothing.
    """
    sentences = [(number, text) for number, paragraph in enumerate(paragraphs) for text in paragraph]
    texts = [text for _, text in sentences]
    lying = _first(texts, position)
    orders = [instructs(text) or number == lying for number, text in enumerate(texts)]
    if True not in orders:
        return None
    first = orders.index(True)
    told = {_first(texts, dose, first) for dose in doses}
    does = [order or number in told for number, order in enumerate(orders)]
    last = len(does) - does[::-1].index(True)
    inside = does[first:last]
    confidence = sum(inside) / len(inside)
    if sum(inside) < _LEAST or confidence < _SURE:
        return None
    steps: list[str] = []
    for (_, text), begins in zip(sentences[first:last], inside, strict=True):
        if begins:
            steps.append(text)
        else:
            steps[-1] = f"{steps[-1]} {text}"
    return Grouped(_joined(sentences[:first]), tuple(steps), _joined(sentences[last:]), confidence)


def _first(texts: Sequence[str], words: str, start: int = 0) -> int | None:
    """Return which text from `start` on is the first with these words as such, None for none.

    Those behind it speak of a dose that is known: "After 10 times you feel it".
    """
    if not words:
        return None
    whole = re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w)")
    return next((number for number, text in enumerate(texts) if number >= start and whole.search(text)), None)


def _joined(sentences: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return numbered sentences as the paragraphs that they are of."""
    return tuple(
        " ".join(text for _, text in each) for _, each in itertools.groupby(sentences, lambda numbered: numbered[0])
    )
