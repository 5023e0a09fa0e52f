"""Which templates end by their syntax: those that marketers write do, and nothing that can grow does."""

import pytest

from backmail.rendering.bounded import bounded, ends
from backmail.rendering.theme import load_theme, themes
from tests.rendering.conftest import EVERYTHING, campaign, step


@pytest.mark.parametrize(
    "text",
    [
        "no jinja at all, but { a brace",
        "Hi {{ subscriber.first_name | default('you') | upper }}!",
        "{% if 'vip' in subscriber.tags and progress.number > 1 %}a{% elif not progress.next %}b{% else %}c{% endif %}",
        "{% for tag in subscriber.tags %}{{ tag }}{{ ', ' if not loop.last }}{% endfor %}",
        "{{ products['rest'].link }} {{ 'a' ~ campaign.name }} {{ progress.total - progress.number + 1 }}",
        "{% raw %}{% for a in b %}{% endraw %}",
        "{% extends 'mail.html.jinja' %}{% block footer %}{{ company.name | e }}{% endblock %}",
        "{{ this cannot be read",
    ],
)
def test_what_marketers_write_ends(text: str) -> None:
    assert ends(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in subscriber.tags %}{% for b in subscriber.tags %}{% endfor %}{% endfor %}",
        "{% for a in range(9) %}{% endfor %}",
        "{% for a in campaign.name | list %}{% endfor %}",
        "{% for a in a.b recursive %}{{ loop(a) }}{% endfor %}",
        "{{ 'a' * 9 }}",
        "{{ 2 ** 9 }}",
        "{{ '%d' % 9 }}",
        "{% set a = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{{ 'a'.center(9) }}",
        "{% include 'a' %}",
        "{% import 'a' as a %}",
        "{% filter upper %}{% endfilter %}",
        "{{ 'a' | replace('', 'b') }}",
        "{{ 'a' | list | string }}",
        "{{ subscriber.tags | join(', ') }}",
    ],
)
def test_what_could_grow_is_not_taken_to_end(text: str) -> None:
    assert not ends(text)


def test_a_campaign_in_a_theme_that_ships_is_composed_at_once() -> None:
    given = campaign(step(body=EVERYTHING))
    for name in themes():
        assert bounded(given, given.steps[0], load_theme(name))
    assert not bounded(campaign(step(body="{% set a = 1 %}")), step(body="{% set a = 1 %}"), load_theme("weekly"))
