"""Texts full of signs that mean something to Markdown, to jinja or to our fences."""

from __future__ import annotations

from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment

_SIGNS = [
    *"*_`[]()<>#-+=~|!\\&{}%:.'\"1 a\n\t",
    *(
        "{{",
        "{%",
        "{#",
        "}}",
        "%}",
        "#}",
        "{{{",
        ":::",
        "::: faq id=b1",
        "&amp;",
        "&#35;",
        "&copy;",
        "1. ",
        "12) ",
        "- ",
    ),
    *(
        "Æ",
        "😀",
        "\u00a0",
        "\u2028",
        "endraw",
        "{% endraw %}",
        "raw",
        "word",
        "http://a.b",
        "<http://a.b>",
        "<b>",
        "</a>",
    ),
    *("```", "~~~", "---", "***", "___", "===", "[x](y)", "[x]: y", "![x](y)", "    ", "\r\n", "snake_case", "a*b*c"),
]

hostile = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(_SIGNS), max_size=16).map("".join))

_JINJA = ImmutableSandboxedEnvironment(autoescape=False, keep_trailing_newline=True)


def through_jinja(template: str) -> str:
    """Return what jinja makes of a template with no values at all."""
    return _JINJA.from_string(template).render()
