"""Sections are judged by their neighbours, too."""

import pytest

from tests.article.texts import called, md, shape, txt

BODY = "Bees need water close to the hive, and a place where they can land without getting wet."
NODS = "Sit on a stool and lower your chin to your chest. Hold for 10 seconds, then switch sides."
ROLL = "Draw a circle with the tip of your nose, first to one side and then to the other, as slowly as you can."


def test_a_section_between_exercises_is_one() -> None:
    alone = md(f"Bees.\n\n## Water\n\n{BODY}\n\n## Rolls\n\n{ROLL} Move your neck.")
    assert called(alone, "Rolls").kind == "how-to"
    row = md(f"Bees.\n\n## Nods\n\n{NODS}\n\n## Rolls\n\n{ROLL} Move your neck.\n\n## Bends\n\n{NODS}")
    block = called(row, "Rolls")
    assert block.kind == "exercise"
    assert "exercise.series 2" in block.reasons


def test_a_section_between_exercises_that_moves_nothing_is_none() -> None:
    article = md(f"Bees.\n\n## Nods\n\n{NODS}\n\n## Water\n\n{BODY}\n\n## Bends\n\n{NODS}")
    assert called(article, "Water").kind == "other"


def test_orders_that_end_in_a_colon_above_exercises_lead_to_them() -> None:
    article = md(f"Bees.\n\n## In the shed\n\nTake five minutes. Move slowly. Begin here:\n\n### Nods\n\n{NODS}")
    block = called(article, "In the shed")
    assert (block.kind, block.role, block.runner_up) == ("other", "lead", "how-to")
    assert block.lead_for == ("b03",)


def test_what_a_teaser_cuts_off_is_of_the_same_kind() -> None:
    article = txt(
        f"{BODY}\nHow to dig\nTake a spade.\nSpade™ - Black\nEn spade, der er let at grave med.\nDig.\nThe end\n{BODY}"
    )
    assert shape(article)[1:4] == [(2, 3, "how-to", None), (4, 5, "product", None), (6, 6, "how-to", "continuation")]
    assert article.blocks[3].continues == article.blocks[1].id
    assert article.blocks[3].reasons == ("continuation.after-product",)


def test_what_a_teaser_cuts_off_the_introduction_goes_on_with_it_and_not_with_the_title() -> None:
    article = txt(f"Bees\n{BODY}\nSpade™ - Black\nEn spade, der er let at grave med.\n{BODY}\nThe end\n{BODY}")
    assert shape(article)[:4] == [
        (1, 1, "other", "title"),
        (2, 2, "intro", None),
        (3, 4, "product", None),
        (5, 5, "intro", "continuation"),
    ]
    assert article.blocks[3].continues == "b02"


def test_sections_that_count_on_are_instructions_where_most_are() -> None:
    rows = ["Open the hive. Look inside.", "Close the hive. Walk away.", "Bees are calm in the evening."]
    article = md("Bees.\n\n" + "\n\n".join(f"## {number}. Bees\n\n{row}" for number, row in enumerate(rows, 1)))
    assert [block.kind for block in article.blocks[1:]] == ["how-to"] * 3
    assert "how-to.row 3" in article.blocks[3].reasons
    facts = md("Bees.\n\n" + "\n\n".join(f"## {number}. Fact\n\nBees are calm." for number in (1, 2, 3)))
    assert {block.kind for block in facts.blocks[1:]} == {"other"}


def test_a_section_between_instructions_that_tells_to_do_one_thing_is_one() -> None:
    quiet = "Bees sleep. They are calm and warm. You should wait for the morning."
    alone = md(f"Bees.\n\n## Honey\n\nIt is sweet.\n\n## Wax\n\nIt is soft.\n\n## Night\n\n{quiet}")
    told = md(f"Bees.\n\n## How to open\n\nOpen it.\n\n## How to close\n\nClose it.\n\n## Night\n\n{quiet}")
    assert called(told, "Night").kind == "how-to"
    assert "how-to.series 2" in called(told, "Night").reasons
    assert called(alone, "Night").kind == "other"


