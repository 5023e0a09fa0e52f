"""A step's own templates: wrong names told at once, tags leave no empty lines, article text stays as it is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import markup
from backmail.errors import Place, TemplateError
from backmail.model.campaign import Brand, Company, Greeting
from backmail.rendering import Setting, Variants
from backmail.rendering.sandbox import markdown_environment
from backmail.rendering.script import without_lines_of_tags


def faults(workshop: Any) -> list[tuple[str, int | None, str]]:
    """Return line and message of each fault of the only step."""
    with pytest.raises(TemplateError) as error:
        workshop.mail()
    found = [fault for fault in error.value.faults if fault.place]
    assert len(found) == len(error.value.faults)
    return [(fault.place.file, fault.place.line, fault.message) for fault in found if fault.place]


def test_all_wrong_names_of_a_step_are_told_at_once_with_their_lines(minimal_mail: Any) -> None:
    body = "{{ nmae }}\n\n{% if subscriber.tags %}\n{{ subscriber.frist_name }}\n{% endif %}\n{{ progress.nxt.teaser }}"
    workshop = minimal_mail(body, subject="For {{ step.id }}", preheader="See {{ brnad.name }}")
    assert faults(workshop) == [
        ("rolls.md", 3, "there is no 'step' here"),
        ("rolls.md", 4, "there is no 'brnad' here"),
        ("rolls.md", 9, "there is no 'nmae' here"),
        ("rolls.md", 12, "subscriber has no 'frist_name'"),
        ("rolls.md", 14, "progress has no 'nxt'"),
    ]


def test_a_wrong_name_is_pointed_at(minimal_mail: Any) -> None:
    with pytest.raises(TemplateError) as error:
        minimal_mail("Hello {{ subscriber.frist_name }}!").mail()
    assert str(error.value) == (
        "rolls.md:9:21: subscriber has no 'frist_name'\n"
        "  9 | Hello {{ subscriber.frist_name }}!\n"
        + " " * 26
        + "^ did you mean 'first_name'? known: attributes, email, first_name, language, last_name, tags, timezone"
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [("One\n{% if subscriber.tags %}\nTwo\n", 11), ("One\n\n{{ subscriber. }}\n", 11), ("{% nothing %}\n", 9)],
)
def test_jinja_that_cannot_be_read_is_told_with_its_line(minimal_mail: Any, body: str, line: int) -> None:
    assert [(file, at) for file, at, _ in faults(minimal_mail(body))] == [("rolls.md", line)]


def test_a_wrong_name_in_the_greeting_points_into_the_campaign_file(minimal: Any, minimal_mail: Any) -> None:
    workshop = minimal_mail()
    greeting = Greeting("Hello {{ subscriber.name }},", "Hello,")
    places = {"greeting.with_name": Place("campaigns/loose/campaign.yaml", 8, 24)}
    workshop.campaign = replace(workshop.campaign, greeting=greeting, places=places)
    workshop.variants = Variants(Setting(workshop.campaign, minimal, Brand(), Company()))
    assert faults(workshop) == [("campaigns/loose/campaign.yaml", 8, "subscriber has no 'name'")]


@pytest.mark.parametrize(
    ("source", "rendered"),
    [
        ("- a\n{% if true %}\n- b\n{% endif %}\n- c\n", "- a\n- b\n- c\n"),
        ("a\n\n{% if true %}\nb\n{% endif %}\n\nc\n", "a\n\nb\n\nc\n"),
        ("Hello{% if true %} you{% endif %}\nand more\n", "Hello you\nand more\n"),
        ("{% raw %}\n{% if x %}\n{% endraw %}\n", "\n{% if x %}\n\n"),
        ("{% raw %}{% if x %}{% endraw %}\n", "{% if x %}\n"),
        ("{% if true %}{% endif %}\nx\n", "\nx\n"),
    ],
)
def test_a_line_that_holds_one_tag_alone_leaves_nothing(source: str, rendered: str) -> None:
    assert markdown_environment().from_string(without_lines_of_tags(source)).render() == rendered


def test_line_numbers_stay() -> None:
    source = "a\n{% if true %}\nb\n  {% endif %}  \nc\n"
    assert without_lines_of_tags(source).count("\n") == source.count("\n")


@given(st.text(st.sampled_from("ab{%#}:*_[]()<>&\\`-+1. \n'\"|~"), max_size=40))
def test_escaped_text_survives_jinja_and_markdown(text: str) -> None:
    source = markup.escape(text)
    rendered = markdown_environment().from_string(without_lines_of_tags(source)).render()
    assert rendered == source
    assert markup.plain(rendered) == markup.fold(text)


@given(st.text(st.sampled_from("ab{%#}:*_[]()<>&\\`-+1. \n'\"|~"), max_size=40))
def test_a_value_printed_into_markdown_shows_as_it_is(text: str) -> None:
    rendered = markdown_environment().from_string("see {{ value }}.").render(value=text)
    assert markup.plain(rendered) == markup.fold(f"see {text}.")


def test_markdown_may_be_let_through_on_purpose(minimal_mail: Any) -> None:
    html = minimal_mail("{{ '**bold**' | safe }} and {{ '**not**' }}").mail().part("html")
    assert "<strong>bold</strong> and **not**" in html


def test_products_and_campaign_are_known_in_a_body(minimal_mail: Any) -> None:
    body = "[Buy {{ products['rest'].name }}]({{ products['rest'].link }}) of {{ campaign.name }} in {{ step.subject }}"
    html = minimal_mail(body).mail().part("html")
    assert 'href="https://shop.example.org/rest?a=1&amp;b=2"' in html
    assert "Buy Wrist Rest&#8482; - Grey" in html
    assert "of Looser shoulders in Two calm exercises" in html
