"""An article arranged over weeks: its steps, what was moved and dropped, the hard rules; and the words proposed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Repeat:
    """One safety sentence that an exercise mail repeats, verbatim, with the block that it comes from."""

    block: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What stands ahead of an article in a series of several: nothing, for the first one.

    Attributes:
        articles: how many articles.
        steps: the ids of the mails.
        last: the number of the last mail's file.
        subjects: those of the mails.
        preheaders: likewise.
        reminder: a sentence of the safety text in them; None where there is no such text.
        told_in: the id of the mail with that text.
    """

    articles: int = 0
    steps: tuple[str, ...] = ()
    last: int = 0
    subjects: tuple[str, ...] = ()
    preheaders: tuple[str, ...] = ()
    reminder: Repeat | None = None
    told_in: str = ""


@dataclass(frozen=True, slots=True)
class ProposedAction:
    """The one action of a step: kind is link, calendar, print, reply or none (none is a sentence)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One week's mail: its blocks in the order they are shown, and the words proposed around them.

    `week` counts all mails of the series, those of the articles ahead too.

    `slug` names the step (file 01-<slug>.md, id). `reason` says why the week before ended there. `subjects` are those
    to choose from; `subject` is the first of them.
    """

    week: int
    blocks: tuple[str, ...]
    words: int
    slug: str
    subject: str
    preheader: str
    teaser: str
    action: ProposedAction
    repeats: tuple[Repeat, ...] = ()
    reason: str = ""
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A block that does not stand where the source has it, and why."""

    block: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A block that stands in no mail, with its source lines (both inside), and why."""

    block: str
    lines: tuple[int, int]
    reason: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """One hard rule of a series, and whether it holds."""

    id: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An article arranged over weeks.

    `products_in_place` says that products are a part of the text and stand where the article has them, rather than as
    offers beside it.
    """

    steps: tuple[PlannedStep, ...]
    dropped: tuple[Drop, ...]
    moved: tuple[Move, ...]
    invariants: tuple[Invariant, ...]
    cost: float
    products_in_place: bool = False
    ahead: Ahead = field(default_factory=Ahead)

    @property
    def weeks(self) -> int:
        """Number of mails."""
        return len(self.steps)
