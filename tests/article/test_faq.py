"""Questions are paired with their answers, however they are written."""

import pytest

from tests.article.texts import called, md, shape, txt

_TWO = [(5, 7, "Do they sting?"), (9, 11, "At night")]
INTRO = "Bees fly when it is warm.\n\n"


def pairs(text: str) -> list[tuple[int, int, str]]:
    return [(block.start, block.end, block.heading) for block in md(text).blocks if block.kind == "faq"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("## FAQ\n\n### Do they sting?\n\nRarely.\n\n### At night\n\nSleep.", _TWO),
        ("## FAQ\n\n## Do they sting?\n\nRarely.\n\n## The winter\n\nCold.", [(5, 7, "Do they sting?")]),
        ("## FAQ\n\n**Do they sting?**\n\nRarely.\n\n**Why?**\nFear.", [(5, 7, "Do they sting?"), (9, 10, "Why?")]),
        ("## FAQ\n\n**Do they sting?** Rarely.\n\n**Why?** Fear.", [(5, 5, "Do they sting?"), (7, 7, "Why?")]),
        ("## FAQ\n\n- Do they sting? Rarely.\n- Why not? Fear.", [(5, 5, "Do they sting?"), (6, 6, "Why not?")]),
        ("## FAQ\n\n1. Do they sting?\n\n   Rarely.\n2. Why? Fear.", [(5, 7, "Do they sting?"), (8, 8, "Why?")]),
        ("## FAQ\n\nDo they sting?\n\nRarely.\n\nWhy?\n\nFear.", [(5, 7, "Do they sting?"), (9, 11, "Why?")]),
        ("## FAQ: Do they sting?\n\nRarely.\n\n### Why?\n\nFear.", [(3, 5, "Do they sting?"), (7, 9, "Why?")]),
        ("## Talk\n\nQ: Do they sting? A: Rarely.\n\nQ: Why?\n\nA: Fear.", [(5, 5, "Do they sting?"), (7, 9, "Why?")]),
    ],
)  # fmt: skip
def test_pairs(text: str, found: list[tuple[int, int, str]]) -> None:
    assert pairs(INTRO + text) == found


def test_question_and_answer_on_one_line_are_two_units() -> None:
    block = called(md(INTRO + "## FAQ\n\n**Do they sting?** *Rarely*, they say."), "Do they sting?")
    assert [(unit.kind.value, unit.text, unit.raw) for unit in block.units] == [
        ("heading", "Do they sting?", "**Do they sting?**"),
        ("paragraph", "Rarely, they say.", "*Rarely*, they say."),
    ]


def test_a_question_that_cannot_be_cut_from_its_line_stays_whole() -> None:
    block = called(md(INTRO + "## FAQ\n\n- Does it [work](x?y)? Yes.\n- Does it last? No."), "Does it work?")
    assert [unit.text for unit in block.units] == ["Does it work? Yes."]


def test_the_heading_leads_to_its_pairs_and_an_introduction_stays_with_it() -> None:
    article = md(INTRO + "## FAQ\n\nHere is what people ask.\n\n### Do they sting?\n\nRarely.")
    assert shape(article)[1:] == [(3, 5, "other", "lead"), (7, 9, "faq", None)]
    assert article.blocks[1].lead_for == ("b03",)


def test_a_teaser_inside_a_faq_does_not_end_it() -> None:
    article = txt(
        "Bees fly when it is warm.\nFAQ\nDo they sting?\nRarely.\nBee Veil™ - Black\nGodt slør, der holder bierne ude."
        "\nAnd only when they fear for the hive.\nDo they sleep?\nAt night."
    )
    assert shape(article)[1:] == [
        (2, 2, "other", "heading"),
        (3, 4, "faq", None),
        (5, 6, "product", None),
        (7, 7, "faq", "continuation"),
        (8, 9, "faq", None),
    ]
    assert article.blocks[4].continues == "b03"


def test_questions_in_bold_go_on_behind_a_teaser() -> None:
    teaser = "**Bee Veil™ - Black**\n\nGodt slør, der holder bierne ude."
    article = md(f"{INTRO}## FAQ\n\n**Do they sting?** Rarely.\n\n{teaser}\n\nSo be calm.\n\n**Why?** Fear.")
    assert shape(article)[2:] == [
        (5, 5, "faq", None),
        (7, 9, "product", None),
        (11, 11, "faq", "continuation"),
        (13, 13, "faq", None),
    ]


