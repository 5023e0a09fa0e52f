"""Headings become words that stand in a sentence, a subject or a file name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.proposals.naming import (
    as_written,
    clip,
    inline,
    names_in,
    opening,
    refused,
    short_forms,
    slug,
    tidy,
)
from backmail.article.proposals.wording import wording


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("3. Heel raise:", "Heel raise"),
        ("12) heel raise", "heel raise"),
        ("#1: heel raise.", "heel raise"),
        ("– heel  raise –", "heel raise"),
        ("Why heels?", "Why heels?"),
        ("90 days of soil", "90 days of soil"),
        ("90-day plan", "90-day plan"),
        ("3.5 litres", "3.5 litres"),
    ],
)
def test_a_heading_loses_its_number_and_its_stop(heading: str, expected: str) -> None:
    assert tidy(heading) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heel raise", "Heel raise"),
        ("iPhone cases", "iPhone cases"),
        ("¿qué es?", "¿Qué es?"),
        ("ørner", "Ørner"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital(text: str, expected: str) -> None:
    assert opening(text) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Building the shed", "building the shed"),
        ("Django in five steps", "Django in five steps"),
        ("USB cables", "USB cables"),
        ("Changing The Oil Filter", "Changing The Oil Filter"),
        ("A", "A"),
    ],
)
def test_inside_a_sentence_a_heading_begins_small_unless_it_is_a_name(heading: str, expected: str) -> None:
    assert inline(heading, names_in("First we install Django here. Building takes time, Anna says.")) == expected


def test_names_are_capital_words_inside_sentences() -> None:
    assert names_in("Ask Anna. Building is fun,\nOften. In Rome, Bob sings") == {"Anna", "Bob", "Rome"}


def test_names_of_exercises_get_shorter_word_by_word() -> None:
    english = wording("en")
    assert english is not None
    forms = short_forms(["the calf stretch", "plank exercise"], english)
    assert forms == [
        ["the calf stretch", "plank exercise"],
        ["calf stretch", "plank exercise"],
        ["calf stretch", "plank"],
        ["calf", "plank"],
    ]
    assert short_forms(["stretch"], english) == [["stretch"]]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("short", 10, "short"),
        ("Sourdough bread: the whole story of a starter", 20, "Sourdough bread"),
        ("The whole long story of a starter", 20, "The whole long…"),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
    ],
)
def test_a_long_text_is_cut_at_a_break(text: str, most: int, expected: str) -> None:
    assert clip(text, most) == expected


@given(st.text(max_size=80), st.integers(3, 40))
def test_a_clipped_text_is_never_too_long(text: str, most: int) -> None:
    assert len(clip(text, most)) <= most


@pytest.mark.parametrize(
    "text",
    [
        "Cure your back",
        "A pain-free day",
        "pain‑free",
        "We GUARANTEE it",
        "100 % safe",
        "100% safe",
        "Smertefri hverdag",
        "no risk",
    ],
)
def test_promises_are_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize("text", ["Less pain", "Free of charge", "100 words", "How pain works", "Risky moves"])
def test_plain_words_are_not(text: str) -> None:
    assert not refused(text)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_slugs_are_short_plain_and_each_their_own(texts: list[str]) -> None:
    taken: set[str] = set()
    for number, text in enumerate(texts):
        name = slug(text, taken, f"mail-{number}")
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert len(name) <= 30
        assert name not in taken
        taken.add(name)


def test_slugs_write_letters_out() -> None:
    assert slug("Løft hælen på måtten", set(), "mail-1") == "loeft-haelen-paa-maatten"
    assert slug("Straße & café", set(), "mail-1") == "strasse-cafe"
    assert slug("腰痛", set(), "mail-1") == "mail-1"
    assert slug("Heel raise", {"heel-raise", "heel-raise-2"}, "mail-1") == "heel-raise-3"


def test_a_phrase_has_the_capitals_that_the_text_gives_it() -> None:
    prose = "Lemon trees need sun. All lemon trees do. We went to New York, and New York it was. Don’t run."
    assert as_written("lemon trees", prose) == "lemon trees"
    assert as_written("new york", prose) == "New York"
    assert as_written("don't", prose) == "don't"
    assert as_written("palms", prose) == "palms"
    assert as_written("kredite", "Kredite sind teuer.") == "kredite"
    assert as_written("kredite", "Kredite sind teuer.", nouns=True) == "Kredite"


def test_in_german_only_small_words_lose_their_capital() -> None:
    small = frozenset({"vom", "und"})
    assert inline("Anmerkungen zum Teig", frozenset(), small) == "Anmerkungen zum Teig"
    assert inline("Vom Rabatt profitieren", frozenset(), small) == "vom Rabatt profitieren"
    assert inline("Wählen Sie ein Auto aus dem Angebot", frozenset(), small).startswith("wählen Sie")
