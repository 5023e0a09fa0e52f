"""Readers' values in a step: conditions, loops, filters, and what is refused."""

import re
from typing import Any

import pytest

from backmail.errors import TemplateError
from backmail.model.people import Subscriber
from backmail.rendering.proxies import prefix

ANNA = Subscriber("anna@example.org", "Anna", None, "en", None, ("vip", "Oslo"), {"company": "Café & Co", "age": "61"})
NOBODY = Subscriber("nobody@example.org")


def said(workshop: Any, subscriber: Subscriber = ANNA) -> str:
    """Return the body of the text part."""
    text = workshop.mail(subscriber).part("text")
    return str(text.split("\n\n", 1)[1].rsplit("\n\n", 1)[0])


@pytest.mark.parametrize(
    ("body", "anna", "nobody"),
    [
        ("{{ subscriber.first_name | default('friend') }}", "Anna", "friend"),
        ("{{ subscriber.first_name | default('friend') | upper }}", "ANNA", "FRIEND"),
        ("{{ subscriber.first_name | default(default_value='friend') }}", "Anna", "friend"),
        ("{{ subscriber.attributes.company | default('your office') }}", "Café & Co", "your office"),
        ("{{ subscriber.attributes['company'] | d('none') }}", "Café & Co", "none"),
        ("{{ subscriber.tags | join(', ') }}.", "vip, Oslo.", "."),
        ("{{ subscriber.tags }}.", "vip, Oslo.", "."),
        ("{{ subscriber.tags | length }}", "2", "0"),
        ("{{ subscriber.tags | first }}.", "vip.", "."),
        ("{{ subscriber.tags | sort | map('upper') | join(' ') }}.", "OSLO VIP.", "."),
        ("{{ subscriber.tags | last | default('none') }}", "Oslo", "none"),
        ("{{ subscriber.first_name | truncate(2, killwords=True, end='…', leeway=0) }}.", "A….", "."),
        ("{{ progress.total - progress.number + 1 }} to go", "1 to go", "1 to go"),
        ("{% if subscriber.first_name %}yes{% else %}no{% endif %}", "yes", "no"),
        ("{% if subscriber.first_name is none %}none{% else %}some{% endif %}", "some", "none"),
        ("{% if subscriber.attributes.company is defined %}yes{% else %}no{% endif %}", "yes", "no"),
        ("{% if not subscriber.last_name %}no last name{% endif %}.", "no last name.", "no last name."),
        ("{% if 'vip' in subscriber.tags %}vip{% else %}guest{% endif %}", "vip", "guest"),
        ("{% if subscriber.language == 'en' %}en{% else %}other{% endif %}", "en", "other"),
        ("{% if subscriber.language in ['da', 'en'] %}ours{% else %}other{% endif %}", "ours", "other"),
        ("{% if subscriber.language != 'en' %}other{% else %}en{% endif %}", "en", "other"),
        ("{% if subscriber.tags | length > 1 %}many{% else %}few{% endif %}", "many", "few"),
        ("{% if subscriber.attributes.age | int >= 60 %}senior{% else %}junior{% endif %}", "senior", "junior"),
        ("{% if subscriber.attributes.age > '5' %}more{% else %}less{% endif %}", "more", "less"),
        ("{% if progress.number == progress.total %}last{% endif %}", "last", "last"),
        ("{% for tag in subscriber.tags %}[{{ tag }}{{ loop.index }}]{% endfor %}.", "[vip1][Oslo2].", "."),
        ("{% for tag in subscriber.tags %}{{ tag }}{{ ', ' if not loop.last }}{% endfor %}.", "vip, Oslo.", "."),
        ("{% for tag in subscriber.tags | sort %}{{ tag }} {% endfor %}.", "Oslo vip .", "."),
        ("{% for tag in subscriber.tags if tag != 'vip' %}{{ tag }}{% endfor %}.", "Oslo.", "."),
        ("{{ subscriber.first_name or 'friend' }}", "Anna", "friend"),
        ("{{ 'Dear ' ~ subscriber.first_name }}.", "Dear Anna.", "Dear ."),
        ("{% set name = subscriber.first_name %}{{ name }}.", "Anna.", "."),
        ("{% if progress.next %}next{% else %}end{% endif %}", "end", "end"),
    ],
)
def test_a_reader_decides_what_she_reads(minimal_mail: Any, body: str, anna: str, nobody: str) -> None:
    workshop = minimal_mail(body)
    assert (said(workshop), said(workshop, NOBODY)) == (anna, nobody)


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        ("{{ subscriber.frist_name }}", "subscriber has no 'frist_name'", "did you mean 'first_name'?"),
        ("{{ subscriber.frist_name | default('x') }}", "subscriber has no 'frist_name'", "did you mean 'first_name'?"),
        (
            "{{ subscriber.first_name.upper() }}",
            "subscriber.first_name has no 'upper'",
            "subscriber.first_name | upper",
        ),
        ("{{ subscriber.attributes.company }}", "not every reader has subscriber.attributes.company", "default('...')"),
        ("{{ subscriber }}", "subscriber is no text", "take one of email, first_name"),
        ("{{ subscriber.attributes.items() }}", "subscriber.attributes.items is no function", "filters"),
        ("{{ subscriber.first_name | safe }}", "the filter 'safe' cannot be put on", "known: abs"),
        ("{{ 'x' | replace('x', subscriber.email) }}", "takes a reader's value only before the |", ""),
        ("{% if subscriber.attributes.age > 5 %}{% endif %}", "subscriber.attributes.age is text, and 5 is a", "| int"),
        ("{% if subscriber.email is upper %}{% endif %}", "the test 'is upper' cannot be put to", "known: none"),
        ("{% for x in subscriber.email %}{% endfor %}", "subscriber.email is no list", "subscriber.tags"),
        ("{{ subscriber.first_name + '!' }}", "cannot work out subscriber.first_name + '!'", "~"),
        ("{{ products[subscriber.email] }}", "subscriber.email differs by reader", "{% if %}"),
        ("{{ (subscriber.email ~ '!') | truncate(9) }}", "a filter cut or changed a text", "before it is joined"),
        ("{{ (subscriber.email ~ '!') | upper }}", "a filter cut or changed a text", "before it is joined"),
        ("{{ campaign.nmae }}", "campaign has no 'nmae'", "did you mean 'name'?"),
        ("{{ campaign }}", "campaign is no text", "take one of id, name"),
        ("{{ products['rset'].link }}", "products has no 'rset'", "did you mean 'rest'?"),
        ("{{ nobody }}", "there is no 'nobody' here", "known: brand"),
        ("{{ 1 / 0 }}", "cannot render: division by zero", ""),
        ("{{ [1, 2] | random }}", "No filter named 'random'", ""),
        ("{{ ''.__class__.__mro__ }}", "cannot render: access to attribute '__class__'", ""),
    ],
)
def test_what_is_refused_is_told_with_file_and_line(minimal_mail: Any, body: str, message: str, hint: str) -> None:
    with pytest.raises(TemplateError) as error:
        minimal_mail(f"First line.\n\n{body}\n").mail(ANNA)
    fault = error.value.faults[0]
    assert message in fault.message
    assert hint in fault.hint
    assert fault.place is not None
    assert (fault.place.file, fault.place.line) == ("rolls.md", 11)


def test_an_attribute_that_was_tested_needs_no_default(minimal_mail: Any) -> None:
    body = "{% if subscriber.attributes.company %}at {{ subscriber.attributes.company }}{% else %}at home{% endif %}"
    workshop = minimal_mail(body)
    assert (said(workshop), said(workshop, NOBODY)) == ("at Café & Co", "at home")


def test_the_prefix_of_tokens_is_none_that_a_text_holds() -> None:
    first = prefix("an article")
    assert re.fullmatch(r"bm[0-9a-f]{10}x", first)
    assert prefix("an article") == first
    assert prefix(f"an article that holds {first}") != first


def test_a_text_that_holds_the_first_candidate_gets_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backmail.rendering.proxies._candidate", lambda _digest, turn: f"bm{turn}00000x")
    assert prefix("it says BM000 and bm100") == "bm200000x"
