"""A title is taken from the article, or guessed from what it repeats."""

import pytest

from tests.article.texts import PASTED, md, txt

BODY = "It needs water close by, and a place to land."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Bees at home\n---\n\n# Other\n\nText.", "Bees at home"),
        ("# Bees *at home*\n\nText.", "Bees at home"),
        ("Text.\n\n## One\n\nText.\n\n# Two\n\nText.", None),
    ],
)
def test_a_title_in_markdown(text: str, title: str | None) -> None:
    article = md(text)
    assert article.title_guessed is (title is None)
    assert title is None or article.title == title


def test_a_guess_is_made_of_the_words_that_come_back() -> None:
    text = (
        f"We like small garden ponds. {BODY}\nbuilding a garden pond\n{BODY}\nwhy garden ponds matter\n"
        f"A small garden pond helps. {BODY}\nthe edge\nBuilding a garden pond is easy. {BODY}"
    )
    article = txt(text)
    assert (article.title, article.title_guessed) == ("Building a garden pond", True)


def test_a_guess_takes_in_the_word_before_it() -> None:
    text = f"Stiff old hinges. {BODY}\nold hinges\n{BODY}\nthe oil\nOil for stiff old hinges. {BODY}\nthe end\nBye."
    assert txt(text).title == "Stiff old hinges"


def test_a_guess_says_more_than_a_topic() -> None:
    cold = f"cold garden ponds crack\nSo garden ponds crack. {BODY}"
    text = f"{BODY}\ngarden ponds\nGarden ponds freeze, garden ponds leak. {BODY}\n{cold}\nend\nBye."
    assert txt(text).title == "Garden ponds crack"


def test_without_anything_that_comes_back() -> None:
    assert md("One.\n\n## The pond: deep\n\nTwo.").title == "The pond: deep"
    assert txt("one two three, four five six seven eight nine ten.").title == "One two three, four five six seven eight"
    assert txt("...").title == "article"


def test_it_is_a_caution() -> None:
    article = txt(PASTED)
    (caution,) = [each for each in article.cautions if each.id == "guessed-title"]
    assert caution.text == article.title
    assert caution.start == 1
