"""Every rule that tells a kind has a name and can be seen at work; the margin to the next kind is the confidence."""

from dataclasses import replace

import pytest

from backmail.article.drafts import Draft, section
from backmail.article.rules import Verdict, judged, settled
from backmail.article.text import text_units
from backmail.model.article import Kind, UnitKind
from tests.article.texts import called, md


def verdict(text: str, language: str = "en") -> Verdict:
    """Judge a section; its first line is the heading."""
    first, *rest = text_units(text)
    return judged(section([replace(first, kind=UnitKind.HEADING, level=2), *rest]), language)


@pytest.mark.parametrize(
    ("text", "language", "kind", "reason"),
    [
        ("Sources\nNone.", "en", Kind.SOURCES, "sources.heading:en 'Sources'"),
        ("Konklusion\nGodt.", "da", Kind.CONCLUSION, "conclusion.heading:da 'Konklusion'"),
        ("A word of caution\nHot.", "en", Kind.SAFETY, "safety.heading:en 'A word of caution'"),
        ("What to expect\nMuch.", "en", Kind.INTRO, "intro.heading:en 'What to expect'"),
        ("Introduction\nMuch.", "en", Kind.INTRO, "intro.heading:en 'Introduction'"),
        ("Ingredients\nEggs.", "en", Kind.OTHER, "other.heading:en 'Ingredients'"),
        ("How to dig\nSlowly it goes.", "en", Kind.HOW_TO, "how-to.heading:en 'How to'"),
        ("Why dig\nIt helps.", "en", Kind.OTHER, "other.heading:en 'Why'"),
        ("Plants to avoid\nIvy.", "en", Kind.SAFETY, "safety.avoid:en 'Plants to avoid'"),
        ("Digging\nTake a spade. Dig a hole.", "en", Kind.HOW_TO, "how-to.orders 2 of 2 sentences"),
        ("Gravning\nTag en spade. Grav et hul.", "da", Kind.HOW_TO, "how-to.orders 2 of 2 sentences"),
        ("Graben\nNehmen Sie den Spaten. Graben Sie.", "de", Kind.HOW_TO, "how-to.orders 2 of 2 sentences"),
        ("Creuser\nPrenez la bêche. Creusez.", "fr", Kind.HOW_TO, "how-to.orders 2 of 2 sentences"),
        ("Digging\nIt goes so:\n1. Take a spade\n2. Dig a hole", "en", Kind.HOW_TO, "how-to.numbered 2 items"),
        ("3. Digging\nTake a spade. It helps.", "en", Kind.HOW_TO, "how-to.numbered-heading"),
        ("Dig a hole\nTake a spade. It helps.", "en", Kind.HOW_TO, "how-to.heading-orders"),
        ("The pond\nStop if you feel ill. See a doctor.", "en", Kind.SAFETY, "safety.phrase:en 'Stop if'"),
        ("Dammen\nKontakt din læge, hvis det gør ondt.", "da", Kind.SAFETY, "safety.phrase:da 'Kontakt din læge'"),
        ("Reading\n- Holm, B. (2019). Bees.\n- Lind, C. (2020). Hives.", "en", Kind.SOURCES, "sources.references 2"),
        ("Spade X\nA good one.\n$30. Buy now.", "en", Kind.PRODUCT, "product.price '$30'"),
        ("Spade X\nA good one.\n$30. Buy now.", "en", Kind.PRODUCT, "product.button:en 'Buy now'"),
        ("Spade™\nBuy now.", "en", Kind.PRODUCT, "product.trademark '™'"),
        ("The end\nTo sum up, dig slowly.", "en", Kind.CONCLUSION, "conclusion.words:en 'To sum up'"),
        ("The end\nIt is late.", "en", Kind.OTHER, "other.nothing-else"),
    ],
)
def test_reasons(text: str, language: str, kind: Kind, reason: str) -> None:
    found = verdict(text, language)
    assert reason in found.reasons
    assert found.kind is kind


def test_code_is_instructions() -> None:
    block = called(md("Bees.\n\n## Counting\n\nIt goes so:\n\n```sh\ncount bees\n```"), "Counting")
    assert (block.kind, block.reasons) == ("how-to", ("how-to.code 1",))


NODS = "slow nods\nSit on a stool and lower your chin to your chest. Hold for 10 seconds, then switch sides."


