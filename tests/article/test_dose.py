"""An exercise's dose is what its text says, word for word; what it does not say is absent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.dose import dose_of
from backmail.article.text import text_units
from backmail.model.article import Kind


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


def instructions(text: str, language: str = "en") -> dict[str, str]:
    return {name: piece.text for name, piece in dose_of(text_units(text), language, Kind.HOW_TO).items()}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Preheat the oven to 350°F (175°C).", {"temperature": "350°F (175°C)"}),
        ("en", "Bake at 180 °C fan for 25-30 minutes.", {"temperature": "180 °C fan", "time": "25-30 minutes"}),
        (
            "en",
            "Roast at gas mark 6 for 1 hour and 20 minutes.",
            {"temperature": "gas mark 6", "time": "1 hour and 20 minutes"},
        ),
        ("en", "Preheat it to 200 degrees.", {"temperature": "200 degrees"}),
        ("en", "Add 200 g flour.", {"amount": "200 g"}),
        ("en", "Add 1 1/2 cups of milk.", {"amount": "1 1/2 cups"}),
        ("en", "Take 500 mg every 6 hours.", {"amount": "500 mg every 6 hours"}),
        ("en", "Let it rest 1 hour.", {"time": "1 hour"}),
        (
            "da",
            "Bag ved 200 grader varmluft i 25-30 minutter.",
            {"temperature": "200 grader varmluft", "time": "25-30 minutter"},
        ),
        ("da", "Tag 500 mg hver 6. time.", {"amount": "500 mg hver 6. time"}),
        ("da", "Tilsæt 2 spsk olie.", {"amount": "2 spsk"}),
        (
            "de",
            "Bei 200 Grad Umluft 25–30 Minuten backen.",
            {"temperature": "200 Grad Umluft", "time": "25–30 Minuten"},
        ),
        ("de", "3 EL Öl dazugeben.", {"amount": "3 EL"}),
        (
            "sv",
            "Grädda i 200 grader varmluft i 20 minuter.",
            {"temperature": "200 grader varmluft", "time": "20 minuter"},
        ),
        ("sv", "Blanda i 2 msk olja.", {"amount": "2 msk"}),
        (
            "nb",
            "Stek på 200 grader varmluft i 30 minutter.",
            {"temperature": "200 grader varmluft", "time": "30 minutter"},
        ),
        ("fr", "Préchauffez le four à 180 °C (th. 6).", {"temperature": "180 °C (th. 6)"}),
        ("fr", "Laissez reposer 1 h 30.", {"time": "1 h 30"}),
        ("fr", "Ajoutez 2 c. à soupe d’huile.", {"amount": "2 c. à soupe"}),
        ("es", "Hornea a 180 ºC durante 25-30 minutos.", {"temperature": "180 ºC", "time": "25-30 minutos"}),
        ("es", "Añade 2 cucharadas de aceite.", {"amount": "2 cucharadas"}),
        ("en", "Turn it by 180 degrees.", {}),
        ("en", "Open port 80 of the 5G network in 2019.", {}),
        ("da", "Bøj benet 90 grader.", {}),
        ("de", "Drehen Sie es um 90 Grad.", {}),
    ],
)
def test_instructions(language: str, text: str, found: dict[str, str]) -> None:
    assert instructions(text, language) == found


def test_what_is_looked_for_depends_on_the_kind() -> None:
    units = text_units("Bake it at 180 °C and hold it for 20 seconds.")
    assert set(dose_of(units, "en", Kind.EXERCISE)) == {"hold"}
    assert set(dose_of(units, "en", Kind.SAFETY)) == {"temperature", "time"}
    assert set(dose_of(units, "en", Kind.OTHER, "ingredients")) == {"temperature", "time"}
    assert dose_of(units, "en", Kind.OTHER) == {}
    assert dose_of(units, "en", Kind.PRODUCT) == {}


NUMBERS = st.one_of(
    st.integers(1, 9999).map(str),
    st.tuples(st.integers(0, 99), st.integers(0, 9)).map(lambda each: f"{each[0]}.{each[1]}"),
    st.sampled_from(["1/2", "1 1/2", "½", "2½", "3/4"]),
)


@given(NUMBERS, st.sampled_from(["g", "kg", "ml", "dl", "cups", "tbsp", "tsp", "oz"]))
def test_any_amount_is_found_whole(number: str, unit: str) -> None:
    assert instructions(f"Stir in {number} {unit} of it")["amount"] == f"{number} {unit}"


@pytest.mark.parametrize(
    ("language", "text", "position"),
    [
        (
            "fr",
            "Le dos se raidit quand on reste assis longtemps. Allongez-vous sur le dos.",
            "Allongez-vous sur le dos",
        ),
        ("es", "La espalda se pone rígida si pasas horas sentado. Túmbate boca arriba.", "Túmbate boca arriba"),
        ("en", "It tightens when you sit on a chair all day. Lie on your back.", "Lie on your back"),
        ("en", "When you are ready, lie on your back.", "lie on your back"),
        ("de", "Er wird steif, wenn Sie lange auf einem Stuhl sitzen.", None),
    ],
)
def test_when_and_why_is_no_position(language: str, text: str, position: str | None) -> None:
    assert dose(text, language).get("position") == position


def test_a_label_is_no_position() -> None:
    assert dose("Position de départ : Tenez-vous debout, les bras le long du corps.", "fr")["position"] == (
        "Tenez-vous debout"
    )


def test_german_hyphens() -> None:
    assert dose("Wiederholen Sie 10-mal.", "de")["repeats"] == "10-mal"
