"""What is told of a person, as text from a file, a form or a command: judged column by column, all faults at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from backmail.audience.addresses import normal
from backmail.errors import AddressError
from backmail.model.people import Subscriber
from backmail.yamlfile.fields import language_tag, one_line, zone_name

__all__ = ["COLUMNS", "TAGS_APART", "Wrong", "attribute_name", "judged", "line", "subscriber", "tag_word"]

COLUMNS = ("email", "first_name", "last_name", "language", "timezone", "tags")
TAGS_APART = ";"

_ATTRIBUTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # as in people's files and in segments
_LONGEST_NAME = 100
_SHORT = 200


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a value, and in which column."""

    column: str
    message: str
    hint: str = ""


def subscriber(values: Mapping[str, str]) -> tuple[Subscriber | None, tuple[Wrong, ...]]:
    """Return the person whom the values tell of, or None and all that is wrong with them.

    Args:
        values: by the names of COLUMNS; all others become attributes. An empty value counts as none.
    """
    wrong: list[Wrong] = []

    def taken(column: str, read: Callable[[str], str]) -> str | None:
        value, fault = judged(read, values.get(column, ""))
        if fault:
            wrong.append(Wrong(column, *fault))
        return value or None

    email = taken("email", _email)
    first, last = taken("first_name", line), taken("last_name", line)
    language, timezone = taken("language", language_tag), taken("timezone", zone_name)
    tags = taken("tags", _tags) or ""
    others = {name: taken(name, line) for name in values if name not in COLUMNS}
    if wrong or email is None:
        return None, tuple(wrong) or (Wrong("email", "there is no address"),)
    attributes = {name: value for name, value in others.items() if value is not None}
    return Subscriber(email, first, last, language, timezone, _split(tags), attributes), ()


def judged(read: Callable[[str], str], text: str) -> tuple[str, tuple[str, str] | None]:
    """Return what `read` makes of a text and None, or "" and what is wrong with it, as message and hint."""
    if not text.strip():
        return "", None
    if read in (language_tag, zone_name):
        return _remembered(read, text)
    return _judged(read, text)


def line(text: str) -> str:
    """Return a name or another line of text without white space around it, its letters composed (NFC).

    Raises:
        ValueError: when it holds a control character, a line break, or a byte that is no text.
    """
    if text.isascii() and text.isprintable() and len(text) <= _SHORT:  # as nearly all are: a file has millions
        return text.strip()
    if any(unicodedata.category(char) == "Cs" for char in text):
        raise ValueError("a byte stands in it that is no text in this encoding")
    return unicodedata.normalize("NFC", one_line(text))


def tag_word(text: str) -> str:
    """Return a tag.

    Raises:
        ValueError: when it is none.
    """
    word = line(text)
    if not word or TAGS_APART in word or len(word) > _LONGEST_NAME:
        raise ValueError(f"{word!r} is not a tag\nup to {_LONGEST_NAME} characters, and no {TAGS_APART!r} among them")
    return word


def attribute_name(text: str) -> str:
    """Return the name of a field of your own.

    Raises:
        ValueError: when fields cannot have it: templates and segments ask for them by their names.
    """
    name = text.strip()
    if not _ATTRIBUTE.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise ValueError(f"{name!r} cannot be the name of a field\nletters (a-z), digits, '.', '_' and '-' can")
    return name


def _split(tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, tags.split(TAGS_APART))))


def _tags(text: str) -> str:
    return TAGS_APART.join(tag_word(each) for each in text.split(TAGS_APART) if each.strip())


def _email(text: str) -> str:
    return normal(text)


def _judged(read: Callable[[str], str], text: str) -> tuple[str, tuple[str, str] | None]:
    try:
        return read(text.strip()), None
    except AddressError as error:
        return "", (error.faults[0].message, error.faults[0].hint)
    except ValueError as error:
        message, _, hint = str(error).partition("\n")
        return "", (message, hint)


# A file may hold one wrong zone a hundred thousand times, and to find what was meant takes milliseconds each time.
_remembered = lru_cache(maxsize=4096)(_judged)
