"""Label lines and the lists below them are found, with bullets or without."""

import pytest

from backmail.article.labels import Label, label_of, listed, with_lists
from backmail.article.markdown import markdown_units
from backmail.article.text import text_units
from backmail.model.article import UnitKind


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Weight: 4 kg", Label("Weight", "4 kg")),
        ("**Pros:** light, quiet", Label("Pros", "light, quiet")),
        ("Avantages : léger", Label("Avantages", "léger")),
        ("✅ Pros", Label("Pros", "")),
        ("Cons:", Label("Cons", "")),
        ("It is a long line that says something: this", Label("", "")),
        ("", Label("", "")),
    ],
)
def test_labels(line: str, label: Label) -> None:
    assert label_of(line) == label


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        (
            "en",
            "Pros\nlight\ncool\nCons\ndear\nheavy",
            {0, 1, 2, 3, 4, 5},
        ),
        ("da", "Fordele\nlet\nUlemper\ndyr", {0, 1, 2, 3}),
        (
            "de",
            "Vorteile: leicht\nNachteile: teuer\nDer Text geht hier mit vielen Wörtern weiter, die keine Liste sind.",
            {0, 1},
        ),
        ("fr", "Points forts\nléger\nPoints faibles\ncher", {0, 1, 2, 3}),
        ("en", "Pros\nlight\n$49\nIt goes on.", {0, 1, 2}),
        ("en", "Bees\nfly\nhome", set()),
    ],
)
def test_lists_of_a_plain_text(language: str, text: str, places: set[int]) -> None:
    assert listed(text_units(text), language) == places


def test_a_list_ends_above_the_next_heading() -> None:
    text = "Cons\ndear\nnext thing\nA text that goes on here with many more words than any entry of a list would have."
    assert listed(text_units(text), "en") == {0, 1}


def test_guessed_headings_inside_a_list_are_none_and_written_ones_stay() -> None:
    kinds = [unit.kind for unit in with_lists(markdown_units("**Pros**\n\n- light\n\n## Cons\n\n- dear"), "en")]
    assert kinds == [UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.HEADING, UnitKind.ITEM]
