"""The words of the pages: the same in every language, chosen by the reader's own wish."""

import string

import pytest

from backmail.web.phrases import LANGUAGES, accepted, phrases


def gaps(text: str) -> set[str]:
    """Return the names of the gaps in a phrase."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(LANGUAGES - {"en"}))
def test_every_language_has_the_same_phrases_with_the_same_gaps(language: str) -> None:
    ours = {(part, key): gaps(text) for part, all_ in phrases([language]).parts.items() for key, text in all_.items()}
    english = {(part, key): gaps(text) for part, all_ in phrases(["en"]).parts.items() for key, text in all_.items()}
    assert ours == english


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["da"], "da"),
        (["da-DK"], "da"),
        (["DA"], "da"),
        (["xx", "da", "en"], "da"),
        ([None, ""], "en"),
        (["../da"], "en"),
    ],
)
def test_the_first_language_that_we_have(wanted: list[str | None], found: str) -> None:
    assert phrases(wanted).language == found


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", []),
        ("da", ["da"]),
        ("en;q=0.5, da", ["da", "en"]),
        ("fr;q=0, da;q=x, *;q=0.1", ["*"]),
        ("da-DK,da;q=0.9", ["da-DK", "da"]),
        ("da; q=0.4, en; q=0.6", ["en", "da"]),
    ],
)
def test_what_a_browser_asks_for(header: str, tags: list[str]) -> None:
    assert accepted(header) == tags
