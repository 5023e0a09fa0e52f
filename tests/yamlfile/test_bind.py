"""Binding a file to its model: friendly to what is clear, and every fault with its place and the nearest right word."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel
from pydantic_core import ErrorDetails, PydanticKnownError
from pydantic_core._pydantic_core import list_all_errors

from backmail.errors import CampaignError, InputError
from backmail.yamlfile import bind, parse, wording


def even(number: int) -> int:
    """Take even numbers."""
    if number % 2:
        raise ValueError(f"{number} is odd\ntry {number + 1}")
    return number


class Colour(StrEnum):
    """Two colours."""

    RED = "red"
    GREEN = "green"


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class Mailbox(Strict):
    """A sub-model."""

    name: str
    email: str
    reply_to: str = ""


class Times(Strict):
    """Unions."""

    days: list[Literal["mon", "tue"]] | Literal["any"] = "any"
    at: dt.time | None = None


class File(Strict):
    """A model with everything that files need."""

    after: str
    sender: Mailbox | None = Field(default=None, alias="from")
    times: Times = Field(default_factory=Times)
    colour: Colour = Colour.RED
    subject: Annotated[str, Field(max_length=5)] = ""
    count: Annotated[int, Field(ge=1, le=6), AfterValidator(even)] = 2
    people: list[Mailbox] = []
    notes: dict[str, str] = {}
    ready: bool = False
    day: dt.date | None = None


class Words(RootModel[list[Mailbox]]):
    """A file that is a list."""


def bound(text: str) -> File:
    """Return the text as a File."""
    return bind(parse(text, "f.yaml"), File)


def refused(text: str, model: type[BaseModel] = File) -> list[str]:
    """Return the lines of what is said against the text."""
    with pytest.raises(InputError) as caught:
        bind(parse(text, "f.yaml"), model)
    return str(caught.value).split("\n")


def test_what_is_right_is_bound() -> None:
    file = bound("after: 1w\nfrom: {name: Anna, email: a@example.org}\ntimes: {days: [tue], at: '09:00'}\ncount: 4\n")
    assert file.sender == Mailbox(name="Anna", email="a@example.org")
    assert file.times == Times(days=["tue"], at=dt.time(9))
    assert file.count == 4


def test_a_number_where_text_is_asked_for_is_taken_as_written() -> None:
    file = bound("after: 0\nnotes: {company: 007, rate: 1.50}\nfrom: {name: 2024, email: 0x1F}\n")
    assert file.after == "0"
    assert file.notes == {"company": "007", "rate": "1.50"}
    assert file.sender == Mailbox(name="2024", email="0x1F")


def test_a_key_without_a_value_counts_as_not_set_unless_none_is_a_value() -> None:
    file = bound("after: 1w\ntimes:\n  # at: '09:00'\nsubject:\nfrom:\nnotes: {a: }\n")
    assert file == File(after="1w")
    assert "sender" in file.model_fields_set
    assert "subject" not in file.model_fields_set


def test_keys_with_x_pass_where_they_mean_nothing_and_stay_where_all_keys_are_welcome() -> None:
    file = bound("after: 1w\nx-note: {any: thing}\ntimes: {x-: 1}\nnotes: {x-a: b}\n")
    assert file == File(after="1w", notes={"x-a": "b"})


def test_an_empty_file_is_one_without_settings() -> None:
    assert bind(parse("# nothing\n", "f.yaml"), Words).root == []
    assert bind(parse("", "f.yaml"), Times) == Times()
    assert refused("") == ["f.yaml:1:1: 'after' is missing"]


def test_binding_leaves_the_document_as_it_was() -> None:
    document = parse("after: 7\nx-a: 1\n", "f.yaml")
    bind(document, File)
    assert document.data == {"after": 7, "x-a": 1}


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
from: {nam: Anna, email: a@example.org}
aftr: 1w
shedule: x
colour: gren
subject: too long
count: 3
times: {days: [mon, tuu], at: 9x}
people:
  - {name: A, email: b}
  - name: C
  - text
notes: {a: [1]}
ready: maybe
"""
    assert refused(text) == [
        "f.yaml:1:8: 'nam' is not a setting here",
        "  1 | from: {nam: Anna, email: a@example.org}",
        "             ^ did you mean 'name'?",
        "f.yaml:2:1: 'aftr' is not a setting here",
        "  2 | aftr: 1w",
        "      ^ did you mean 'after'?",
        "f.yaml:3:1: 'shedule' is not a setting here",
        "  3 | shedule: x",
        "      ^ known here: after, from, times, colour, subject, count, people, notes, ready, day",
        "f.yaml:4:9: 'colour' takes red or green, not 'gren'",
        "  4 | colour: gren",
        "              ^ did you mean 'green'?",
        "f.yaml:5:10: 'subject' takes at most 5 characters, not 8",
        "  5 | subject: too long",
        "               ^",
        "f.yaml:6:8: 3 is odd",
        "  6 | count: 3",
        "             ^ try 4",
        "f.yaml:7:21: each entry of 'days' takes mon or tue, not 'tuu'",
        "  7 | times: {days: [mon, tuu], at: 9x}",
        "                          ^ did you mean 'tue'?",
        "f.yaml:7:31: 'at' takes a time such as \"09:00\", not '9x'",
        "  7 | times: {days: [mon, tuu], at: 9x}",
        "                                    ^",
        "f.yaml:10:5: 'email' is missing in 'people'",
        "  10 |   - name: C",
        "           ^",
        "f.yaml:11:5: each entry of 'people' takes settings, each 'name: value', not 'text'",
        "  11 |   - text",
        "           ^",
        "f.yaml:12:12: 'a' takes text, not a list",
        "  12 | notes: {a: [1]}",
        "                  ^",
        "f.yaml:13:8: 'ready' takes true or false, not 'maybe'",
        "  13 | ready: maybe",
        "              ^",
        "12 problems",
    ]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("- a", "f.yaml:1:1: this file takes settings, each 'name: value', not a list", ""),
        ("after:", "f.yaml:1:1: 'after' is needed, and nothing stands after it", ""),
        ("after: true", "f.yaml:1:8: 'after' takes text, not true", 'if it is text: "true"'),
        ("after: 0\ntimes: {days: mo}", "f.yaml:2:15: 'days' takes a list or any, not 'mo'", ""),
        ("after: 0\ntimes: {dais: any}", "f.yaml:2:9: 'dais' is not a setting here", "did you mean 'days'?"),
        ("after: 0\ncuont:", "f.yaml:2:1: 'cuont' is not a setting here", "did you mean 'count'?"),
        ("after: 0\ncount: 7", "f.yaml:2:8: 'count' takes 6 or less, not 7", ""),
        ("after: 0\nday: soon", "f.yaml:2:6: 'day' takes a date such as 2027-03-02, not 'soon'", ""),
        ("after: 0\npeople: [{name: a, email: b, replyto: c}]", "f.yaml:2:30: 'replyto' is not a setting here",
         "did you mean 'reply_to'?"),
        ("after: 0\nfrom: x", "f.yaml:2:7: 'from' takes settings, each 'name: value', not 'x'", ""),
    ],
)  # fmt: skip
def test_what_is_said_to_one_fault(text: str, line: str, hint: str) -> None:
    said = refused(text)
    assert said[0] == line
    assert said[-1].strip() == f"^ {hint}".strip()


