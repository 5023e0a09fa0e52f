"""The variant of an exercise mail for somebody who never got the safety text: it stands above everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from backmail.errors import Place
from backmail.markup import Container, containers
from backmail.model.campaign import Campaign, Step

__all__ = ["exposed", "safety_steps", "with_safety"]

_SAFETY, _EXERCISE, _PRODUCT, _NOTE = "safety", "exercise", "product", "note"


def safety_steps(campaign: Campaign) -> frozenset[str]:
    """Return the ids of the steps that hold the campaign's safety text: all of it that the first one with any holds."""
    first = _first(campaign)
    needed = {block.id for block in _safety(first)} if first else set()
    return frozenset(step.id for step in campaign.steps if needed and needed <= {each.id for each in _safety(step)})


def exposed(campaign: Campaign) -> frozenset[str]:
    """Return the ids of the steps that must not reach somebody who never got the safety text: they hold an exercise."""
    safe = safety_steps(campaign)
    return frozenset(
        step.id
        for step in campaign.steps
        if safe and step.id not in safe and any(each.name == _EXERCISE for each in _containers(step))
    )


def with_safety(campaign: Campaign, step: Step) -> Step:
    """Return a step whose body begins with the campaign's safety text, its product card left out.

    The text is that of the first step with any, in full. A note that repeats a sentence of it would say it twice, and
    lead to a mail that the reader never got, so it is left out as well.

    Raises:
        ValueError: the campaign has no safety text.
    """
    first = _first(campaign)
    if first is None:
        raise ValueError(f"the campaign {campaign.slug!r} has no safety text")
    blocks = _safety(first)
    above = [_lines(first)[_inside(first, block)] for block in blocks]
    ids = {block.id for block in blocks}
    rest = _without(step, lambda each: each.name == _PRODUCT or (each.name == _NOTE and each.id in ids))
    body = "\n\n".join("\n".join(lines) for lines in (*above, rest))
    # Its lines are those of no file: what is said of one of them says so.
    file = f"{step.file} (with the safety text of {first.file})"
    places = {key: Place(f"{place.file} (with safety)", place.line, place.column) for key, place in step.places.items()}
    return replace(step, file=file, body=body, places=places)


def _first(campaign: Campaign) -> Step | None:
    """Return the first step with a safety text."""
    return next((step for step in campaign.steps if _safety(step)), None)


def _safety(step: Step) -> list[Container]:
    return [each for each in _containers(step) if each.name == _SAFETY]


def _containers(step: Step) -> tuple[Container, ...]:
    return containers(step.body, step.file, step.body_line)


def _lines(step: Step) -> list[str]:
    return step.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _inside(step: Step, container: Container) -> slice:
    """Return where in the lines of a step's body a container stands, with its fences."""
    return slice(container.start - step.body_line, container.end - step.body_line + 1)


def _without(step: Step, unwanted: Callable[[Container], bool]) -> Sequence[str]:
    """Return the lines of a step's body without some containers."""
    lines = _lines(step)
    for container in reversed(_containers(step)):
        if unwanted(container):
            del lines[_inside(step, container)]
    return lines
