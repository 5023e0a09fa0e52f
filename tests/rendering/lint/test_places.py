"""A finding names the file and line that its cause stands in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail import markup
from backmail.errors import Place
from backmail.rendering.lint import locate
from tests.rendering.lint.mails import STEP, Mail, about, judged

BODY = """## First things

Sit *tall* and \\*breathe\\*. Then
go on with [our **long** list](http://acme.example.net/list).

Write {% raw %}{{ name }}{% endraw %} or {\\{ other }} &amp; `{% raw %}{% if x %}{% endraw %}`.
"""


@pytest.mark.parametrize(
    ("needle", "line"),
    [
        ("First things", 20),
        ("sit TALL  and *breathe*", 22),
        ("Then go on with", 22),
        ("our long list", 23),
        ("http://acme.example.net/list", 23),
        ("{{ name }}", 25),
        ("{{ other }}", 25),
        ("{% if x %}", 25),
        ("& {%", 25),
        ("our long list, and so on, as far as the eye can see, and further", None),
        ("not there", None),
        ("", None),
        ("**", None),
    ],
)
def test_words_and_links_are_found_on_their_line(needle: str, line: int | None) -> None:
    step = replace(STEP, body=BODY, body_line=20)
    assert locate(step, needle) == (Place("02-rolls.md", line) if line else None)


def test_a_long_text_is_found_by_its_first_words() -> None:
    step = replace(STEP, body="\nSit down and " + "breathe " * 10 + "[out](https://a.example.net)", body_line=20)
    assert locate(step, "Sit down and " + "breathe " * 10 + "out") == Place("02-rolls.md", 21)


@pytest.mark.parametrize("words", ["Sit down", "x" * 80, "https://acme.example.net/" + "a" * 80])
def test_what_the_body_begins_with_is_found(words: str) -> None:
    assert locate(replace(STEP, body=f"{words} and on"), words) == Place("02-rolls.md", 9)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1), min_size=1, max_size=5))
def test_any_paragraph_that_was_escaped_is_found(paragraphs: list[str]) -> None:
    step = replace(STEP, body="\n\n".join(markup.escape(each) for each in paragraphs), body_line=1)
    for each in paragraphs:
        if any(sign.isalpha() for sign in each):
            assert locate(step, each) is not None


@pytest.mark.parametrize(
    ("rule", "mail", "place"),
    [
        (
            "link-scheme",
            Mail().but("https://acme.example.net/rolls", "http://a.example.net/1"),
            Place("02-rolls.md", 12),
        ),
        ("subj-caps", replace(Mail(), subject="REST YOUR HANDS"), Place("02-rolls.md", 3, 10)),
        ("pre-length", replace(Mail(), preheader="Short."), Place("02-rolls.md", 4, 12)),
        ("html-control-char", Mail().but("8 times", "8\x07 times"), Place("02-rolls.md", 11)),
        ("a11y-h1", Mail().plus("<h1>Twice</h1>"), None),
    ],
)
def test_findings_name_file_and_line(rule: str, mail: Mail, place: Place | None) -> None:
    step = replace(STEP, body=STEP.body.replace("https://acme.example.net/rolls", "http://a.example.net/1"))
    found = about(rule, judged(mail, step=step))
    assert [finding.place for finding in found] == [place]


def test_jinja_that_the_step_protects_is_text() -> None:
    mail = Mail().but("Hello Anna", "Write {{ name }}")
    protected = replace(STEP, body="Write " + markup.inert("{{ name }}") + "\n")
    assert about("merge-unfilled", judged(mail, step=protected)) == []
    assert len(about("merge-unfilled", judged(mail, step=STEP))) == 1


def test_signs_that_the_article_has_are_words() -> None:
    mail = replace(Mail().but("Hello Anna", "Write {% raw %} first"), subject="Why {{ 7*7 }} is no sum")
    assert len(about("merge-unfilled", judged(mail, step=STEP))) == 2
    article = "# Why `{{ 7*7 }}` is no sum\n\nWrite {% raw %} first.\n"
    assert about("merge-unfilled", judged(mail, step=STEP, article=lambda: article)) == []
    other = Mail().but("Hello Anna", "Hello {{ subscriber.first_name }}")
    assert len(about("merge-unfilled", judged(other, step=STEP, article=lambda: article))) == 1