def test_a_summary_above_the_article_introduces_it() -> None:
    article = md(f"## Key takeaways\n\n- Bees fly.\n\n## Water\n\n{BODY}\n\n## Food\n\n{BODY}")
    block = article.blocks[0]
    assert (block.kind, block.runner_up) == ("intro", "conclusion")
    assert "intro.summary-at-the-top" in block.reasons


LAST = f"Bees.\n\n## Water\n\n{BODY}\n\n## Food\n\n{BODY}\n\n## Into the garden\n\n"


def test_the_last_section_concludes_when_it_says_goodbye() -> None:
    block = md(f"{LAST}Good luck with your bees!").blocks[-1]
    assert (block.kind, block.confidence, block.runner_up) == ("conclusion", 0.62, "other")
    assert "conclusion.last-section 'Good luck'" in block.reasons
    assert md(f"{LAST}Good luck with your bees! Enjoy the honey.").blocks[-1].confidence == 0.7


def test_what_does_not_conclude() -> None:
    assert md(f"{LAST}The garden is small.").blocks[-1].kind == "other"
    assert called(md(f"{LAST}Good luck!\n\n## Conclusion\n\nAll good."), "Into the garden").kind == "other"
    assert called(md(f"{LAST}Good luck!\n\n## The wax\n\n{BODY}"), "Into the garden").kind == "other"
    assert md(f"{LAST}1. Good luck\n2. Enjoy it\n3. Dig").blocks[-1].kind != "conclusion"


def test_questions_may_stand_behind_a_conclusion_that_is_plain() -> None:
    faq = "\n\n## FAQ\n\n### Do they sting?\n\nRarely."
    assert called(md(f"{LAST}Good luck! Enjoy the honey.{faq}"), "Into the garden").kind == "conclusion"
    assert called(md(f"{LAST}Good luck!{faq}"), "Into the garden").kind == "other"


def test_closing_words_above_further_sections_conclude_nothing() -> None:
    middle = f"Bees.\n\n## Water\n\nIn short, bees need water.\n\n## Food\n\n{BODY}\n\n## Wax\n\n{BODY}"
    assert called(md(middle), "Water").kind != "conclusion"
    assert (
        called(md(f"Bees.\n\n## Food\n\n{BODY}\n\n## Water\n\nIn short, bees need water."), "Water").kind
        == "conclusion"
    )


def test_headings_that_order_something_in_a_row_are_instructions() -> None:
    said = "The bees will find it by themselves, and the whole hive is calmer."
    row = [f"## {heading}\n\n{said}" for heading in ("Give them water", "Open the lid", "Move the hive")]
    article = md("\n\n".join(["Bees.", *row, f"## The weather\n\n{said}"]))
    assert [called(article, each).kind for each in ("Give them water", "Open the lid", "Move the hive")] == [
        "how-to"
    ] * 3
    assert "how-to.row-of-orders 3" in called(article, "Open the lid").reasons
    assert called(article, "The weather").kind == "other"
    alone = md(f"Bees.\n\n{row[0]}\n\n## The weather\n\n{said}\n\n## The hive\n\n{said}")
    assert called(alone, "Give them water").kind == "other"


LIFTS = "Lift your shoulders towards your ears. Draw your elbows back and let your arms hang."


def test_orders_that_move_the_body_are_an_exercise_where_the_article_is_about_exercises() -> None:
    section = f"## Slow lifts\n\n{LIFTS}\n\n## The shed\n\n{BODY}"
    block = called(md(f"Three exercises for the shed.\n\n{section}"), "Slow lifts")
    assert block.kind == "exercise"
    assert "exercise.moves:en 'shoulders, ears, elbows'" in block.reasons
    assert called(md(f"Three ideas for the shed.\n\n{section}"), "Slow lifts").kind == "how-to"


def test_what_an_animal_is_taught_is_no_exercise() -> None:
    taught = "Stand in front of {}, bend your knees and lift your hand over the head. Repeat five times."
    for learner, kind in (("your dog", "how-to"), ("your chair", "exercise")):
        body = taught.format(learner)
        article = md(
            f"# A week with {learner}\n\nIt is fun.\n\n## One\n\n{body}\n\n## Two\n\n{body}\n\n## Three\n\n{body}"
        )
        assert called(article, "Two").kind == kind


