"""Lines that only lead away from an article stand in no mail; sentences that mention another page do."""

from __future__ import annotations

import pytest

from backmail.article.concepts import named
from backmail.article.elsewhere import leading_away
from backmail.article.markdown import markdown_units
from backmail.article.text import text_units

PROSE = "A pot that is too large stays wet for days, and roots that stand in water begin to rot before spring comes."


def _away(line: str, language: str = "en", form: str = "md") -> dict[int, str]:
    """Return the numbers of the units that lead away among two paragraphs with a line between them."""
    units = (markdown_units if form == "md" else text_units)(f"{PROSE}\n\n{line}\n\n{PROSE}\n")
    return {place: region for place, (region, _) in leading_away(units, language).items()}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Read also: [The right pot](https://a.example/pot)"),
        ("en", "> **Related:** [The right pot](https://a.example/pot)"),
        ("da", "**Læs også:** [Den rette potte](https://a.example/potte)"),
        ("de", "[Lesen Sie auch: Der richtige Topf](https://a.example/topf)"),
        ("sv", "Läs mer: [Rätt kruka](https://a.example/kruka)"),
        ("fr", "À lire aussi : [Le bon pot](https://a.example/pot)"),
        ("es", "Lee también: [La maceta adecuada](https://a.example/maceta)"),
    ],
)
def test_a_label_with_a_link_leads_away(language: str, line: str) -> None:
    assert _away(line, language) == {1: "related"}


def test_a_label_with_a_title_leads_away_in_a_text_without_links() -> None:
    assert _away("Read also: How to choose a pot", form="txt") == {1: "related"}


@pytest.mark.parametrize(
    "line",
    [
        "Read more about [the right pot](https://a.example/pot).",
        "Read more about pots and their roots in [our book](https://a.example/book)",
        "We wrote about this in [an older article](https://a.example/pot), and still think so.",
        "See also: Holm, A. (2019). Pots and roots. Journal of Herbs 4(2)",
        "Related: pots that are too large stay wet for days, and so roots rot in them before the spring has come.",
    ],
)
def test_a_sentence_that_mentions_another_page_is_the_articles(line: str) -> None:
    assert _away(line) == {}


def test_a_list_of_links_below_a_label_leads_away_with_it() -> None:
    links = "- [Soil](https://a.example/1)\n- [Seeds](https://a.example/2)"
    assert _away(f"Read also:\n\n{links}") == dict.fromkeys(range(1, 4), "related")
    assert _away(f"You need:\n\n{links}") == {}


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Share this article"),
        ("da", "Del artiklen"),
        ("de", "Diesen Artikel teilen:"),
        ("sv", "Dela artikeln"),
        ("fr", "Partagez cet article"),
        ("es", "¿Te ha gustado? ¡Compártelo!"),
    ],
)
def test_a_line_to_click_leads_away(language: str, line: str) -> None:
    assert _away(line, language) == {1: "chrome"}


def test_an_instruction_that_begins_as_such_a_line_is_the_articles() -> None:
    assert _away("Teile den Teig in vier Stücke.", "de") == {}
    assert named("chrome", "Teile den Teig in vier Stücke", "de") is None


def test_a_label_with_a_value_is_no_line_to_click() -> None:
    body = f"Category: Standing\n\n{PROSE}\n\n{PROSE}\n\n{PROSE}"
    assert _away(body) == {}


def test_titles_of_others_end_a_text_without_markup() -> None:
    units = text_units(f"{PROSE}\n{PROSE}\nread next\nPots of clay\nWater for herbs")
    assert sorted(leading_away(units, "en")) == [2, 3, 4]
