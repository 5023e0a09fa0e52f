"""`backmail segments count|show EXPR`: whom a segment means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from backmail.cli import screen
from backmail.cli.options import project_option
from backmail.errors import visible

if TYPE_CHECKING:
    from backmail.audience.subscribers import Person
    from backmail.config import Project
    from backmail.segments import Segment

_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group("segments", no_args_is_help=True)
def command() -> None:
    """Say whom a segment means: a question about labels and fields.

    Such as 'tag:backpain and not field:language=da'. Conditions are all, tag:x, field:name=value and finished:slug;
    not, and, or and parentheses join them. A value with spaces stands in quotes. A field that is not known is empty:
    field:first_name="".
    """


@command.command("count", short_help="Print how many people a segment means.")
@click.argument("expression", metavar="EXPR")
@_json_option
@project_option
def count(expression: str, as_json: bool, project: Project) -> None:
    """Print how many people a segment means, whether or not we may write to them."""
    segment, number, _ = _asked(expression, project, 0)
    if as_json:
        _say_json(segment, number)
    else:
        screen.say(str(number))


@command.command("show", short_help="Print the people whom a segment means.")
@click.argument("expression", metavar="EXPR")
@click.option("--first", metavar="N", type=click.IntRange(min=1), default=20, show_default=True, help="N at most.")
@_json_option
@project_option
def show(expression: str, first: int, as_json: bool, project: Project) -> None:
    """Print the people whom a segment means, those added first first."""
    segment, number, people = _asked(expression, project, first)
    if as_json:
        _say_json(segment, number, people=[_json(person) for person in people])
        return
    for person in people:
        screen.say(_line(person))
    if number > len(people):
        screen.tell(f"and {number - len(people):,} more: --first N shows as many")


def _asked(expression: str, project: Project, most: int) -> tuple[Segment, int, list[Person]]:
    """Return the segment, how many people it means, and the first of them; say what in it is probably a slip."""
    from backmail import segments
    from backmail.app import opened
    from backmail.audience.segments import count_of, doubts, first_of
    from backmail.audience.subscribers import many

    segment = segments.parse(expression)
    with opened(project) as app, app.reading() as tx:
        for doubt in doubts(tx, segment):
            screen.tell(doubt)
        return segment, count_of(tx, segment), list(many(tx, first_of(tx, segment, most)).values()) if most else []


def _line(person: Person) -> str:
    from backmail.audience.addresses import shown

    one = person.subscriber
    known = [shown(one.email), one.mailbox.name, one.language, one.timezone, "; ".join(one.tags)]
    waits = "" if person.state == "active" else "  (not confirmed)"
    return "  ".join(visible(word) for word in known if word) + waits


def _json(person: Person) -> dict[str, Any]:
    one = person.subscriber
    return {
        "id": person.id,
        "email": one.email,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "language": one.language,
        "timezone": one.timezone,
        "tags": list(one.tags),
        "state": str(person.state),
    }


def _say_json(segment: Segment, number: int, **more: Any) -> None:
    screen.say(json.dumps({"schema": 1, "segment": str(segment), "count": number} | more, ensure_ascii=False, indent=1))
