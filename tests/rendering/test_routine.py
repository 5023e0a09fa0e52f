"""The list of exercises so far: those of mails that a reader got, from the second mail with exercises on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.markup import attribute, escape, fold
from backmail.model.campaign import CampaignKind
from backmail.model.message import Message
from backmail.rendering import Variants, address, reader_for
from backmail.rendering.routine import exercises, reduced, with_exercises
from tests.rendering.conftest import ANNA, Workshop, campaign, step


def exercise(name: str, dose: str = 'hold="5 seconds"', more: str = "") -> str:
    """Return an exercise as a step's body has it."""
    return f"::: exercise id=b{len(name)} {dose}\n## {name}\n\nDo it.{more}\n:::\n"


STEPS = (
    step("start", "Welcome.\n"),
    step("one", exercise("Tilt", 'hold="5 seconds" repeats="8 times" position="Lie down"')),
    step("two", exercise("Bridge") + "\n" + exercise("Rund ryg", "lang=da")),
    step("rest", "Rest.\n"),
    step("three", exercise("Plank")),
    step("end", "Goodbye.\n"),
)
SERIES = campaign(*STEPS)


@pytest.fixture(scope="module")
def shop(weekly: object) -> Workshop:
    """A series with three mails of exercises."""
    return Workshop(SERIES, weekly)  # type: ignore[arg-type]


def got(shop: Workshop, number: int, *skipped: str) -> Message:
    """Return a mail as somebody gets it who got those before but some."""
    one = shop.campaign.steps[number]
    ids = {id_: value for id_, value in shop.ids().items() if id_ not in skipped}
    reader = reader_for(shop.campaign, one, ANNA, shop.links, ids)
    return address(shop.variants.of(one, reader), reader, ids[one.id], shop.links)


def listed(mail: Message) -> list[str]:
    """Return the lines of the list in the text part."""
    found = re.search(r"Your routine so far\n-+\n\n(.*?)\n\n", mail.part("text"), re.DOTALL)
    return [line[2:] for line in found[1].split("\n") if line.startswith("- ")] if found else []


@pytest.mark.parametrize(
    ("number", "names"),
    [
        (0, []),
        (1, []),
        (2, ["Tilt"]),
        (3, ["Tilt", "Bridge", "Rund ryg"]),
        (4, ["Tilt", "Bridge", "Rund ryg"]),
        (5, ["Tilt", "Bridge", "Rund ryg", "Plank"]),
    ],
)
def test_it_begins_with_the_second_mail_that_has_exercises(shop: Workshop, number: int, names: list[str]) -> None:
    mail = got(shop, number)
    assert [line.partition(" (")[0] for line in listed(mail)] == names
    assert ("Your routine so far" in mail.part("html")) == bool(names)


def test_a_mail_between_the_first_two_with_exercises_lists_none(weekly: object) -> None:
    steps = (STEPS[1], STEPS[3], STEPS[2])
    shop = Workshop(campaign(*steps), weekly)  # type: ignore[arg-type]
    assert [len(listed(got(shop, number))) for number in range(3)] == [0, 0, 1]


def test_each_name_leads_to_its_mail_and_stands_with_how_long_and_how_often(shop: Workshop) -> None:
    mail = got(shop, 3)
    assert listed(mail)[0] == "Tilt (Hold: 5 seconds, Repeat: 8 times)"
    views = shop.reader(number=3).links.views
    assert re.search(rf'<a [^>]*href="{re.escape(views["one"])}"[^>]*>Tilt</a>', mail.part("html"))
    assert re.search(rf'<a [^>]*href="{re.escape(views["two"])}"[^>]*lang="da"[^>]*>Rund ryg</a>', mail.part("html"))
    assert f"  {views['two']}" in mail.part("text").split("\n")


def test_no_exercise_of_a_mail_that_she_did_not_get(shop: Workshop) -> None:
    assert [line.partition(" (")[0] for line in listed(got(shop, 5, "two"))] == ["Tilt", "Plank"]
    late = got(shop, 5, "one", "two", "three")
    assert listed(late) == []
    assert "/sheet/" not in late.part("html")


