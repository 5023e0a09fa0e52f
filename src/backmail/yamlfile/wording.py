"""What a file model refuses, said in the words of the person who wrote the file: no word of pydantic reaches her."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Context = Mapping[str, Any]
_LONGEST_SHOWN = 40

# What a setting takes, by the type of pydantic's error. These meet a value of the wrong kind.
_KINDS: dict[str, str] = {
    "string_type": "text",
    "bytes_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a smaller whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "fraction_type": "a number",
    "fraction_parsing": "a number",
    "finite_number": "a number that is not endless",
    "none_required": "nothing",
    "date_type": "a date such as 2027-03-02",
    "date_parsing": "a date such as 2027-03-02",
    "date_from_datetime_parsing": "a date such as 2027-03-02",
    "date_from_datetime_inexact": "a date without a time, such as 2027-03-02",
    "date_past": "a date in the past",
    "date_future": "a date to come",
    "time_type": 'a time such as "09:00"',
    "time_parsing": 'a time such as "09:00"',
    "datetime_type": "a date and time such as 2027-03-02 09:00",
    "datetime_parsing": "a date and time such as 2027-03-02 09:00",
    "datetime_from_date_parsing": "a date and time such as 2027-03-02 09:00",
    "datetime_object_invalid": "a date and time such as 2027-03-02 09:00",
    "datetime_past": "a time in the past",
    "datetime_future": "a time to come",
    "timezone_naive": "a time without a zone",
    "timezone_aware": "a time with its zone, such as 09:00+01:00",
    "timezone_offset": "a time of another zone",
    "time_delta_type": "a length of time",
    "time_delta_parsing": "a length of time",
    "model_type": "settings, each 'name: value'",
    "model_attributes_type": "settings, each 'name: value'",
    "dataclass_type": "settings, each 'name: value'",
    "dict_type": "settings, each 'name: value'",
    "frozen_dict_type": "settings, each 'name: value'",
    "ordered_dict_type": "settings, each 'name: value'",
    "mapping_type": "settings, each 'name: value'",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "deque_type": "a list",
    "iterable_type": "a list",
    "named_tuple_type": "a list",
    "set_item_not_hashable": "plain text or a number",
    "url_type": "a web address",
    "url_parsing": "a web address",
    "url_syntax_violation": "a web address",
    "url_scheme": "a web address of another kind",
    "uuid_type": "a UUID",
    "uuid_parsing": "a UUID",
    "uuid_version": "a UUID of another version",
    "invalid_key": "text as names",
}

# These meet a value that is of the right kind and lies outside what is allowed.
_LIMITS: dict[str, Callable[[Context], str]] = {
    "greater_than": lambda ctx: f"more than {ctx['gt']}",
    "greater_than_equal": lambda ctx: f"{ctx['ge']} or more",
    "less_than": lambda ctx: f"less than {ctx['lt']}",
    "less_than_equal": lambda ctx: f"{ctx['le']} or less",
    "multiple_of": lambda ctx: f"a multiple of {ctx['multiple_of']}",
    "too_short": lambda ctx: f"at least {ctx['min_length']} in its list",
    "too_long": lambda ctx: f"at most {ctx['max_length']} in its list",
    "string_too_short": lambda ctx: f"at least {_characters(ctx['min_length'])}",
    "string_too_long": lambda ctx: f"at most {_characters(ctx['max_length'])}",
    "bytes_too_short": lambda ctx: f"at least {_characters(ctx['min_length'])}",
    "bytes_too_long": lambda ctx: f"at most {_characters(ctx['max_length'])}",
    "url_too_long": lambda ctx: f"at most {_characters(ctx['max_length'])}",
    "string_not_ascii": lambda ctx: "plain ASCII letters and signs",
    "string_pattern_mismatch": lambda ctx: f"text of the form {ctx['pattern']}",
    "decimal_max_digits": lambda ctx: f"at most {ctx['max_digits']} digits",
    "decimal_max_places": lambda ctx: f"at most {ctx['decimal_places']} digits after the point",
    "decimal_whole_digits": lambda ctx: f"at most {ctx['whole_digits']} digits before the point",
    "literal_error": lambda ctx: _one_of(choices(ctx)),
    "enum": lambda ctx: _one_of(choices(ctx)),
    "union_tag_invalid": lambda ctx: _one_of(choices(ctx)),
    "union_tag_not_found": lambda ctx: f"settings with {ctx['discriminator'].strip(chr(39))!r} among them",
}


def takes(error_type: str, context: Context) -> str:
    """Return what stands after "takes": what the setting would have accepted."""
    limit = _LIMITS.get(error_type)
    return limit(context) if limit else _KINDS.get(error_type, "another value")


def is_about_kind(error_type: str, value: object) -> bool:
    """Whether the error says that the value is of the wrong kind (a list for text), rather than outside a limit."""
    return error_type.endswith("_type") or (error_type in ("literal_error", "enum") and isinstance(value, list | dict))


def choices(context: Context) -> list[str]:
    """Return the words that are allowed, from the context of an error about a choice."""
    said = str(context.get("expected") or context.get("expected_tags") or "")
    quoted: list[tuple[str, str]] = re.findall(r"'([^']*)'|\"([^\"]*)\"", said)
    return [one or other for one, other in quoted] or ([said] if said else [])


def shown(value: object) -> str:
    """Return the value as it is named in a sentence."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…")
        case list():
            return "a list"
        case dict():
            return "settings of its own"
    return str(value)


def size(error_type: str, value: object) -> str:
    """Return the measure that is wrong about the value where its length is, else the value itself."""
    if error_type.startswith("too_") and isinstance(value, list | dict):
        return str(len(value))
    if "_too_" in error_type and isinstance(value, str):
        return str(len(value))
    return shown(value)


def _characters(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count} characters"


def _one_of(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
