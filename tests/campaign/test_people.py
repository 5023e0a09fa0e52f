"""Sample people are read from their files, and what is wrong with one is told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from backmail.campaign import person, read_people, read_person
from backmail.errors import CampaignError, UnknownName
from backmail.model.people import Subscriber

ANNA = """email: anna@Example.org
first_name: Anna
last_name: Ærø
language: da
timezone: Europe/Copenhagen
tags: [new, backpain]
attributes:
  customer_no: 007
x-note: not ours
"""


def wrong(tmp_path: Path, text: str) -> list[str]:
    """Return what is told about a person's file."""
    path = tmp_path / "anna.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CampaignError) as caught:
        read_person(path)
    return [str(fault).replace(str(tmp_path), "people") for fault in caught.value.faults]


def test_a_person_is_read(tmp_path: Path) -> None:
    (tmp_path / "anna.yaml").write_text(ANNA, encoding="utf-8")
    assert read_person(tmp_path / "anna.yaml") == Subscriber(
        email="anna@example.org",
        first_name="Anna",
        last_name="Ærø",
        language="da",
        timezone="Europe/Copenhagen",
        tags=("new", "backpain"),
        attributes={"customer_no": "007"},
        name="anna",
    )


def test_only_the_address_is_needed_and_tags_may_be_one_text(tmp_path: Path) -> None:
    (tmp_path / "x.yml").write_text('email: a@example.org\nfirst_name: ""\ntags: new; back;new', encoding="utf-8")
    assert read_person(tmp_path / "x.yml") == Subscriber("a@example.org", tags=("new", "back"), name="x")


def test_people_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    for name in ("bo", "anna"):
        (tmp_path / f"{name}.yaml").write_text(f"email: {name}@example.org", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no person", encoding="utf-8")
    people = read_people(tmp_path)
    assert [each.name for each in people] == ["anna", "bo"]
    assert person(people, "bo").email == "bo@example.org"
    assert read_people(tmp_path / "nobody") == ()


def test_an_unknown_person_is_told_with_the_nearest_name() -> None:
    with pytest.raises(UnknownName, match="did you mean 'anna'"):
        person((Subscriber("a@example.org", name="anna"),), "ana")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("first_name: Anna", "people/anna.yaml:1:1", "'email' is missing"),
        ("email: anna", "people/anna.yaml:1:8", "'anna' is not an email address"),
        ("email: a@example.org\ntimezone: Europe/Kopenhagen", "people/anna.yaml:2:11", "unknown time zone"),
        ("email: a@example.org\ntimezone: Europe/Kopenhagen", "people/anna.yaml:2:11", "'Europe/Copenhagen'"),
        ('email: a@example.org\nfirst_name: "A\\r\\nBcc: x"', "people/anna.yaml:2:13", "U+000D"),
        ('email: a@example.org\nattributes: {town: "a\\u0007"}', "people/anna.yaml:2:20", "U+0007"),
        ("email: a@example.org\nfrist_name: Anna", "people/anna.yaml:2:1", "did you mean 'first_name'?"),
        ("email: a@example.org\nlanguage: Danish", "people/anna.yaml:2:11", "is not a language tag"),
        ("email: a@example.org\ntags: {a: b}", "people/anna.yaml:2:7", "this takes tags"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    (told,) = wrong(tmp_path, text)
    assert told.startswith(f"{place}: ")
    assert message in told


def test_all_people_s_faults_are_told_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("email: nobody\nlanguage: x", encoding="utf-8")
    with pytest.raises(CampaignError) as caught:
        read_people(tmp_path)
    assert len(caught.value.faults) == 4
