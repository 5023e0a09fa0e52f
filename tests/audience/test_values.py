"""What is told of a person is judged column by column, and all faults are told at once."""

import time

import pytest

from backmail.audience.values import Wrong, attribute_name, subscriber, tag_word
from backmail.model.people import Subscriber


def test_values_become_a_person() -> None:
    values = {
        "email": " Anna@Example.org ", "first_name": " Anna ", "last_name": "", "language": "da",
        "timezone": "Europe/Copenhagen", "tags": "vip; new;;vip", "size": "41", "empty": " ",
    }  # fmt: skip
    who = Subscriber("Anna@example.org", "Anna", None, "da", "Europe/Copenhagen", ("vip", "new"), {"size": "41"})
    assert subscriber(values) == (who, ())


def test_letters_are_composed_so_that_equal_names_are_equal() -> None:
    assert subscriber({"email": "a@example.org", "first_name": "A\u030asa"})[0] == Subscriber("a@example.org", "Åsa")


def test_all_that_is_wrong_is_told_by_column() -> None:
    values = {
        "email": "anna", "first_name": "An\x00na", "last_name": "\udce6", "language": "Danish",
        "timezone": "Europe/Kopenhagen", "tags": "a;" + "b" * 101, "size": "4\n1",
    }  # fmt: skip
    who, wrong = subscriber(values)
    assert who is None
    assert [one.column for one in wrong] == list(values)
    told = " | ".join(f"{one.message} > {one.hint}" for one in wrong)
    for words in (
        "it has no @ > write it as",
        "U+0000",
        "a byte stands in it that is no text",
        "'Danish' is not a language tag > write en",
        "unknown time zone 'Europe/Kopenhagen' > did you mean 'Europe/Copenhagen'?",
        "is not a tag > up to 100",
        "U+000A",
    ):
        assert words in told


def test_without_an_address_there_is_nobody() -> None:
    assert subscriber({"first_name": "Anna"}) == (None, (Wrong("email", "there is no address"),))


def test_a_wrong_zone_is_looked_up_once() -> None:
    began = time.perf_counter()
    for _ in range(20_000):
        subscriber({"email": "a@example.org", "timezone": "Europe/Kopenhagn"})
    assert time.perf_counter() - began < 5  # each look for what was meant takes milliseconds


@pytest.mark.parametrize("name", ["", "Größe", "a b", "-a", "a=b", "x" * 101])
def test_a_field_has_a_name_that_templates_and_segments_can_say(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a field"):
        attribute_name(name)


@pytest.mark.parametrize("word", ["", " ", "a;b", "x" * 101])
def test_a_tag_is_a_word(word: str) -> None:
    with pytest.raises(ValueError, match="is not a tag"):
        tag_word(word)
    assert tag_word(" back pain ") == "back pain"
