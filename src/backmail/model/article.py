"""What an article is made of: units with their source range, blocks with their kind, and the plan for the weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from backmail.errors import Place


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

# What is sold may have one word in so many of a mail (a rule of the field says 80 % value, 20 % promotion).
SHARE_OF_PRODUCT = 5
# A text with more offers beside it would promote in most of its mails. (The search for their places is exponential.)
MOST_OFFERS = 8

# Formats whose source has elements rather than lines: their units are counted, one element each.
BY_ELEMENT = frozenset({"html", "docx"})


@dataclass(frozen=True, slots=True)
class Source:
    """An article as it was given: decoded text with line ends as \\n and no byte-order mark.

    `format` is "txt", "md", "html", or "docx", whose `text` is the HTML that its document was turned into. `address` is
    where a page was fetched from, "" for a file. `places` is where the copies of its pictures stand, by the addresses
    that it has itself: "images/pelvic-tilts.jpg", and "" for one that is left out.
    """

    name: str
    format: str
    text: str
    address: str = ""
    places: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends; line n of a text or Markdown source is `lines[n - 1]`."""
        return self.text.split("\n")

    @property
    def by_element(self) -> bool:
        """Whether the places in it are numbers of elements (HTML, Word) rather than of lines."""
        return self.format in BY_ELEMENT

    def where(self, start: int, end: int | None = None) -> str:
        """Return a place in it in words: "line 5", "lines 5-7", "elements 5-7"."""
        noun = "element" if self.by_element else "line"
        return f"{noun} {start}" if end is None or end == start else f"{noun}s {start}-{end}"

    def place(self, start: int) -> Place:
        """Return the place for an error: with its line, where it has lines."""
        return Place(self.name, None if self.by_element else start)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of an article: where it is (a path or an address, as the source has it) and its alternative text."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph, heading, list item, table ... of an article.

    `text` is the source text without markup signs, white space folded; `raw` the source lines as written.
    `start` and `end` are source lines, counted from 1, both inside. `level` is a heading's level (1-6) or an item's
    depth (0 ...). `ordered` says whether an item is numbered, `marked` whether a heading is marked as one in the source
    (False: guessed).

    In HTML and Word sources a unit is one block-level element: `start` and `end` are its number on the page, `raw` is
    Markdown that says the same, `path` names the element. `parts` holds its texts where it is made of several (the
    cells of a table, the lines of a paragraph with line breaks), in order. `region` names the part of the page that
    is not the article ("chrome", "comments", "related", "toc", "title" for a title that stands there again); it is ""
    in the article. `hint` is what the page itself calls it: "question", "answer", "step", "ingredient", "product",
    "card" (the first of a product's box), "caption", "byline", "sponsored" (it has a link that is paid for), or "".
    """

    kind: UnitKind
    text: str
    raw: str
    start: int
    end: int
    level: int = 0
    ordered: bool = False
    marked: bool = False
    parts: tuple[str, ...] = ()
    region: str = ""
    hint: str = ""
    path: str = ""
    pictures: tuple[Picture, ...] = ()

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

    `dose` has some of position, hold, repeats, sides, equipment (an exercise) or of temperature, amount, time (what
    instructs). `continues`: the id of the block that was cut in two.
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
    renamed: bool = False  # `outline --heading`: `heading` is the marketer's, and not in `units`
    sku: str = ""  # `outline --product`: the catalogue's product that it is about

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
    """An understood article: every non-blank source line stands in exactly one block.

    `lexicon` names the word lists that it was understood with: its language, or a key of the project's own words.
    `published` is the day (ISO) on which the source says that it was published, "" where it says nothing.
    """

    source: Source
    title: str
    title_guessed: bool
    language: str
    blocks: tuple[Block, ...]
    cautions: tuple[Caution, ...] = ()
    decisions: tuple[Decision, ...] = ()  # one for each override that it was understood under, in their order
    published: str = ""
    lexicon: str = ""

    @property
    def words(self) -> int:
        """Words of the source; of a page those of the article, without menus and comments."""
        return sum(
            block.words
            for block in self.blocks
            if not block.file and not (block.role == "chrome" and self.source.by_element)
        )

    @property
    def about_products(self) -> bool:
        """Whether products are what it is about (a buying guide, a review), not offers that stand beside its text.

        So it is where they have more words than they may have of a mail, where three of them follow each other, or
        where there are more than MOST_OFFERS.
        """
        told = [block for block in self.blocks if block.in_mails and block.role not in ("lead", "heading", "media")]
        products = [block.kind is Kind.PRODUCT for block in told]
        promoted = sum(block.words for block in told if block.kind is Kind.PRODUCT)
        running = any(all(products[start : start + 3]) for start in range(len(products) - 2))
        return (
            running or sum(products) > MOST_OFFERS or promoted * SHARE_OF_PRODUCT > sum(block.words for block in told)
        )

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
class Remembered:
    """What a block was like when somebody decided about it: by this it is found again in another version of an article.

    `under` has the headings that it stood below, outermost first. `other` is the text of the second block that is
    meant: the paragraph that a new block begins with, or the block that joins it; "" where there is none.
    """

    text: str
    heading: str = ""
    under: tuple[str, ...] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """What a marketer decided about one block; it always wins.

    `block` holds the block's first words (any case, white space folded). Exactly one of the others is given: `kind`,
    `merge_with` (first words of the block that joins it), `split_at` (where a new block begins: a source line, the
    number of an element, or the first words of a paragraph), `week`, `drop_because`, `heading` (its words in the mails)
    or `product` (a sku of the catalogue; NO_PRODUCT: it is none).

    `key` tells two blocks with the same first words apart; `known` is what the block was like, None where nobody knows.
    """

    block: str
    kind: Kind | None = None
    merge_with: str | None = None
    split_at: int | str | None = None
    week: int | None = None
    drop_because: str | None = None
    heading: str | None = None
    product: str | None = None
    key: str = ""
    known: Remembered | None = None

    @property
    def decides(self) -> str:
        """What it decides: the name of its setting in outline.yaml."""
        settings = {
            "kind": self.kind,
            "merge_with": self.merge_with,
            "split_at": self.split_at,
            "week": self.week,
            "heading": self.heading,
            "product": self.product,
        }
        return next((name for name, value in settings.items() if value is not None), "drop")

    @property
    def said(self) -> str:
        """What it decides, and how, in a few words."""
        value = self.drop_because if self.decides == "drop" else getattr(self, self.decides)
        name = {"split_at": "split at", "drop": "drop because"}.get(self.decides, self.decides.replace("_", " "))
        return f"{name} {value}"


NO_PRODUCT = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """An override as it was applied to an article.

    `override` is the one that was given, renewed: its words, numbers, key and `known` are those of the block as it is
    now. `block` is the id of the block that it is about, "" where it does nothing any more; then `stale` says why.
    """

    override: Override
    block: str = ""
    stale: str = ""

    @property
    def complaint(self) -> str:
        """What is said of one that does nothing any more."""
        return f"{self.override.block!r} ({self.override.said}): {self.stale}"
