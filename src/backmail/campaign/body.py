"""Writes blocks of an article as the Markdown of a step: verbatim, in containers, exercises in numbered steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from backmail.campaign.adapt import Rewording, reword, sentence_case
from backmail.campaign.grouping import grouped
from backmail.markup import attribute, escape, fold, inert, plain, protect
from backmail.model.article import Block, Kind, Unit, UnitKind
from backmail.model.plan import Repeat

# Kinds whose blocks stand in a container of the same name; the others are plain paragraphs.
CONTAINED = frozenset({Kind.EXERCISE, Kind.HOW_TO, Kind.SAFETY, Kind.FAQ, Kind.PRODUCT, Kind.SOURCES})
DOSES = ("position", "hold", "repeats", "sides", "equipment")
# What may stand above or below an exercise's text when that is cut into steps.
_BESIDE_TEXT = frozenset({UnitKind.IMAGE, UnitKind.RULE})

_HEADING_SIGNS = re.compile(r"\A\s{0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*\Z")
_UNDERLINE = re.compile(r"\n[ \t]*(?:=+|-+)[ \t]*\Z")
_ENTRY = re.compile(r"\s*- (?!\w+:\s)")
_ORDERED = re.compile(r"\s*(\d{1,9})[.)]")

Sentences = Callable[[str, str], Sequence[str]]
Instructs = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Writing:
    """What is needed to write any block of one article.

    `sentences` cuts a text of a language into sentences that join to the same text, and `instructs` says whether such
    a sentence tells the reader to do something; both know languages, which this room does not.
    """

    format: str
    safety_format: str
    language: str
    sentences: Sentences
    instructs: Instructs
    rewordings: Mapping[str, Sequence[Rewording]] = field(default_factory=dict)
    skus: Mapping[str, str] = field(default_factory=dict)

    def forms(self, block: Block) -> dict[str, str]:
        """Return the sentences of a block that are reworded, each with its new form."""
        return {each.sentence: each.reworded for each in self.rewordings.get(block.id, ())}


def repeated(repeat: Repeat, step: str) -> str:
    """Return the note that repeats a safety sentence; `step` is the id of the step that holds all of that text."""
    return f"::: note{attribute('id', repeat.block)}{attribute('repeats', step)}\n{escape(repeat.text)}\n:::"


def written(block: Block, writing: Writing) -> str:
    """Return a block as Markdown, in its container if its kind has one."""
    text = "\n\n".join(part for part in (_heading(block, writing), _content(block, writing)) if part)
    if block.kind not in CONTAINED:
        return text
    fence = f"::: {block.kind}{attribute('id', block.id)}"
    if block.kind is Kind.PRODUCT:
        fence += attribute("sku", writing.skus[block.id])
    if block.kind is Kind.EXERCISE:
        fence += "".join(attribute(key, fold(block.dose[key].text)) for key in DOSES if key in block.dose)
    if block.language != writing.language:
        fence += attribute("lang", block.language)
    return f"{fence}\n{text}\n:::"


def head_of(block: Block) -> Unit | None:
    """Return the unit that is the block's heading, or None."""
    first = block.units[0]
    said = block.heading and not block.renamed and fold(first.text) == fold(block.heading)
    if first.kind is UnitKind.HEADING or said:
        return first
    return None


def _heading(block: Block, writing: Writing) -> str:
    """Return the block's heading, always of the second level: the mail's own title is the first."""
    if block.renamed:
        return f"## {escape(block.heading)}"
    head = head_of(block)
    if head is None:
        return ""
    forms = writing.forms(block)
    if not head.marked:
        return f"## {escape(sentence_case(reword(fold(head.text), forms)))}"
    return f"## {inert(sentence_case(reword(_signs_of(head), forms)))}"


def _signs_of(head: Unit) -> str:
    """Return what stands in a heading that is marked as one, as its source has it."""
    return fold(_HEADING_SIGNS.sub("", _UNDERLINE.sub("", head.raw.strip("\n"))))


def source_heading(block: Block) -> str:
    """Return the words of a block's heading as the source has them, in its capitals; "" for none."""
    head = head_of(block)
    if block.renamed or head is None:
        return fold(block.heading) if block.renamed else ""
    if not head.marked:
        return fold(head.text)
    return plain(f"## {inert(_signs_of(head))}")


def _content(block: Block, writing: Writing) -> str:
    """Return what stands below the heading."""
    units = block.units[1:] if head_of(block) else block.units
    if block.kind is Kind.EXERCISE:
        steps = _in_steps(block, units, writing)
        if steps:
            return steps
    return _as_it_is(block, units, writing)


def _as_it_is(block: Block, units: Sequence[Unit], writing: Writing) -> str:
    """Return units of a block as their source has them."""
    source_format = _format(block, writing)
    if source_format != "txt":  # the units of a page come with Markdown of their own
        return _markdown(units, writing.forms(block), lined=source_format == "md")
    return _plain(units, writing.forms(block))


def _in_steps(block: Block, units: Sequence[Unit], writing: Writing) -> str:
    """Return an exercise as why, numbered instructions, effect; "" where its text is no plain running text.

    Pictures may stand above and below the text, not inside it.
    """
    source_format = _format(block, writing)
    runs = [(running, list(run)) for running, run in groupby(units, lambda unit: _is_running_text(unit, source_format))]
    around = [unit for running, run in runs if not running for unit in run]
    if sum(running for running, _ in runs) != 1 or any(unit.kind not in _BESIDE_TEXT for unit in around):
        return ""
    made: list[str] = []
    for running, run in runs:
        text = _grouped(block, run, writing) if running else _as_it_is(block, run, writing)
        if not text:
            return ""
        made.append(text)
    return "\n\n".join(made)


