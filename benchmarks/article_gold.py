"""Annotated articles: a folder for each, with the article and `gold.yaml`, which says by hand what every line is for.

```
language: en                     title: ...            format: md | txt | html | docx       note: ...
line_file: article.md            what the lines count: the article, or for a page a text of one element a line
blocks:
- {start: 1, end: 4, kind: intro, alt: [other], role: lead, heading: ...}
```
Lines count from 1, both ends inside; every line with text stands in exactly one block. `alt` are kinds that are as
right; `role` says what a block of kind `other` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from backmail.errors import Fault, InputError, Place, did_you_mean
from backmail.model.article import Kind

# Question and answer are `faq-item` there: a block `faq` could be taken for the whole list.
_FAQ_ITEM = "faq-item"
KINDS = tuple(_FAQ_ITEM if kind is Kind.FAQ else str(kind) for kind in Kind)
FORMATS = ("txt", "md", "html", "docx")
CHROME = "chrome"
# What is not the article's text, or may be cut as one likes: it counts neither for boundaries nor for kinds.
LEFT_OUT = frozenset({
    "chrome", "frontmatter", "related", "toc", "template", "linkdefs", "card", "product-table", "duplicate-heading",
    "disclosure", "media",
})  # fmt: skip
_RULE = re.compile(r"\s*(-{3,}|={3,})\s*")


@dataclass(frozen=True, slots=True)
class GoldBlock:
    """What some lines are for: their kind, other kinds that are as right, and for kind `other` a role."""

    start: int
    end: int
    kind: str
    alt: tuple[str, ...] = ()
    role: str = ""

    @property
    def counts(self) -> bool:
        """Whether its boundaries and kind are measured."""
        return self.role not in LEFT_OUT

    @property
    def allowed(self) -> frozenset[str]:
        """All kinds that are right."""
        return frozenset((self.kind, *self.alt))


@dataclass(frozen=True)
class Gold:
    """An annotated article: its file, the lines that the annotation counts, and its blocks."""

    name: str
    article: Path
    language: str
    format: str
    lines: tuple[str, ...]
    blocks: tuple[GoldBlock, ...]

    @cached_property
    def told(self) -> tuple[int, ...]:
        """The lines that hold text, in order: not the blank ones, nor rules."""
        return tuple(n for n, line in enumerate(self.lines, 1) if line.strip() and not _RULE.fullmatch(line))

    @cached_property
    def place(self) -> dict[int, int]:
        """For a line that holds text, which of them it is."""
        return {line: place for place, line in enumerate(self.told)}

    @cached_property
    def owner(self) -> dict[int, GoldBlock]:
        """For each line of a block that block."""
        return {line: block for block in self.blocks for line in range(block.start, block.end + 1)}

    def words(self, line: int) -> int:
        """Return how many words a line weighs."""
        return max(1, len(self.lines[line - 1].split()))


def read_set(folders: Iterable[Path]) -> list[Gold]:
    """Return the annotated articles in some folders: each is one itself, or holds them.

    Raises:
        InputError: none there, or some that are not what they should be; all faults at once.
    """
    faults: list[Fault] = []
    found: list[Gold] = []
    for folder in folders:
        chosen = [folder] if (folder / "gold.yaml").is_file() else [each.parent for each in folder.glob("*/gold.yaml")]
        if not chosen:
            faults.append(Fault("no annotated article here: expected FOLDER/gold.yaml", Place(str(folder))))
        for each in sorted(chosen):
            try:
                found.append(read_gold(each))
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def read_gold(folder: Path) -> Gold:
    """Return one annotated article.

    Raises:
        InputError: a file is missing, or the annotation does not fit the article; all faults at once.
    """
    path = folder / "gold.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    faults = list(_unset(data, path))
    if faults:
        raise InputError(faults)
    article = folder / f"article.{data['format']}"
    counted = folder / data["line_file"]
    missing = [file for file in {article, counted} if not file.is_file()]
    if missing:
        raise InputError(Fault(f"there is no {file.name} beside it", Place(str(path))) for file in sorted(missing))
    text = counted.read_text(encoding="utf-8", errors="replace")
    blocks = tuple(_block(each) for each in data["blocks"])
    gold = Gold(folder.name, article, data["language"], data["format"], tuple(text.split("\n")), blocks)
    faults = [Fault(message, Place(str(path))) for message in (*_misnamed(blocks), *_uncovered(gold))]
    if faults:
        raise InputError(faults)
    return gold


def _unset(data: Any, path: Path) -> Iterator[Fault]:
    known = data if isinstance(data, dict) else {}
    for key in ("language", "format", "line_file", "blocks"):
        if not known.get(key):
            yield Fault(f"{key} is not set", Place(str(path)))
    if known.get("format") and known["format"] not in FORMATS:
        hint = did_you_mean(str(known["format"]), FORMATS)
        yield Fault(f"format {known['format']!r} is none of {', '.join(FORMATS)}", Place(str(path)), hint)


def _block(entry: dict[str, Any]) -> GoldBlock:
    alt = tuple(entry.get("alt", ()))
    return GoldBlock(int(entry["start"]), int(entry["end"]), entry["kind"], alt, entry.get("role") or "")


def _misnamed(blocks: Sequence[GoldBlock]) -> Iterator[str]:
    for block in blocks:
        for kind in sorted(block.allowed - set(KINDS)):
            meant = did_you_mean(kind, KINDS)
            yield f"line {block.start}: {kind!r} is no kind{'; ' + meant if meant else ''}"


def _uncovered(gold: Gold) -> Iterator[str]:
    """Say which lines stand in no block or in two, and which blocks end before they start or after the article."""
    times = dict.fromkeys(gold.told, 0)
    for block in gold.blocks:
        if not 1 <= block.start <= block.end <= len(gold.lines):
            yield f"lines {block.start}-{block.end}: not within the {len(gold.lines)} lines of the article"
        for line in range(block.start, block.end + 1):
            times[line] = times.get(line, 0) + 1
    for line, number in times.items():
        if number == 0:
            yield f"line {line} stands in no block: {gold.lines[line - 1].strip()[:50]}"
        elif number > 1:
            yield f"line {line} stands in {number} blocks"
