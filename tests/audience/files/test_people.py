"""Rows become people; each that cannot is told with line and column, and stops no other."""

import pytest

from backmail.audience.files import Entry, PeopleFile, read, sheet_of
from backmail.errors import InputError
from backmail.model.people import Subscriber


def people(text: str) -> PeopleFile:
    """Return the people of a file."""
    return read(sheet_of(text.encode("utf-8", errors="surrogateescape"), "people.csv"))


def test_columns_become_a_person_and_the_others_her_own_fields() -> None:
    found = people(
        "Email;First Name;last-name;LANGUAGE;timezone;Tags;Shoe Size;;backmail_other\n"
        'a@example.org;\'=Anna;Berg;da;Europe/Oslo;"vip;new";41;;x\n'
        "b@example.org\n"
    )
    assert found.fields == ("Shoe_Size",)
    assert found.entries == (
        Entry(
            2, Subscriber("a@example.org", "=Anna", "Berg", "da", "Europe/Oslo", ("vip", "new"), {"Shoe_Size": "41"})
        ),
        Entry(3, Subscriber("b@example.org")),
    )
    assert found.broken == ()


def test_sixty_columns_are_sixty_fields() -> None:
    names = ",".join(f"c{number}" for number in range(60))
    found = people(f"{names},email\n{'x,' * 60}a@example.org\n")
    assert found.entries[0].subscriber.attributes == {f"c{number}": "x" for number in range(60)}


def test_each_broken_row_is_told_with_line_and_column_and_stops_no_other() -> None:
    found = people(
        "email,first_name,timezone,language\n"
        "a@example.org,Anna,Europe/Oslo,da\n"
        "anna,Anna,Europe/Kopenhagen,da\n"
        "c@example.org,Anna,Norway,Oslo,1,2\n"
        'd@example.org,"Anna\n'
        "e@example.org,An\x00na,,Danish\n"
        "f@example.org,Fay\n"
    )
    assert [entry.line for entry in found.entries] == [2, 7]
    told = "\n".join(map(str, found.faults(99)))
    assert [line for line in told.split("\n") if line.startswith("people.csv")] == [
        "people.csv:3:1: 'anna' is no address that mail can go to: it has no @",
        "people.csv:3:11: unknown time zone 'Europe/Kopenhagen'",
        "people.csv:4: 6 values, and the first line names 4",
        "people.csv:5: a quote that opens in this row is never closed",
        "people.csv:6:15: this must be one line without control characters, and it holds U+0000",
        "people.csv:6:22: 'Danish' is not a language tag",
    ]
    assert "              ^ did you mean 'Europe/Copenhagen'?" in told
    assert len(found.faults(2)) == 2
    assert len(found.broken) == 4


def test_a_value_in_a_column_without_a_name_is_not_passed_over() -> None:
    found = people("email,,size\na@example.org,,41\nb@example.org,lost,41\n")
    assert [one.line for one in found.entries] == [2]
    assert "people.csv:3: 3 values, and the first line names 2" in str(found.faults(1)[0])


def test_what_an_export_says_of_somebody_is_heeded() -> None:
    found = people(
        "email,backmail_state,backmail_suppressed\n"
        "a@example.org,active,\nb@example.org,pending,\nc@example.org,active,unsubscribed\nd@example.org,gone,\n"
    )
    assert [(one.line, one.pending, one.suppressed) for one in found.entries] == [
        (2, False, False), (3, True, False), (4, False, True),
    ]  # fmt: skip
    assert "'gone' is no state" in str(found.faults(1)[0])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("email,Größe", "people.csv:1:7: 'Größe' cannot be the name of a field"),
        ("email,size,Email", "people.csv:1:12: a second column is called 'email'"),
        ("email,size,size", "people.csv:1:12: a second column is called 'size'"),
        ("email,first name,first-name", "people.csv:1:18: a second column is called 'first_name'"),
        ("email,a\x00b", "cannot be the name of a field"),
    ],
)
def test_columns_that_cannot_be_used_refuse_the_file(header: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        people(f"{header}\na@example.org\n")
    assert words in str(refused.value)