RUN = "".join(f"## Do they {what}?\n\nYes, in summer.\n\n" for what in ("fly", "sting", "sleep"))


def test_questions_in_a_row_are_a_faq_without_being_called_so() -> None:
    article = md(INTRO + "## The hive\n\nWood.\n\n## The year\n\nLong.\n\n## The honey\n\nSweet.\n\n" + RUN)
    (block, *_) = [block for block in article.blocks if block.kind == "faq"]
    assert (block.heading, block.confidence) == ("Do they fly?", 0.7)
    assert "faq.question-run 3" in block.reasons


def test_an_article_whose_headings_are_all_questions_is_no_faq() -> None:
    assert pairs(INTRO + RUN) == []


def test_a_faq_ends_at_a_heading_that_is_no_question() -> None:
    article = txt("Bees fly when it is warm.\nFAQ\nDo they sting?\nRarely.\nClosing thoughts\nGo and see them.")
    assert shape(article)[-1] == (5, 6, "conclusion", None)


_FOLDED = "<details>\n<summary>{}</summary>\n{}\n</details>"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f"## FAQ\n\n{_FOLDED.format('Do they sting?', 'Rarely.')}\n\n{_FOLDED.format('Why?', 'Fear.')}",
            [(5, 8, "Do they sting?"), (10, 13, "Why?")],
        ),
        (
            "## FAQ\n\n<details><summary>Do they sting?</summary>Rarely.</details>\n"
            "<details><summary>Why?</summary>Fear.</details>",
            [(5, 5, "Do they sting?"), (6, 6, "Why?")],
        ),
        ("## FAQ\n\n### Stings\n\nRare.\n\n### Summary\n\nGo on.", [(5, 7, "Stings")]),
        ("## Your questions on bees\n\n### Do they sting?\n\nRarely.", [(5, 7, "Do they sting?")]),
        ("## Questions we get\n\n- Do they sting? Rarely.\n- Why? Fear.", [(5, 5, "Do they sting?"), (6, 6, "Why?")]),
        ("## FAQ\n\n### Stings\n\n#### Do they sting?\n\nRarely.", [(7, 9, "Do they sting?")]),
        ("## FAQ\n\n**Do they sting? And how?**\n\nRarely.\n\nA bit.", [(5, 9, "Do they sting? And how?")]),
        (
            "## Talk\n\nF: Stechen sie?\n\nA: Selten.\n\nF: Warum?\n\nA: Angst.",
            [(5, 7, "Stechen sie?"), (9, 11, "Warum?")],
        ),
    ],
)  # fmt: skip
def test_pairs_in_other_shapes(text: str, found: list[tuple[int, int, str]]) -> None:
    assert pairs(INTRO + text) == found


@pytest.mark.parametrize(
    "text",
    [
        "## Questions to ask a keeper\n\n- How old are the hives?\n- Where do they stand?",
        "## Questions\n\nThere are many questions, and nobody knows the answers.\n\n## The year\n\nLong.",
        "## Comments\n\nAnna: Do they sting?\n\nBo: Rarely.",
        "## FAQ\n\n## The year\n\nLong.",
        "P. Holm keeps bees.\n\nP. Lind does not.",
    ],
)
def test_what_is_no_pair(text: str) -> None:
    assert pairs(INTRO + text) == []


FLAT = "Bees fly when it is warm.\nthe hive\nIt is made of wood.\nthe year\nIt begins in August.\n"


def test_questions_without_a_mark_below_the_heading_of_a_faq() -> None:
    article = txt(
        f"{FLAT}frequently asked questions\nhow often do they fly\nDaily.\nclosing thoughts\nGo and see them."
    )
    assert shape(article)[-3:] == [(6, 6, "other", "heading"), (7, 8, "faq", None), (9, 10, "conclusion", None)]


def test_an_entry_that_is_no_question_is_doubted() -> None:
    block = called(txt(f"{FLAT}faq\nwhen they sting\nRarely.\nstings on children\nCool them."), "stings on children")
    assert (block.kind, block.confidence) == ("faq", 0.7)
    assert "faq.stated" in block.reasons
