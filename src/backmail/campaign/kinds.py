"""The kinds of values in a campaign's files: spans, times, weekdays, addresses, zones; what each takes, in words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, PlainValidator

from backmail import clock, segments
from backmail.clock import Span
from backmail.errors import did_you_mean
from backmail.model.campaign import Start, StartKind
from backmail.yamlfile.fields import LANGUAGE, SOME_EMAIL, EmailAddress, Line, language_tag, one_line
from backmail.yamlfile.shapes import AGAIN, SOME_LINE, any_case, either, shape, text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_IN_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ANY = "any"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _some(value: str) -> str:
    if not value:
        raise ValueError("this must not be empty")
    return value


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"{value!r} cannot be a name here: letters, digits, '.', '_' and '-' can")
    return value


def _address(value: str) -> str:
    """Take an address on the web, or nothing. One that holds jinja is known only when a mail is made."""
    if not value or "{{" in value:
        return value
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not an address on the web") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or any(sign.isspace() for sign in value):
        raise ValueError(f"{value!r} is not an address on the web\nit begins with https://")
    return value


def _domain(value: str) -> str:
    name = value.rstrip(".").lower()
    try:
        plain = name.encode("idna").decode("ascii")
    except UnicodeError:
        plain = ""
    if "." not in plain or not _DOMAIN.fullmatch(plain):
        hint = "without https:// and without a path" if "/" in value else "such as example.org"
        raise ValueError(f"{value!r} is not the name of a domain\n{hint}")
    return name


def _span(value: object) -> Span:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("this takes a span of time: 0, 30m, 3h, 4d or 1w")
    return clock.parse_span(value)


def _time(value: object) -> dt.time:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{value!r} is not a time of day\nwrite "09:00"')
    return dt.time(int(found[1]), int(found[2]))


def _time_or_any(value: object) -> dt.time | None:
    return None if value == ANY else _time(value)


def _window(value: object) -> tuple[dt.time, dt.time]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError('this takes two times of day: ["08:00", "18:00"]')
    start, end = _time(value[0]), _time(value[1])
    if start == end:
        raise ValueError("the window opens and closes at the same time")
    return start, end


def _days(value: object) -> tuple[int, ...]:
    """Weekdays by their first three letters or in full, or `any`; 0 is Monday."""
    if value == ANY:
        return tuple(range(7))
    if not isinstance(value, list) or not value:
        raise ValueError("this takes a list of weekdays, such as [tue, thu], or any")
    return tuple(sorted({_day(each) for each in value}))


def _day(value: object) -> int:
    word = str(value).lower()
    if word in WEEKDAYS:
        return WEEKDAYS.index(word)
    if word in _IN_FULL:
        return _IN_FULL.index(word)
    hint = did_you_mean(word, (*WEEKDAYS, *_IN_FULL)) or f"write {', '.join(WEEKDAYS)}"
    raise ValueError(f"{value!r} is not a weekday\n{hint}")


def _date(value: object) -> dt.date:
    try:
        return dt.date.fromisoformat(value)  # type: ignore[arg-type]  # a TypeError is told like a wrong date
    except (TypeError, ValueError) as error:
        raise ValueError(f'{value!r} is not a date\nwrite "2027-03-02"') from error


def _skip(value: str) -> str:
    return value if value == "weekends" else _date(value).isoformat()


def _tags(value: object) -> tuple[str, ...]:
    """Tags as a list, or as one text split by `;` (the form of the import)."""
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("this takes tags: [new, backpain] or new;backpain")
    return tuple(dict.fromkeys(one_line(part) for part in parts if part.strip()))


def _tag(value: object) -> str:
    """Return the tag that `tag:x` names, its letters composed as people's tags are."""
    try:
        tree = segments.of_yaml(value)
    except ValueError:
        tree = None
    if not isinstance(tree, segments.Tag):
        raise ValueError(f"{value!r} names no tag\nwrite tag:bought, or 'tag:\"bought twice\"' where it has spaces")
    if ";" in tree.name:
        raise ValueError(f"a tag may not hold ';', and {tree.name!r} does")
    return unicodedata.normalize("NFC", tree.name)


def _start(value: object) -> Start:
    word = str(value)
    if word.startswith("tag:"):
        return Start(StartKind.TAG, _tag(word))
    if word in (StartKind.CONFIRMED, StartKind.ENROLL):
        return Start(StartKind(word))
    hint = did_you_mean(word, (StartKind.CONFIRMED, StartKind.ENROLL)) or "write confirmed, tag:x or enroll"
    raise ValueError(f"{value!r} is nothing that a campaign can start with\n{hint}")


def _audience(value: object) -> str:
    """Take a segment in one line, which is judged where its place is known, or as a tree."""
    return _some(one_line(value)) if isinstance(value, str) else str(segments.of_yaml(value))


