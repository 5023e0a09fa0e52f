"""Inlining: what must survive it, what is told instead of being lost, and that it reaches for nothing."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backmail.errors import TemplateError
from backmail.rendering import inline, load_theme
from backmail.rendering.lint import judge
from tests.rendering.conftest import ANNA, COMPANY, MINIMAL, Workshop, campaign, step, write_theme

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


def test_what_premailer_breaks_on_is_an_error_of_ours() -> None:
    with pytest.raises(TemplateError, match="cannot be inlined"):
        inline.inlined("")


@pytest.fixture
def sockets() -> Iterator[list[object]]:
    """What was asked of the network: any socket at all, or the name of a machine."""
    opened: list[object] = []

    def note(event: str, given: tuple[object, ...]) -> None:
        if watching and event in ("socket.__new__", "socket.connect", "socket.getaddrinfo", "urllib.Request"):
            opened.append((event, *given))

    watching = [True]
    sys.addaudithook(note)  # there is no way to take it back: from the end of the test on it does nothing
    yield opened
    watching.clear()


FETCHING = {
    "import": ("<p>x</p>", "@import url(http://127.0.0.1:9/y.css); p { top: 0 }"),
    "import-text": ("<p>x</p>", "@import 'http://127.0.0.1:9/y.css'; p { top: 0 }"),
    "import-local": ("<p>x</p>", "@import url(file:///etc/hostname); p { top: 0 }"),
    "link": ('<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>x</p>', ""),
    "link-inline": ('<link rel="stylesheet" data-premailer="inline" href="http://127.0.0.1:9/x.css">', ""),
    "image": ('<img src="http://127.0.0.1:9/x.png" width="2" height="2">', "img { border: 0 }"),
    "background": ('<td background="http://127.0.0.1:9/x.png">', "td { background: url(http://127.0.0.1:9/b.png) }"),
    "entity": ("<p>x</p>", ""),
}


@pytest.mark.parametrize("row", FETCHING)
def test_no_socket_is_opened(sockets: list[object], row: str) -> None:
    body, rules = FETCHING[row]
    if row == "entity":
        inline.inlined('<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd">' + DOCUMENT % ("", "", body))
    else:
        inlined(body, rules)
    assert sockets == []


def test_a_planted_socket_is_seen(sockets: list[object]) -> None:
    import premailer

    html = DOCUMENT % ("@import url(http://127.0.0.1:9/y.css); p { top: 0 }", "", "<p>x</p>")
    premailer.Premailer(html, allow_network=False).transform()  # as premailer comes, which says it would not
    assert sockets


def test_importing_the_room_imports_nothing_heavy() -> None:
    heavy = {"premailer", "lxml", "cssutils", "jinja2", "markdown_it"}
    code = f"import sys, backmail.rendering; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# What premailer does to style rules without a word, by the rows of the list that this project keeps of it. Each is
# refused where rules are inlined, and kept byte for byte in a block that premailer passes over.
LOST = {
    "R1-media": ("\n@media (max-width: 9px) { p { top: 0 } }", "2:1", "@media would be lost"),
    "R2-range": ("@media (width<=600px) { p { top: 0 } }", "1:1", "@media would be lost"),
    "R3-nested-media": ("@media a { @media b { p { top: 0 } } }", "1:1", "@media would be lost"),
    "R4-font-face": ("@font-face { font-family: x }", "1:1", "@font-face would be lost"),
    "R4-supports": ("@supports (top: 0) { p { top: 0 } }", "1:1", "@supports would be lost"),
    "R4-keyframes": ("@keyframes x { from { top: 0 } }", "1:1", "@keyframes would be lost"),
    "R4-layer": ("@layer x { p { top: 0 } }", "1:1", "@layer would be lost"),
    "R4-container": ("@container (width > 1px) { p { top: 0 } }", "1:1", "@container would be lost"),
    "R4-import": ("@import url(http://192.0.2.1/x.css);", "1:1", "@import would be lost"),
    "R5-ogsc": ("[data-ogsc] p { top: 0 }", "1:1", "the selector '[data-ogsc] p' would be lost"),
    "R5-ogsb": ("p { top: 0 }\n[data-ogsb] .a { top: 0 }", "2:1", "the selector '[data-ogsb] .a' would be lost"),
    "R5-apple": ("a[x-apple-data-detectors] { top: 0 }", "1:1", "would be lost"),
    "R6-hover": ("p { top: 0 }\na:hover { top: 0 }", "2:1", "the selector 'a:hover' would be lost"),
    "R6-before": ("p::before { top: 0 }", "1:1", "the selector 'p::before' would be lost"),
    "R6-not": ("p:not(.a) { top: 0 }", "1:1", "the selector 'p:not(.a)' would be lost"),
    "R6-nth-child": ("li:nth-child(2) { top: 0 }", "1:1", "the selector 'li:nth-child(2)' would be lost"),
    "R6-has": ("p:has(b) { top: 0 }", "1:1", "the selector 'p:has(b)' would be lost"),
    "R6-nth-of-type": ("p:nth-of-type(2) { top: 0 }", "1:1", "the selector 'p:nth-of-type(2)' would be lost"),
    "R7-star": ("p, * { top: 0 }", "1:1", "the selector '*' would be lost"),
    "R7-attribute": ('[class*="x"] { top: 0 }', "1:1", "would be lost"),
    "R7-colon": ('[style*="margin: 16px 0"] { top: 0 }', "1:1", "would be lost"),
    "R8-escape": (r".sm\:full { top: 0 }", "1:1", r"the selector '.sm\\:full' would be lost"),
    "R9-hex8": ("p { color: #112233cc }", "1:5", "this color would be lost"),
    "R9-rgb": ("p {\n  top: 0;\n  color: rgb(0 0 0 / 50%) }", "3:3", "this color would be lost"),
    "R10-background": (
        "p { background: #fff; background: linear-gradient(red, red) }",
        "1:23",
        "of several background",
    ),
    "R10-width": ("p { width: 600px; width: 50% }", "1:19", "of several width only the last"),
    "R11-important": ("p { color: #ffffff !important }", "1:5", "!important on color means nothing"),
    "R12-nesting": (".a { color: red; &:hover { top: 0 } }", "1:18", "cannot read this style declaration"),
    "R12-is": (".a:is(.b) { top: 0 }", "1:1", "the selector '.a:is(.b)' would be lost"),
    "R13-jinja": ("p { color: {{ brand }} }", "1:5", "this color would be lost"),
    "R14-progid": ("p { filter: progid:DXImageTransform.Microsoft.x() }", "1:5", "this filter would be lost"),
    "R14-zoom": ("p { *zoom: 1 }", "1:", "cannot read this style declaration"),
    "R17-stray": ("p { top: 0 }\n} a { top: 0 }", "2:", "this top would be lost"),
    "R17-unclosed": ("p { top: 0\na { top: 0 }", "1:5", "cannot read this style declaration"),
    "R17-bracket": ("p[ { top: 0 }", "1:2", "cannot read this style rule"),
}


@pytest.mark.parametrize("row", LOST)
def test_what_inlining_would_lose_is_told(row: str) -> None:
    rules, place, message = LOST[row]
    with pytest.raises(TemplateError) as error:
        inline.check(rules, "inlined.css.jinja")
    first = error.value.faults[0]
    assert message in first.message
    assert str(first.place).startswith(f"inlined.css.jinja:{place}")


@pytest.mark.parametrize("row", LOST)
def test_what_inlining_would_lose_is_kept_in_a_block_of_its_own(row: str) -> None:
    rules = LOST[row][0]
    assert f"<style>{rules}</style>" in inlined("<p>x</p>", "p { top: 0 }", rules)


# The other half of R5, which premailer does not drop for its brackets but for matching nothing.
@pytest.mark.parametrize("rule", ["u + .body .x { top: 0 }", "#MessageViewBody a { top: 0 }", ".aBn { top: 0 }"])
def test_hacks_for_clients_stand_in_blocks_that_are_kept(rule: str) -> None:
    assert rule in inlined("<p>x</p>", "p { top: 0 }", rule)
    assert rule not in inlined("<p>x</p>", rule)


HARMLESS = {
    "R11-inline-wins": ('<p style="color:#ffa500">x</p>', "p { color: #000000 }", 'style="color:#ffa500"'),
    "R15-unset": ("<p>x</p>", "p { color: unset; top: 0 }", '<p style="top:0">'),
    "R16-quotes": ("<p>x</p>", "p { font-family: 'A B' }", """<p style='font-family:"A B"'>"""),
    "R10-literal": ('<p style="color:red;color:#ffffff">x</p>', "b { top: 0 }", 'style="color:red;color:#ffffff"'),
}


@pytest.mark.parametrize("row", HARMLESS)
def test_what_inlining_changes_and_a_mail_can_do_with(row: str) -> None:
    body, rules, shown = HARMLESS[row]
    inline.check(rules, "f")
    assert shown in inlined(body, rules)


TOKENS = [f"bm0123456789x{number}z" for number in range(8)]
KEPT = {
    "H2-text": "<p>{0} and {0}</p>",
    "H2-href": '<a href="{1}">x</a><a href="https://example.org/{2}?a={3}">y</a>',
    "H2-src": '<img src="{4}" alt="{5}" title="{6}">',
    "H2-mailto": '<a href="mailto:a@b.org?subject={7}">x</a>',
    "H2-outlook": '<!--[if mso]><td title="{0}">{1}</td><![endif]-->',
    "H6-vml": '<!--[if gte mso 9]><v:rect fill="true"><v:fill/></v:rect><![endif]-->',
    "H6-settings": "<!--[if mso]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]-->",
    "H5-revealed": "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
    "H8-encoded": '<a href="https://example.org/%C3%A9?q=%C3%BC%20b">x</a>',
    "H3-unfilled": "<p>[%unsub%] %%x%%</p>",
}


@pytest.mark.parametrize("row", KEPT)
def test_what_inlining_passes_on_as_it_is(row: str) -> None:
    body = KEPT[row].format(*TOKENS)
    assert body in inlined(body, "p { top: 0 }") or body.replace("<p>", '<p style="top:0">') in inlined(
        body, "p { top: 0 }"
    )


CHANGED = {
    "H1-braces": ('<a href="{{ u }}">x</a>', "%20u%20"),  # so values are tokens of letters and digits
    "H3-sendgrid": ('<a href="<%unsub%>">x</a>', "&lt;%unsub%&gt;"),
    "H7-entities": ("<p>&nbsp;&zwnj;&#847;é😀</p>", "<p>&#160;&#8204;&#847;&#233;&#128512;</p>"),
    "H8-letters": ('<a href="https://x/é?q=ü b">x</a>', 'href="https://x/%C3%A9?q=%C3%BC%20b"'),
}


@pytest.mark.parametrize("row", CHANGED)
def test_what_inlining_writes_in_another_way(row: str) -> None:
    body, shown = CHANGED[row]
    assert shown in inlined(body)


REFUSED = {
    "H1-jinja": ("{% raw %}<a href='{{ u }}'>x</a>{% endraw %}", None),  # the lint finds what is left: merge-unfilled
    "H4-link-around-table": (
        '<a href="https://example.org/"><table><tr><td>x</td></tr></table></a>',
        "<table> stands inside <a>",
    ),
    "H5-conditional": ("<![if !mso]><p>x</p><![endif]>", "is kept by some parsers only"),
    "H11-div-in-p": ('<p><div class="a">x</div></p>', "<div> stands inside <p>"),
    "R9-attribute": ('<p style="color:#112233cc">x</p>', "the style 'color:#112233cc' is not kept: color"),
}


@pytest.mark.parametrize("row", REFUSED)
def test_what_inlining_would_mend_in_its_own_way_is_told_with_its_line(row: str, tmp_path: Path) -> None:
    html, message = REFUSED[row]
    files = {
        **MINIMAL,
        "mail.html.jinja": MINIMAL["mail.html.jinja"].replace("{{ body }}", f"{{{{ body }}}}\n{html}\n"),
    }
    write_theme(tmp_path, "bad", files)
    mail = Workshop(campaign(step(body="One.\n")), load_theme("bad", [tmp_path])).mail
    if message is None:
        found = judge(mail(), company=COMPANY)
        assert "merge-unfilled" in {each.id for each in found}
        return
    with pytest.raises(TemplateError) as error:
        mail()
    fault = error.value.faults[0]
    assert message in fault.message
    assert fault.place is not None
    assert fault.place.file.endswith("bad/mail.html.jinja")
    assert fault.place.line == 2


def test_h10_a_mail_is_a_whole_document() -> None:
    whole = DOCUMENT % ("p { top: 0 }", "", "<p>x</p>")
    assert inline.inlined(whole).count("<html") == inline.inlined(whole).count("<body") == 1
    assert "<html>" in inline.inlined("<p>x</p>")  # what a part of one becomes


@pytest.mark.parametrize(
    ("spoiler", "then"),
    [
        ('<i class="a" style="samp">x</i>', ("<samp>x</samp>", "samp { color: #112233 }", "color:#112233")),
        ('<i class="a" style="head">x</i>', ("<p>x</p>", "p { top: 0 }", "top:0")),
        ('<i class="a" style="p">x</i>', ("<p>x</p>", "p { top: 0 }", "top:0")),
        ("<style>color:red</style>", ('<p style="color:red">x</p>', "p { top: 0 }", "top:0")),
    ],
    ids=["H12-samp", "H12-head", "H12-p", "H12-sheet"],
)
@pytest.mark.parametrize("order", [1, -1])
def test_one_document_does_not_spoil_the_next(spoiler: str, then: tuple[str, str, str], order: int) -> None:
    # premailer keeps selectors, styles and sheets in one cache under keys that collide.
    body, rules, shown = then
    for turn in ("spoiler", "then")[::order]:
        if turn == "then":
            assert shown in inlined(body, rules)
        else:
            inlined(spoiler, ".a { top: 0 }")


def test_h13_a_condition_is_settled_before_rules_find_their_elements(tmp_path: Path) -> None:
    row = "<table>{% if 'vip' in subscriber.tags %}<tr><td>vip</td></tr>{% endif %}<tr><td>all</td></tr></table>"
    files = {
        **MINIMAL,
        "inlined.css.jinja": "tr:first-child { color: #112233 }",
        "mail.html.jinja": MINIMAL["mail.html.jinja"].replace("{{ body }}", row),
    }
    write_theme(tmp_path, "rows", files)
    workshop = Workshop(campaign(), load_theme("rows", [tmp_path]))
    vip, other = (workshop.mail(replace(ANNA, tags=tags)).part("html") for tags in (("vip",), ()))
    assert '<tr style="color:#112233"><td>vip' in vip
    assert "<tr><td>all" in vip
    assert '<tr style="color:#112233"><td>all' in other


def test_all_losses_are_told_at_once() -> None:
    with pytest.raises(TemplateError) as error:
        inline.check("p { color: #12 }\na:hover { top: 0 }\n@media x { }", "f")
    assert [fault.place and fault.place.line for fault in error.value.faults] == [1, 2, 3]


def test_rules_that_keep_all_pass() -> None:
    inline.check("/* c */ p { top: 0; mso-line-height-rule: exactly; width: calc(100% - 2px) }", "f")
    inline.check("p:first-child, .a > b + i { top: 0 }", "f")
