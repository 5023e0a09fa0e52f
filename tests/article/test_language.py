"""Languages are told by small words, and by py3langid where these leave a doubt."""

import sys

import pytest

from backmail.article import Lexicons, language, read_text, understand
from backmail.article.language import foreign, language_of

TEXTS = {
    "en": "Bees fly when it is warm and they come home before the rain, because they do not like to be wet.",
    "da": "Bier flyver når det er varmt, og de kommer hjem før regnen, fordi de ikke bryder sig om at blive våde.",
    "de": "Bienen fliegen, wenn es warm ist, und sie kommen vor dem Regen nach Hause, weil sie nicht nass sein wollen.",
    "sv": "Bin flyger när det är varmt och de kommer hem före regnet, eftersom de inte tycker om att bli blöta.",
    "nb": "Bier flyr når det er varmt, og de kommer hjem før regnet, fordi de ikke liker å bli våte av det.",
    "es": "Las abejas vuelan cuando hace calor y vuelven a casa antes de la lluvia, porque no les gusta mojarse.",
    "fr": "Les abeilles volent quand il fait chaud et elles rentrent avant la pluie, parce que cela ne leur plaît pas.",
}


@pytest.fixture
def _no_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str, language: str) -> list[tuple[str, float]]:
        raise AssertionError(f"asked py3langid about {text!r}")

    monkeypatch.setattr(language, "_ranked", refuse)


@pytest.mark.parametrize("tag", TEXTS)
@pytest.mark.usefixtures("_no_identifier")
def test_an_article_is_told_by_its_small_words(tag: str) -> None:
    assert language_of([TEXTS[tag]] * 2) == tag


def test_another_language_is_told_by_the_identifier() -> None:
    assert language_of(["Le api volano quando fa caldo e tornano a casa prima della pioggia."]) == "it"


@pytest.mark.parametrize("tag", ["da", "nb", "sv"])
def test_neighbours_are_told_apart_on_whole_articles(tag: str) -> None:
    more = {
        "da": "Hvis du vil have honning til efteråret, skal du give dem plads i tide og ikke forstyrre dem for meget.",
        "nb": "Hvis du vil ha honning til høsten, må du gi dem plass i tide og la være å forstyrre dem for mye.",
        "sv": "Om du vill ha honung till hösten måste du ge dem plats i tid och låta bli att störa dem för mycket.",
    }
    assert language_of([TEXTS[tag], more[tag], "Se også", "Kilder", "Kjøp nå"]) == tag


def test_headings_and_blurbs_do_not_vote() -> None:
    shop = ["En jakke, der holder bierne ude og er let.", "Læs mere om det her", "Kilder og links", "Køb den nu"] * 4
    assert language_of([*shop, TEXTS["en"], TEXTS["en"]]) == "en"


def test_of_a_page_in_two_languages_the_longer_one_wins() -> None:
    assert language_of([TEXTS["de"], TEXTS["de"], TEXTS["de"], TEXTS["fr"], TEXTS["fr"]]) == "de"
    assert language_of([TEXTS["fr"], TEXTS["fr"], TEXTS["fr"], TEXTS["de"], TEXTS["de"]]) == "fr"


FINNISH = "Mehiläiset lentävät kun on lämmintä ja ne tulevat kotiin ennen sadetta koska ne eivät pidä kastumisesta."
OWN = Lexicons({"fi": "[words]\nfunction = 'ja on kun ne ennen koska eivät'\n"})


@pytest.mark.usefixtures("_no_identifier")
def test_a_projects_own_words_tell_their_language() -> None:
    assert language_of([FINNISH] * 2, OWN.keys) == "fi"
    assert language_of([TEXTS["en"]] * 2, OWN.keys) == "en"


@pytest.mark.usefixtures("_no_identifier")
def test_a_projects_own_words_add_to_those_that_ship() -> None:
    dialect = "Æ må hjæm te kaffen nu mens a ka bæ den, å æ ka it bli hér."
    own = Lexicons({"da": "[words]\nfunction = 'æ te mens a ka bæ å it hér hjæm'\n"})
    assert language_of([dialect] * 3, own.keys) == "da"


def test_the_identifier_is_asked_about_a_projects_own_languages_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ranked(text: str, *languages: str) -> list[tuple[str, float]]:
        asked.extend(languages)
        return [("et", 1.0)]

    monkeypatch.setattr(language, "_ranked", ranked)
    assert language_of(["Mesilased lendavad kui ilm"], Lexicons({"et": ""}).keys) == "et"
    assert "et" in asked


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", f"Mehiläiset\n\n{FINNISH}\n\n{FINNISH}\n"),
        ("a.md", f"# Mehiläiset\n\n{FINNISH}\n\n{FINNISH}\n"),
        ("a.html", f"<body><article><h1>Mehiläiset</h1>{f'<p>{FINNISH}</p>' * 5}</article></body>"),
    ],
)
def test_an_article_of_any_format_is_heard_with_them(name: str, text: str) -> None:
    source = read_text(text.encode(), name)
    assert understand(source, lexicons=OWN).language == "fi"


def test_a_page_may_declare_a_language_of_the_projects_own() -> None:
    prose = " ".join([FINNISH] * 3)
    text = f'<html lang="fi"><body><article><h1>Mehiläiset</h1><p>{prose}</p></article></body></html>'
    own = Lexicons({"fi": "[headings]\nfaq = ['^kysymyksiä\\b']\n"})
    assert understand(read_text(text.encode(), "a.html"), lexicons=own).language == "fi"


@pytest.mark.parametrize("texts", [[], ["", "12"], ["Bees"]])
def test_nothing_to_tell_by_is_english(texts: list[str]) -> None:
    assert language_of(texts) == "en"


@pytest.mark.usefixtures("_no_identifier")
def test_a_line_with_small_words_of_another_language_is_foreign() -> None:
    found = foreign("Et tæppe til jer, der bliver kolde og ikke giver op.", "en")
    assert found is not None
    assert found.language == "da"
    assert found.evidence.endswith("words of another language")
    assert foreign("A blanket that is easy to wash and does not fill the bag.", "en") is None


def test_a_doubtful_line_is_asked_for_the_chance_of_the_articles_language() -> None:
    found = foreign("Håndlavet tæppe i uld fra Jylland.", "en")
    assert found is not None
    assert found.language == "da"
    assert found.evidence == "p(en)=0.00"
    assert foreign("Holds water well.", "en") is None


def test_neighbours_are_told_apart_by_their_spelling() -> None:
    danish, norwegian = foreign("Til jer der hjælper og giver.", "en"), foreign("Til dere som hjelper og gir.", "en")
    assert danish is not None
    assert norwegian is not None
    assert (danish.language, norwegian.language) == ("da", "nb")


def test_an_answer_does_not_depend_on_the_questions_before_it() -> None:
    first = foreign("Mantido quente por muito tempo.", "cy")
    foreign("Håndlavet tæppe i uld fra Jylland.", "en")
    assert foreign("Mantido quente por muito tempo.", "cy") == first


def test_the_identifier_is_imported_only_when_it_is_needed() -> None:
    """Reading its model takes half a second; a fresh interpreter must not pay it for nothing."""
    import subprocess

    code = (
        "import sys; from backmail.article import read_text, understand;"
        f"understand(read_text({TEXTS['en']!r}.encode(), 'a.txt')); sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
