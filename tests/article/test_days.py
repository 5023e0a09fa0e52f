"""Days that are written out, in the languages that we read."""

from __future__ import annotations

import datetime as dt

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.days import day_in


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Published on May 3, 2021 by Ann", "en", "2021-05-03"),
        ("3rd of May 2021", "en", "2021-05-03"),
        ("am 3. Mai 2021", "de", "2021-05-03"),
        ("Le 1er août 2020", "fr", "2020-08-01"),
        ("3 de mayo de 2021", "es", "2021-05-03"),
        ("03.05.2021 10:12 Uhr", "de", "2021-05-03"),
        ("26 Jan, 2022", "de", "2022-01-26"),
        ("13/05/2021", "en", "2021-05-13"),
        ("2021-05-03T10:00", "sv", "2021-05-03"),
        ("04/05/2021", "en", ""),  # April or May
        ("31. februar 2021", "da", ""),
        ("30 eggs 2021", "en", ""),
        ("May 3", "en", ""),
    ],
)
def test_a_day_is_found(text: str, language: str, day: str) -> None:
    assert day_in(text, language) == day


LANGUAGES = ("da", "de", "en", "es", "fr", "it", "nb", "nl", "sv")


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(LANGUAGES))
def test_every_day_is_found_as_its_language_writes_it(day: dt.date, language: str) -> None:
    assert day_in(format_date(day, "long", locale=language), language) == day.isoformat()


@given(st.text(max_size=60), st.sampled_from(["en", "de", "xx"]))
def test_any_text_is_a_day_or_none(text: str, language: str) -> None:
    assert not (found := day_in(text, language)) or dt.date.fromisoformat(found)
