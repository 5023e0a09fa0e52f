"""The words of an explanation: no reason and no sentence of a plan reaches a marketer in the words of the program."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backmail import article as articles
from backmail.article.reasons import of_number
from backmail.campaign import Outline
from backmail.config import sample_campaigns
from backmail.desk.explain import LANGUAGES, words_in
from backmail.desk.workshop import Understood
from tests.article.texts import PASTED
from tests.desk.workbench import ARTICLE

CODE = Path(articles.__file__).parent
# Rooms of words that name themselves like reasons: lists of a lexicon, templates of texts, metadata of pages.
NO_REASONS = (
    "dc",
    "dcterms",
    "headings",
    "inside",
    "minutes",
    "phrases",
    "preheader",
    "sailthru",
    "subject",
    "teaser",
    "words",
)
KINDS = ("sources", "conclusion", "safety", "intro", "how-to", "other")  # f"{kind}.heading:{hit}", see article/rules.py
ROLES = ("toc", "related", "chrome")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("exercise.dose:en '8 times'", "it says how long or how often: “8 times”"),
        ("heading.list:da 'Kilder'", "its first line is a heading that is often used: “Kilder”"),
        ("background.heading:en 'why'", "its heading asks for the why: “why”"),
        ("how-to.orders 4 of 9 sentences", "it tells the reader what to do: 4 of 9 sentences"),
        ("heading.small-letters", "its first line is in small letters and ends without a full stop"),
        ("continuation.longer-than-500-words", "it goes on where a long section was cut in two"),
        ("override", "you said so"),
        ("front-matter", "it is settings of the page, above the text"),
        ("product.advertisement 'it's an ad'", "it is marked as an advertisement: “it's an ad”"),
        ("exercise.dose", "it says how long or how often"),
        ("something.new 'x'", "something.new 'x'"),
        ("", ""),
    ],
)
def test_a_reason_is_a_sentence(reason: str, sentence: str) -> None:
    assert words_in("en").reason(reason) == sentence


def test_it_is_said_in_danish_and_german() -> None:
    assert words_in("da").reason("how-to.orders 4 of 9 sentences").endswith(": 4 af 9 sætninger")
    assert words_in("de").reason("exercise.dose:en '8 times'") == "er sagt, wie lange oder wie oft: „8 times“"
    assert words_in("da").of_plan("this question is about “a pot”") == "dette spørgsmål handler om ”a pot”"
    assert words_in("de").of_plan("locked to week 3") == "auf Woche 3 festgelegt"
    assert words_in("de").of_plan("sold out, as “we” said") == "sold out, as “we” said"
    assert words_in("de").counted(1614) == "1.614 Wörter"


def test_long_words_of_the_article_are_cut() -> None:
    said = words_in("en").reason(f"safety.phrase:en '{'stop ' * 60}'")
    assert said == f"it tells to stop, to beware or to ask somebody: “{'stop ' * 17}stop…”"


def name(reason: str) -> str:
    found = re.match(r"[a-z-]+(?:\.[a-z0-9-]+)?", reason)
    assert found is not None, reason
    return re.sub(r"-(?:\d+-words)?$", "", found[0])


def texts(path: Path) -> Iterator[str]:
    """Give the texts of a module; what is filled in is {}."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def reasons_in_the_code() -> set[str]:
    found = {f"{each}.heading" for each in (*KINDS, *ROLES)} | {"override", "front-matter"}
    for path in CODE.rglob("*.py"):
        for text in texts(path):
            if re.fullmatch(r"[a-z][a-z-]+\.[a-z][a-z-]+(?:[ :{'].*)?", text) and not text.endswith((".toml", ".py")):
                found.add(name(text))
    return {each for each in found if each.partition(".")[0] not in NO_REASONS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_the_code_names_has_words(language: str) -> None:
    named = reasons_in_the_code()
    assert len(named) > 80
    assert sorted(named - set(words_in(language).reasons)) == [], "reasons without words in desk/explain/*.toml"


def sources() -> Iterator[tuple[str, Understood]]:
    for label, source in (
        ("sample", articles.read(sample_campaigns()[0] / "article.txt")),
        ("pots", articles.read_text(ARTICLE.encode(), "pots.txt")),
        ("pasted", articles.read_text(PASTED.encode(), "article.txt")),
    ):
        yield label, Understood(articles.understand(source), Outline())


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_reasons_of_whole_articles_have_words(language: str) -> None:
    words = words_in(language)
    reasons = {reason for _, each in sources() for block in each.article.blocks for reason in block.reasons}
    assert len(reasons) > 20
    assert {reason for reason in reasons if words.reason(reason) == reason} == set()


def test_the_languages_say_the_same_things() -> None:
    english = words_in("en")
    for language in LANGUAGES:
        words = words_in(language)
        for section in ("reasons", "kinds", "roles", "plan", "details", "said"):
            mine, theirs = getattr(words, section), getattr(english, section)
            assert list(mine) == list(theirs), (language, section)
            for key, sentence in mine.items():
                assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", theirs[key])), (
                    language,
                    key,
                )


def test_all_sentences_of_plans_are_known() -> None:
    danish = words_in("da")
    said: set[str] = set()
    for _, each in sources():
        plan = each.plan()
        said |= {step.reason for step in plan.steps} | {move.reason for move in plan.moved}
        said |= {drop.reason for drop in plan.dropped}
    assert len(said) > 5
    assert {sentence for sentence in said if danish.of_plan(sentence) == sentence} == set()


def test_the_number_of_mails_is_explained() -> None:
    said = {of_number(words, weeks, asked) for words, weeks in ((900, 3), (90, 1)) for asked in (None, weeks)}
    assert len(said) == 4
    for language in ("da", "de"):
        assert {each for each in said if words_in(language).of_plan(each) == each} == set()


def test_all_sentences_that_the_planner_can_say_are_known() -> None:
    """Every text of the planner with five words or more is a sentence for people, but for a refusal and docstrings."""
    files = [CODE / "order.py", CODE / "reasons.py"]
    docstrings = {
        ast.get_docstring(node, clean=False)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
    }
    elsewhere = ("must stay together", "asked for", "nearest to", "about {} words each", "too few for a series")
    said = {each for file in files for each in texts(file) if len(each.split()) >= 5} - docstrings
    templates = {each for each in said if not any(part in each for part in elsewhere)}
    assert len(templates) > 10

    def known(template: str) -> bool:
        pieces = template.split("{}")
        fillings = itertools.product(("“x”", "7"), repeat=len(pieces) - 1)
        filled = ("".join(part for pair in zip(pieces, (*each, ""), strict=True) for part in pair) for each in fillings)
        return any(words_in("da").of_plan(each) != each for each in filled)

    assert sorted(each for each in templates if not known(each)) == [], "sentences without words in [plan]"
