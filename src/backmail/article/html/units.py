"""Runs of a page -> units: headings, paragraphs, items, tables, pictures, code, with their Markdown and their hints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from backmail.article.html.dom import HEADINGS, Dom
from backmail.article.html.embedded import Embedded, key
from backmail.article.html.grids import rows_of
from backmail.article.html.inline import Piece, code_block, inline_markdown, link_share
from backmail.article.html.places import HEADING_WORDS, Place, Places
from backmail.article.html.regions import Label
from backmail.article.html.walk import Run
from backmail.article.text import is_bare
from backmail.markup import escape, fold
from backmail.model.article import Picture, Unit, UnitKind

__all__ = ["Found", "found_units"]

_DEEPEST = 6
_ITEM_PROSE = 8  # words below the bold first line of an item: with fewer it is a label
_WIDEST = 30  # columns
_NUMBER = re.compile(r"\d{1,2}[.)]?")
_TELLING = 20  # letters of a text that is found inside a longer one


@dataclass(frozen=True, slots=True)
class Found:
    """A unit, why it is not the article ("" where it is), and the share of its letters that are links."""

    unit: Unit
    reason: str
    linked: float = 0.0


def found_units(
    runs: Sequence[Run],
    dom: Dom,
    labels: Mapping[HtmlElement, Label],
    said: Embedded,
    boxes: Mapping[HtmlElement, HtmlElement],
    cards: frozenset[HtmlElement] = frozenset(),
) -> list[Found]:
    """Return the units of a page with the part of the page that each stands in; each run is in exactly one.

    Arguments:
        runs: of the whole page.
        dom: of the page.
        labels: what part of the page each element is.
        said: what the page says of itself.
        boxes: for what stands in a table that is made of boxes, that table.
        cards: the boxes that hold one product each.
    """
    places = Places(dom, boxes, cards)
    begun: set[HtmlElement] = set()  # cards
    answers = "\n".join(said.answers)
    steps = "\n".join(said.steps)
    level = 1
    asked = 0  # number of the unit above that may be a question
    done: list[Found] = []
    for group in _grouped(runs, places):
        place = places.of(group[0].element)
        linked = link_share([piece for run in group for piece in run.pieces])
        for unit in _units(group, place, places):
            hint = unit.hint or _said(unit, said, answers, steps)
            told = hint == "question" and not unit.hint
            if hint == "answer" and asked:
                done[asked - 1] = _asked(done[asked - 1])
            if told:  # some pages call every heading a question: the answer must stand below it
                asked = len(done) + 1
            elif unit.text:
                asked = 0
            level = unit.level if unit.kind is UnitKind.HEADING and unit.level else level
            label = labels.get(group[0].element, Label("", ""))
            if not hint and "](" in unit.raw and any(piece.marks.paid for run in group for piece in run.pieces):
                hint = "sponsored"
            if place.card is not None and hint == "product" and place.card not in begun:
                begun.add(place.card)
                hint = "card"
            kept = _levelled(_hinted(_unlike_step(unit, done), "" if told else hint), level)
            kept = replace(kept, start=len(done) + 1, end=len(done) + 1, region=label.region)
            done.append(Found(kept, label.reason, linked))
    return done


def _unlike_step(unit: Unit, done: Sequence[Found]) -> Unit:
    """Return a bold line below the number of a step as the paragraph that it is: the steps are one text."""
    if unit.kind is not UnitKind.HEADING or unit.level or not done or not _NUMBER.fullmatch(done[-1].unit.text):
        return unit
    return replace(unit, kind=UnitKind.PARAGRAPH, raw=f"**{unit.raw}**", marked=False)


def _hinted(unit: Unit, hint: str) -> Unit:
    """Return a unit with its hint; an answer is no heading, though some pages write it as one."""
    if hint == "answer" and unit.kind is UnitKind.HEADING:
        unit = replace(unit, kind=UnitKind.PARAGRAPH, raw=unit.raw.lstrip("# "), level=0, marked=False)
    return unit if unit.hint == hint else replace(unit, hint=hint)


def _asked(found: Found) -> Found:
    """Return a unit as the question that it is."""
    unit = replace(found.unit, hint="question")
    if unit.kind in (UnitKind.PARAGRAPH, UnitKind.ITEM):
        unit = replace(unit, kind=UnitKind.HEADING, level=0, ordered=False, marked=True)
    return replace(found, unit=_levelled(unit, 2))


def _levelled(unit: Unit, level: int) -> Unit:
    """Return a unit with a level for a heading that has none: one below the last that is marked."""
    if unit.kind is not UnitKind.HEADING or unit.level:
        return unit
    lower = min(level + 1, _DEEPEST)
    text = unit.raw.strip().removeprefix("- ").replace("\\\n", " ").replace("**", "")
    return replace(unit, level=lower, raw=f"{'#' * lower} {text}")


def _grouped(runs: Sequence[Run], places: Places) -> Iterator[list[Run]]:
    """Yield the runs that make one unit: those of a table, of an item, of a paragraph with line breaks."""
    group: list[Run] = []
    for run in runs:
        if group and not _goes_on(group[-1], run, places):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _goes_on(before: Run, run: Run, places: Places) -> bool:
    """Say whether a run belongs to the unit of the run before it."""
    one, other = places.of(before.element), places.of(run.element)
    if run.rule or before.rule:
        return False
    if other.grid is not None or one.grid is not None:
        return one.grid is other.grid
    if other.table is not None:
        return one.table is other.table and one.caption == other.caption
    if other.heading is not None and one.heading is other.heading and _is_choice(run):
        return True
    alike = one.table is None and one.hint == other.hint and one.head == other.head
    return alike and _is_next_line(before, run, places)


def _is_next_line(before: Run, run: Run, places: Places) -> bool:
    """Say whether a run is the next line of the paragraph or of the item that the run before it stands in."""
    one, other = places.of(before.element), places.of(run.element)
    if before.element is run.element:
        return run.breaks == 1 or (run.breaks > 0 and (other.preformatted or other.item is not None))
    if one.item is None or one.item is not other.item or not places.is_plain(one.item):
        return False
    apart = (place.caption or place.preformatted or place.quote for place in (one, other))
    return not any(apart) and bool(before.text) and bool(run.text)


def _units(group: Sequence[Run], place: Place, places: Places) -> Iterator[Unit]:
    """Yield the unit of some runs; of a paragraph whose first line is a heading in bold: both."""
    first = group[0]
    if first.rule:
        yield Unit(UnitKind.RULE, "", "---", 0, 0, path=first.path)
    elif place.preformatted:
        yield _code(group)
    elif not any(run.text for run in group):
        yield from (_image(run, place) for run in group)
    elif place.grid is not None:
        yield _grid(group, place, place.grid)
    elif place.table is not None and not place.caption:
        yield _table(group, place, places)
    elif place.heading is not None and places.is_tile(place.heading):
        parts = _parts(group)
        raw = "- " + " ".join(inline_markdown(run.pieces, bold=False) for run in group)
        yield Unit(UnitKind.ITEM, " ".join(parts), raw, 0, 0, path=group[0].path, pictures=_pictures(group))
    elif place.heading is not None:
        yield _heading(group, place, place.heading)
    elif place.item is not None and not place.caption and not place.head:
        yield from _item(group, place, place.item, places)
    else:
        yield from _paragraphs(group, place)


def _code(group: Sequence[Run]) -> Unit:
    lines = ["".join(piece.text for piece in run.pieces) for run in group]
    parts = tuple(text for text in (fold(line) for line in lines) if text)
    return Unit(
        UnitKind.CODE, " ".join(parts), code_block("\n".join(lines)), 0, 0,
        path=group[0].path, parts=parts if len(parts) > 1 else (),
    )  # fmt: skip


def _image(run: Run, place: Place) -> Unit:
    hint = place.hint if place.card is not None else ""
    return Unit(UnitKind.IMAGE, "", inline_markdown(run.pieces), 0, 0, hint=hint, path=run.path, pictures=run.pictures)


def _heading(group: Sequence[Run], place: Place, element: HtmlElement) -> Unit:
    if sum(len(run.text.split()) for run in group) > HEADING_WORDS:  # a tag taken for its looks
        return _paragraph(group, place)
    given = element.get("aria-level") or ""
    level = int(element.tag[1]) if element.tag in HEADINGS else int(given) if given in tuple("123456") else 2
    parts = tuple(run.text for run in group if run.text)
    said = [run for run in group if not _is_choice(run)] or group
    text = " ".join(_parts(said))
    raw = " ".join(inline_markdown(run.pieces, bold=False) for run in said)
    hint = "question" if place.head and text.endswith("?") else place.hint if place.hint == "product" else ""
    return Unit(
        UnitKind.HEADING, text, f"{'#' * level} {raw}", 0, 0, level, marked=True, hint=hint, path=group[0].path,
        parts=parts if len(parts) > 1 else (), pictures=_pictures(group),
    )  # fmt: skip


def _is_choice(run: Run) -> bool:
    """Say whether a run is one of several buttons in a row ("1x 2x 3x"): a part of its line, but not of a mail."""
    beside = (run.element.getnext(), run.element.getprevious())
    return run.element.tag == "button" and any(each is not None and each.tag == "button" for each in beside)


def _item(group: Sequence[Run], place: Place, item: HtmlElement, places: Places) -> Iterator[Unit]:
    """Yield the unit of an item; of one whose first line is a heading in bold: both.

    What goes on in an item behind a list inside it is a paragraph.
    """
    if item in places.begun or places.is_headed(item):
        yield _paragraph(group, place)
        return
    places.begun.add(item)
    sign = f"{places.numbers[item]}. " if item in places.numbers else "- "
    said = sum(len(run.text.split()) for run in group[1:])
    if said >= _ITEM_PROSE and _is_bold(group[0], whole=False):
        yield _bold_heading(group[:1], place, sign if sign != "- " else "")
        yield _paragraph(group[1:], place)
        return
    indent = "   " * place.depth
    parts = _parts(group)
    lines = [line for run in group if (line := inline_markdown(run.pieces))]
    raw = f"{indent}{sign}" + f"\\\n{indent}{' ' * len(sign)}".join(lines)
    yield Unit(
        UnitKind.ITEM, " ".join(parts), raw, 0, 0, place.depth, item in places.numbers,
        parts=parts if len(parts) > 1 else (), hint=place.hint, path=group[0].path, pictures=_pictures(group),
    )  # fmt: skip


def _bold_heading(head: Sequence[Run], place: Place, sign: str = "") -> Unit:
    """Return the unit of lines that are a heading though no tag says so; its level is found later."""
    parts = _parts(head)
    text = " ".join(parts)
    hint = "question" if place.head and text.endswith("?") else place.hint
    return Unit(
        UnitKind.HEADING, text, sign + " ".join(inline_markdown(run.pieces, bold=False) for run in head), 0, 0,
        marked=True, hint=hint, path=head[0].path, parts=parts if len(parts) > 1 else (), pictures=_pictures(head),
    )  # fmt: skip


def _paragraphs(group: Sequence[Run], place: Place) -> Iterator[Unit]:
    """Yield what stands in a paragraph: a heading where a line is all bold (or opens what is below it), else prose."""
    lines = list(group)
    if place.head or (place.called and len(lines) == 1 and _is_heading_like(lines[0].text)):
        yield _bold_heading(lines, place)
        return
    if not place.caption and not place.quote and _is_bold(lines[0], whole=len(lines) == 1):
        yield _bold_heading([lines.pop(0)], place)
    while lines and not lines[0].text:
        yield _image(lines.pop(0), place)
    if lines:
        yield _paragraph(lines, place)


def _paragraph(group: Sequence[Run], place: Place) -> Unit:
    parts = _parts(group)
    raw = "\\\n".join(line for run in group if (line := inline_markdown(run.pieces)))
    kind = UnitKind.QUOTE if place.quote else UnitKind.PARAGRAPH
    if place.quote:
        raw = "\n".join(f"> {line}" for line in raw.split("\n"))
    hint = "caption" if place.caption else place.hint
    return Unit(
        kind, " ".join(parts), raw, 0, 0,
        hint=hint, path=group[0].path, parts=parts if len(parts) > 1 else (), pictures=_pictures(group),
    )  # fmt: skip


def _is_bold(run: Run, *, whole: bool) -> bool:
    """Say whether a line is one run of bold that reads like a heading; above other lines "Note:" does not."""
    shown = [piece for piece in run.pieces if piece.text.strip()]
    if shown and len(shown) > 1 and shown[-1].text.strip() == ":":
        shown.pop()
    if not shown or any(not piece.marks.strong for piece in shown) or run.pictures:
        return False
    return _is_heading_like(run.text) and (whole or not run.text.endswith(":"))


def _is_heading_like(text: str) -> bool:
    return is_bare(text.rstrip(":")) or (text.endswith("?") and len(text.split()) <= HEADING_WORDS)


def _table(group: Sequence[Run], place: Place, places: Places) -> Unit:
    """Return the unit of a table: its cells' texts are its parts, and its Markdown is a table."""
    rows: dict[HtmlElement, dict[HtmlElement, list[Piece]]] = {}
    for run in group:
        cell = places.of(run.element).cell
        row = cell.getparent() if cell is not None else None
        if cell is not None and row is not None:
            held = rows.setdefault(row, {}).setdefault(cell, [])
            held += [Piece(" "), *run.pieces] if held else run.pieces
    parts = _parts(group)
    return Unit(
        UnitKind.TABLE, " ".join(parts), _table_markdown(list(rows.items())) or escape(" ".join(parts)), 0, 0,
        parts=parts if len(parts) > 1 else (), hint=place.hint, path=_of_table(group[0].path),
        pictures=_pictures(group),
    )  # fmt: skip


