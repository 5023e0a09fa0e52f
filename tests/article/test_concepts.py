"""Headings name concepts, in the article's language or, for what belongs to a shop's page, in any."""

import pytest

from backmail.article.concepts import cleaned, named, numbered


@pytest.mark.parametrize(
    ("heading", "clean"),
    [
        ("2. Water it", "Water it"),
        ("Q: Why?", "Why?"),
        ("★ Tools:", "Tools"),
        ("Part one –", "Part one"),
        ("!!!", "!!!"),
    ],
)
def test_what_stands_around_the_words_is_left_out(heading: str, clean: str) -> None:
    assert cleaned(heading) == clean


def test_numbers() -> None:
    assert [numbered(each) for each in ("3) Dig", "12. Dig", "2 cups", "Dig")] == [3, 12, None, None]


@pytest.mark.parametrize(
    ("concept", "heading", "language"),
    [
        ("faq", "Frequently asked questions", "en"),
        ("faq", "Ofte stillede spørgsmål om bier", "da"),
        ("faq", "Vanliga frågor", "en"),
        ("sources", "Kilder", "en"),
        ("sources", "References and notes", "en"),
        ("conclusion", "The bottom line", "en"),
        ("conclusion", "Afsluttende ord", "da"),
        ("safety", "When to call a vet", "en"),
        ("safety", "Hvornår skal du søge læge?", "da"),
        ("safety", "Säkerhet först", "sv"),
        ("avoid", "Plants to avoid", "en"),
        ("how_to", "Step 3: dig", "en"),
        ("how_to", "Sådan gør du", "da"),
        ("roadmap", "What you’ll learn", "en"),
        ("background", "Why do bees swarm?", "en"),
        ("ingredients", "Det skal du bruge", "da"),
        ("related", "You may also like", "en"),
        ("toc", "Indholdsfortegnelse", "en"),
    ],
)
def test_named(concept: str, heading: str, language: str) -> None:
    assert named(concept, heading, language) is not None


@pytest.mark.parametrize(
    ("concept", "heading", "language"),
    [
        ("sources", "Sources of nectar", "en"),
        ("conclusion", "Konklusion", "en"),
        ("safety", "The winter", "en"),
        ("how_to", "How bees see", "en"),
        ("faq", "", "en"),
    ],
)
def test_not_named(concept: str, heading: str, language: str) -> None:
    assert named(concept, heading, language) is None


def test_a_hit_says_language_and_words() -> None:
    assert str(named("sources", "Kilder", "en")) == "da 'Kilder'"
