"""How an element looks follows from its own style, from what is around it, and from the rules for dark mode."""

import lxml.html
import pytest

from backmail.rendering.lint import looks as module
from backmail.rendering.lint.looks import Look, Scheme, looks


def look(body: str, css: str = "", scheme: Scheme = "light") -> Look:
    """Return how the element with the id `x` looks."""
    html = f"<html><head><style>{css}</style></head><body>{body}</body></html>"
    seen = looks(lxml.html.document_fromstring(html), [css], scheme)
    return next(each for element, each in seen.items() if element.get("id") == "x")


DARK = "@media (prefers-color-scheme: dark) {{ {} }}"


@pytest.mark.parametrize(
    ("body", "css", "colours"),
    [
        ('<p id="x">', "", ("#000000", "#ffffff")),
        ('<div style="color:#111111;background:#eeeeee"><p id="x">', "", ("#111111", "#eeeeee")),
        ('<div bgcolor="#DDDDDD"><p id="x">', "", ("#000000", "#dddddd")),
        ('<div style="color:#111111"><p id="x" style="color:inherit">', "", ("#111111", "#ffffff")),
        (
            '<div style="background-color:#000000"><p id="x" style="background-color:rgba(255,255,255,0.6)">',
            "",
            ("#000000", "#999999"),
        ),
        ('<p id="x" style="color:rgba(0,0,0,0.6)">', "", ("#666666", "#ffffff")),
        ('<p id="x" style="background-color:#eeeeee;background:#dddddd">', "", ("#000000", "#dddddd")),
        ('<p id="x" style="background-color:#eeeeee;background:none">', "", ("#000000", "#ffffff")),
        ('<p id="x" style="background-color:#eeeeee;background:var(--x)">', "", ("#000000", "#eeeeee")),
        ('<p id="x" style="color:var(--x)">', "", ("#000000", "#ffffff")),
        (
            '<p id="x" style="color:#111111 !important" class="a">',
            ".a { color: red !important }",
            ("#111111", "#ffffff"),
        ),
        ('<a id="x" href="#">', "", ("#0000ee", "#ffffff")),
        ('<p id="x" class="a">', ".a { color: #222222 }", ("#222222", "#ffffff")),
        ('<p id="x" class="a" style="color:#111111">', ".a { color: #222222 }", ("#111111", "#ffffff")),
        ('<p id="x" class="a" style="color:#111111">', ".a { color: #222222 !important }", ("#222222", "#ffffff")),
        (
            '<p id="x" class="a" style="color:#111111">',
            DARK.format(".a { color: #222222 !important }"),
            ("#111111", "#ffffff"),
        ),
        (
            '<p id="x" class="a">',
            "p { color: #333333 } .a { color: #222222 } p { color: #444444 }",
            ("#222222", "#ffffff"),
        ),
        ('<p id="x" class="a">', "p { color: #333333 !important } .a { color: #222222 }", ("#333333", "#ffffff")),
        (
            '<p id="x">',
            "p:hover { color: #333333 } p::before { color: #333333 } >> { color: #333333 }",
            ("#000000", "#ffffff"),
        ),
    ],
)
def test_colours_in_light_mode(body: str, css: str, colours: tuple[str, str]) -> None:
    seen = look(body, css)
    assert (str(seen.colour), str(seen.background)) == colours


def test_dark_rules_hold_in_dark_mode_and_reach_what_is_inside() -> None:
    css = DARK.format(".a { background-color: #101010 !important; color: #eeeeee !important }")
    body = '<div class="a" style="background-color:#ffffff;color:#111111"><p id="x">'
    seen = look(body, css, "dark")
    assert (str(seen.colour), str(seen.background)) == ("#eeeeee", "#101010")


def test_without_rules_of_its_own_a_mail_is_as_light_in_dark_mode() -> None:
    assert look('<p id="x">', "", "dark") == look('<p id="x">', "", "light")


def test_with_dark_rules_the_bare_page_is_dark() -> None:
    seen = look('<p id="x">', DARK.format(".a { color: #eeeeee }"), "dark")
    assert (str(seen.colour), str(seen.background)) == ("#ffffff", "#121212")


