"""Tags that do not fit together are told where they do not; what HTML lets a writer leave out is not."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.rendering.nesting import misfits


@pytest.mark.parametrize(
    ("html", "tag", "message"),
    [
        ("<p>a<div>b</div></p>", "div", "<div> stands inside <p>, which ends there"),
        ("<p>a<b>b<table></table></b></p>", "table", "<b> is not closed before <table>"),
        ("<a><table></table></a>", "table", "<table> stands inside <a>, which loses its words"),
        ("<a>b<span><a>c</a></span></a>", "a", "<a> stands inside <a>, which loses its words"),
        ("<div><span>a</div>", "div", "<span> is not closed before </div>"),
        ("<div>a", "div", "<div> is never closed"),
        ("a</span>", "span", "</span> closes nothing"),
    ],
)
def test_what_a_parser_mends_is_told(html: str, tag: str, message: str) -> None:
    found = list(misfits(html))
    assert [each[1:] for each in found][:1] == [(tag, message)]


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html><html><head><title>a <b></title><style>a > b {}</style></head><body><p>a<p>b</body></html>",
        "<ul><li>a<li>b</ul><table><tr><td>a<td><p>b<table><tr><td>c</table></table>",
        '<p>a<br>b<img src="a" alt=">"><hr>',
        "<!--[if mso]><table><tr><td><![endif]--><div>a</div><!--[if mso]></td></tr></table><![endif]-->",
        "<o:p>a<v:rect>b",
        "<td><p>a<ul><li><p>b</p></li></ul></td>".replace("<p>a", "a"),
        "<a href='x'><p>a</p></a>",
    ],
)
def test_what_html_allows_is_not(html: str) -> None:
    assert list(misfits(html)) == []


TREES = st.recursive(
    st.sampled_from(["a", "b & c", "<br>", '<img alt="x">']),
    lambda inside: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(["div", "b", "td"]), st.lists(inside)
    ),
    max_leaves=8,
)


@given(TREES)
def test_a_tree_written_out_has_no_misfit(html: str) -> None:
    assert list(misfits(html)) == []


@given(st.text(st.sampled_from("<>/ap!-divtable \"'="), max_size=40))
def test_any_text_is_read_to_its_end(html: str) -> None:
    assert all(0 <= at <= len(html) for at, _, _ in misfits(html))


def test_a_told_link_is_one_that_the_parser_empties() -> None:
    html = '<a href="x"><table><tr><td>words</td></tr></table></a>'
    tree = lxml.html.document_fromstring(html)
    assert [link.text_content() for link in tree.iter("a")] == [""]  # the reason for the rule
    assert list(misfits(html))
