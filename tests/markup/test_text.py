"""Text put into a step's body shows as it is, whatever signs it holds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from backmail import markup
from tests.markup.texts import hostile, through_jinja

PLAIN_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@given(hostile)
@example("a\u00a0b")
@example("C #")
@example("{{{% x %}}}")
def test_escaped_text_shows_as_it_is(text: str) -> None:
    escaped, shown = markup.escape(text), markup.fold(text)
    assert markup.plain(escaped) == shown
    assert markup.plain(through_jinja(escaped)) == shown
    assert "\n" not in escaped


@given(hostile)
@example("C #")
def test_escaped_text_shows_as_it_is_in_items_headings_and_containers(text: str) -> None:
    escaped, shown = markup.escape(text), markup.fold(text)
    assert markup.plain(f"1. {escaped}\n2. last") == "\n".join(filter(None, [shown, "last"]))
    assert markup.plain(f"## {escaped}") == shown
    inside = f"before\n\n::: faq id=b1\n{escaped}\n:::\n"
    assert markup.plain(inside) == "\n".join(filter(None, ["before", shown]))
    assert len(markup.containers(inside, "f", 1)) == 1


@given(hostile, hostile)
def test_escaped_texts_may_be_joined(one: str, other: str) -> None:
    escaped = f"x {markup.escape(one)} y {markup.escape(other)}"
    assert markup.plain(escaped) == markup.fold(f"x {markup.fold(one)} y {markup.fold(other)}")


@pytest.mark.parametrize(
    "sentence",
    [
        "Hold for 15-30 seconds, then switch sides.",
        "It's about 60 cm (24 in) from the eyes; that suits most people!",
        'Smith, A.B. (2022). "Exercise & pain: a review." Journal of Things.',
        "3 * 4 is 12, and snake_case is one word: C# is another.",
        "“Quotes” and – dashes — stay… Ærø, 100 % and $5.",
        "Tom & Jerry ask: really? Yes: 5 < 6 > 4.",
    ],
)
def test_an_ordinary_sentence_stays_as_it_is(sentence: str) -> None:
    assert markup.escape(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. first", r"1\. first"),
        ("- a dash", r"\- a dash"),
        ("# a sign", r"\# a sign"),
        ("> quoted", r"\> quoted"),
        ("::: faq id=b1", r"\::: faq id=b1"),
        ("{{ name }}", r"{\{ name }}"),
        ("{% if %}", r"{\% if %}"),
        ("{# note #}", r"{\# note #}"),
        ("&amp; is no &", r"\&amp; is no &"),
        ("*bold* `code` [link]", r"\*bold\* \`code\` \[link\]"),
        ("<b>bold</b>", r"\<b>bold\</b>"),
        (r"C:\new \*", r"C:\new \\\*"),
        ("---", r"\---"),
    ],
)
def test_only_signs_with_a_meaning_are_escaped(text: str, escaped: str) -> None:
    assert markup.escape(text) == escaped


@given(hostile)
def test_an_article_s_own_markdown_means_what_it_meant(text: str) -> None:
    text = text.replace("\0", "")
    protected = markup.protect(text)
    meant = PLAIN_MARKDOWN.render(text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n")
    assert markup.parser().render(through_jinja(protected)).strip() == meant.strip()
    assert markup.containers(protected, "f", 1) == ()


@given(hostile)
def test_an_article_s_own_markdown_stays_inside_its_container(text: str) -> None:
    protected = markup.protect(text.replace("\0", ""), top=3)
    body = through_jinja(f"::: faq id=b1\n{protected}\n:::\n\nbehind\n")
    tokens = markup.parser().parse(body)
    outside = [token.type for token in tokens if token.level == 0]
    assert outside == ["container_open", "container_close", "paragraph_open", "paragraph_close"]
    assert markup.plain(body).endswith("behind")
    assert all(int(token.tag[1]) >= 3 for token in tokens if token.type == "heading_open" and token.level == 1)


@given(hostile)
def test_inert_text_is_what_it_was_behind_jinja(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # jinja makes one kind of line end of all
    assert through_jinja(markup.inert(text)) == text


@pytest.mark.parametrize("text", ["plain", "a {b} c", "100 %"])
def test_text_without_signs_of_jinja_is_left_alone(text: str) -> None:
    assert markup.inert(text) == text


@pytest.mark.parametrize(
    ("source", "protected"),
    [
        ("# One\n\n### Three", "### One\n\n##### Three"),
        ("One\n===\n\ntext\n\nTwo\nlines\n---", "### One\n\ntext\n\n#### Two lines"),
        ("#### Four", "#### Four"),
        ("text", "text"),
    ],
)
def test_headings_move_down_together(source: str, protected: str) -> None:
    assert markup.protect(source, top=3) == protected


def test_a_sign_in_code_is_kept() -> None:
    source = "Use `{{ name }}` so:\n\n```\n{% if x %}\n::: faq id=b1\n```"
    protected = markup.protect(source)
    assert protected == (
        "Use `{% raw %}{{ name }}{% endraw %}` so:\n\n```\n{% raw %}{% if x %}{% endraw %}\n::: faq id=b1\n```"
    )
    assert through_jinja(protected) == source


def test_code_that_is_left_open_is_closed() -> None:
    assert markup.protect("~~~~ py\nx = 1") == "~~~~ py\nx = 1\n~~~~"
    assert markup.protect("```\nx\n```") == "```\nx\n```"


def test_a_fence_of_ours_in_a_code_span_of_two_lines_gets_no_visible_sign() -> None:
    assert markup.protect("see `a\n::: b` here") == "see `a ::: b` here"


def test_fold_keeps_typographic_spaces_inside() -> None:
    assert markup.fold(" 10\u00a0kg\t and\r\n\u2028more\u00a0") == "10\u00a0kg and more"
