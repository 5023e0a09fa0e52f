"""Each block's text, container and dose is judged as it stands, and so are the safety sentences that are repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from backmail.campaign import Outline
from backmail.model.campaign import Severity
from tests.campaign import sample
from tests.campaign.desk import ARTICLE, PLAN, Desk, text_of


def test_a_changed_word_is_an_error_where_it_can_hurt_and_else_a_warning(desk: Desk) -> None:
    safety = desk.change(2, "have fallen", "have dived")
    summary = desk.change(5, "Balance comes back", "Calm comes back")
    assert desk.found("text-changed", 2, safety, near=0).severity is Severity.ERROR
    finding = desk.found("text-changed", 5, summary, near=0)
    assert finding.severity is Severity.WARNING
    assert finding.message == "changed by hand: 'Balance' -> 'Calm' in b13 (conclusion 'to sum up')"


def test_text_added_inside_a_container_is_found(desk: Desk) -> None:
    line = desk.change(3, "En blød pude, der", "En blød pude til en god pris, der")
    assert desk.found("text-changed", 3, line, near=0).severity is Severity.ERROR
    line = desk.change(4, "socks will do.", "socks will do. So they say!")
    assert desk.found("text-added", 4, line, near=0).message.startswith("added: 'So they say!'")


def test_text_around_the_containers_is_the_marketers(desk: Desk) -> None:
    desk.change(2, "::: safety id=b08", "Dear {{ subscriber.first_name }}, **this** is week 2.\n\n::: safety id=b08")
    desk.change(1, "Good balance is", "A word before all: be kind to yourself.\n\nGood balance is")
    desk.change(5, "another one tomorrow.", "another one tomorrow. That is all from us, for 2 weeks.")
    desk.add(4, "## What next?\n\nMore of it, on 3 days.")
    assert desk.findings() == []


def test_lines_may_be_broken_anew(desk: Desk) -> None:
    desk.change(2, "Ask your doctor first if you", "Ask your\ndoctor first if\nyou")
    desk.change(1, "It is free.", "\n\nIt is\nfree.")
    desk.change(
        2, "1. Stand beside a wall with one hand on it.\n2. Lift", "1. Stand beside a wall with one hand on it. Lift"
    )
    assert desk.findings() == []


def test_the_line_is_that_of_the_changed_word_in_a_paragraph_of_several_lines(desk: Desk) -> None:
    desk.change(2, "Ask your doctor first if you have", "Ask your\ndoctor first if\nyou never\nhave")
    line = desk.path(2).read_text(encoding="utf-8").split("\n").index("you never") + 1
    finding = next(each for each in desk.findings() if each.id == "text-added")
    assert finding.place
    assert abs((finding.place.line or 0) - line) <= 1


def test_a_heading_may_stand_as_the_article_has_it(desk: Desk) -> None:
    desk.change(2, "## The one-legged stand", "## the one-legged stand")
    desk.change(5, "## To sum up", "## to sum up")
    assert desk.findings() == []
    desk.change(5, "## to sum up", "## In short")
    assert [each.id for each in desk.findings()] == ["text-missing"]


@pytest.mark.parametrize("adapt", ["all", "none"])
def test_proposals_may_be_applied_or_not(tmp_path: Path, adapt: str) -> None:
    outline = Outline(adapt=adapt)
    desk = Desk(sample.folder(tmp_path, ARTICLE, PLAN, outline), tmp_path, outline=outline)
    written_so = "In this post you will learn how" if adapt == "none" else "You will learn how"
    other = "You will learn how" if adapt == "none" else "In this post you will learn how"
    assert desk.findings() == []
    desk.change(1, written_so, other)
    assert desk.findings() == []
    line = desk.change(1, other, other.replace("will learn", "may learn"))
    assert desk.found("text-changed", 1, line, near=0).message.startswith("changed by hand: 'will' -> 'may'")


def test_a_wrong_id_is_found(desk: Desk) -> None:
    line = desk.change(2, "::: safety id=b08", "::: safety id=b80")
    assert desk.found("container-id", 2, line, near=0).hint == "write id=b08"


def test_a_wrong_kind_is_found(desk: Desk) -> None:
    line = desk.change(2, "::: safety id=b08", "::: faq id=b08")
    assert desk.found("container-kind", 2, line, near=0).hint == "write ::: safety"
    line = desk.change(5, "## To sum up", "::: faq id=b13\n## To sum up")
    desk.change(5, "another one tomorrow.", "another one tomorrow.\n:::")
    assert "take" in desk.found("container-kind", 5, line, near=0).hint


def test_a_container_of_nothing_in_the_article_is_found(desk: Desk) -> None:
    line = desk.add(5, "::: faq id=b99\nWhat is this?\n:::")
    assert desk.found("container-unknown", 5, line, near=0).severity is Severity.WARNING


def test_a_block_in_two_containers_is_found(desk: Desk) -> None:
    line = desk.add(5, text_of(ARTICLE.block("b11")))
    assert "04-walk-a-line.md" in desk.found("block-twice", 5, line, near=0).message


def test_a_block_split_over_two_mails_is_found(desk: Desk) -> None:
    second = "Nobody is born with it; everybody"
    text = desk.path(1).read_text(encoding="utf-8")
    paragraph = text[text.index(second) :].strip()
    desk.change(1, paragraph, "")
    line = desk.add(4, paragraph)
    assert desk.found("block-split", 4, line, near=0).severity is Severity.ERROR


def test_paragraphs_in_another_order_are_found(desk: Desk) -> None:
    whole = text_of(ARTICLE.block("b02"))
    desk.change(1, whole, "\n\n".join(reversed(whole.split("\n\n"))))
    assert {each.id for each in desk.findings()} == {"text-order"}


def test_a_missing_language_is_found(desk: Desk) -> None:
    line = desk.change(3, " lang=da", "")
    assert desk.found("lang-missing", 3, line, near=0).hint == "write lang=da"


def test_a_dose_that_the_text_does_not_say_is_found(desk: Desk) -> None:
    line = desk.change(2, 'hold="20-30 seconds"', 'hold="20 seconds"')
    assert "hold='20 seconds'" in desk.found("dose-not-in-text", 2, line, near=0).message


def test_a_missing_repeated_safety_sentence_is_found(desk: Desk) -> None:
    text = desk.path(3).read_text(encoding="utf-8")
    note = text[text.index("::: note") : text.index("::: exercise")]
    line = desk.change(3, note, "")
    assert "Stop at once if you feel dizzy." in desk.found("safety-repeat-missing", 3, line, near=0).hint


def test_a_repeated_safety_sentence_without_its_fences_is_found(desk: Desk) -> None:
    line = desk.change(
        3,
        "::: note id=b08 repeats=the-first-exercise\nStop at once if you feel dizzy.\n:::\n",
        "Stop at once if you feel dizzy.\n",
    )
    assert desk.found("container-missing", 3, line, near=0)


def test_an_altered_repeated_safety_sentence_is_found(desk: Desk) -> None:
    line = desk.change(3, "Stop at once if you feel dizzy.", "Pause soon if you feel dizzy.")
    finding = desk.found("safety-repeat-changed", 3, line, near=0)
    assert finding.severity is Severity.ERROR
    assert "'Stop at once' -> 'Pause soon'" in finding.message


def test_a_repeated_safety_sentence_behind_the_exercise_is_found(desk: Desk) -> None:
    text = desk.path(3).read_text(encoding="utf-8")
    note = text[text.index("::: note") : text.index("::: exercise")].strip()
    desk.change(3, note, "")
    line = desk.add(3, note)
    assert desk.found("safety-repeat-late", 3, line, near=0)


def test_a_note_that_names_the_wrong_mail_or_block_is_found(desk: Desk) -> None:
    line = desk.change(3, "repeats=the-first-exercise", "repeats=keep-going")
    assert desk.found("note-step", 3, line, near=0).hint == "write repeats=the-first-exercise"
    line = desk.change(4, "::: note id=b08", "::: note id=b88")
    assert desk.found("note-unknown", 4, line, near=0)
