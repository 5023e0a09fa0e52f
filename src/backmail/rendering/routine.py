"""A reader's routine so far: the exercises of the mails that she got, each with its dose and where it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes

from backmail.markup import attribute, escape, fold
from backmail.model.campaign import Campaign, CampaignKind, Step
from backmail.rendering import html
from backmail.rendering.names import Names
from backmail.rendering.parts import DOSE, contained
from backmail.rendering.phrases import Phrases, same_language
from backmail.rendering.sandbox import markdown_environment

__all__ = ["Exercise", "exercises", "reduced", "routine", "with_exercises"]

# A list says how long and how often; how to lie or stand, and what else is needed, is told in the exercise itself.
_SHORT = ("hold", "repeats", "sides")
_UNKNOWN = "\ufffc"  # stands for what only a reader's values decide
_LEAST = 2  # mails with exercises: one is no routine


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise of a mail: its name, its dose as pairs of a key and words, its language ("": the campaign's)."""

    name: str
    dose: tuple[tuple[str, str], ...]
    language: str = ""

    def said(self, words: Phrases, keys: Sequence[str] = _SHORT) -> tuple[tuple[str, str], ...]:
        """Return the dose as pairs of a label and words, so much of it as `keys` name."""
        return tuple((words(key), text) for key, text in self.dose if key in keys)


@lru_cache(maxsize=1024)
def exercises(body: str) -> tuple[Exercise, ...]:
    """Return the exercises that every reader of a step's body gets, in order.

    One that stands under a condition, has no heading, or is named by a reader's value is none of them; of a dose with
    such a value the rest is known.
    """
    found = (
        (fold("".join(token.content for token in part.heading)), part.attributes)
        for part in contained(_unconditional(body), "exercise")
    )
    return tuple(
        Exercise(name, tuple(_dose(attributes)), attributes.get("lang", ""))
        for name, attributes in found
        if name and _UNKNOWN not in name
    )


def reduced(body: str) -> str:
    """Return the least body that has the same `exercises`: what of a step the mails behind it show."""
    return "\n\n".join(map(_written, exercises(body)))


def with_exercises(campaign: Campaign) -> tuple[Step, ...]:
    """Return the steps of a series that belong to its routine: none where there is only one, or none is wanted."""
    if not campaign.routine or campaign.kind is not CampaignKind.DRIP or campaign.system:
        return ()
    found = tuple(step for step in campaign.steps if exercises(step.body))
    return found if len(found) >= _LEAST else ()


def routine(campaign: Campaign, step: Step, words: Phrases, reader: Mapping[str, Any]) -> tuple[Names, ...]:
    """Return the mails before a step whose exercises its reader got, as templates see them.

    It begins with the second mail that has exercises. Which of the mails she got is asked of `reader`.

    Args:
        campaign: the series.
        step: one of its steps.
        words: the phrases of the mail's frame.
        reader: what templates know of the reader, by name.
    """
    numbers = {each.id: number for number, each in enumerate(campaign.steps, 1)}
    steps, number = with_exercises(campaign), numbers[step.id]
    if not steps or number < numbers[steps[1].id]:
        return ()
    had, views = reader["progress"].child("had"), reader["links"].child("views")
    return tuple(
        Names(
            "routine",
            {
                "number": numbers[each.id],
                "view": views.child(each.id),
                "exercises": [_shown(one, campaign, words) for one in exercises(each.body)],
            },
        )
        for each in steps
        if numbers[each.id] < number and each.id in had
    )


def _shown(exercise: Exercise, campaign: Campaign, words: Phrases) -> Names:
    language = "" if same_language(exercise.language or campaign.language, campaign.language) else exercise.language
    values = {"name": exercise.name, "dose": exercise.said(words), "mark": html.marked(language)}
    return Names("exercise", values)


def _written(exercise: Exercise) -> str:
    attributes = "".join(attribute(key, text) for key, text in exercise.dose)
    language = attribute("lang", exercise.language) if exercise.language else ""
    return f"::: exercise id=x{attributes}{language}\n## {escape(exercise.name)}\n:::"


def _dose(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key in DOSE:
        text = fold(attributes.get(key, ""))
        if text and _UNKNOWN not in text:
            yield key, text


def _unconditional(body: str) -> str:
    """Return what of a body's jinja all readers get; nothing where it cannot be read, which its own step tells."""
    try:
        tree = markdown_environment().parse(body)
    except jinja2.TemplateError:
        return ""
    texts: list[str] = []
    for node in tree.body:
        parts = node.nodes if isinstance(node, nodes.Output) else [node]
        texts += [part.data if isinstance(part, nodes.TemplateData) else _UNKNOWN for part in parts]
    return "".join(texts)
