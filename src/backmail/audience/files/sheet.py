"""Text of a CSV file -> a header and rows, each with its place; a row that cannot be read stops no other."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from backmail.audience.files.encodings import decoded
from backmail.errors import Fault, InputError, Place, did_you_mean

MOST_BYTES = 100_000_000
MOST_COLUMNS = 1_000

_SIGNS = {",": "comma", ";": "semicolon", "\t": "tab"}
_SEP = re.compile(r"sep=.\s*", re.IGNORECASE)  # what Excel puts on the first line, for itself
_WORDS = {  # csv's own, for somebody who sees a spreadsheet
    "unexpected end of data": "a quote that opens in this row is never closed",
    "expected after": "text goes on after a closing quote: a quote within a value is written twice",
    "field larger": "a value is far too long: a quote may be missing",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of the line on which it begins, and its cells; `broken` says why it has none."""

    line: int
    cells: tuple[str, ...] = ()
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read.

    `encoding` and `separator` are the names of what was recognised, for people to see. `header` are the names of the
    columns as they are written.
    """

    file: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]
    lines: tuple[str, ...] = field(repr=False)
    sign: str = ","

    def place(self, row: Row, column: int) -> tuple[Place, str]:
        """Return where a row's cell stands (columns count from 0; -1: the row itself), and that line of the file."""
        at, start = _cell(self.lines, row.line - 1, column, self.sign) if column >= 0 else (row.line - 1, None)
        source = self.lines[at].rstrip("\r\n") if at < len(self.lines) else ""
        return Place(self.file, at + 1, None if start is None else start + 1), source


def sheet_of(data: bytes, file: str, *, wanted: str = "email") -> Sheet:
    """Return the rows of a CSV file.

    Args:
        data: the file's bytes.
        file: its name, for errors.
        wanted: a column that the header must have; capitals make no difference.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    if len(data) > MOST_BYTES:
        raise InputError(Fault(f"this file is larger than {MOST_BYTES // 1_000_000} MB", Place(file), "split it"))
    text, encoding = decoded(data, file)
    # newline="" keeps line ends as they are and knows \n, \r\n and \r, as spreadsheets do; str.splitlines knows more.
    lines = tuple(io.StringIO(text, newline=""))
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    start += start < len(lines) and _SEP.fullmatch(lines[start]) is not None
    if start >= len(lines):
        raise InputError(Fault("this file is empty", Place(file), f"its first line names the columns: {wanted}, ..."))
    sign = _sign(lines[start], wanted)
    head, after = _row(lines, start, sign)
    _judge(head, lines[start].rstrip("\r\n"), file, wanted)
    rows = tuple(row for row in _rows(lines, after, sign) if row.broken or any(cell.strip() for cell in row.cells))
    return Sheet(file, encoding, _SIGNS[sign], head.cells, start + 1, rows, lines, sign)


def _sign(head: str, wanted: str) -> str:
    """Return the sign between the columns: the one that shows the wanted column, else the one that shows most."""

    def shows(sign: str) -> tuple[bool, int]:
        names = [name.strip(' "\r\n').casefold() for name in head.split(sign)]
        return wanted in names, len(names)

    return max(_SIGNS, key=shows)


def _judge(head: Row, source: str, file: str, wanted: str) -> None:
    place = Place(file, head.line)
    if head.broken:
        raise InputError(Fault(f"the names of the columns cannot be read: {head.broken}", place, source=source))
    if len(head.cells) > MOST_COLUMNS:
        raise InputError(Fault(f"this file has {len(head.cells):,} columns, and {MOST_COLUMNS:,} are too many", place))
    names = [name.strip().casefold() for name in head.cells]
    if wanted not in names:
        near = did_you_mean(wanted, [name for name in head.cells if "mail" in name.casefold()] or head.cells)
        mail = next((name for name in head.cells if "mail" in name.casefold()), "")
        hint = f"call the column {mail.strip()!r} {wanted!r}" if mail else near
        raise InputError(Fault(f"no column is called {wanted!r}", place, hint or "the first line names them", source))


def _rows(lines: tuple[str, ...], start: int, sign: str) -> Iterator[Row]:
    while start < len(lines):
        row, start = _row(lines, start, sign)
        yield row


def _row(lines: tuple[str, ...], start: int, sign: str) -> tuple[Row, int]:
    """Return the row that begins on a line (from 0), and the line after it.

    After a row that cannot be read the next line is tried, so that a quote that is never closed costs one row.
    """
    line = lines[start]
    if '"' not in line:
        return Row(start + 1, tuple(line.rstrip("\r\n").split(sign))), start + 1
    reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=sign, strict=True)
    try:
        cells = next(reader)
    except csv.Error as error:
        words = next((ours for theirs, ours in _WORDS.items() if theirs in str(error)), str(error))
        return Row(start + 1, broken=words), start + 1
    return Row(start + 1, tuple(cells)), start + reader.line_num


def _cell(lines: tuple[str, ...], start: int, column: int, sign: str) -> tuple[int, int | None]:
    """Return line and character (from 0) at which a cell of the row on line `start` begins."""
    quoted = False
    for at in range(start, len(lines)):
        for place, char in enumerate(lines[at]):
            if column == 0:
                return at, place
            quoted ^= char == '"'
            column -= char == sign and not quoted
        if not quoted:
            break
    return start, None
