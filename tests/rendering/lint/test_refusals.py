"""What composing refuses is named by the rule that it breaks, with file and line."""

from pathlib import Path

import pytest

from backmail.errors import TemplateError
from backmail.rendering import load_theme
from backmail.rendering.inline import check
from backmail.rendering.lint import rule
from tests.rendering.conftest import MINIMAL, Make, Workshop, campaign, write_theme


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("p { margin: 0; }\n@font-face { font-family: A; }", [("css-dropped", 2)]),
        ("p { margin: 0; }\n\n[data-ogsc] p { color: #111111; }", [("css-dropped", 3)]),
        ("p {\n  color: #112233cc;\n}", [("css-dropped", 2)]),
        ("p {\n  background-color: #eeeeee;\n  background-color: #ffffff;\n}", [("css-fallback-lost", 3)]),
        ("p {\n  margin: 0 !important;\n}", [("css-important-inline", 2)]),
    ],
)
def test_styles_that_would_be_lost(css: str, expected: list[tuple[str, int]]) -> None:
    with pytest.raises(TemplateError) as caught:
        check(css, "inlined.css.jinja")
    assert [(fault.rule, fault.place.line) for fault in caught.value.faults if fault.place] == expected
    assert rule(expected[0][0])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Rest.\n\n{{ subscriber.shoe_size }}\n", "merge-unknown"),
        ("Rest.\n\n{{ shoe_size }}\n", "merge-unknown"),
        ("Rest.\n\nIn {{ subscriber.attributes.city }} today.\n", "merge-no-fallback"),
    ],
)
def test_values_that_there_are_not(body: str, expected: str, minimal_mail: Make) -> None:
    with pytest.raises(TemplateError) as caught:
        minimal_mail(body).mail()
    assert [(fault.rule, fault.place.line) for fault in caught.value.faults if fault.place] == [(expected, 11)]
    assert rule(expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p style="color:{{ subscriber.email }}">a</p>', "merge-context"),
        ("<p>a<div>b</div></p>", "html-parse"),
        ('<p style="color:#112233cc">a</p>', "css-dropped"),
    ],
)
def test_themes_that_would_fall_apart(html: str, expected: str, tmp_path: Path) -> None:
    page = MINIMAL["mail.html.jinja"].replace("{{ body }}", f"{html}{{{{ body }}}}")
    write_theme(tmp_path, "broken", MINIMAL | {"mail.html.jinja": page})
    with pytest.raises(TemplateError) as caught:
        Workshop(campaign(), load_theme("broken", [tmp_path])).mail()
    assert [fault.rule for fault in caught.value.faults] == [expected]
    assert rule(expected)