def test_an_exercise_has_position_body_dose_and_movement() -> None:
    found = verdict(NODS.replace("slow nods", "nodding stretch"))
    assert found.kind is Kind.EXERCISE
    assert found.reasons == (
        "exercise.position:en 'Sit on'",
        "exercise.body:en 'chin, chest'",
        "exercise.dose:en 'Hold for 10 seconds'",
        "exercise.dose:en 'switch sides'",
        "exercise.movements 3",
        "exercise.orders 2",
        "exercise.name:en 'stretch'",
    )
    assert found.runner_up is Kind.HOW_TO
    assert found.confidence > 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Dough\nLet it sit on the counter for 30 seconds. Fold it 8 times, then roll it out and rest it.",
        "Seedlings\nPlant them two feet apart with the roots down. Repeat every spring.",
        "Posture\nThe back, the neck and the shoulders carry you all day, again and again, for hours on end.",
        "Legs\nThe chicken legs lie on a bed of rice. Serve with your arms full of herbs.",
    ],
)
def test_what_is_no_exercise(text: str) -> None:
    assert verdict(text).kind is not Kind.EXERCISE


@pytest.mark.parametrize(
    "text",
    [
        "Exercise 1: Knee lift\nLift one knee slowly, then the other. Eight times on each side.",
        "Exercise 2: Calm breathing\nBreathe in for five counts and breathe out for seven. Do this six times.",
    ],
)
def test_a_heading_that_names_an_exercise_needs_no_position(text: str) -> None:
    assert verdict(text).kind is Kind.EXERCISE


def test_a_heading_that_names_one_is_not_enough_alone() -> None:
    assert verdict("Exercise and sleep\nWho moves more sleeps better. It is worth a try.").kind is not Kind.EXERCISE


def test_a_long_section_about_exercises_is_none() -> None:
    assert verdict(NODS).kind is Kind.EXERCISE
    long = verdict(NODS + " It helps the whole of you." * 90)
    assert long.kind is not Kind.EXERCISE


def test_exercises_in_other_languages() -> None:
    danish = "rolige nik\nSid på en skammel, og sænk hagen mod brystet. Hold i 10 sekunder, og gentag 5 gange."
    german = "Nicken\nSetze dich aufrecht auf einen Hocker und senke das Kinn zur Brust. 10 Sekunden halten, 5 mal."
    french = "hochements\nAsseyez-vous sur un tabouret, baissez le menton vers la poitrine, 10 secondes, 5 fois."
    swedish = "nickningar\nSitt på en pall och sänk hakan mot bröstet. Håll i 10 sekunder, upprepa 5 gånger."
    norwegian = "nikk\nSitt på en krakk og senk haken mot brystet. Hold i 10 sekunder, gjenta 5 ganger."
    spanish = "cabeceos\nSiéntate en un taburete y baja la barbilla hacia el pecho. 10 segundos, 5 veces."
    texts = {"da": danish, "de": german, "fr": french, "sv": swedish, "nb": norwegian, "es": spanish}
    assert {language: verdict(text, language).kind for language, text in texts.items()} == dict.fromkeys(
        texts, Kind.EXERCISE
    )


def test_a_danger_that_is_only_named_is_a_fact() -> None:
    assert verdict("Foxglove\nAll of it is poisonous. It flowers in June.").kind is Kind.OTHER
    both = "All of it is poisonous. Keep it out of reach."
    assert verdict(f"Foxglove\n{both}").reasons == ("safety.phrase:en 'poisonous'",)


def test_a_pointer_elsewhere_is_no_instruction() -> None:
    assert verdict("More\nSee the other page. Find it here. Check it twice.").kind is Kind.OTHER


@pytest.mark.parametrize("text", ["Water is wet.", "Rest and sleep matter.", "Place of birth, place of work."])
def test_a_noun_at_the_start_is_no_order(text: str) -> None:
    assert verdict(f"Things\n{text}").reasons == ("other.nothing-else",)


def test_a_heading_that_looks_like_an_order_is_not_enough_alone() -> None:
    assert verdict("Plant care\nIt is easy.").kind is Kind.OTHER


def test_an_order_may_follow_its_condition() -> None:
    found = verdict("Things\nWhen it is dry, water the beds. After rain, weed them.")
    assert found.reasons == ("how-to.orders 2 of 2 sentences",)