def test_only_the_last_mail_leads_to_the_sheet(shop: Workshop) -> None:
    for number in range(len(STEPS)):
        mail = got(shop, number)
        link = shop.reader(number=number).links.sheet
        assert (link in mail.part("html"), link in mail.part("text")) == (number == 5,) * 2


def test_a_list_in_a_language_without_phrases_stands_where_its_signs_do(weekly: object, shop: Workshop) -> None:
    steps = (step("one", exercise("Roll")), step("two", exercise("Open book")))
    right = Workshop(replace(campaign(*steps), language="ar"), weekly).mail(number=1).part("html")  # type: ignore[arg-type]
    found = re.search(r'<ul class="routine[^>]*>', right)
    assert found
    assert 'dir="rtl"' in found[0]
    assert "text-align:right" in found[0]
    assert "text-align" not in str(re.search(r'<ul class="routine[^>]*>', got(shop, 2).part("html")))


def test_a_series_without_a_routine(weekly: object) -> None:
    for other in (
        replace(SERIES, routine=False),
        replace(SERIES, steps=STEPS[:2] + STEPS[5:]),
        replace(SERIES, kind=CampaignKind.RECURRING),
    ):
        assert with_exercises(other) == ()
        last = Workshop(other, weekly).mail(number=len(other.steps) - 1)  # type: ignore[arg-type]
        assert "routine" not in last.part("html")
        assert "/sheet/" not in last.part("html")


def test_who_got_all_and_who_got_nothing_are_the_variants_that_are_composed_ahead(shop: Workshop) -> None:
    explored = Variants(shop.variants._setting).explored(STEPS[5])
    texts = ["".join(each for each in composed.text if isinstance(each, str)) for _, composed in explored]
    told = ["routine so far" in text for text in texts]
    assert told == [True, True, False, False]  # each with a first name and without
    assert ["Plank" in text for text in texts] == told


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (exercise("Tilt"), ["Tilt"]),
        (exercise("*Tilt* and `x`"), ["Tilt and x"]),
        (exercise("{% raw %}{{ x }}{% endraw %}"), ["{{ x }}"]),
        (exercise("For {{ subscriber.first_name }}"), []),
        ("{% if subscriber.first_name %}\n" + exercise("Tilt") + "{% endif %}\n", []),
        (exercise("Tilt", more="{% if subscriber.first_name %} Now.{% endif %}"), ["Tilt"]),
        ("::: exercise id=b1\nDo it.\n:::\n", []),
        ("{% if", []),
        ("Text.\n", []),
    ],
)
def test_exercises_that_every_reader_gets(body: str, names: list[str]) -> None:
    assert [each.name for each in exercises(body)] == names


def test_a_dose_that_differs_by_reader_is_left_out() -> None:
    body = exercise("Tilt", 'hold="{{ subscriber.attributes.hold }}" repeats="8 times"')
    assert [each.dose for each in exercises(body)] == [(("repeats", "8 times"),)]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.text(max_size=20)), max_size=3))
def test_what_is_kept_of_a_body_has_the_same_exercises(named: list[tuple[str, str]]) -> None:
    doses = (attribute("hold", fold(hold)) if fold(hold) else "" for _, hold in named)
    names = (escape(fold(name)) for name, _ in named)
    containers = (f"::: exercise id=x{dose}\n## {name}\n\nDo it.\n:::" for dose, name in zip(doses, names, strict=True))
    body = "Hello.\n\n" + "\n\n".join(containers) + "\n\nGoodbye.\n"
    assert exercises(reduced(body)) == exercises(body)


@pytest.mark.parametrize("name", ["{{ x }}", "{% if", "*a*", "# 1", "a :::", "&amp;", "1. So", "`{{`"])
def test_a_name_with_signs_is_kept_as_it_is(name: str) -> None:
    body = f"::: exercise id=x\n## {escape(name)}\n:::"
    assert [each.name for each in exercises(body)] == [name]
    assert exercises(reduced(body)) == exercises(body)
