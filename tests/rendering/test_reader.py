"""A reader of one step: her links, and the mails around it."""

from dataclasses import replace
from typing import Any

import pytest

from backmail.errors import TemplateError
from backmail.model.people import Subscriber

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
