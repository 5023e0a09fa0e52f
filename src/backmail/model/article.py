"""What an article is made of: units with their source range, blocks with their kind, and the plan for the weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit looks like in its source."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"
    RULE = "rule"
    FRONT_MATTER = "front-matter"
    LINK_DEFINITION = "link-definition"


class Kind(StrEnum):
    """What a block is for."""

    INTRO = "intro"
    EXERCISE = "exercise"
    HOW_TO = "how-to"
    SAFETY = "safety"
    FAQ = "faq"
    PRODUCT = "product"
    SOURCES = "sources"
    CONCLUSION = "conclusion"
    OTHER = "other"


# Roles of blocks of kind `other` that never stand in a mail: menus, front matter, a title, link definitions.
OUTSIDE_MAILS = frozenset({"chrome", "related", "toc", "front-matter", "title", "link-definitions"})


@dataclass(frozen=True, slots=True)
class Source:
    """An article as it was given: decoded text with line ends as \\n and no byte-order mark."""

    name: str
    format: str  # "txt" or "md"
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends; line n of the source is `lines[n - 1]`."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph, heading, list item, table ... of an article.

    `text` is the source text without markup signs, white space folded; `raw` the source lines as written.
    `start` and `end` are source lines, counted from 1, both inside. `level` is a heading's level (1-6) or an item's
    depth (0 ...). `ordered` says whether an item is numbered, `marked` whether a heading is marked as one in the source
    (False: guessed).
    """

    kind: UnitKind
    text: str
    raw: str
    start: int
    end: int
    level: int = 0
    ordered: bool = False
    marked: bool = False

    @property
    def words(self) -> int:
        """Words of the source, counted between white space (markup signs count, as in any word count of the source)."""
        return len(self.raw.split())


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim piece of the source and the line that holds it."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Block:
    """The units that belong together, with what they are for and why we think so.

    `dose` has some of position, hold, repeats, sides, equipment. `continues`: the id of the block that was cut in two.
    `lead_for` is empty unless role is `lead` or `heading`: the ids of the blocks it introduces, in order.
    `confidence` is between 0 and 1; below 0.6 the block is doubtful and shown for a look.
    """

    id: str
    kind: Kind
    units: tuple[Unit, ...]
    heading: str = ""
    role: str | None = None
    language: str = "en"
    continues: str | None = None
    lead_for: tuple[str, ...] = ()
    safety_relevant: bool = False
    confidence: float = 1.0
    runner_up: Kind | None = None
    dose: Mapping[str, Excerpt] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    section: int = 0  # number of the article's section that it stands in, for "one topic"
    locked_week: int | None = None  # `outline --week N`
    dropped_because: str = ""  # `outline --drop TEXT --because ...`
    file: str = ""  # "" for the article itself; the file name of a safety text that was added to it

    @property
    def start(self) -> int:
        """First source line."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Last source line."""
        return self.units[-1].end

    @property
    def words(self) -> int:
        """Source words of all its units."""
        return sum(unit.words for unit in self.units)

    @property
    def text(self) -> str:
        """The text of all its units, one unit a line."""
        return "\n".join(unit.text for unit in self.units)

    @property
    def body(self) -> tuple[Unit, ...]:
        """Its units without the heading."""
        return self.units[1:] if self.units[0].kind is UnitKind.HEADING else self.units

    @property
    def in_mails(self) -> bool:
        """Whether it belongs into a mail at all."""
        return not self.dropped_because and self.role not in OUTSIDE_MAILS


@dataclass(frozen=True, slots=True)
class Caution:
    """Something in the article's wording that a marketer should see: medium words, a cure claim, no safety text ...

    `text` is the verbatim piece, `proposal` what could stand in its place ("": leave it out; None: no proposal).
    `sentence` is the whole sentence that holds `text`.
    """

    id: str
    message: str
    start: int
    text: str = ""
    proposal: str | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """An understood article: every non-blank source line stands in exactly one block."""

    source: Source
    title: str
    title_guessed: bool
    language: str
    blocks: tuple[Block, ...]
    cautions: tuple[Caution, ...] = ()

    @property
    def words(self) -> int:
        """Words of the source."""
        return len(self.source.text.split())

    def block(self, block_id: str) -> Block:
        """Return the block of that id.

        Raises:
            KeyError: when there is none.
        """
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise KeyError(block_id)


@dataclass(frozen=True, slots=True)
class Repeat:
    """One safety sentence that an exercise mail repeats, verbatim, with the block that it comes from."""

    block: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class ProposedAction:
    """The one action of a step: kind is link, calendar, print, reply or none (none is a sentence)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One week's mail: its blocks in the order they are shown, and the words proposed around them.

    `slug` names the step (file 01-<slug>.md, id). `reason` says why the week before ended there.
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
    """An article arranged over weeks."""

    steps: tuple[PlannedStep, ...]
    dropped: tuple[Drop, ...]
    moved: tuple[Move, ...]
    invariants: tuple[Invariant, ...]
    cost: float

    @property
    def weeks(self) -> int:
        """Number of mails."""
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class Override:
    """What a marketer decided about one block; it always wins.

    `block` holds the block's first words (any case, white space folded). Exactly one of the others is given: `kind`,
    `merge_with` (first words of the block that joins it), `split_at` (source line where a new block begins), `week`, or
    `drop_because`.
    """

    block: str
    kind: Kind | None = None
    merge_with: str | None = None
    split_at: int | None = None
    week: int | None = None
    drop_because: str | None = None
