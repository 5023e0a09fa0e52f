"""What is longer than a mail is cut between its paragraphs, unless it must stay whole."""

from backmail.article.cutting import LONGEST
from tests.article.texts import md, shape, txt

PARAGRAPH = "Bees need water close to the hive and a dry place to land. " * 8  # 96 words
ASK = "Stop at once and ask a doctor before you go on. "


def test_a_long_section_is_cut_into_parts_of_about_one_length() -> None:
    article = md("Bees.\n\n## Water\n\n" + "\n\n".join([PARAGRAPH] * 11))
    parts = article.blocks[1:]
    assert [block.role for block in parts] == ["body", "continuation", "continuation"]
    assert [block.continues for block in parts] == [None, "b02", "b02"]
    assert [block.words for block in parts] == [418, 312, 416]
    assert f"continuation.longer-than-{LONGEST}-words" in parts[1].reasons
    assert (parts[0].end, parts[1].start) == (11, 13)


def test_an_introduction_and_instructions_are_cut_as_well() -> None:
    text = "\n\n".join([PARAGRAPH] * 6)
    assert shape(md(f"{text}\n\n## Water\n\nWet."))[:2] == [(1, 5, "intro", None), (7, 11, "intro", "continuation")]
    assert [block.kind for block in md(f"Bees.\n\n## How to\n\n{text}").blocks] == ["intro", "how-to", "how-to"]


def test_numbered_steps_stay_whole() -> None:
    steps = "".join(f"{number}. {PARAGRAPH}\n\n{PARAGRAPH}\n\n" for number in range(1, 5))
    assert len(md(f"Bees.\n\n## How to\n\n{steps}").blocks) == 2
    assert len(md(f"Bees.\n\n## The tools\n\n{steps}").blocks) > 2


def test_safety_text_stays_whole() -> None:
    article = md("Bees.\n\n## Safety\n\n" + "\n\n".join([ASK * 20] * 4))
    assert (len(article.blocks), article.blocks[1].words > LONGEST) == (2, True)


def test_nothing_is_cut_behind_a_colon_or_inside_a_list() -> None:
    long = PARAGRAPH * 4
    items = "".join(f"- {PARAGRAPH}\n" for _ in range(4))
    article = md(f"Bees.\n\n## Water\n\n{long}\n\nAll of these:\n\n{items}\n{PARAGRAPH}")
    assert shape(article)[1:] == [
        (3, 5, "other", "body"),
        (7, 12, "other", "continuation"),
        (14, 14, "other", "continuation"),
    ] or shape(article)[1:] == [(3, 5, "other", "body"), (7, 14, "other", "continuation")]


def test_a_paragraph_is_never_cut() -> None:
    article = txt("Bees.\n\nThe Water\n\n" + PARAGRAPH * 6)
    assert len(article.blocks) == 2
