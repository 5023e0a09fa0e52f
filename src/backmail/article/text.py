"""Plain text -> units: joins hard-wrapped lines, finds list items, rules, and headings that are marked as such."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from backmail.markup import fold
from backmail.model.article import Unit, UnitKind

__all__ = ["BARE_WORDS", "is_bare", "text_units"]

BARE_WORDS = 14  # a heading has no more
_BARE_LENGTH = 110
_NARROWEST, _WIDEST = 35, 110  # columns of a hard-wrapped text
_MOSTLY = 0.6  # of the pairs of lines that must be broken where the next word did not fit
_ITEM = re.compile(r"(\s*)(?:([-*+•‣◦–·▪●○»])|(\d{1,3})[.)])\s+(?=\S)")
_RULE = re.compile(r"\s*([-*_=~#•·.–—])(?:\s*\1){2,}\s*")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,})\s*")
_HASHES = re.compile(r"\s{0,3}(#{1,6})\s+(\S.*?)(?:\s+#+)?\s*")
_ASKED = re.compile(
    r"\s*(?:Q|A|Question|Answer|Spørgsmål|Svar|Frage|Antwort|Fråga|Pregunta|Respuesta|Réponse)\s?\d{0,3}\s?[:.)]\s",
    re.I,
)
_LABEL = re.compile(r"\s*\*\*([^*]+)\*\*:?\s*")
_END = re.compile(r"[.!?:;,…][\"”’»)\]*_]*\s*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """One non-blank line: `kind` is plain, item, rule, marked (heading by its signs), ruled (by an underline)."""

    number: int
    raw: str
    kind: str

    @property
    def length(self) -> int:
        return len(self.raw.rstrip())


def is_bare(text: str) -> bool:
    """Say whether a line looks like a heading: few words, and nothing at its end that ends a sentence."""
    return (
        0 < len(text.split()) <= BARE_WORDS
        and len(text) <= _BARE_LENGTH
        and not _END.search(text)
        and any(sign.isalpha() for sign in text)
    )


def text_units(text: str) -> tuple[Unit, ...]:
    """Return the units of a plain text: each non-blank line is in exactly one, in their order.

    A line is a paragraph; but where lines are broken at a fixed width, those of one paragraph make one unit.
    """
    runs = _runs(text.split("\n"))
    pairs = [pair for run in runs for pair in itertools.pairwise(run) if _may_join(*pair)]
    width = _wrapped_at(pairs)
    spaced = len(runs) > 2 and len(runs) * 3 > sum(len(run) for run in runs)
    units: list[Unit] = []
    for run in runs:
        group: list[_Line] = []
        for line in run:
            if group and not _joined(group[-1], line, width, spaced=spaced):
                units.append(_unit(group))
                group = []
            group.append(line)
        units.append(_unit(group))
    return tuple(units)


def _runs(lines: list[str]) -> list[list[_Line]]:
    """Return the non-blank lines in runs that blank lines part."""
    runs: list[list[_Line]] = [[]]
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            runs.append([])
            continue
        run = runs[-1]
        if run and run[-1].kind == "plain" and _UNDERLINE.fullmatch(raw) and is_bare(fold(run[-1].raw)):
            run[-1] = _Line(run[-1].number, run[-1].raw, "ruled")
            run.append(_Line(number, raw, "underline"))
        else:
            run.append(_Line(number, raw, _kind(raw)))
    return [run for run in runs if run]


def _kind(raw: str) -> str:
    if _RULE.fullmatch(raw):
        return "rule"
    if _HASHES.fullmatch(raw) or ((label := _LABEL.fullmatch(raw)) and is_bare(label[1].rstrip(":?"))):
        return "marked"
    return "item" if _ITEM.match(raw) else "plain"


def _may_join(first: _Line, second: _Line) -> bool:
    return first.kind in ("plain", "item") and second.kind == "plain" and not _ASKED.match(second.raw)


def _full(first: _Line, second: _Line, width: int) -> bool:
    """Say whether the first word of the second line would not have fitted on the first."""
    return first.length + 1 + len(second.raw.split()[0]) > width


def _wrapped_at(pairs: list[tuple[_Line, _Line]]) -> int:
    """Return the width at which the text is hard-wrapped, or 0: most lines are broken because they are full."""
    lengths = [first.length for first, _ in pairs if first.length <= _WIDEST]
    if not lengths or len(lengths) * 5 < len(pairs) * 4:
        return 0
    width = max(lengths)
    full = [pair for pair in pairs if _full(*pair, width)]
    running = [pair for pair in full if not _END.search(pair[0].raw)]
    small = [pair for pair in full if pair[1].raw.lstrip()[0].islower()]
    if width < _NARROWEST or len(full) < _MOSTLY * len(pairs) or len(running) * 2 < len(full):
        return 0
    # Lines of about one length may be a list; in a paragraph many begin in the middle of a sentence.
    return width if len(small) * 3 >= len(full) and (len(full) > 2 or len(small) == len(full)) else 0


def _joined(first: _Line, second: _Line, width: int, *, spaced: bool) -> bool:
    """Say whether the second line goes on with the paragraph, item or heading of the first."""
    if second.kind == "underline":
        return first.kind == "ruled"
    if not _may_join(first, second):
        return False
    if width and _full(first, second, width):
        return True
    indented = first.kind == "item" and len(second.raw) - len(second.raw.lstrip()) >= 2
    # Lines broken by hand, in a text whose paragraphs are parted by blank lines.
    by_hand = spaced and first.length >= 40 and not _END.search(first.raw) and second.raw.lstrip()[0].islower()
    return indented or by_hand


def _unit(lines: list[_Line]) -> Unit:
    """Return the unit that the lines make."""
    raw = "\n".join(line.raw for line in lines)
    start, end = lines[0].number, lines[-1].number
    first = lines[0]
    if first.kind == "rule":
        return Unit(UnitKind.RULE, "", raw, start, end)
    if first.kind == "ruled":
        level = 1 if lines[-1].raw.strip()[0] == "=" else 2
        return Unit(UnitKind.HEADING, fold(first.raw), raw, start, end, level=level, marked=True)
    if hashes := _HASHES.fullmatch(first.raw):
        return Unit(UnitKind.HEADING, fold(hashes[2]), raw, start, end, level=len(hashes[1]), marked=True)
    if first.kind == "marked" and (label := _LABEL.fullmatch(first.raw)):
        return Unit(UnitKind.HEADING, fold(label[1]), raw, start, end, level=3, marked=True)
    if item := _ITEM.match(raw):
        depth = min(len(item[1].expandtabs(4)) // 2, 5)
        text = fold(raw[item.end() :])
        return Unit(UnitKind.ITEM, text, raw, start, end, level=depth, ordered=item[3] is not None)
    return Unit(UnitKind.PARAGRAPH, fold(raw), raw, start, end)
