"""A list of patterns finds piece for piece what it finds as one pattern, though few of them are tried."""

import re
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.lexicon import LANGUAGES, lexicon, shipped, straighten
from backmail.article.lexicon.searching import CLOSING, OPENING, first, needed_pieces, prepared, search

_PIECES = ["stop", "stops", "a bus", "bus", "s", " ", ", ", "’", "ſ", "İ", "ı", "7", "ES", "Ö", "\n"]
_LISTS = [
    "stops?|bus stop|a bus|bus",
    "s(?:t|to)p?|stop, (?:a )?bus",
    "(?:a )?bus(?= stop)|[sö]+|i{0,2}es|b(?:us){1,2}",
]


def pieces(pattern: str, text: str) -> list[str]:
    return [found[0] for found in re.finditer(pattern, text, re.IGNORECASE)]


@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.sampled_from(_LISTS))
def test_what_is_found_is_what_the_joined_pattern_finds(text: str, alternatives: str) -> None:
    pattern = f"{OPENING}{alternatives}{CLOSING}"
    made = prepared(text)
    expected = pieces(pattern, made.straight)
    assert [made.straight[slice(*span)] for span in search(pattern).all(made)] == expected
    span = search(pattern).first(made)
    assert ([made.straight[slice(*span)]] if span else []) == expected[:1]
    assert first(pattern, text) == span


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_finds_in_its_probes_what_it_finds_as_one_pattern(language: str) -> None:
    known = lexicon(language)
    probes = tomllib.loads(shipped(language))["probe"]
    texts = [straighten(text) for probe in probes for text in (*probe.get("yes", ()), *probe.get("no", ()))]
    texts += [text.upper() for text in texts]
    for name, pattern in known.patterns.items():
        for text in (*texts, " ".join(texts)[:3000]):
            assert [text[slice(*span)] for span in search(pattern).all(prepared(text))] == pieces(pattern, text), name


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("colou?r", [{"colo"}]),
        ("(?:doctor|vets?)", [{"doctor", "vet"}]),
        ("(?:red )?bus", [{"bus"}]),
        ("ab{0,2}cd", [{"cd"}]),
        ("(?!never)(?:a|bus)", []),
        (r"(?P<word>stop)", []),
        (r"(stop)\1", []),
        (r"\d+ [a-z|)]+", []),
        ("(?i:stop)", []),
    ],
)
def test_pieces_that_a_pattern_needs(pattern: str, needed: list[set[str]]) -> None:
    assert [set(each) for each in needed_pieces(pattern)] == needed


def test_no_sign_is_found_for_a_letter_but_its_own_cases_and_the_odd_ones() -> None:
    letters = (
        "".join(map(chr, range(32, 127))) + "’œ" + "".join(chr(each) for each in range(0xE0, 0x100) if each != 0xF7)
    )
    every = "".join(chr(each) for each in range(sys.maxunicode + 1) if not 0xD800 <= each < 0xE000)
    for letter in {each.lower() for each in letters}:
        found = set(re.findall(re.escape(letter), every, re.IGNORECASE))
        assert all(prepared(each).odd or each.lower() == letter for each in found), letter
