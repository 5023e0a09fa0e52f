"""A project's own word lists: read, judged, and used to understand its articles."""

from pathlib import Path

import pytest

from backmail import article as articles
from backmail.article.lexicon import Lexicons, lexicon
from backmail.article.lexicon import _texts as held
from backmail.article.reasons import of_kind
from backmail.config import Project
from backmail.desk import lexicons
from backmail.errors import LexiconError, UnknownName
from backmail.model.article import Kind

MINE = """[headings]
safety = ['^from the house of grumbles$']

[[probe]]
concept = "headings.safety"
yes = ["From the house of grumbles"]
"""
ARTICLE = "# Bread\n\nIt rises.\n\n## From the house of grumbles\n\nThe oven is hot.\n\n## The crust\n\nIt is brown.\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a word list of its own for English."""
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "en.toml").write_text(MINE, encoding="utf-8")
    return Project(tmp_path)


def kinds(own: Lexicons) -> dict[str, Kind]:
    """Return what each section of the article is, understood with these words."""
    article = articles.understand(articles.read_text(ARTICLE.encode(), "bread.md"), lexicons=own, language="en")
    assert article.language == "en"
    assert {block.language for block in article.blocks} == {"en"}
    return {block.heading: block.kind for block in article.blocks}


def test_its_words_are_heard_and_those_that_ship_still_are(project: Project) -> None:
    own = lexicons.own(project)
    assert kinds(Lexicons())["From the house of grumbles"] is Kind.OTHER
    assert kinds(own)["From the house of grumbles"] is Kind.SAFETY
    assert lexicon(own.key("en")).find("headings.faq", "FAQ") == "FAQ"
    assert lexicon(own.key("en-GB")) is lexicon(own.key("en"))
    assert own.key("da") == "da"


def test_the_words_of_two_projects_do_not_meet() -> None:
    mine, theirs = Lexicons({"en": MINE}), Lexicons({"en": MINE.replace("grumbles", "giggles")})
    assert kinds(mine)["From the house of grumbles"] is Kind.SAFETY
    assert kinds(theirs)["From the house of grumbles"] is Kind.OTHER
    assert lexicon("en").find("headings.safety", "From the house of giggles") is None


def test_a_language_that_is_not_known_takes_its_own_words_for_the_union(tmp_path: Path) -> None:
    own = Lexicons({"fi": "[words]\nfunction = 'ja on ei'\n\n[headings]\nfaq = ['^kysymyksiä\\b']\n"})
    known = lexicon(own.key("fi"))
    assert known.find("headings.faq", "Kysymyksiä leivästä") == "Kysymyksiä"
    assert known.find("headings.faq", "FAQ") is None
    assert known.function_words == {"ja", "on", "ei"}


def test_what_cannot_be_used_is_refused_with_all_its_faults(project: Project) -> None:
    (project.lexicons / "en.toml").write_text("[headings]\nsafty = ['x']\nfaq = ['(']\n", encoding="utf-8")
    (project.lexicons / "da.toml").write_text("[headings\n", encoding="utf-8")
    with pytest.raises(LexiconError) as raised:
        lexicons.own(project)
    places = [str(each.place) for each in raised.value.faults]
    assert places == [f"{project.lexicons / 'da.toml'}:1:10", f"{project.lexicons / 'en.toml'}:2:1"]


def test_a_probe_that_fails_is_said_by_the_check_and_stops_nobody(project: Project) -> None:
    path = project.lexicons / "en.toml"
    path.write_text(MINE.replace("From the house of grumbles", "Elsewhere"), encoding="utf-8")
    assert lexicons.own(project).key("en") != "en"
    judged = dict(lexicons.check(project, "en"))
    assert [each.message for each in judged[str(path)].faults] == ["headings.safety does not find 'Elsewhere'"]
    assert judged["backmail/article/lexicon/en.toml"].faults == ()


def test_what_is_judged(project: Project, tmp_path: Path) -> None:
    ships = "backmail/article/lexicon/{}.toml"
    assert [name for name, _ in lexicons.check(project)] == [str(project.lexicons / "en.toml")]
    assert [name for name, _ in lexicons.check(project, "no")] == [ships.format("nb")]
    assert len(lexicons.check(Project(tmp_path / "empty"))) == 9
    with pytest.raises(UnknownName, match="there are no words of 'xq'"):
        lexicons.check(project, "xq")
    with pytest.raises(LexiconError, match="cannot be read"):
        lexicons.check(project, "en", tmp_path / "none.toml")


FLAG = r"""[phrases]
stop = ['\bwave the white flag\b']
"""
MOVES = """# Calm ankles

Ankles carry us all day long, and few of us thank them for it.

## Safety first

Some heat in the calf is to be expected on the first days. Wave the white flag when your foot goes numb.

## Ankle circles

Lie on your back and lift one foot. Draw ten slow circles with your toes, then change the foot. Repeat 3 times.

## Heel raises

Stand behind a chair. Rise onto your toes, hold for 5 seconds, and come down slowly. Repeat 10 times on each side.
"""


def test_a_plan_is_made_with_the_words_that_its_article_was_understood_with() -> None:
    text = MOVES.replace("on each side.\n", "on each side. " + "Breathe as you always do while you move. " * 12 + "\n")
    text = text.replace("Repeat 3 times.", "Repeat 3 times. " + "Let the knee rest where it likes to be. " * 12)
    source = articles.read_text(text.encode(), "ankles.md")
    plans = [
        articles.arrange(articles.understand(source, lexicons=own, language="en"), 2)
        for own in (Lexicons(), Lexicons({"en": FLAG}))
    ]
    repeated = [[each.text for step in plan.steps for each in step.repeats] for plan in plans]
    assert repeated == [[repeated[0][0]], ["Wave the white flag when your foot goes numb."]]
    assert repeated[0] != repeated[1]


def test_the_reasons_for_another_kind_are_heard_in_them_too() -> None:
    article = articles.understand(
        articles.read_text(ARTICLE.encode(), "bread.md"), lexicons=Lexicons({"en": MINE}), language="en"
    )
    block = next(each for each in article.blocks if each.heading == "From the house of grumbles")
    assert any("grumbles" in reason for reason in of_kind(block, Kind.SAFETY, article.lexicon))
    assert not any("grumbles" in reason for reason in of_kind(block, Kind.SAFETY, article.language))


def test_a_word_list_that_is_saved_again_and_again_does_not_pile_up() -> None:
    first = Lexicons({"en": MINE})
    lexicon(first.key("en"))
    for number in range(200):
        lexicon(Lexicons({"en": MINE.replace("grumbles", f"grumbles {number}")}).key("en"))
    assert len(held) <= 64
    assert lexicon(first.key("en")).find("headings.safety", "From the house of grumbles")
