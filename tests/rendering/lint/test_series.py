"""Rules that need the mails around a mail."""

from dataclasses import replace
from pathlib import Path

import pytest

from backmail.clock import Span
from backmail.errors import Place
from backmail.model.campaign import Action, Campaign, CampaignKind, Severity, Step
from backmail.model.message import Context, Field, Slot
from backmail.rendering.lint import judge_series
from tests.rendering.conftest import campaign, step
from tests.rendering.lint.mails import STEP, Mail, about, judged

FOLDER = Path("campaigns/calm")


def series(*steps: Step) -> Campaign:
    """Return a campaign whose steps come a week apart, the one of the good mail among them."""
    return campaign(*steps, folder=FOLDER)


def weeks(*waits: Span) -> Campaign:
    return series(*(step(f"s{n}", after=wait, places={"after": Place(f"s{n}.md", 5)}) for n, wait in enumerate(waits)))


def test_a_week_that_is_missing_is_told_where_the_wait_stands() -> None:
    week = Span(1, "w")
    found = judge_series(weeks(Span(0, "h"), week, week, Span(3, "w"), week))
    assert [(each.id, each.severity, each.step, each.place) for each in found] == [
        ("seq-gap", Severity.WARNING, "s3", Place("s3.md", 5))
    ]
    assert "21 days" in found[0].message


@pytest.mark.parametrize(
    "waits",
    [
        (Span(0, "h"), Span(1, "w"), Span(1, "w")),
        (Span(0, "h"), Span(30, "d"), Span(30, "d")),
        (Span(0, "h"), Span(2, "d"), Span(2, "d"), Span(4, "d")),
        (Span(0, "h"), Span(3, "w")),
        (Span(0, "h"), Span(3, "h"), Span(4, "h")),
    ],
)
def test_a_steady_series_is_not(waits: tuple[Span, ...]) -> None:
    assert judge_series(weeks(*waits)) == []


def test_a_newsletter_has_no_weeks_to_miss() -> None:
    one = weeks(Span(0, "h"), Span(1, "w"), Span(1, "w"), Span(5, "w"))
    assert judge_series(replace(one, kind=CampaignKind.RECURRING)) == []


def test_the_last_mail_announces_no_other() -> None:
    mail = Mail().plus("<p>In next week's mail we stretch.</p>")
    last, first = series(step("a"), STEP), series(STEP, step("a"))
    found = about("seq-gap", judged(mail, step=STEP, campaign=last))
    assert [each.severity for each in found] == [Severity.WARNING]
    assert about("seq-gap", judged(mail, step=STEP, campaign=first)) == []
    assert about("seq-gap", judged(mail)) == []


@pytest.mark.parametrize(("order", "told"), [((STEP, step("later")), 1), ((step("later"), STEP), 0)])
def test_a_link_to_a_mail_that_comes_later(order: tuple[Step, ...], told: int) -> None:
    slot = Slot(Field(("links", "views", "later")), Context.URL)
    mail = Mail(values={slot: "https://news.example.net/v/x"})
    assert len(about("seq-link-to-unsent", judged(mail, step=STEP, campaign=series(*order)))) == told


def test_links_of_a_series_carry_the_same_marks() -> None:
    one = step("a", "[Plan](https://acme.example.net/plan?utm_source=news&utm_medium=email)\n")
    other = step("b", "Look:\n\n[Rest](https://acme.example.net/rest?utm_source=letter&utm_medium=email)\n")
    elsewhere = step("c", "[Shop](https://shop.example.net/?utm_source=shop)\n")
    found = judge_series(series(one, other, elsewhere))
    assert [(each.id, each.severity, each.step, str(each.place)) for each in found] == [
        ("link-utm", Severity.INFO, "b", f"{FOLDER}/b.md:11")
    ]
    assert "utm_source is letter here, and news in a.md" in found[0].message


def test_the_marks_of_a_button_count_as_well() -> None:
    one = step("a", "[Plan](https://acme.example.net/plan?utm_source=news)\n")
    button = step("b", "Rest.\n", action=Action("Go", "link", "https://acme.example.net/?utm_source=button"))
    assert [each.step for each in judge_series(series(one, button))] == ["b"]


def test_a_sign_of_ours_in_the_article_is_told_and_is_no_value() -> None:
    sign = "bm0123456789x7z"
    mail = Mail().plus(f"<p>{sign}</p>").text_but("Acme", f"{sign} Acme")
    found = judged(mail, article=lambda: f"A text with {sign} in it.")
    assert [each.id for each in found] == ["merge-forge"]