def test_a_file_that_is_a_list_names_its_entries() -> None:
    assert refused("- name: a\n  emial: b\n- 5\n", Words)[::3] == [
        "f.yaml:2:3: 'emial' is not a setting here",
        "f.yaml:3:3: each entry of this file takes settings, each 'name: value', not 5",
        "2 problems",
    ]


def test_the_error_is_of_the_kind_that_was_asked_for() -> None:
    with pytest.raises(CampaignError):
        bind(parse("aftr: 1", "f.yaml"), File, CampaignError)


# What no value from a YAML file, and no file model of ours, can meet.
FOREIGN = {
    "no_such_attribute", "json_invalid", "json_type", "needs_python_object", "recursion_loop",
    "recursion_depth_exceeded", "frozen_field", "frozen_instance", "get_attribute_error", "dataclass_exact_type",
    "default_factory_not_called",
    "iteration_error", "string_unicode", "counter_type", "bytes_invalid_encoding", "missing_sentinel_error",
    "ellipsis_error", "is_instance_of", "is_subclass_of", "callable_type", "arguments_type", "missing_argument",
    "unexpected_keyword_argument", "missing_keyword_only_argument", "unexpected_positional_argument",
    "missing_positional_only_argument", "multiple_argument_values", "complex_type", "complex_str_parsing",
}  # fmt: skip
TOLD_ELSEWHERE = {"missing", "extra_forbidden", "value_error", "assertion_error"}


@pytest.mark.parametrize("error", list_all_errors(), ids=lambda error: error["type"])
def test_every_error_type_of_pydantic_has_words_of_our_own(error: dict[str, object]) -> None:
    kind = str(error["type"])
    context = error.get("example_context") or {}
    assert isinstance(context, dict)
    said = wording.takes(kind, {name: value if value != "" else "'x'" for name, value in context.items()})
    assert (said == "another value") == (kind in FOREIGN | TOLD_ELSEWHERE)
    for foreign in ("Input", "valid", "should", "str", "dict", "None"):
        assert foreign not in said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "nothing"), (True, "true"), (1.5, "1.5"), ([1], "a list"), ({}, "settings of its own"),
        ("it's", '"it\'s"'), ("a" * 40, "'" + "a" * 40 + "'"), ("a" * 41, "'" + "a" * 39 + "…'"),
    ],
)  # fmt: skip
def test_how_a_value_is_named(value: object, said: str) -> None:
    assert wording.shown(value) == said


def test_the_choices_of_an_error_are_what_pydantic_says_they_are() -> None:
    details: ErrorDetails = {
        "type": "literal_error",
        "loc": (),
        "msg": "",
        "input": "",
        "ctx": {"expected": "'a', \"b'c\" or 'd'"},
    }
    assert PydanticKnownError("literal_error", details["ctx"]).message().endswith("'d'")
    assert wording.choices(details["ctx"]) == ["a", "b'c", "d"]
    assert wording.takes("literal_error", details["ctx"]) == "a, b'c or d"
