"""Rows of a sheet -> people, each judged by herself; what is wrong is told with line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backmail.audience.files.formulas import restored
from backmail.audience.files.sheet import Row, Sheet
from backmail.audience.values import COLUMNS, Wrong, attribute_name, subscriber
from backmail.errors import Fault, InputError
from backmail.model.people import Subscriber
from backmail.model.states import SubscriberState

__all__ = ["OURS", "STATE", "SUPPRESSED", "Broken", "Entry", "PeopleFile", "read"]

# Columns that only an export has. They are heeded by an import and become no fields.
OURS = "backmail_"
STATE = "backmail_state"
SUPPRESSED = "backmail_suppressed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as a row tells of her.

    `line` is that of the row; `pending` and `suppressed` are what an export says of her in columns of its own.
    """

    line: int
    subscriber: Subscriber
    pending: bool = False
    suppressed: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be used, and all that is wrong with it."""

    row: Row
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class PeopleFile:
    """A file of people: those who can be read, the rows that cannot, and the columns ("" for those passed over)."""

    sheet: Sheet
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    broken: tuple[Broken, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that become fields of the person's own."""
        return tuple(name for name in self.columns if name and name not in COLUMNS and not name.startswith(OURS))

    def faults(self, most: int) -> list[Fault]:
        """Return what is wrong with the first rows that cannot be used, at most so many faults."""
        told = (fault for broken in self.broken for fault in self._faults(broken))
        return [fault for fault, _ in zip(told, range(most), strict=False)]

    def _faults(self, broken: Broken) -> Iterator[Fault]:
        for wrong in broken.wrong:
            column = self.columns.index(wrong.column) if wrong.column and wrong.column in self.columns else -1
            place, source = self.sheet.place(broken.row, column)
            yield Fault(wrong.message, place, wrong.hint, source)


def read(sheet: Sheet) -> PeopleFile:
    """Return the people of a sheet.

    Raises:
        InputError: its columns cannot be used, all faults at once.
    """
    columns = _columns(sheet)
    entries: list[Entry] = []
    broken: list[Broken] = []
    for row in sheet.rows:
        entry, wrong = _entry(row, columns)
        if entry:
            entries.append(entry)
        else:
            broken.append(Broken(row, wrong))
    return PeopleFile(sheet, columns, tuple(entries), tuple(broken))


def _columns(sheet: Sheet) -> tuple[str, ...]:
    """Return the names of the columns as people have them, "" for a column without a name.

    Raises:
        InputError: a name that fields cannot have, or one that stands there twice.
    """
    faults: list[Fault] = []
    names: list[str] = []
    head = Row(sheet.header_line, sheet.header)
    for number, written in enumerate(sheet.header):
        name = "_".join(restored(written.strip()).split())
        small = name.casefold().replace("-", "_")
        if small in COLUMNS or small.startswith(OURS):
            name = small
        elif name:
            try:
                attribute_name(name)
            except ValueError as error:
                message, _, hint = str(error).partition("\n")
                faults.append(_fault(sheet, head, number, message, hint))
        names.append(name)
    twice = {name for name, times in Counter(filter(None, names)).items() if times > 1}
    for number, name in enumerate(names):
        if name in twice and name in names[:number]:
            faults.append(_fault(sheet, head, number, f"a second column is called {name!r}", "call it something else"))
    if faults:
        raise InputError(faults)
    return tuple(names)


def _fault(sheet: Sheet, row: Row, column: int, message: str, hint: str) -> Fault:
    place, source = sheet.place(row, column)
    return Fault(message, place, hint, source)


def _entry(row: Row, columns: tuple[str, ...]) -> tuple[Entry | None, tuple[Wrong, ...]]:
    if row.broken:
        return None, (Wrong("", row.broken),)
    extra = [cell for cell in row.cells[len(columns) :] if cell.strip()]
    nameless = [cell for name, cell in zip(columns, row.cells, strict=False) if not name and cell.strip()]
    if extra or nameless:
        hint = "is a quote missing around a value with the separator in it?"
        return None, (Wrong("", f"{len(row.cells)} values, and the first line names {_named(columns)}", hint),)
    values = {name: restored(cell.strip()) for name, cell in zip(columns, row.cells, strict=False) if name}
    ours = {name: values.pop(name) for name in list(values) if name.startswith(OURS)}
    state = ours.get(STATE, "") or SubscriberState.ACTIVE.value
    who, wrong = subscriber(values)
    if state not in tuple(SubscriberState):
        wrong += (Wrong(STATE, f"{state!r} is no state", f"leave it empty, or write {_states()}"),)
    if who is None or wrong:
        return None, wrong
    return Entry(row.line, who, state == SubscriberState.PENDING, bool(ours.get(SUPPRESSED))), ()


def _named(columns: Iterable[str]) -> int:
    return sum(map(bool, columns))


def _states() -> str:
    return " or ".join(SubscriberState)
