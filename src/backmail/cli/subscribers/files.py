"""`backmail subscribers import|export`: people as CSV."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from backmail.cli import screen
from backmail.cli.agreement import agree
from backmail.cli.options import project_option
from backmail.cli.subscribers.options import kept_words
from backmail.errors import Fault, InputError, Place, SafetyStop, UsageError

if TYPE_CHECKING:
    from backmail.audience.files import Import, PeopleFile
    from backmail.config import Project

_LINES_NAMED = 5


@click.command("import", short_help="Add the people of a CSV file, dry at first.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--consent", metavar="TEXT", help="With --live: on what ground you may write to them. It is kept.")
@click.option("--live", is_flag=True, help="Do it. [default: only say what would happen]")
@click.option("--expect", metavar="N", type=click.IntRange(min=0), help="How many will be added; else it is asked.")
@click.option("--shown", type=click.IntRange(0), default=10, show_default=True, help="How many faults are shown.")
@project_option
def import_(file: Path, consent: str | None, live: bool, expect: int | None, shown: int, project: Project) -> None:
    """Add the people of a CSV file: columns email, first_name, last_name, language, timezone, tags (a;b), fields.

    Without --live it says what would happen, and does nothing. Who is here already stays as she is, and who
    unsubscribed, bounced or complained stays away. Rows with faults are named and left out. Nobody begins a campaign.
    """
    if expect is not None and not live:
        raise UsageError("--expect belongs to --live: without it nothing is done")
    basis = kept_words("--consent", consent)
    if live and not basis:
        hint = "--consent 'signed up at the counter, on paper, 2026'"
        raise UsageError(Fault("--live needs --consent: on what ground may you write to them?", hint=hint))
    from backmail.app import opened
    from backmail.audience.files import carry_out, weigh

    people = _read(file, shown)
    with opened(project) as backmail:
        with backmail.reading() as tx:
            would = weigh(tx, people, backmail.pepper)
        for line in _lines(people, would):
            screen.say(line)
        if not live or not would.new:
            screen.tell("nothing was done; --live does it" if would.new else "nobody is new: nothing was done")
            return
        agree(len(would.new), expect, what="people to add", command=_typed(file, basis))
        with backmail.durable() as tx:
            now = weigh(tx, people, backmail.pepper)
            if len(now.new) != len(would.new):
                raise SafetyStop(f"{len(now.new)} people are new by now: nothing was done")
            carry_out(tx, now, backmail.pepper, basis=basis, now=backmail.now())
    screen.say(f"added {len(would.new)}")


def _read(file: Path, shown: int) -> PeopleFile:
    """Return the people of a file, and tell of the rows that cannot be used.

    Raises:
        InputError: the file cannot be used, or none of its rows.
    """
    from backmail.audience.files import MOST_BYTES, read, sheet_of

    if file.is_dir():
        raise InputError(Fault("this is a folder, not a CSV file", Place(str(file))))
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)  # one more than is taken tells that there is more
    people = read(sheet_of(data, str(file)))
    faults = people.faults(shown)
    if people.broken and not people.entries:
        raise InputError(faults or [Fault("no row can be used", Place(str(file)))])
    for fault in faults:
        screen.tell(str(fault))
    return people


def _lines(people: PeopleFile, would: Import) -> Iterator[str]:
    sheet = people.sheet
    yield f"{sheet.file}: {sheet.encoding}, columns separated by {sheet.separator}s"
    yield f"  fields      {', '.join(people.fields) or 'none of your own'}"
    yield f"  new         {len(would.new)}"
    yield f"  known       {len(would.known)}{_named(would.known)}"
    yield f"  suppressed  {len(would.suppressed)}{_named(would.suppressed)}"
    yield f"  repeated    {len(would.repeated)}{_named([line for line, _ in would.repeated])}"
    yield f"  broken      {len(people.broken)}{_named([one.row.line for one in people.broken])}"


def _named(lines: Sequence[int]) -> str:
    if not lines:
        return ""
    more = ", ..." if len(lines) > _LINES_NAMED else ""
    return f" (line{'' if len(lines) == 1 else 's'} {', '.join(map(str, lines[:_LINES_NAMED]))}{more})"


def _typed(file: Path, consent: str) -> list[str]:
    return ["subscribers", "import", str(file), "--live", "--consent", consent]


@click.command("export", short_help="Write everybody as CSV that import reads.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write. [default: stdout]")
@project_option
def export(out: Path | None, project: Project) -> None:
    """Write everybody as CSV that `import` reads: also who has not confirmed, and to whom we may not write.

    A file is readable by you alone. Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    from backmail.app import opened
    from backmail.audience import files

    with opened(project) as backmail, backmail.reading() as tx:
        if out is None:
            count = files.export(tx, sys.stdout)
        else:
            with _private(out) as stream:
                count = files.export(tx, stream)
    screen.tell(f"{count} {'person' if count == 1 else 'people'}" + (f" in {shlex.quote(str(out))}" if out else ""))


@contextmanager
def _private(path: Path) -> Iterator[TextIO]:
    """Open a file to write that nobody else can read; it takes its place when it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # with mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
        Path(name).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
