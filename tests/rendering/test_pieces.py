"""Where a reader's value stands in HTML decides how it is escaped, and in some places it may not stand at all."""

import pytest

from backmail.model.message import Context, Field, Slot
from backmail.rendering.pieces import of_html, of_text, same_tokens
from backmail.rendering.proxies import Build
from backmail.rendering.refused import Refused

NAME = Field(("subscriber", "first_name"))


@pytest.fixture
def build() -> Build:
    return Build("bm0123456789x", lambda _decision: True)


@pytest.mark.parametrize(
    ("html", "context"),
    [
        ("<p>{}</p>", Context.TEXT),
        ("<title>{}</title>", Context.TEXT),
        ("a < b {} c", Context.TEXT),
        ('<p title="for {}">x</p>', Context.ATTRIBUTE),
        ("<p title='it is \"{}\" now'>x</p>", Context.ATTRIBUTE),
        ("<p title='a > b'>{}</p>", Context.TEXT),
        ('<div aria-label="{}">', Context.ATTRIBUTE),
        ('<a href="{}">x</a>', Context.URL),
        ('<a class=x href="{}?utm=1">x</a>', Context.URL),
        ('<a href="https://example.org/?to={}&a=1">x</a>', Context.URL_PART),
        ('<a href="mailto:a@b.org?subject=Re%3A%20{}">x</a>', Context.URL_PART),
        ("<IMG SRC='{}'>", Context.URL),
        ("<!--[if mso]><td><![endif]-->{}", Context.TEXT),
        ('<!--[if mso]><a href="{}">x</a><![endif]-->', Context.URL),
        ("<!--[if !mso]><!--><p>{}</p><!--<![endif]-->", Context.TEXT),
        ("<style>a > b {{}}</style>{}", Context.TEXT),
    ],
)
def test_the_place_of_a_value_gives_its_context(build: Build, html: str, context: Context) -> None:
    html = html.replace("{{}}", "{ color: #000000 }")
    before, _, after = html.partition("{}")
    pieces = of_html(before + build.token(NAME) + after, build)
    assert pieces == tuple(piece for piece in (before, Slot(NAME, context), after) if piece != "")


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:{}">',
        "<style>.a { color: {} }</style>",
        "<STYLE media=all>.a { color: {} }</STYLE >",
        "<script>alert({})</script>",
        '<style media="{}">a</style>',
        '<p onclick="{}">',
        '<p class="{}">',
        '<img srcset="{} 2x">',
        "<{}>",
        "<a{} b>",
        '<p {}="x">',
        "<p title={}>",
        "<!-- {} -->",
        "<!DOCTYPE {}>",
    ],
)
def test_a_value_is_refused_where_no_escaping_makes_it_safe(build: Build, html: str) -> None:
    with pytest.raises(Refused, match=r"subscriber\.first_name stands in.*where no reader's value is safe"):
        of_html(html.replace("{}", build.token(NAME)), build)


def test_a_value_may_stand_in_many_places_and_is_one_slot(build: Build) -> None:
    token = build.token(NAME)
    pieces = of_html(f"<p>{token}</p><p>{token}</p>", build)
    assert pieces[1] is pieces[3]


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda token: token[:8], lambda token: token[:-1], lambda token: token[0:6] + "…"]
)
def test_a_token_that_was_cut_or_changed_is_found(build: Build, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(Refused, match="cut or changed"):
        of_text(f"for {spoil(build.token(NAME))}", build, Context.PLAIN)


def test_tokens_are_counted(build: Build) -> None:
    one, other = build.token(NAME), build.token(Field(("subscriber", "email")))
    assert same_tokens(f"{one} {other} {one}", f"{one}{one}{other}", build)
    assert not same_tokens(f"{one} {other} {one}", f"{one} {other}", build)