def test_a_few_sentences_above_deeper_headings_only_lead_to_them() -> None:
    article = md("Bees.\n\n## How to feed bees\n\nBees eat sugar.\n\n### Sugar\n\nMix sugar and water. Stir it well.")
    assert (called(article, "How to feed bees").kind, called(article, "How to feed bees").role) == ("other", "lead")


def test_a_heading_concludes_nothing_above_many_sections() -> None:
    rest = "\n\n".join(f"## {name}\n\n{BODY}" for name in ("Food", "Hives", "Wind", "Rain"))
    article = md(f"Bees.\n\n## Water\n\n{BODY}\n\n## Remember\n\n{BODY}\n\n{rest}")
    assert called(article, "Remember").kind == "other"
    assert called(md(f"Bees.\n\n{rest}\n\n## Remember\n\n{BODY}"), "Remember").kind == "conclusion"


LISTED = {
    "en": (
        ("5 exercises for tired knees", "The shed"),
        """### The wall sit

The back rests flat on the wall and the thighs are level with the floor. Both knees are bent, and the feet do not move.

### The low bridge

Lying on the back, the hips are lifted until the thighs and the belly make one line. The arms stay on the floor.
""",
    ),
    "da": (
        ("5 øvelser til trætte knæ", "I skuret"),
        """### Hvil mod væggen

Ryggen hviler mod væggen, og lårene holdes vandret. Begge knæ er bøjede, og fødderne bliver hvor de er.

### Den lave bro

Liggende på ryggen løftes hoften, til lårene og maven er på linje. Armene bliver liggende på gulvet hele tiden.
""",
    ),
    "fr": (
        ("5 exercices pour les genoux fatigués", "Dans la remise"),
        """### La chaise contre le mur

Le dos repose contre le mur et les cuisses restent à l’horizontale. Les pieds ne bougent pas pendant 20 secondes.

### Le pont bas

Allongé sur le dos, on soulève les hanches jusqu’à ce que les cuisses soient alignées. Les bras restent au sol.
""",
    ),
}


@pytest.mark.parametrize("language", LISTED)
def test_what_a_heading_calls_exercises_are_such_though_they_order_nothing(language: str) -> None:
    (heading, other), sections = LISTED[language]
    blocks = md(f"Bees fly.\n\n## {heading}\n\n{sections}", language=language).blocks
    assert [block.kind for block in blocks] == ["intro", "other", "exercise", "exercise"]
    assert blocks[1].heading == heading
    assert any(reason.startswith(f"exercise.below-heading:{language} '") for reason in blocks[3].reasons)
    assert md(f"Bees fly.\n\n## {other}\n\n{sections}", language=language).blocks[-1].kind == "other"


@pytest.mark.parametrize(
    "text",
    [
        f"## 5 exercises in patience\n\n### The swarm\n\n{BODY}\n\n### The honey\n\n{BODY} They wait, and so do we.",
        """## The benefits of stretching exercises

### A calmer heart

Lying on the back or standing tall, the heart of a walker beats slower. Arms and legs get more blood.

### Stronger bones

Standing on both legs keeps the hips and the spine strong, and the knees ache less.
""",
    ],
)
def test_what_a_heading_only_says_of_exercise_is_none(text: str) -> None:
    assert {"exercise"}.isdisjoint(block.kind for block in md(f"Bees fly.\n\n{text}").blocks)


def test_what_only_leads_to_exercises_is_none_though_it_counts_and_names_parts_of_the_body() -> None:
    talk = "Your neck and shoulders work all day. Two exercises are enough."
    talk += " Move your head slowly. Hold for 10 seconds, then switch sides. Repeat 10 times."
    article = md(f"Bees.\n\n## Exercises for your neck\n\n{talk} {BODY}\n\n### Nods\n\n{NODS}\n\n### Bends\n\n{NODS}")
    block = called(article, "Exercises for your neck")
    assert (block.kind, block.role) == ("other", "lead")