def test_what_stands_on_a_picture_is_not_judged() -> None:
    assert look('<div style="background:url(a.png)"><p id="x">').contrast == 21
    assert look('<div style="background-image:linear-gradient(red, blue)"><p id="x">').contrast == 21
    assert look('<div style="background:url(a.png)"><p id="x" style="background:#777777">').contrast < 5
    assert look('<div style="background:#777777 url(a.png)"><p id="x">').contrast < 5


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ('<p id="x">', 4.5),
        ('<p id="x" style="font-size:24px">', 3),
        ('<p id="x" style="font-size:19px">', 4.5),
        ('<b id="x" style="font-size:19px">', 3),
        ('<div style="font:bold 19px serif"><span id="x">', 3),
        ('<b style="font-size:19px"><span id="x" style="font-weight:400">', 4.5),
        ('<b id="x" style="font-size:18.66px">', 3),
        ('<span id="x" style="font-size:19px;font-weight:600">', 3),
        ('<span id="x" style="font-size:19px;font-weight:500">', 4.5),
        ('<b style="font-size:19px"><span id="x" style="font:19px serif">', 3),
        ('<h1 id="x">', 3),
        ('<div style="font-size:30px"><p id="x" style="font-size:50%">', 4.5),
    ],
)
def test_large_text_needs_less_contrast(body: str, needed: float) -> None:
    assert look(body).needed == needed


@pytest.mark.parametrize(
    ("body", "underlined", "boxed"),
    [
        ('<a href="#" id="x">', True, False),
        ('<a href="#" id="x" style="text-decoration:none">', False, False),
        ('<a href="#" id="x" style="text-decoration:none;border-bottom:1px solid #111111">', False, True),
        ('<a href="#" id="x" style="text-decoration:none;border:0">', False, False),
        ('<a href="#" id="x" style="text-decoration:none;background:#eeeeee;border-radius:4px">', False, True),
        ('<a id="x">', False, False),
        ('<a href="#" id="x" style="background:transparent">', True, False),
        ('<u><span id="x">', True, False),
    ],
)
def test_underline_and_frame(body: str, underlined: bool, boxed: bool) -> None:
    seen = look(body)
    assert (seen.underlined, seen.boxed) == (underlined, boxed)


def test_what_is_hidden_has_no_look() -> None:
    for style in ("display:none", "visibility:hidden", "opacity:0"):
        with pytest.raises(StopIteration):
            look(f'<div style="{style}"><p id="x">')
    with pytest.raises(StopIteration):
        look('<div hidden><p id="x">')
    with pytest.raises(StopIteration):
        look('<div class="a"><p id="x">', ".a { display: none !important }")
    assert look('<div style="display:block" class="a"><p id="x">', ".a { display: none }").needed == 4.5


OUTLOOK = "[data-ogsc] .a { color: #eeeeee !important } [data-ogsb] .a { background-color: #111111 !important }"


def test_outlooks_marks_count_in_its_own_scheme_alone() -> None:
    body = '<p id="x" class="a" style="color:#222222;background-color:#ffffff">'
    seen = {scheme: look(body, OUTLOOK, scheme) for scheme in ("light", "dark", "outlook")}
    colours = {scheme: (str(each.colour), str(each.background)) for scheme, each in seen.items()}
    assert colours == {
        "light": ("#222222", "#ffffff"),
        "dark": ("#222222", "#ffffff"),
        "outlook": ("#eeeeee", "#111111"),
    }


def test_the_page_is_as_it_was_when_it_was_looked_at() -> None:
    root = lxml.html.document_fromstring("<html><body><p>A</p></body></html>")
    before = lxml.html.tostring(root)
    looks(root, [OUTLOOK], "outlook")
    assert lxml.html.tostring(root) == before


@pytest.mark.parametrize(
    ("body", "leading"),
    [
        ('<p id="x">', 1.2),
        ('<p id="x" style="line-height:1.5">', 1.5),
        ('<p id="x" style="font-size:20px;line-height:30px">', 1.5),
        ('<p id="x" style="font-size:20px;line-height:150%">', 1.5),
        ('<div style="line-height:1.5"><p id="x" style="font-size:32px">', 1.5),
        ('<div style="font-size:16px;line-height:24px"><p id="x" style="font-size:32px">', 0.75),
        ('<div style="line-height:24px"><p id="x" style="line-height:2">', 2),
    ],
)
def test_how_far_lines_are_apart(body: str, leading: float) -> None:
    assert look(body).leading == pytest.approx(leading)


MANY = "<div class='a' style='color:{0}'><p>1<b class='a'>2</b></p><p style='display:none'>3</p></div><p hidden>4</p>"


def test_pages_with_the_same_style_blocks_share_what_was_worked_out_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    css = [".a { background: #eeeeee !important; } .b { display: none; } b { font-weight: 400; }"]
    pages = [MANY.format(colour) for colour in ("#111111", "#222222")] + ["<p class='b'>1</p><p class='a'>2</p>"]

    def seen(page: str) -> list[Look]:
        return list(looks(lxml.html.document_fromstring(page), css, "light").values())

    alone = []
    for page in pages:
        module._styles.cache_clear()
        alone.append(seen(page))
    assert [len(each) for each in alone] == [4, 4, 2]
    module._styles.cache_clear()
    assert [seen(page) for page in pages] == alone
    monkeypatch.setattr(module, "_worked_out", lambda *_: pytest.fail("it is worked out again"))
    assert [seen(page) for page in pages] == alone
