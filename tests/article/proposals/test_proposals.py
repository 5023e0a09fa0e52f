"""The words around each step: within their bounds, unlike each other, and such as a person would write."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.article.proposals import Proposal, propose
from backmail.article.proposals.naming import refused
from backmail.model.article import Article, Block, Excerpt
from tests.article.blocks import article, back_care, spec

_DOSE = {"position": Excerpt("lie down", 1), "hold": Excerpt("10 seconds", 1), "sides": Excerpt("switch sides", 1)}


def proposed(*weeks: list[dict[str, Any]], title: str = "", language: str = "en", url: str = "") -> list[Proposal]:
    """What is proposed for steps that are given as lists of block descriptions."""
    made = article(*(each for week in weeks for each in week), title=title, language=language)
    blocks = iter(made.blocks)
    return propose(made, [[next(blocks) for _ in week] for week in weeks], url)


def check(found: list[Proposal]) -> None:
    assert len({each.slug for each in found}) == len(found)
    assert len({each.subject.casefold() for each in found}) == len(found)
    assert len({each.preheader.casefold() for each in found}) == len(found)
    for each in found:
        assert 1 <= len(each.subject) <= 50
        assert 30 <= len(each.preheader) <= 100
        assert 30 <= len(each.teaser) <= 120
        assert each.subject.casefold() not in each.preheader.casefold()
        assert not refused(f"{each.subject} {each.preheader} {each.teaser}")
        assert each.subjects[0] == each.subject
        assert len({subject.casefold() for subject in each.subjects}) == len(each.subjects) <= 3
        assert all(1 <= len(subject) <= 50 and not refused(subject) for subject in each.subjects)
        others = {other.subject.casefold() for other in found if other is not each}
        assert others.isdisjoint(subject.casefold() for subject in each.subjects)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each.slug)
        assert len(each.slug) <= 30
        assert each.action.text
        assert each.action.kind in ("link", "calendar", "reply", "none")


_HEADINGS = st.sampled_from(
    [
        "",
        "Soil",
        "soil",
        "Frequently asked questions",
        "The cure for all",
        "Why? Why? Why?",
        "A" * 80,
        "Conclusion",
        "{names}",
        "腰痛",
    ]
)


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["intro", "exercise", "how-to", "safety", "faq", "other", "conclusion", "sources"]),
                _HEADINGS,
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["en", "da", "de", "ja"]),
    st.sampled_from(["", "Soil", "The cure", "B" * 90]),
)
def test_whatever_the_headings_are_all_words_are_within_bounds(
    weeks: list[list[tuple[str, str]]], language: str, title: str
) -> None:
    described = [[spec(kind, 20, heading) for kind, heading in week] for week in weeks]
    check(proposed(*described, title=title, language=language, url="https://example.org/soil"))


def test_two_exercises_are_named_and_called_gentle_only_when_their_texts_say_so() -> None:
    exercises = [spec("exercise", 60, "heel raise", "A gentle move."), spec("exercise", 60, "toe spread")]
    plain = [spec("exercise", 60, "heel raise"), spec("exercise", 60, "toe spread")]
    assert proposed(exercises)[0].subject == "2 gentle exercises: heel raise and toe spread"
    assert proposed(plain)[0].subject == "2 exercises: heel raise and toe spread"
    third = spec("exercise", 60, "shrug")
    assert proposed([*exercises, third])[0].subject == "3 exercises: heel raise, toe spread and shrug"


def test_exercise_mails_do_not_all_sound_the_same() -> None:
    weeks = [[spec("exercise", 60, f"move {name}")] for name in ("alpha", "beta", "gamma", "delta")]
    subjects = [each.subject for each in proposed(*weeks)]
    assert subjects == ["One exercise: move alpha", "Move beta, step by step", "This week: move gamma", "Move delta"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("the doorway stretch", "bird-dog exercise", "2 exercises: doorway stretch and bird-dog exercise"),
        ("the tall doorway stretch", "bird-dog exercise", "2 exercises: tall doorway stretch and bird-dog"),
        ("seated marble pick-up race", "standing shoulder shrug", "Seated marble pick-up race and one more exercise"),
        ("seated marble pick-up race with bare feet on sand", "shrug", "Shrug and one more exercise"),
    ],
)
def test_names_that_are_too_long_are_shortened_before_they_are_left_out(one: str, other: str, expected: str) -> None:
    subject = proposed([spec("exercise", 60, one), spec("exercise", 60, other)])[0].subject
    assert subject == expected


def test_the_preheader_of_exercises_is_a_sentence_of_theirs_or_what_their_doses_tell() -> None:
    about_itself = [spec("exercise", 60, "heel raise", "The heel raise is a quiet move for calves.")]
    assert proposed(about_itself)[0].preheader == "The heel raise is a quiet move for calves."
    dosed = [spec("exercise", 60, "heel raise", dose=_DOSE)]
    assert proposed(dosed)[0].preheader == "How to start, how long to hold and when to change sides."


def test_a_sentence_that_leans_on_another_is_no_preheader() -> None:
    leaning = [spec("exercise", 60, "heel raise", "This heel raise is a quiet move for calves.", dose=_DOSE)]
    assert proposed(leaning)[0].preheader.startswith("How to start")
    open_ended = [spec("exercise", 12, "heel raise", "The heel raise is a quiet move with three parts:", dose=_DOSE)]
    assert proposed(open_ended)[0].preheader.startswith("How to start")


def test_safety_is_to_be_read_before_the_first_exercise() -> None:
    safety = [spec("safety", 60, "when to stop"), spec("faq", 40, "What if it hurts?")]
    found = proposed([spec("intro", 60)], safety, [spec("exercise", 60, "heel raise")])[1]
    assert found.subject == "Read this before your first exercise"
    assert found.preheader == "When to stop and one question answered."
    assert found.teaser == "What to know before your first exercise: when to stop."
    assert (found.action.kind, found.action.text) == ("reply", "Ask us a question")


def test_the_preheader_of_a_safety_mail_is_about_safety() -> None:
    week = [spec("other", 60, "soil", "Soil is what every garden begins with."), spec("safety", 60, "wear gloves")]
    assert "gloves" in proposed(week, [spec("exercise", 60, "dig")])[0].preheader


def test_a_mail_with_a_little_safety_in_it_is_not_about_safety() -> None:
    found = proposed([spec("how-to", 90, "water the hedge"), spec("safety", 40, "wear gloves")])[0]
    assert found.subject == "Water the hedge and wear gloves"
    assert found.action.kind == "calendar"


def test_the_teaser_of_a_safety_mail_names_its_safety_text_alone() -> None:
    week = [spec("other", 60, "soil"), spec("safety", 60, "when to stop"), spec("exercise", 60, "heel raise")]
    assert proposed(week)[0].teaser == "What to know before your first exercise: when to stop."


def test_a_mail_of_several_sections_lists_them() -> None:
    week = [spec("how-to", 60, "choose a pot"), spec("how-to", 60, "fill it"), spec("faq", 60, "Which soil?")]
    assert proposed(week, title="Tomatoes")[0].preheader == "Choose a pot, fill it and one question answered."


def test_safety_without_exercises_does_not_speak_of_them() -> None:
    found = proposed([spec("safety", 60, "wear gloves")], [spec("how-to", 60, "prune the hedge")])
    assert found[0].subject == "Please read: wear gloves"
    assert "exercise" not in f"{found[0].preheader} {found[0].teaser}"


def test_a_given_title_is_the_first_subject_and_a_guessed_one_is_not() -> None:
    week = [spec("other", 60, "why soil matters")]
    assert proposed(week, title="All about soil")[0].subject == "All about soil"
    made = article(*week)
    assert propose(made, [list(made.blocks)])[0].subject == "Why soil matters"


def test_a_short_question_stands_as_it_is() -> None:
    weeks = [[spec("intro", 60)], [spec("faq", 60, "How often should I water?"), spec("faq", 60, "Which pot is best?")]]
    found = proposed(*weeks)[1]
    assert found.subject == "How often should I water?"
    assert found.preheader == "Which pot is best? The answer is inside."


def test_headings_that_name_nothing_or_promise_too_much_or_speak_of_a_page_are_not_used() -> None:
    week = [
        spec("intro", 60, "Introduction"),
        spec("other", 60, "A pain-free garden"),
        spec("other", 60, "What this blog post covers"),
        spec("other", 60, "choose your soil"),
    ]
    found = proposed(week)[0]
    assert found.subject == "Choose your soil"
    assert not re.search("introduction|pain|post", f"{found.preheader} {found.teaser}", re.IGNORECASE)


def test_a_lead_in_is_named_only_where_all_that_it_introduces_is() -> None:
    lead = spec("other", 20, "two moves for the evening", role="lead", lead_for=("b02", "b03"))
    both = proposed([lead, spec("exercise", 60, "heel raise"), spec("exercise", 60, "toe spread")])[0]
    assert "two moves for the evening" in both.preheader.casefold()
    one = proposed([lead, spec("exercise", 60, "heel raise")], [spec("exercise", 60, "toe spread")])[0]
    assert "two moves" not in f"{one.subject} {one.preheader} {one.teaser}".casefold()


def test_a_section_that_goes_on_says_so() -> None:
    weeks = [
        [spec("other", 300, "choose your soil", section=1)],
        [spec("other", 300, role="continuation", continues="b01", section=1)],
    ]
    assert proposed(*weeks)[1].subject == "Choose your soil, part 2"


def test_an_article_without_headings_is_named_by_its_own_phrases() -> None:
    said = "Clay soil drains badly and clay soil warms late. Sandy soil dries out in summer; clay soil does not."
    found = proposed([spec("other", 40, "", said)], [spec("other", 60)], [spec("other", 60)], [spec("other", 60)])
    assert found[0].subject in ("Clay soil drains badly and clay soil warms late", "Clay soil and sandy soil")


def test_the_end_sums_up_what_the_series_was_about() -> None:
    about = [
        spec("other", 60, f"{word} for lemon trees", "Lemon trees need it.") for word in ("light", "water", "soil")
    ]
    found = proposed(about, [spec("conclusion", 60, "closing words"), spec("sources", 40, "Kilder")])[1]
    assert found.subject == "What to remember about lemon trees"
    assert found.preheader == "The closing words and the sources: the last mail of this series."
    assert found.action.kind == "none"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["exercise"], ("calendar", "Put it in my calendar")),
        (["exercise"] * 2, ("calendar", "Put both in my calendar")),
        (["exercise"] * 3, ("calendar", "Put all 3 in my calendar")),
        (["how-to"], ("calendar", "Put a time for it in my calendar")),
        (["safety"], ("reply", "Ask us a question")),
        (["other"], ("none", "Nothing to do this week but read.")),
    ],
)
def test_each_step_asks_for_one_thing(kinds: list[str], expected: tuple[str, str]) -> None:
    week = [spec(kind, 60, f"part {'abc'[number]}") for number, kind in enumerate(kinds)]
    action = proposed(week, [spec("other", 60, "the end")], url="https://example.org")[0].action
    assert (action.kind, action.text) == expected


def test_the_last_step_links_to_the_article_if_it_has_an_address() -> None:
    weeks = ([spec("intro", 60)], [spec("conclusion", 60)])
    assert proposed(*weeks, url="https://example.org")[1].action.kind == "link"
    assert proposed(*weeks)[1].action.text == "That was the last mail of this series."


def test_danish_speaks_danish() -> None:
    weeks = (
        [spec("safety", 60, "hvornår du skal stoppe")],
        [spec("exercise", 60, "hælløft", "En rolig øvelse."), spec("exercise", 60, "tåspredning")],
        [spec("conclusion", 60, "afslutning"), spec("sources", 30, "Kilder")],
    )
    found = proposed(*weeks, language="da")
    assert [each.subject for each in found] == [
        "Læs dette før din første øvelse",
        "2 rolige øvelser: hælløft og tåspredning",
        "Værd at huske fra denne serie",
    ]
    assert found[1].slug == "haelloeft-taaspredning"
    assert found[2].preheader == "De afsluttende ord og kilderne: den sidste mail i denne serie."
    assert [each.action.kind for each in found] == ["reply", "calendar", "none"]


def test_other_languages_use_the_articles_own_words() -> None:
    weeks = (
        [spec("exercise", 60, "unoszenie pięt"), spec("exercise", 60, "rozstawianie palców")],
        [spec("faq", 60, "jak często?")],
    )
    found = proposed(*weeks, language="pl", url="https://example.org")
    check(found)
    assert found[0].subject == "Unoszenie pięt"
    assert found[0].preheader.startswith("Rozstawianie palców · ")
    assert found[1].subject == "Jak często?"
    assert (found[1].action.kind, found[1].action.text) == ("link", "Jak często?")


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("de", ["Bitte vor der ersten Übung lesen", "2 Übungen: Fersen heben und Zehen spreizen"]),
        ("sv", ["Läs det här före din första övning", "2 övningar: Fersen heben och Zehen spreizen"]),
        ("nb", ["Les dette før din første øvelse", "2 øvelser: Fersen heben og Zehen spreizen"]),
        ("nl", ["Lees dit voor je eerste oefening", "2 oefeningen: Fersen heben en Zehen spreizen"]),
        ("fr", ["À lire avant le premier exercice", "2 exercices : Fersen heben et Zehen spreizen"]),
        ("es", ["Para leer antes del primer ejercicio", "2 ejercicios: Fersen heben y Zehen spreizen"]),
        ("it", ["Da leggere prima del primo esercizio", "2 esercizi: Fersen heben e Zehen spreizen"]),
    ],
)
def test_every_language_has_its_own_words(language: str, subjects: list[str]) -> None:
    weeks = (
        [spec("safety", 60, "x")],
        [
            spec("exercise", 60, "Fersen heben", "Mit Fersen."),
            spec("exercise", 60, "Zehen spreizen", "Alle Zehen, alle Fersen."),
        ],
    )
    found = proposed(*weeks, language=language)
    check(found)
    assert [each.subject for each in found] == subjects


def test_products_are_never_in_the_words_around_a_mail() -> None:
    def told(blocks: list[Block], made: Article) -> str:
        found = propose(made, [blocks])[0]
        return f"{found.subject} {found.preheader} {found.teaser} {found.slug}"

    made = back_care()
    products = [made.block("b02"), made.block("b03"), made.block("b14")]
    assert not re.search("wrap|marble", told(products, made), re.IGNORECASE)
