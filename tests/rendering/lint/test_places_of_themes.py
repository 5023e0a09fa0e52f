"""What no step's file explains is told with file and line of the theme."""

from dataclasses import replace

from backmail.errors import Place
from backmail.model.message import Context, Field, Slot
from backmail.rendering.lint import FAMILIES, judge
from backmail.rendering.theme import Theme
from tests.rendering.lint.mails import COMPANY, STEP, Mail, about, judged, style

HEAD = {"<html": Place("mail.html.jinja", 7), "#aabbccdd": Place("inlined.css.jinja", 12)}


def test_a_rule_knows_the_word_of_the_theme_that_it_is_about() -> None:
    found = judged(Mail().but('<html lang="en"', "<html"), theme=HEAD.get)
    assert [(each.id, each.place) for each in found] == [("a11y-lang-html", HEAD["<html"])]


def test_a_finding_may_know_a_better_word() -> None:
    found = judged(style(".a { border-color: #aabbccdd }"), theme=HEAD.get)
    assert [(each.id, each.place) for each in found] == [("css-modern-color", HEAD["#aabbccdd"])]


def test_what_stands_in_the_steps_file_has_its_place_there() -> None:
    mail = Mail().but("https://acme.example.net/rolls", "http://acme.example.net/rolls")
    step = replace(STEP, body="http://acme.example.net/rolls")
    (found,) = about("link-scheme", judged(mail, step=step, theme=lambda _: Place("mail.html.jinja", 1)))
    assert found.place == Place("02-rolls.md", 9)


def test_the_words_of_rules_stand_in_the_theme_that_ships(weekly: Theme) -> None:
    words = {rule.at for family in FAMILIES for rule in family.rules if rule.at}
    lost = {word for word in words if weekly.sources.find(word) is None}
    # What the theme does not have can only be found in another.
    assert lost <= {"@import", "<v:", "justify", "<!--[if", "aria-hidden"}


def test_the_words_around_an_empty_value_are_told() -> None:
    slot = Slot(Field(("subscriber", "first_name")), Context.TEXT)
    message = Mail().message()
    before, _, after = message.composed.html[0].partition("Anna")  # type: ignore[union-attr]  # one literal piece
    composed = replace(message.composed, html=(before, slot, after))
    made = replace(message, composed=composed, values={slot: ""})
    (found,) = about("merge-empty-context", judge(made, company=COMPANY))
    assert found.message == "where subscriber.first_name is empty, a reader gets “Hello ,”"