def test_the_confidence_grows_with_the_margin() -> None:
    plain, both = verdict("The end\nIt is late."), verdict("Safety routine\nIt is late.")
    assert (plain.confidence, plain.runner_up) == (0.73, None)
    assert (both.kind, both.runner_up) == (Kind.SAFETY, Kind.HOW_TO)
    assert both.confidence < verdict("Safety\nIt is late.").confidence < 1


def test_a_tie_goes_to_what_must_not_be_overlooked() -> None:
    draft = section(text_units("It is late."))
    extra = ((Kind.SAFETY, 3.0, "a"), (Kind.HOW_TO, 3.0, "b"))
    found = judged(draft, "en", extra)
    assert (found.kind, found.confidence, found.runner_up) == (Kind.SAFETY, 0.5, Kind.HOW_TO)


def test_a_settled_draft_keeps_its_reasons() -> None:
    draft = Draft(text_units("It is late."), kind=Kind.INTRO, reasons=("because",), confidence=0.8)
    assert settled(draft) == Verdict(Kind.INTRO, 0.8, None, ("because",))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Watering\nYou should water in the morning. The soil must be moist, not wet.", "en"),
        ("Degen\nMan ska knåda degen länge. Sedan bör den vila i en timme.", "sv"),
        ("Gødning\nMan skal gøde om foråret. Det er vigtigt at vande bagefter.", "da"),
        ("Der Teig\nDen Teig kneten. Eine Stunde ruhen lassen und zu einer Kugel formen.", "de"),
        ("Der Boden\nMan sollte den Boden im Herbst lockern. Kalk muss nur selten gegeben werden.", "de"),
        ("La pâte\nPétrir la pâte. La laisser reposer une heure.", "fr"),
        ("La masa\nHay que amasar diez minutos. Conviene dejar la masa en un lugar templado.", "es"),
        ("Tip 3: The soil\nLoose soil drains well. It is best to add sand.", "en"),
    ],
)
def test_instructions_without_an_imperative(text: str, language: str) -> None:
    assert verdict(text, language).kind is Kind.HOW_TO


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The soil\nBees can dig. The soil is loose, and it drains well in spring.", "en"),
        ("Bina\nBina kan flyga långt. De bor i en kupa av trä.", "sv"),
        ("Die Bienen\nDie Bienen können weit fliegen. Viele Arten leben allein im Boden.", "de"),
        ("Les abeilles\nCourir après une abeille est inutile. Entre deux fleurs elle se repose.", "fr"),
        ("Las abejas\nVolar es su trabajo. El azúcar es su comida.", "es"),
    ],
)
def test_what_can_be_done_is_no_instruction(text: str, language: str) -> None:
    assert verdict(text, language).kind is Kind.OTHER


def test_a_heading_that_promises_instructions_is_doubted_when_the_text_has_none() -> None:
    plain = "Bees are old. They live in hives. A hive is made of wood. It is warm inside."
    kept, doubted = verdict(f"How to keep bees\nOpen the hive. {plain}"), verdict(f"How to keep bees\n{plain}")
    assert kept.confidence > 0.7 > doubted.confidence


def test_orders_that_warn_are_no_instructions() -> None:
    found = verdict("The smoker\nNever leave it burning. Never breathe the smoke. There is a danger of fire.")
    assert (found.kind, found.runner_up) == (Kind.SAFETY, Kind.OTHER)


def test_an_exercise_in_the_infinitive() -> None:
    text = "Nicken\nDen Kopf senken und das Kinn zur Brust ziehen. 20 Sekunden halten, dann die Seite wechseln."
    assert verdict(text, "de").kind is Kind.EXERCISE


def test_a_heading_that_sends_to_who_knows_about_money_is_no_warning() -> None:
    text = "Talk to a mortgage adviser\nTalk to a mortgage adviser who knows. A financial adviser can help."
    assert verdict(text).kind is not Kind.SAFETY
    assert (
        verdict(text.replace("mortgage adviser", "doctor").replace("financial adviser", "doctor")).kind is Kind.SAFETY
    )


def test_what_something_does_is_no_order_where_both_have_one_form() -> None:
    text = "Mejora la fuerza de las piernas. Ayuda a dormir. Protege las rodillas."
    assert verdict(f"beneficios\n{text}", "es").kind is Kind.OTHER
    assert verdict(f"en casa\n{text}", "es").kind is Kind.HOW_TO
