"""An article from an address: the page becomes a campaign with its pictures, and nothing else is fetched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backmail.clock import SystemClock
from backmail.config import find_project
from backmail.desk import new, outline
from backmail.desk.fetch import Web
from backmail.desk.given import given
from backmail.desk.summary import told_of_pictures
from backmail.errors import ArticleError
from tests.desk.fetch.site import Site, answer
from tests.desk.test_images import PROSE, png
from tests.desk.workbench import Said, tree

SECTIONS = ("Choose the pot", "Mix the soil", "Water by weight")
PAGE = (
    '<!doctype html><html lang="en"><head><title>Herbs in pots</title>'
    '<link rel="canonical" href="/blog/herbs"></head><body>'
    '<nav><a href="/"><img src="/logo.png" alt="Logo"></a> <a href="/shop">Shop</a></nav>'
    "<article><h1>Herbs in pots</h1>"
    f"<p>{PROSE}</p>"
    + "".join(
        f'<h2>{name}</h2><p>{PROSE}</p><p><img src="{number}.png" alt="It shows: {name}"></p><p>{PROSE}</p>'
        for number, name in enumerate(SECTIONS)
    )
    + '<img src="https://count.example/1.gif" width="1" height="1"></article></body></html>'
)


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {"/blog/x?from=mail": answer(PAGE), "/blog/0.png": answer(png(), kind="image/png")}
    pages |= {"/blog/1.png": answer(png(50, 20), kind="text/plain"), "/blog/2.png": answer(b"gone", status=404)}
    with Site(pages) as running:
        yield running


def web() -> Web:
    return Web(SystemClock().ticks, allowed=lambda each: True, resolve=lambda host, port: ["127.0.0.1"])


def test_a_page_becomes_a_campaign_with_its_pictures(site: Site, project: Path) -> None:
    it = given(site.url("/blog/x?from=mail"), web())
    assert it.source_url == site.url("/blog/herbs")
    made = new.new(it, find_project(project), new.Wishes(slug="pots"))
    assert sorted(tree(made.folder / "images")) == ["choose-the-pot.png", "mix-the-soil.png"]
    said = "".join(file.read_text("utf-8") for file in made.folder.glob("0*.md"))
    assert "![It shows: Choose the pot](images/choose-the-pot.png)" in said
    assert f"![It shows: Water by weight]({site.url('/blog/2.png')})" in said  # it stays where it is, and is told
    told = "\n".join(told_of_pictures(made))
    assert "2 pictures copied" in told
    assert f"{site.url('/blog/2.png')} was not copied: there is no such page (404)" in told
    assert f"source_url: {site.url('/blog/herbs')}" in (made.folder / "campaign.yaml").read_text("utf-8")
    assert (made.folder / "article.html").is_file()


def test_pictures_of_menus_and_counters_are_not_asked_for(site: Site, project: Path) -> None:
    new.new(given(site.url("/blog/x?from=mail"), web()), find_project(project), new.Wishes(slug="pots"))
    asked = [request.split()[1] for request in site.asked]
    assert asked == ["/blog/x?from=mail", "/blog/0.png", "/blog/1.png", "/blog/2.png"]


def test_what_stands_in_the_folder_is_understood_as_the_page_was(
    site: Site, project: Path, backmail: Callable[..., Said]
) -> None:
    it = given(site.url("/blog/x?from=mail"), web())
    new.new(it, find_project(project), new.Wishes(slug="pots"))
    count = len(site.asked)
    _, out, _ = backmail("check", "pots", "--json")
    assert not [word for word in ("block-", "link-missing", "text-", "img-missing") if f'"id": "{word}' in out], out
    assert len(site.asked) == count  # nothing is fetched again


def test_a_wish_for_the_source_counts_more(site: Site, project: Path) -> None:
    wishes = new.Wishes(slug="pots", source_url="https://example.org/mine")
    made = new.new(given(site.url("/blog/x?from=mail"), web()), find_project(project), wishes)
    assert "source_url: https://example.org/mine" in made.files["campaign.yaml"]


def test_an_outline_of_an_address_is_shown(site: Site, project: Path) -> None:
    (understood,), campaign = outline.outlined(site.url("/blog/x?from=mail"), find_project(project), web())
    assert campaign is None
    assert [block.heading for block in understood.article.blocks if block.heading in SECTIONS] == list(SECTIONS)


@pytest.mark.parametrize("verb", ["new", "outline"])
def test_a_page_of_this_machine_is_refused_with_nothing_written(
    verb: str, site: Site, project: Path, backmail: Callable[..., Said]
) -> None:
    before = tree(project)
    code, out, err = backmail(verb, site.url("/blog/x"))
    assert (code, out) == (3, "")
    assert "an address of this machine or its network" in err
    assert "save the page" in err
    assert site.asked == []
    assert tree(project) == before


def test_without_a_web_an_address_is_no_article() -> None:
    with pytest.raises(ArticleError, match="an address on the web, and a file is read here"):
        given("https://example.org/pots")


def test_a_pipe_beside_the_article_is_not_waited_for(project: Path) -> None:
    text = f"# Herbs\n\n{PROSE}\n\n![A pot](pot.png)\n\n![Another](other{'r' * 300}.png)\n\n{PROSE}\n"
    (project / "herbs.md").write_text(text, encoding="utf-8")
    os.mkfifo(project / "pot.png")
    it = given(str(project / "herbs.md"), None)
    made = new.new(it, find_project(project), new.Wishes(slug="herbs"))
    told = "\n".join(told_of_pictures(made))
    assert "it is no file" in told
    assert str(project) not in told
