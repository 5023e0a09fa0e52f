"""Variants: one for each path of answers, composed once, the same whichever way one comes to it."""

from dataclasses import replace
from typing import Any

import pytest

from backmail.errors import AddressError
from backmail.model.campaign import Step
from backmail.model.message import Slot
from backmail.model.people import Subscriber
from backmail.rendering import Variants
from backmail.rendering import variants as room
from backmail.rendering.compose import compose

ANNA = Subscriber("anna@example.org", "Anna", tags=("vip", "oslo"), attributes={"age": "61"})
NOBODY = Subscriber("nobody@example.org")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the steps that are composed, as they are."""
    seen: list[str] = []
    real = compose

    def counted(setting: Any, step: Step, script: Any, build: Any) -> Any:
        seen.append(step.id)
        return real(setting, step, script, build)

    monkeypatch.setattr(room, "compose", counted)
    return seen


def test_a_variant_is_composed_once(minimal_mail: Any, composed: list[str]) -> None:
    workshop = minimal_mail(
        "{% if 'vip' in subscriber.tags %}{% if subscriber.language == 'en' %}a{% endif %}{% else %}b{% endif %}"
    )
    others = [replace(ANNA, first_name="Bo"), replace(ANNA, tags=("vip",)), NOBODY, replace(NOBODY, language="en")]
    for subscriber in (ANNA, *others):
        workshop.mail(subscriber)
    assert len(composed) == 2
    assert workshop.mail(ANNA).composed is workshop.mail(others[0]).composed


def test_a_variant_says_which_answers_led_to_it(minimal_mail: Any) -> None:
    body = "{% if 'vip' in subscriber.tags %}a{% endif %}{% for tag in subscriber.tags %}{{ tag }}{% endfor %}"
    assert minimal_mail(body).mail(NOBODY).composed.variant == (
        "subscriber.first_name: no, 'vip' in subscriber.tags: no, subscriber.tags[0]: no"
    )


def test_all_variants_are_explored(minimal_mail: Any, composed: list[str]) -> None:
    body = "{% if 'vip' in subscriber.tags %}a{% if subscriber.language %}b{% endif %}{% endif %}"
    workshop = minimal_mail(body)
    found = workshop.variants.all(workshop.campaign.steps[0])
    assert len({each.variant for each in found}) == len(found) == 6  # with a name and without, three ways each
    assert len(composed) == 6
    assert workshop.variants.all(workshop.campaign.steps[0]) == found
    assert len(composed) == 6
    assert workshop.mail(ANNA).composed in found


def test_exploring_stops_at_the_limit(minimal_mail: Any) -> None:
    body = "".join(f"{{% if 't{number}' in subscriber.tags %}}a{{% endif %}}" for number in range(8))
    workshop = minimal_mail(body)
    assert len(workshop.variants.all(workshop.campaign.steps[0])) == 16
    assert len(workshop.variants.all(workshop.campaign.steps[0], limit=3)) == 3


def test_a_loop_is_explored_with_no_item_one_and_two(minimal_mail: Any) -> None:
    workshop = minimal_mail("{% for tag in subscriber.tags %}[{{ tag }}]{% endfor %}")
    found = workshop.variants.all(workshop.campaign.steps[0])
    lengths = {sum(isinstance(piece, Slot) and "tags" in piece.field.path for piece in each.text) for each in found}
    assert len(found) == 6
    assert lengths == {0, 1, 2}


def test_the_place_in_the_series_is_as_the_campaign_orders_it(sample: Any) -> None:
    workshop = sample()
    shown = [workshop.variants.all(step)[0].variant for step in workshop.campaign.steps]
    assert ["progress.next: yes" in each for each in shown] == [True, True, False]
    assert ["progress.previous: yes" in each for each in shown] == [False, True, True]


def test_a_comparison_that_cannot_be_made_names_the_value(minimal_mail: Any) -> None:
    workshop = minimal_mail("{% if subscriber.tags > 'a' %}b{% endif %}")
    with pytest.raises(AddressError, match=r"cannot compare subscriber\.tags with 'a' for this reader"):
        workshop.mail(ANNA)


def test_the_same_input_gives_the_same_pieces(sample: Any) -> None:
    one, other = sample(), sample()
    assert isinstance(one.variants, Variants)
    assert one.variants.all(one.campaign.steps[0]) == other.variants.all(other.campaign.steps[0])


def test_those_who_got_nothing_before_are_thought_of(sample: Any) -> None:
    workshop = sample()
    first, middle, last = (
        {_neighbours(each.variant) for each in workshop.variants.all(step)} for step in workshop.campaign.steps
    )
    assert first == {("yes", "no")}
    assert middle == {("yes", "yes"), ("yes", "no")}
    assert last == {("no", "yes"), ("no", "no")}


def _neighbours(variant: str) -> tuple[str, str]:
    answers = dict(part.split(": ") for part in variant.split(", "))
    return answers["progress.next"], answers["progress.previous"]


def test_a_pinned_variant_is_the_same_whoever_she_has_become(minimal_mail: Any, composed: list[str]) -> None:
    workshop = minimal_mail(
        "{% if 'vip' in subscriber.tags %}a{% if subscriber.language == 'a, b: no' %}b{% endif %}{% endif %}"
    )
    step = workshop.campaign.steps[0]
    pinned = workshop.variants.of(step, workshop.reader(ANNA))
    assert workshop.variants.of(step, workshop.reader(NOBODY), pinned.variant) is pinned
    assert len(composed) == 1
    fresh = workshop.but()  # another process, that composed nothing yet
    assert fresh.variants.of(step, fresh.reader(NOBODY), pinned.variant) == pinned


def test_conditions_that_look_alike_have_names_of_their_own(minimal_mail: Any) -> None:
    condition = "{{% if subscriber.first_name | default('{0}') == 'a' %}}{0}{{% endif %}}"
    body = condition.format("a") + condition.format("b")
    workshop = minimal_mail(body)
    found = workshop.variants.all(workshop.campaign.steps[0])
    assert len({each.variant for each in found}) == len(found) == 8


def test_a_name_fits_into_a_key_of_the_database(minimal_mail: Any) -> None:
    conditions = "".join(
        f"{{% if 'a tag number {number:02}' in subscriber.tags %}}{{% endif %}}" for number in range(60)
    )
    workshop = minimal_mail(conditions)
    names = [each.variant for each in workshop.variants.all(workshop.campaign.steps[0], 4)]
    assert len(set(names)) == 4  # the answers that differ are the last ones
    assert all(1000 < len(name.encode()) < 1100 for name in names)
