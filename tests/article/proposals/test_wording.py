"""The wordings of all languages have the same keys and slots, and read as they should."""

from __future__ import annotations

import string

import pytest

from backmail.article.proposals.naming import refused
from backmail.article.proposals.picking import PREHEADER, SUBJECT, TEASER
from backmail.article.proposals.wording import Wording, wording


def said(language: str) -> Wording:
    found = wording(language)
    assert found is not None
    return found


def slots(wordings: tuple[str, ...]) -> set[str]:
    return {name for each in wordings for _, name, _, _ in string.Formatter().parse(each) if name}


LANGUAGES = ("en", "da", "de", "es", "fr", "it", "nb", "nl", "sv")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_what_english_has(language: str) -> None:
    english, other = said("en").phrases, said(language).phrases
    assert english.keys() == other.keys()
    for key in english:
        assert slots(other[key]) - slots(english[key]) == set(), key
        fixed = [text for text in english[key] if not slots((text,))]
        assert not fixed or any(not slots((text,)) for text in other[key]), key
        if key.startswith("action."):
            assert other[key][0] == english[key][0]
    assert len(said("en").numbers) == len(said(language).numbers)
    assert not any("  " in text or " ." in text or text != text.strip() for texts in other.values() for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_promises_what_is_refused(language: str) -> None:
    assert [text for texts in said(language).phrases.values() for text in texts if refused(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_always_something_to_say(language: str) -> None:
    words = said(language)
    for weeks in range(1, 27):
        minutes = words.one("minutes.many", count=words.count(weeks))
        for week in range(1, weeks + 1):
            assert SUBJECT[0] <= len(words.say("subject.numbered", n=week, of=weeks)[-1]) <= SUBJECT[1]
            for one in (minutes, words.one("minutes.one")):
                numbered = words.say("preheader.numbered", n=week, of=weeks, minutes=one)
                assert PREHEADER[0] <= len(numbered[-1]) <= PREHEADER[1]
                assert TEASER[0] <= len(words.say("teaser.plain", n=week, of=weeks, minutes=one)[-1]) <= TEASER[1]


def test_an_unknown_language_has_no_wordings() -> None:
    assert wording("pl") is None
    assert wording("xx") is None


def test_the_country_of_a_language_makes_no_difference() -> None:
    assert wording("en-GB") == wording("en")


def test_a_wording_with_an_empty_slot_is_left_out() -> None:
    words = said("en")
    assert words.say("subject.numbered", topic="", n=2, of=3) == ["Part 2 of 3"]
    assert words.say("subject.numbered", topic="soil", n=2, of=3) == ["soil, part 2", "Part 2 of 3"]


def test_a_list_is_joined_as_it_is_read() -> None:
    words = said("en")
    assert words.join([]) == ""
    assert words.join(["soil"]) == "soil"
    assert words.join(["soil", "water", "light"]) == "soil, water and light"
    assert words.join(["soil and water", "light"]) == "soil and water, and light"


def test_small_numbers_are_words() -> None:
    assert (said("en").count(2), said("da").count(3), said("en").count(40)) == ("two", "tre", "40")