def test_a_section_below_a_heading_that_tells_how_is_one_of_instructions() -> None:
    plan = " ".join(
        [*[BODY] * 6, "Write a list. Open the hive. Choose a spot. You should begin in spring.", *[BODY] * 6]
    )
    text = f"Bees.\n\n## {{}}\n\n{BODY}\n\n### The boxes\n\n{plan}\n\n### The place\n\n{BODY}"
    article = md(text.format("How to start a hive"))
    assert called(article, "The boxes").kind == "how-to"
    assert called(article, "The place").kind == "other"
    assert called(md(text.format("My first hive")), "The boxes").kind == "other"


_ROW = """# Stiff hips

Sitting makes hips stiff, and a walk is not enough.

## Exercises

### Bridge

Lie on your back with bent knees. Lift your hips and hold for ten seconds.

### Butterfly

Sit with the soles of your feet together and let your knees fall. Stay for a minute.

### Lunge

Take a long step and lower the other knee to the floor. Repeat eight times on each side.

"""


@pytest.mark.parametrize(
    ("closing", "kind"),
    [
        ("Stop at once if it hurts. Ask your doctor before you begin if you have a new hip.", "safety"),
        ("Do these exercises three times a week, and give them a month.", "other"),
    ],
)
def test_a_paragraph_that_closes_a_row_of_exercises_is_none_of_the_last_one(closing: str, kind: str) -> None:
    article = md(f"{_ROW}{closing}\n")
    assert [str(block.kind) for block in article.blocks[-4:]] == ["exercise", "exercise", "exercise", kind]


def test_a_warning_below_each_exercise_stays_with_it() -> None:
    warning = "Stop at once if it hurts."
    text = _ROW.replace("ten seconds.\n", f"ten seconds.\n\n{warning}\n").replace(
        "a minute.\n", f"a minute.\n\n{warning}\n"
    )
    assert str(md(f"{text}{warning}\n").blocks[-1].kind) == "exercise"


def test_what_is_said_of_the_last_exercise_stays_with_it() -> None:
    assert str(md(f"{_ROW}Feel the stretch in the front of the hip.\n").blocks[-1].kind) == "exercise"


STEP = "Take a spade and dig. Put the soil aside."


def test_short_numbered_steps_of_a_plain_text_are_one_block_of_instructions() -> None:
    steps = f"how to dig\n1. The hole\n{STEP}\n2. The water\n{STEP}\n3. The end\n{STEP}"
    article = txt(f"{BODY}\nwhere they drink\n{BODY}\n{steps}\nthe year\n{BODY}")
    block = called(article, "how to dig")
    assert (block.kind, len(block.units)) == ("how-to", 7)
    assert "how-to.steps 3" in block.reasons


def test_long_numbered_tips_are_sections_and_so_is_what_a_text_marks() -> None:
    long = f"{STEP} {BODY} {BODY}"
    article = txt(
        f"{BODY}\nthree tips\n1. The hole\n{long}\n2. The water\n{long}\n3. The end\n{long}\nthe year\n{BODY}"
    )
    assert called(article, "The water")
    marked = md(
        f"{BODY}\n\n## How to dig\n\n### 1. The hole\n\n{STEP}\n\n### 2. The water\n\n{STEP}\n\n### 3. End\n\n{STEP}"
    )
    assert called(marked, "The water").kind == "how-to"


def test_a_lone_heading_above_several_plain_sections_stays_one() -> None:
    two = f"{BODY}\n\n## The hive\n\n### Wood\n\n{BODY}\n\n### Straw\n\n{BODY}\n\n## The year\n\n{BODY}"
    assert [block.heading for block in md(two).blocks] == ["", "The hive", "Wood", "Straw", "The year"]
    one = two.replace(f"### Straw\n\n{BODY}\n\n", "")
    assert [block.heading for block in md(one).blocks] == ["", "The hive", "The year"]
    why = two.replace("The hive", "Why they swarm")
    assert [block.heading for block in md(why).blocks] == ["", "Why they swarm", "Straw", "The year"]


def test_mistakes_among_exercises_are_none() -> None:
    wrong = "Lower your hips and keep your knees apart. Hold your back straight for 10 seconds."
    article = md(f"Bees.\n\n## Nods\n\n{NODS}\n\n## Common mistakes\n\n{wrong}\n\n## Bends\n\n{NODS}")
    assert [block.kind for block in article.blocks[1:]] == ["exercise", "how-to", "exercise"]
