"""Options and small words that the verbs about people share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backmail.errors import Fault, UsageError

if TYPE_CHECKING:
    from backmail.audience.subscribers import Person
    from backmail.model.people import Subscriber

Verb = TypeVar("Verb", bound=Callable[..., Any])

_OPTIONS = (
    ("--first-name", "first_name", "Her first name."),
    ("--last-name", "last_name", "Her last name."),
    ("--language", "language", "The language she reads best: en, da."),
    ("--timezone", "timezone", "Her time zone: Europe/Copenhagen."),
)


def email_argument(verb: Verb) -> Verb:
    """Give a verb the argument EMAIL, as `email: str`."""
    return click.argument("email")(verb)


def person_options(verb: Verb) -> Verb:
    """Give a verb names, language, zone and fields: `first_name` and so on, None where it was not said; `fields`."""
    fields = click.option(
        "--field", "fields", multiple=True, metavar="NAME=VALUE", help="A field of your own. Repeatable."
    )
    verb = fields(verb)
    for flag, name, text in reversed(_OPTIONS):
        verb = click.option(flag, name, metavar="TEXT", help=text)(verb)
    return verb


def told(email: str, given: dict[str, str | None], fields: Sequence[str], tags: Sequence[str] = ()) -> Subscriber:
    """Return the person whom the command line tells of.

    Raises:
        UsageError: with all that is wrong.
    """
    from backmail.audience.values import COLUMNS, TAGS_APART, subscriber

    own, faults = _own(fields)
    columns = {name: value or "" for name, value in given.items()}
    faults += [Fault(f"--field {name}: this has an option of its own") for name in own if name in COLUMNS]
    faults += [Fault(f"--tag {tag}: no {TAGS_APART!r} can stand in a tag") for tag in tags if TAGS_APART in tag]
    own = {name: value for name, value in own.items() if name not in COLUMNS}
    who, wrong = subscriber({"email": email, **columns, "tags": TAGS_APART.join(tags), **own})
    faults += [Fault(f"{_named(one.column)}: {one.message}", hint=one.hint) for one in wrong]
    if faults or who is None:
        raise UsageError(faults)
    return who


def own_fields(fields: Sequence[str]) -> dict[str, str]:
    """Return what `--field NAME=VALUE` said, by name; an empty value stays.

    Raises:
        UsageError: with all that is wrong.
    """
    own, faults = _own(fields)
    if faults:
        raise UsageError(faults)
    return own


def kept_words(option: str, text: str | None) -> str:
    """Return words for the record without white space around them, "" for none.

    Raises:
        UsageError: they hold bytes that are no text, which the terminal passed on as they were.
    """
    words = (text or "").strip()
    if not words.isprintable() and any("\ud800" <= char <= "\udfff" or char == "\0" for char in words):
        raise UsageError(f"{option}: a byte stands in it that is no text")
    return words


def shown_name(person: Person) -> str:
    """Return a person's address as people read it."""
    from backmail.audience.addresses import shown

    return shown(person.subscriber.email)


def listed(words: Iterable[str]) -> str:
    """Return words in a row, or "none"."""
    return ", ".join(words) or "none"


def _own(fields: Sequence[str]) -> tuple[dict[str, str], list[Fault]]:
    from backmail.audience.values import attribute_name

    own: dict[str, str] = {}
    faults: list[Fault] = []
    for field in fields:
        name, sign, value = field.partition("=")
        try:
            own[attribute_name(name)] = value
        except ValueError as error:
            message, _, hint = str(error).partition("\n")
            faults.append(Fault(f"--field {field}: {message}", hint=hint))
        if not sign:
            faults.append(Fault(f"--field {field}: there is no value", hint=f"write {name}=VALUE"))
    return own, faults


def _named(column: str) -> str:
    if column == "email":
        return "EMAIL"
    if column == "tags":
        return "--tag"
    options = {name: flag for flag, name, _ in _OPTIONS}
    return options.get(column, f"--field {column}")