def _grouped(block: Block, units: Sequence[Unit], writing: Writing) -> str:
    """Return paragraphs of an exercise as why, numbered instructions, effect; "" where they are better left alone."""
    forms = writing.forms(block)
    texts = [reword(fold(unit.text), forms) for unit in units]
    paragraphs = [[fold(each) for each in writing.sentences(text, block.language) if fold(each)] for text in texts]
    doses = {key: fold(dose.text) for key, dose in block.dose.items()}
    found = grouped(
        paragraphs,
        lambda sentence: writing.instructs(sentence, block.language),
        tuple(doses.values()),
        doses.get("position", ""),
    )
    if found is None:
        return ""
    steps = "\n".join(f"{number}. {escape(each)}" for number, each in enumerate(found.steps, 1))
    return "\n\n".join([*map(escape, found.why), steps, *map(escape, found.effect)])


def _format(block: Block, writing: Writing) -> str:
    """Return the format of the text that a block is from: a safety text that was added may have another."""
    return writing.safety_format if block.file else writing.format


def _is_running_text(unit: Unit, source_format: str) -> bool:
    """Whether a unit is a paragraph without markup of its own."""
    if unit.kind is not UnitKind.PARAGRAPH:
        return False
    return source_format == "txt" or plain(protect(unit.raw)) == fold(unit.raw) == fold(unit.text)


def _plain(units: Sequence[Unit], forms: Mapping[str, str]) -> str:
    """Return units of a plain text: paragraphs and lists."""
    parts: list[str] = []
    items: list[str] = []
    base = min((unit.level for unit in units if unit.kind is UnitKind.ITEM), default=0)
    for unit in units:
        text = reword(fold(unit.text), forms)
        if unit.kind is UnitKind.ITEM:
            items.append("   " * (unit.level - base) + _sign(unit) + escape(text))
            continue
        if items:
            parts.append("\n".join(items))
            items = []
        if unit.kind is UnitKind.HEADING:
            parts.append(f"### {escape(sentence_case(text))}")
        elif text:
            parts.append(escape(text))
    if items:
        parts.append("\n".join(items))
    return "\n\n".join(parts)


def _sign(unit: Unit) -> str:
    """Return the sign in front of an item: a number stays the number that the source has."""
    number = _ORDERED.match(unit.raw)
    return f"{number[1]}. " if unit.ordered and number else "- "


def _markdown(units: Sequence[Unit], forms: Mapping[str, str], *, lined: bool) -> str:
    """Return units as their Markdown says them, inert, with headings below the block's own.

    `lined`: they are lines of one source, which say by the blank lines between them what belongs together. Those of a
    page have none, and only the items of a list stand close.
    """
    text = ""
    for unit, previous in zip(units, (None, *units), strict=False):
        if unit.kind is UnitKind.FRONT_MATTER:  # a field's value is YAML in the source, and plain text to a reader
            raw = ("- " if _is_entry(unit) else "") + escape(reword(fold(unit.text), forms))
            joined = previous is not None and _is_entry(previous) and _is_entry(unit)
        else:
            raw = reword(_shown(unit), forms)
            joined = previous is not None and (
                previous.end + 1 == unit.start if lined else previous.kind is unit.kind is UnitKind.ITEM
            )
        if raw.strip() and not _is_unseen(unit):
            text += ("\n" if joined else "\n\n") + raw
    return protect(_dedented(text.strip("\n")), top=3)


def _shown(unit: Unit) -> str:
    """Return the Markdown of a unit; pictures that are written as HTML become Markdown: in a step HTML is text."""
    raw = unit.raw.strip("\n")
    if unit.kind is UnitKind.IMAGE and raw.lstrip().startswith("<") and unit.pictures:
        return "\n".join(f"![{escape(each.alt)}](<{each.source}>)" for each in unit.pictures)
    return raw


def _is_unseen(unit: Unit) -> bool:
    """Whether a unit is for machines only: an HTML comment, a closing tag, a shortcode. Readers would see its signs."""
    return unit.kind is UnitKind.PARAGRAPH and not unit.text.strip()


def _is_entry(unit: Unit) -> bool:
    """Whether a unit is a plain entry of a list in front matter, rather than a field or an entry with fields."""
    return unit.kind is UnitKind.FRONT_MATTER and _ENTRY.match(unit.raw) is not None


def _dedented(text: str) -> str:
    """Take the blanks in front of the first line off all lines: the list that they belonged to is not above them."""
    blanks = len(text) - len(text.lstrip(" "))
    return "\n".join(line[min(blanks, len(line) - len(line.lstrip(" "))) :] for line in text.split("\n"))


def definitions(units: Sequence[Unit], bodies: str) -> Iterator[str]:
    """Give the article's link definitions that a step's text refers to, so that its links lead somewhere there too."""
    for unit in units:
        for line in unit.raw.split("\n"):
            found = re.match(r" {0,3}\[([^\]]+)\]:\s*\S", line)
            if found and re.search(rf"\[{re.escape(found[1])}\](?!:)", bodies, re.IGNORECASE):
                yield inert(line.strip())
