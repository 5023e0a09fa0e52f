"""A reader of one step: her links, and the mails around it."""

from dataclasses import replace
from typing import Any

import pytest

from backmail.errors import TemplateError
from backmail.model.people import Subscriber
from backmail.rendering import reader_for

ANNA = Subscriber("anna@example.org", "Anna")
NOBODY = Subscriber("nobody@example.org")


def test_neighbours_come_in_the_campaigns_order(sample: Any) -> None:
    first, second, last = (sample().reader(number=number).progress for number in range(3))
    assert (first.number, first.total, first.previous) == (1, 3, None)
    assert first.next is not None
    assert (first.next.teaser, first.next.url) == ("What read-this-first is about.", "")
    assert second.previous is not None
    assert second.previous.url == sample().reader(number=1).links.views["everything"]
    assert last.next is None


def test_a_mail_without_a_teaser_is_announced_by_its_subject(sample: Any) -> None:
    workshop = sample()
    first, second, last = workshop.campaign.steps
    workshop.campaign = replace(workshop.campaign, steps=(first, replace(second, teaser="", subject="Soon"), last))
    assert workshop.reader(number=0).progress.next.teaser == "Soon"


def test_the_subject_of_a_neighbour_is_the_one_that_she_got(sample: Any) -> None:
    workshop = sample()
    subject = "{% if subscriber.first_name %}{{ subscriber.first_name | upper }}, {% endif %}mail {{ progress.number }}"
    first = replace(workshop.campaign.steps[0], subject=subject)
    workshop.campaign = replace(workshop.campaign, steps=(first, *workshop.campaign.steps[1:]))
    assert workshop.reader(ANNA, 1).progress.previous.subject == "ANNA, mail 1"
    assert workshop.reader(NOBODY, 1).progress.previous.subject == "mail 1"


def test_a_neighbours_subject_that_cannot_be_rendered_names_its_file(sample: Any) -> None:
    workshop = sample()
    first = replace(workshop.campaign.steps[0], subject="{{ subscriber.nmae }}")
    workshop.campaign = replace(workshop.campaign, steps=(first, *workshop.campaign.steps[1:]))
    with pytest.raises(TemplateError, match=r"everything\.md:3:\d+: subscriber has no 'nmae'"):
        workshop.reader(number=1)


def test_two_readers_have_different_links(sample: Any) -> None:
    assert sample().reader(ANNA).links.unsubscribe != sample().reader(NOBODY).links.unsubscribe


def hers(workshop: Any, *had: int, number: int, subscriber: Subscriber = ANNA, **given: Any) -> Any:
    """Return the reader of a step who was handed some steps only, by their numbers."""
    steps = workshop.campaign.steps
    ids = {steps[each].id: f"d{each}" for each in (*had, number)}
    return reader_for(workshop.campaign, steps[number], subscriber, workshop.links, ids, **given)


def test_a_step_that_was_skipped_is_not_the_last_time(sample: Any) -> None:
    workshop = sample()
    closing = hers(workshop, 0, number=2)
    assert closing.progress.previous.url == workshop.links.link("view", "d0")
    assert closing.progress.number == 3
    assert hers(workshop, number=2).progress.previous is None


def test_a_mail_that_she_never_got_is_shown_by_the_one_that_speaks_of_it(sample: Any) -> None:
    reader = hers(sample(), number=2)
    assert reader.links.views["everything"] == reader.links.view


def test_what_she_does_not_get_any_more_is_not_announced(sample: Any) -> None:
    workshop = sample()
    assert hers(workshop, number=0, not_to_come={"read-this-first"}).progress.next.teaser == "What closing is about."
    assert hers(workshop, number=0, not_to_come={"read-this-first", "closing"}).progress.next is None


def test_a_mail_of_our_own_holds_nothing_that_somebody_typed_in(sample: Any) -> None:
    workshop = sample()
    workshop.campaign = replace(workshop.campaign, slug="_confirm")
    typed = replace(ANNA, last_name="Buy now", tags=("x",), attributes={"a": "b"}, language="da")
    assert hers(workshop, number=0, subscriber=typed).subscriber == Subscriber(ANNA.email, language="da")
