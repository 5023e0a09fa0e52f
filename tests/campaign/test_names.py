"""Slugs and ids of new campaigns."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.campaign import campaign_id, slug


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Stronger back!", "stronger-back"),
        ("  Blå øvelser på gulvet ", "blaa-oevelser-paa-gulvet"),
        ("Don’t stop: 5 tips", "dont-stop-5-tips"),
        ("Crème brûlée", "creme-brulee"),
        ("美咲", "campaign"),
        ("a word and another word, and so it goes on for long", "a-word-and-another-word-and-so-it-goes"),
    ],
)
def test_a_title_becomes_a_slug(title: str, name: str) -> None:
    assert slug(title) == name


@given(st.text(), st.integers(3, 60))
def test_a_slug_is_safe_in_paths_and_addresses(title: str, limit: int) -> None:
    made = slug(title, limit)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) <= max(limit, len("campaign"))


def test_an_id_depends_on_slug_and_article_alone() -> None:
    made = campaign_id("stronger-back", "text")
    assert re.fullmatch(r"c-[a-z2-7]{6}", made)
    assert made == campaign_id("stronger-back", "text")
    assert len({made, campaign_id("stronger-back", "texts"), campaign_id("stronger-bac", "ktext")}) == 3


def test_a_taken_id_gives_way_to_the_next() -> None:
    taken: set[str] = set()
    for _ in range(30):
        made = campaign_id("a", "text", taken)
        assert made not in taken
        taken.add(made)
    assert all(re.fullmatch(r"c-[a-z2-7]{6}", each) for each in taken)