def _grid(group: Sequence[Run], place: Place, grid: HtmlElement) -> Unit:
    """Return the unit of a table that is made of boxes: a line for each of its rows."""
    parts = _parts(group)
    lines = []
    for row in rows_of(group, grid):
        cells = [line for run in row if (line := inline_markdown(run.pieces))]
        lines += [" ".join(cells)] if cells else []
    return Unit(
        UnitKind.TABLE, " ".join(parts), "\\\n".join(lines), 0, 0, parts=parts if len(parts) > 1 else (),
        hint=place.hint, path=group[0].path, pictures=_pictures(group),
    )  # fmt: skip


def _of_table(path: str) -> str:
    """Return the path of the table that an element stands in."""
    steps = path.split("/")
    at = next((number for number, step in enumerate(steps) if step.startswith("table[")), len(steps) - 1)
    return "/".join(steps[: at + 1])


def _table_markdown(rows: Sequence[tuple[HtmlElement, Mapping[HtmlElement, Sequence[Piece]]]]) -> str:
    """Return a table as Markdown; without a row of headings its first row stays empty, for Markdown wants one."""
    written = [list(_row_markdown(row, cells)) for row, cells in rows]
    width = min(max((len(row) for row in written), default=0), _WIDEST)
    if not width:
        return ""
    headed = all(cell.tag == "th" for cell in rows[0][1]) and len(rows) > 1
    if not headed:
        written.insert(0, [])
    lines = [" | ".join([*row[:width], *[""] * (width - len(row))]) for row in written]
    lines.insert(1, " | ".join(["---"] * width))
    return "\n".join(f"| {line} |" for line in lines)


def _row_markdown(row: HtmlElement, cells: Mapping[HtmlElement, Sequence[Piece]]) -> Iterator[str]:
    """Yield the cells of a row; one over several columns has empty ones behind it, so that the others stay in place."""
    for cell in row:
        if cell.tag not in ("td", "th"):
            continue
        yield inline_markdown(cells.get(cell, ()), bold=cell.tag == "td").replace("|", "\\|")
        span = cell.get("colspan") or ""
        yield from [""] * (min(int(span), _WIDEST) - 1 if span.isdecimal() and len(span) < 4 else 0)


def _parts(group: Sequence[Run]) -> tuple[str, ...]:
    return tuple(text for run in group if (text := run.text))


def _pictures(group: Sequence[Run]) -> tuple[Picture, ...]:
    return tuple(picture for run in group for picture in run.pictures)


def _said(unit: Unit, said: Embedded, answers: str, steps: str) -> str:
    """Return the hint that the page's own description gives to the unit with that text."""
    text = key(unit.text)
    if not text:
        return ""
    if text in said.questions:
        return "question"
    if text in said.ingredients:
        return "ingredient"
    if len(text) > _TELLING and text in answers:
        return "answer"
    return "step" if len(text) > _TELLING and text in steps else ""
