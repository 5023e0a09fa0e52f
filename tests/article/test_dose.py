"""An exercise's dose is what its text says, word for word; what it does not say is absent."""

import pytest

from backmail.article.dose import dose_of
from backmail.article.text import text_units


def dose(text: str, language: str = "en") -> dict[str, str]:
    return {name: excerpt.text for name, excerpt in dose_of(text_units(text), language).items()}


@pytest.mark.parametrize(
    ("text", "name", "piece"),
    [
        ("Lie on your back with your knees bent, then breathe.", "position", "Lie on your back with your knees bent"),
        ("Start on all fours, look down.", "position", "on all fours"),
        ("Sit on a stool and let the arms hang.", "position", "Sit on a stool"),
        ("Kneel on a mat.", "position", "Kneel on a mat"),
        ("Hold for about 20 seconds.", "hold", "about 20 seconds"),
        ("Hold it there for 15-20 seconds.", "hold", "15-20 seconds"),
        ("Hold for three deep breaths.", "hold", "three deep breaths"),
        ("Hold briefly.", "hold", "briefly"),
        ("Stay there for a minute.", "hold", "a minute"),
        ("Do this 8 times.", "repeats", "8 times"),
        ("Do 3 sets of 10-12 reps.", "repeats", "3 sets of 10-12 reps"),
        ("Repeat five to six times.", "repeats", "five to six times"),
        ("Repeat it twice.", "repeats", "twice"),
        ("Then switch sides.", "sides", "switch sides"),
        ("Repeat it on the other leg.", "sides", "Repeat it on the other leg"),
        ("Five on each side.", "sides", "on each side"),
        ("Use a small rolled towel or cushion.", "equipment", "a small rolled towel or cushion"),
        ("Sit on a chair and squeeze a towel.", "equipment", "a towel"),
        ("Lean against the wall.", "equipment", "the wall"),
    ],
)
def test_english(text: str, name: str, piece: str) -> None:
    assert dose(text)[name] == piece


@pytest.mark.parametrize(
    ("text", "name", "piece"),
    [
        ("Læg dig på ryggen med bøjede knæ, og træk vejret.", "position", "Læg dig på ryggen med bøjede knæ"),
        ("Hold i ca. 20 sekunder.", "hold", "ca. 20 sekunder"),
        ("Gentag 8 gange.", "repeats", "8 gange"),
        ("Lav 3 sæt af 10 gentagelser.", "repeats", "3 sæt af 10 gentagelser"),
        ("Skift side.", "sides", "Skift side"),
        ("Brug et sammenrullet håndklæde.", "equipment", "et sammenrullet håndklæde"),
    ],
)
def test_danish(text: str, name: str, piece: str) -> None:
    assert dose(text, "da")[name] == piece


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Do it 2-3 times a week.", "repeats"),
        ("Do it several times per day.", "repeats"),
        ("It takes 5 minutes.", "hold"),
        ("On the other hand, it helps.", "sides"),
        ("Hold it with both hands.", "sides"),
        ("You need no chair.", "equipment"),
        ("Let your weight move forward.", "equipment"),
        ("In one round movement.", "repeats"),
    ],
)
def test_what_is_absent_stays_absent(text: str, name: str) -> None:
    assert name not in dose(text)


def test_each_piece_has_its_line_and_the_order_is_fixed() -> None:
    found = dose_of(text_units("Use a towel.\nHold for 5 seconds.\nLie on your back.\nSwitch sides, 8 times."), "en")
    assert [(name, excerpt.start) for name, excerpt in found.items()] == [
        ("position", 3),
        ("hold", 2),
        ("repeats", 4),
        ("sides", 4),
        ("equipment", 1),
    ]


def test_a_long_position_ends_before_the_next_thing_to_do_or_at_its_twentieth_word() -> None:
    start = "Stand with your feet apart and your arms by your sides and your eyes on a far point"
    assert dose(f"{start} and reach up.")["position"] == start
    long = dose("Lie on your back" + " under green trees and" * 8 + ".")["position"]
    assert long == "Lie on your back" + " under green trees and" * 3 + " under green trees"
