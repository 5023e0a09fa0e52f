"""However little an article says, and in whatever signs: it gets words around its mails, or a plain refusal."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backmail.article import arrange, read_text, understand
from backmail.article.proposals.picking import PREHEADER, SUBJECT, TEASER
from backmail.errors import ArticleError, PlanRefused, SafetyStop

_SENTENCE = "Walking every day makes the heart stronger and the mind calmer.\n"
_LANGUAGES = ("da", "de", "en", "es", "fr", "it", "nb", "nl", "sv", "pt", "fi")

_signs = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
_line = st.one_of(
    st.text(_signs, max_size=60),
    st.text("ab 1.?!:*_#[]()<>{}%|-\u200b\u00a0\u4e2d\u0627", max_size=30),
    st.sampled_from(["T", "1/1", "·", "Cure", "{{ 7*7 }}", "{% raw %}", "[x](javascript:alert(1))", "FAQ", "1", "Hi"]),
)
_texts = st.builds(
    lambda title, blocks, signs: "\n\n".join([title, *(f"{signs}{head}\n\n{text}" for head, text in blocks)]) + "\n",
    _line,
    st.lists(st.tuples(_line, _line), min_size=1, max_size=3),
    st.sampled_from(["", "## "]),
)


def _arranged(text: str, name: str, language: str | None, weeks: int | None) -> None:
    try:
        article = understand(read_text(text.encode(), name), language=language)
        plan = arrange(article, weeks)
    except (ArticleError, PlanRefused, SafetyStop):
        return
    for step in plan.steps:
        for words, (least, most) in ((step.subject, SUBJECT), (step.preheader, PREHEADER), (step.teaser, TEASER)):
            assert least <= len(words) <= most, (words, text)


@given(_texts, st.sampled_from(["a.txt", "a.md"]), st.sampled_from([None, *_LANGUAGES]), st.sampled_from([None, 1, 2]))
@example(f"T\n\n{_SENTENCE}", "a.txt", None, 1)
@example(f"·\n\n{_SENTENCE}", "a.txt", "fi", 1)
@example(f"1\n\n{_SENTENCE}", "a.md", "pt", 1)
def test_a_tiny_article_is_arranged_or_refused(text: str, name: str, language: str | None, weeks: int | None) -> None:
    _arranged(text, name, language, weeks)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_title_of_one_letter_is_enough(language: str) -> None:
    article = understand(read_text(f"T\n\n{_SENTENCE}".encode(), "a.txt"), language=language)
    (step,) = arrange(article, 1).steps
    assert len(step.preheader) >= PREHEADER[0]


def test_what_readers_see_in_an_inbox_is_no_markdown() -> None:
    text = "# Walks\n\nEvery walk with [a friend](javascript:alert(1)) is longer than one alone, as [all][x] say[^1].\n"
    (step,) = arrange(understand(read_text(text.encode(), "a.md")), 1).steps
    said = f"{step.subject} {step.preheader} {step.teaser} {' '.join(step.subjects)} {step.action.text}"
    assert not {"[", "]", "("} & set(said)
    assert "a friend is longer" in step.preheader
