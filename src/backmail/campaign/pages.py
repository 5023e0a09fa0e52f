"""The steps of a campaign as they stand in its folder now: what is in their containers, and the words around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backmail.campaign.differences import Word
from backmail.errors import Place
from backmail.markup import Container, Passage, containers, passages
from backmail.model.campaign import Campaign, Step


@dataclass(frozen=True, slots=True)
class Held:
    """A container with its words, and where its links lead with their lines."""

    container: Container
    words: tuple[Word, ...]
    targets: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        """Its words in one line."""
        return joined(self.words)


@dataclass(frozen=True, slots=True)
class Page:
    """One step: `held` are its containers, `runs` the words around them, `targets` its links with their lines."""

    index: int
    step: Step
    path: str
    held: tuple[Held, ...]
    runs: tuple[tuple[Word, ...], ...]
    targets: tuple[tuple[str, int], ...]

    def place(self, line: int) -> Place:
        """Return a line of its file as a place."""
        return Place(self.path, line, 1)

    def named(self, name: str) -> tuple[Held, ...]:
        """Return its containers of that name."""
        return tuple(each for each in self.held if each.container.name == name)


def pages(campaign: Campaign) -> tuple[Page, ...]:
    """Return the pages of a campaign, in order.

    Raises:
        CampaignError: a container cannot be used.
    """
    return tuple(_page(campaign, index, step) for index, step in enumerate(campaign.steps))


def _page(campaign: Campaign, index: int, step: Step) -> Page:
    """Read one step as it stands."""
    path = str(campaign.folder / step.file)
    found = containers(step.body, path, step.body_line)
    shown = passages(step.body, step.body_line)
    held: list[Held] = []
    runs: list[tuple[Word, ...]] = []
    behind = 0
    for container in found:
        runs.append(_words([each for each in shown if behind < each.line < container.start]))
        inside = [each for each in shown if container.start <= each.line <= container.end]
        held.append(Held(container, _words(inside), tuple(to for each in inside for to in each.targets)))
        behind = container.end
    runs.append(_words([each for each in shown if each.line > behind]))
    return Page(index, step, path, tuple(held), tuple(runs), tuple(to for each in shown for to in each.targets))


def _words(shown: Sequence[Passage]) -> tuple[Word, ...]:
    return tuple(Word(word, line) for each in shown for text, line in each.pieces for word in text.split())


def joined(words: Sequence[Word]) -> str:
    """Return words in one line."""
    return " ".join(word.text for word in words)
