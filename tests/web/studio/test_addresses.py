"""Addresses of the studio: what is written is read as the same view, and what is by default is left out."""

from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backmail.desk.preview.looks import Look, Pictures
from backmail.web.studio import assets
from backmail.web.studio.addresses import VIEWS, WIDTHS, Served, View

MAIL = View("email", "series", "why-move")


@pytest.mark.parametrize(
    ("view", "address"),
    [
        (View(), "/studio"),
        (View("sequence", "series"), "/studio/c/series"),
        (View("sequence", "series", person="anna"), "/studio/c/series?as=anna"),
        (View("inbox", "series", person="anna", width=320), "/studio/c/series/inbox?as=anna"),
        (View("checks", "series", "why-move", level="error"), "/studio/c/series/checks?level=error&step=why-move"),
        (View("outline", "series", block="b 1"), "/studio/c/series/outline?block=b+1"),
        (MAIL, "/studio/c/series/e/why-move"),
        (replace(MAIL, width=0), "/studio/c/series/e/why-move?w=full"),
        (replace(MAIL, look=Look.DARK, editing=True), "/studio/c/series/e/why-move?look=dark&edit=1"),
        (replace(MAIL, campaign="på/?", step="å/#"), "/studio/c/p%C3%A5%2F%3F/e/%C3%A5%2F%23"),
    ],
)
def test_a_page_is_written_with_what_differs_from_the_default(view: View, address: str) -> None:
    assert Served().page(view) == address


def test_a_mail_alone_is_the_very_bytes_unless_it_is_looked_at() -> None:
    view = replace(MAIL, person="anna", look=Look.DARK, pictures=Pictures.ALL)
    top = "/studio/raw/series/why-move"
    assert Served().raw(view, "eml") == f"{top}.eml?as=anna"
    assert Served().raw(view, "html", looked_at=True) == f"{top}.html?as=anna&look=dark&img=all"
    assert Served().raw(MAIL, "html", looked_at=True) == f"{top}.html?look=light"


def test_a_link_is_told_about_with_the_mail_that_it_stands_in() -> None:
    target = "javascript:alert('&as=x')"
    address = urlsplit(Served().link(target, replace(MAIL, person="anna", width=320)))
    assert address.path == "/studio/link"
    assert parse_qs(address.query) == {"to": [target], "c": ["series"], "e": ["why-move"], "as": ["anna"]}


@given(
    st.builds(
        View,
        st.just("email"),
        st.text(min_size=1),
        st.text(min_size=1),
        person=st.text(),
        beside=st.text(),
        view=st.sampled_from(VIEWS),
        look=st.sampled_from(Look),
        pictures=st.sampled_from(Pictures),
        width=st.sampled_from(WIDTHS),
        editing=st.booleans(),
    )
)
def test_no_name_breaks_out_of_its_place(view: View) -> None:
    address = urlsplit(Served().page(view))
    assert address.path.count("/") == 5
    assert not address.fragment
    assert not address.netloc
    names = [name for name, _ in parse_qsl(address.query, keep_blank_values=True)]
    assert len(names) == len(set(names))
    assert set(names) <= {"as", "with", "look", "w", "view", "img", "edit"}


def test_other_content_of_an_asset_has_another_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(digest: str) -> str:
        monkeypatch.setattr(assets, "found", lambda name: assets.Asset(b"", "text/css", digest))
        return Served().asset("studio.css")

    assert found("1") == "/studio/static/studio.css?v=1"
    assert found("2") == "/studio/static/studio.css?v=2"


@pytest.mark.parametrize(
    "name",
    ["../../../pyproject.toml", "layout.html.jinja", "/etc/x.css", "vendor/../studio.css", "no.css", "a\0.css", ""],
)
def test_nothing_but_assets_is_found(name: str) -> None:
    assert assets.found(name) is None


def test_an_asset_is_found_in_a_folder_too() -> None:
    found = assets.found("vendor/htmx.min.js")
    assert found is not None
    assert found.kind == "text/javascript"
    assert found.data.startswith(b"/") or b"htmx" in found.data
