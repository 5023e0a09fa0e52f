"""Inlining: what must survive it, what is told instead of being lost, and that it reaches for nothing."""

import subprocess
import sys

import pytest

from backmail.errors import TemplateError
from backmail.rendering import inline

DOCUMENT = (
    '<!DOCTYPE html>\n<html lang="en" xmlns:v="urn:schemas-microsoft-com:vml"><head><meta charset="utf-8">'
    "<title>t</title>"
    '<style>%s</style><style data-premailer="ignore">%s</style></head><body xml:lang="en">%s</body></html>'
)


def inlined(body: str, rules: str = "", kept: str = "") -> str:
    return inline.inlined(DOCUMENT % (rules, kept, body))


def test_rules_go_onto_elements() -> None:
    html = inlined('<p class="a">x</p>', ".a { color: #ffffff; mso-padding-alt: 1px 2px; padding: 0 4px }")
    assert '<p class="a" style="color:#ffffff; mso-padding-alt:1px 2px; padding:0 4px">x</p>' in html


def test_kept_blocks_stay_byte_for_byte() -> None:
    kept = (
        "@media (width<=600px) { .a { color: #fff !important } } [data-ogsc] .a > b { color: red } a:hover { top: 0 }"
        "@font-face { font-family: X } u + .body .x { top: 0 } #MessageViewBody a { color: inherit }"
    )
    html = inlined('<p class="a">x</p>', ".a { color: #000000 }", kept)
    assert f"<style>{kept}</style>" in html
    assert "data-premailer" not in html


def test_nothing_important_is_lost_from_rules_that_move_to_the_head() -> None:
    assert "!important" in inlined("<p>x</p>", "p:hover { top: 0 !important }")


def test_what_outlook_needs_survives() -> None:
    mso = '<!--[if mso]><table role="presentation"><tr><td width="600"><![endif]-->'
    revealed = "<!--[if !mso]><!--><p>x</p><!--<![endif]-->"
    html = inlined(f'{mso}{revealed}<img width="600" height="300" class="w">', ".w { width: 50%; height: auto }")
    assert mso in html
    assert revealed in html
    assert 'width="600" height="300"' in html


@pytest.mark.parametrize(
    "place", ['<a href="{}">x</a>', '<img alt="{}">', '<a href="mailto:a@b.c?subject={}">x</a>', "<b>{}</b>"]
)
def test_tokens_survive_in_every_place(place: str) -> None:
    element = place.format("bm0123456789x7z")
    assert element.rstrip(">") in inlined(element)


def test_the_result_is_ascii() -> None:
    html = inlined("<p>Sørensen €&nbsp;😀</p>")
    assert html.isascii()
    assert "<p>S&#248;rensen &#8364;&#160;&#128512;</p>" in html


def test_one_document_does_not_spoil_the_next() -> None:
    # premailer keeps selectors, styles and sheets in one cache under keys that collide: what is the style of an element
    # here is a selector there.
    inlined('<i class="a" style="samp">x</i>', ".a { top: 0 }")
    assert '<samp style="color:#112233">x</samp>' in inlined("<samp>x</samp>", "samp { color: #112233 }")


def test_what_premailer_breaks_on_is_an_error_of_ours() -> None:
    with pytest.raises(TemplateError, match="cannot be inlined"):
        inline.inlined("")


def test_the_name_of_an_element_is_no_trouble_as_a_style() -> None:
    assert '<p style="top:0">x</p>' in inlined('<p style="head">x</p>', "p { top: 0 }")


def test_nothing_is_fetched() -> None:
    # The conftest fails any test that reaches beyond this machine; this one would not even reach that far.
    inlined('<link rel="stylesheet" href="http://192.0.2.1/x.css"><p>x</p>', "@import url(http://192.0.2.1/y.css);")


def test_importing_the_room_imports_nothing_heavy() -> None:
    heavy = {"premailer", "lxml", "cssutils", "jinja2", "markdown_it"}
    code = f"import sys, backmail.rendering; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("rules", "place", "message"),
    [
        ("p { color: #112233cc }", "1:5", "this color would be lost"),
        ("p {\n  top: 0;\n  color: rgb(0 0 0 / 50%) }", "3:3", "this color would be lost"),
        ("p { color: {{ brand }} }", "1:5", "this color would be lost"),
        ("\n@media (max-width: 9px) { p { top: 0 } }", "2:1", "@media would be lost"),
        ("@media a { @media b { p { top: 0 } } }", "1:1", "@media would be lost"),
        ("@font-face { font-family: x }", "1:1", "@font-face would be lost"),
        ("@import url(http://192.0.2.1/x.css);", "1:1", "@import would be lost"),
        ("p { top: 0 }\na:hover { top: 0 }", "2:1", "the selector 'a:hover' would be lost"),
        ("li:nth-child(2) { top: 0 }", "1:1", "the selector 'li:nth-child(2)' would be lost"),
        ("p, * { top: 0 }", "1:1", "the selector '*' would be lost"),
        ("[data-ogsc] p { top: 0 }", "1:1", "the selector '[data-ogsc] p' would be lost"),
        (r".sm\:full { top: 0 }", "1:1", r"the selector '.sm\\:full' would be lost"),
        ("p { color: #ffffff !important }", "1:5", "!important on color means nothing"),
        ("p { width: 600px; width: 50% }", "1:19", "of several width only the last"),
        ("p { top: 0 }\n} a { top: 0 }", "2:", ""),
    ],
)
def test_what_inlining_would_lose_is_told(rules: str, place: str, message: str) -> None:
    with pytest.raises(TemplateError) as error:
        inline.check(rules, "inlined.css.jinja")
    first = error.value.faults[0]
    assert message in first.message
    assert str(first.place).startswith(f"inlined.css.jinja:{place}")


def test_all_losses_are_told_at_once() -> None:
    with pytest.raises(TemplateError) as error:
        inline.check("p { color: #12 }\na:hover { top: 0 }\n@media x { }", "f")
    assert [fault.place and fault.place.line for fault in error.value.faults] == [1, 2, 3]


def test_rules_that_keep_all_pass() -> None:
    inline.check("/* c */ p { top: 0; mso-line-height-rule: exactly; width: calc(100% - 2px) }", "f")
    inline.check("p:first-child, .a > b + i { top: 0 }", "f")
