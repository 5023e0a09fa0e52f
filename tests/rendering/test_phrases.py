"""The phrases of every language: the same keys and gaps, and English where there is no such language."""

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from backmail.rendering import phrases as room
from backmail.rendering.phrases import direction, phrases, same_language

FILES = sorted(Path(room.__file__).parent.glob("*.toml"))
ENGLISH = tomllib.loads((Path(room.__file__).parent / "en.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_languages_have_the_same_keys_and_gaps(file: Path) -> None:
    data = tomllib.loads(file.read_text(encoding="utf-8"))

    def gaps(phrases: dict[str, str]) -> dict[str, list[str]]:
        return {key: sorted(re.findall(r"\{\w*\}", text)) for key, text in phrases.items()}

    assert len(data["months"]) == 12
    assert gaps(data["phrases"]) == gaps(ENGLISH["phrases"])


def test_the_language_of_a_region_is_found() -> None:
    assert phrases("da-DK")("unsubscribe") == "Afmeld"
    assert phrases("DA")("unsubscribe") == "Afmeld"


@pytest.mark.parametrize("language", ["pl", "", "../en", "xx-YY"])
def test_a_language_without_phrases_has_the_english_ones(language: str) -> None:
    assert phrases(language).language == "en"


def test_dates_are_written_as_the_language_writes_them() -> None:
    date = dt.date(2026, 3, 1)
    assert phrases("en").date(date) == "1 March 2026"
    assert phrases("da").date(date) == "1. marts 2026"


def test_one_and_many() -> None:
    assert phrases("en").many("unverified", 1, total=3).startswith("One of these 3 sources has")
    assert phrases("en").many("unverified", 2, total=3).startswith("2 of these 3 sources have")


def test_directions_and_languages() -> None:
    assert [direction(tag) for tag in ("ar-EG", "he", "en", "da")] == ["rtl", "rtl", "ltr", "ltr"]
    assert same_language("da-DK", "da")
    assert not same_language("da", "de")
