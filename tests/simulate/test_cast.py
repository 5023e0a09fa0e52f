"""Who takes part: the same for the same seed, spread over the world, never called by an address."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from backmail.clock import zone_names
from backmail.errors import InputError
from backmail.simulate import listed, made
from tests.simulate.series import MONDAY


def test_the_same_seed_makes_the_same_people_for_ever() -> None:
    first = [(one.who, one.subscriber.first_name, one.subscriber.timezone) for one in made(3, seed=0)]
    assert first == [
        ("s1", "Mikkel", "Europe/Copenhagen"),
        ("s2", "Anna", "America/New_York"),
        ("s3", "Ren", "Asia/Tokyo"),
    ]
    assert list(made(200, seed=7)) == list(made(200, seed=7))
    assert list(made(200, seed=7)) != list(made(200, seed=8))
    assert list(made(50, seed=7)) == list(made(200, seed=7))[:50]


def test_made_up_people_live_all_over_the_world() -> None:
    cast = list(made(40, seed=3))
    zones = {one.subscriber.timezone for one in cast if one.subscriber.timezone}
    assert len(zones) == 40
    assert zones <= zone_names()
    offsets = {MONDAY.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}
    seconds = {offset.total_seconds() for offset in offsets if offset is not None}
    assert max(seconds) == 14 * 3600  # Kiritimati
    assert min(seconds) == -11 * 3600
    assert any(each % 3600 for each in seconds)


def test_some_have_no_name_and_some_no_zone() -> None:
    cast = [one.subscriber for one in made(2000, seed=0)]
    assert 50 < sum(one.first_name is None for one in cast) < 200
    assert 10 < sum(one.timezone is None for one in cast) < 100


def _file(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_people_of_a_file_are_called_by_their_id_else_by_their_line(tmp_path: Path) -> None:
    rows = (
        "email,id,timezone\na@example.org,K-1,Asia/Tokyo\nb@example.org,,\nc@example.org,K-1,\nd@example.org,d@x.org,\n"
    )
    found = listed(_file(tmp_path, rows))
    assert [one.who for one in found.members] == ["K-1", "r3", "r4", "r5"]
    assert found.members[0].subscriber.timezone == "Asia/Tokyo"


def test_rows_that_cannot_be_used_are_told_and_the_others_play(tmp_path: Path) -> None:
    rows = "email,backmail_suppressed\na@example.org,\nnobody,\nA@example.org,\nd@example.org,bounced\n"
    found = listed(_file(tmp_path, rows))
    assert [one.who for one in found.members] == ["r2"]
    assert found.broken == 1
    assert [fault.place and fault.place.line for fault in found.faults] == [3]
    assert found.repeated == ((4, 2),)
    assert found.refused == (5,)


@pytest.mark.parametrize("text", ["email\n", "email\nnobody\n", "name\nAnna\n", ""])
def test_a_file_with_nobody_in_it_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        listed(_file(tmp_path, text))
    assert "people.csv" in str(error.value)