_A_SPAN = "a span of time: 0, 30m, 3h, 4d or 1w"
_SPAN = either(
    text(r"^\s*(0[mhdw]?|[1-9][0-9]{0,3}[mhdw])\s*$", _A_SPAN),
    {"type": "integer", "enum": [0], "errorMessage": _A_SPAN},
    examples=["1w", "3d", "12h", 0],
)
_CLOCK = text(f"^{_TIME.pattern}$", 'a time of day in quotes: "09:00"', examples=["09:00"])
_WEEKDAY = either(
    {"type": "string", "enum": list(WEEKDAYS)},
    text(any_case(*WEEKDAYS, *_IN_FULL), f"a weekday: {', '.join(WEEKDAYS)}"),
)
_SOME_DAYS = "a list of weekdays, such as [tue, thu], or any"
_WEEKDAYS = either(
    {"type": "array", "minItems": 1, "items": _WEEKDAY, "errorMessage": _SOME_DAYS},
    {"type": "string", "enum": [ANY], "errorMessage": _SOME_DAYS},
    examples=[["tue"], ["mon", "thu"], ANY],
)
_TIMES = {"type": "array", "minItems": 2, "maxItems": 2, "items": _CLOCK, "examples": [["08:00", "18:00"]]}
_ISO = r"^\d{4}(-?\d\d-?\d\d|-?W\d\d(-?\d)?)$"  # what dt.date.fromisoformat takes
_DATE = text(_ISO, 'a date in quotes: "2027-03-02"', examples=["2027-03-02"])
_A_SKIP = 'weekends, or a date in quotes: "2027-12-24"'
_SKIPS = either({"type": "string", "enum": ["weekends"], "errorMessage": _A_SKIP}, text(_ISO, _A_SKIP, numbers=True))
_LINK = text(r"^$|\{\{|^[Hh][Tt][Tt][Pp][Ss]?://\S+$", "an address on the web: https://...")
_HOST = text(r"^[^\s/:@]+\.[^\s/:@]+$", "the name of a domain: example.org", examples=["example.org"])
_TAGGED = text("[Tt][Aa][Gg]\\s*:", "a tag, written as tag:bought", examples=["tag:bought"])
_LABELS = either({"type": "array", "items": text()}, text(), examples=[["new", "backpain"], "new;backpain"])
_NAMED = text(f"^{_NAME.pattern}$", "a name of letters, digits, '.', '_' and '-'", numbers=True)
_ANY_OF_THEM = {"type": "array", "minItems": 2, "items": {AGAIN: "#/properties/audience"}}
_TREE = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {
        "and": {**_ANY_OF_THEM, "description": "all of these"},
        "or": {**_ANY_OF_THEM, "description": "at least one of these"},
        "not": {AGAIN: "#/properties/audience", "description": "everybody else"},
    },
}
_SEGMENT = either(
    text(r"\S", "a segment: all, tag:x, field:language=da"),
    _TREE,
    examples=["all", "tag:backpain", "tag:backpain and not tag:bought", "field:language=da"],
)
_START = "confirmed, tag:x or enroll"
_STARTS = either(
    {"type": "string", "enum": [str(StartKind.CONFIRMED), str(StartKind.ENROLL)], "errorMessage": _START},
    text("^tag:", _START),
    examples=["confirmed", "tag:backpain", "enroll"],
)

SomeLine = Annotated[Line, AfterValidator(_some), shape(SOME_LINE)]
Audience = Annotated[str, PlainValidator(_audience), shape(_SEGMENT)]
Name = Annotated[str, AfterValidator(_name), shape(_NAMED)]
Email = Annotated[EmailAddress, AfterValidator(_some), shape(SOME_EMAIL)]
Language = Annotated[str, AfterValidator(language_tag), shape(LANGUAGE)]
Address = Annotated[str, AfterValidator(_address), shape(_LINK)]
Domain = Annotated[Line, AfterValidator(_domain), shape(_HOST)]
After = Annotated[Span, PlainValidator(_span), shape(_SPAN)]
Time = Annotated[dt.time, PlainValidator(_time), shape(_CLOCK)]
TimeOrAny = Annotated[
    dt.time | None, PlainValidator(_time_or_any), shape(either(_CLOCK, {"type": "string", "enum": [ANY]}))
]
Window = Annotated[tuple[dt.time, dt.time], PlainValidator(_window), shape(_TIMES)]
Days = Annotated[tuple[int, ...], PlainValidator(_days), shape(_WEEKDAYS)]
Date = Annotated[dt.date, PlainValidator(_date), shape(_DATE)]
Skip = Annotated[str, AfterValidator(_skip), shape(_SKIPS)]
Tag = Annotated[str, PlainValidator(_tag), shape(_TAGGED)]
StartOf = Annotated[Start, PlainValidator(_start), shape(_STARTS)]
Tags = Annotated[tuple[str, ...], PlainValidator(_tags), shape(_LABELS)]
