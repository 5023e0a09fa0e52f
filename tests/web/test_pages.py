"""Pages in the looks of a sender, whose own templates come first."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from backmail.model.campaign import Brand
from backmail.web.pages import Button, Form, Page, Pages
from backmail.web.phrases import phrases

PAGE = Page(phrases(["en"]), "Title", "Heading <b>", ("One & two",), (Form((Button('Press "me"', "all"),), "../x"),))


def test_everything_is_escaped(tmp_path: Path) -> None:
    html = Pages(Brand(), "A <script>", tmp_path).html(PAGE)
    assert "<script" not in html
    assert "Heading &lt;b&gt;" in html
    assert "One &amp; two" in html
    assert 'action="../x"' in html
    assert "Press &#34;me&#34;" in html


def test_the_policy_names_the_style_sheet_that_the_page_has(tmp_path: Path) -> None:
    pages = Pages(replace(Brand(), accent="#aa0033"), "A", tmp_path)
    found = re.search("<style>(.*?)</style>", pages.html(PAGE), re.DOTALL)
    assert found
    assert "#aa0033" in found[1]
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in pages.policy


def test_a_page_without_a_sender(tmp_path: Path) -> None:
    html = Pages(Brand(), "", tmp_path).html(PAGE)
    assert "<header>" not in html
    assert "<title>Title</title>" in html


def test_a_template_of_the_projects_own_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "pages"
    own.mkdir()
    (own / "page.html.jinja").write_text("<!doctype html>{{ heading }} by us", encoding="utf-8")
    assert Pages(Brand(), "A", tmp_path).html(PAGE) == "<!doctype html>Heading &lt;b&gt; by us"
