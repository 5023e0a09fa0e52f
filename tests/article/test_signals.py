"""Orders, advice and links are told from what only looks like them, in each language."""

import pytest

from backmail.article.drafts import section
from backmail.article.signals import Signals, is_link, is_order
from backmail.article.text import text_units


def signals(text: str, language: str = "en") -> Signals:
    return Signals(section(text_units(text)), language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Open the hive.", "en"),
        ("When it rains, close the hive.", "en"),
        ("Day 1: mix flour and water.", "en"),
        ("Die Äpfel waschen und in Würfel schneiden.", "de"),
        ("Vor dem Backen mit Mehl bestäuben, danach ruhen lassen.", "de"),
        ("Préchauffer le four à 180 °C.", "fr"),
        ("Les couper en petits dés.", "fr"),
        ("Añadir la sal y mezclar.", "es"),
        ("Siéntate en una silla.", "es"),
        ("Mézclalo todo bien.", "es"),
    ],
)
def test_orders(sentence: str, language: str) -> None:
    assert is_order(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Bees open the hive.", "en"),
        ("Es ist leicht, das zu machen.", "de"),
        ("Wir wollen morgen backen.", "de"),
        ("Die Äpfel, die am Baum hängen, sind rot.", "de"),
        ("Was man dafür braucht und wie lange Äpfel lagern?", "de"),
        ("Courir le matin est bon pour le dos.", "fr"),
        ("Notre four est vieux.", "fr"),
        ("Hier soir, il a plu.", "fr"),
        ("Caminar cada día es bueno.", "es"),
        ("Ayer en la cocina no había sal.", "es"),
        ("Chocolate y leche.", "es"),
    ],
)
def test_what_is_no_order(sentence: str, language: str) -> None:
    assert not is_order(sentence, language)


def test_advice_and_orders_are_counted_apart() -> None:
    found = signals("Open the hive. You should wear a veil. Bees are calm then.")
    assert (found.plain_orders, found.advised) == (1, 1)


def test_a_question_gives_no_advice() -> None:
    assert signals("How often should you open the hive?").advised == 0


def test_never_makes_a_warning_of_an_order_only() -> None:
    assert signals("Never open the hive in the rain.").warned == ["Never"]
    assert signals("Bees have never learned to swim.").warned == []


def test_words_that_put_sentences_in_order() -> None:
    assert signals("First open the hive. Then wait. Bees sleep.").sequenced == 2


def test_links_alone() -> None:
    units = text_units("[Bees](/bees)\n\nRead [this](/bees) first.")
    assert [is_link(unit) for unit in units] == [True, False]


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Inspektera bladen varje vecka.", "sv", True),
        ("Kameran står på hyllan.", "sv", False),
        ("Flera sorter tål frost.", "sv", False),
        ("Justér vandet efter vejret.", "da", True),
        ("Poesi er godt for sjælen.", "da", False),
    ],
)
def test_verbs_whose_ending_gives_the_order_away_in_the_north(sentence: str, language: str, expected: bool) -> None:
    assert is_order(sentence, language) is expected
