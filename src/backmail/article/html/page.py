"""A web page as it is read: its units, which of them are the article, its title, language and date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from backmail.article.days import day_in
from backmail.article.html.about import (
    address_of,
    declared_language,
    is_document,
    names_of,
    published,
    title_element,
    title_of,
)
from backmail.article.html.cards import cards
from backmail.article.html.dom import Dom
from backmail.article.html.embedded import embedded, key
from backmail.article.html.galleries import with_slides
from backmail.article.html.grids import grids
from backmail.article.html.lines import sorted_out
from backmail.article.html.parsing import parsed, refused
from backmail.article.html.regions import Label, regions
from backmail.article.html.root import article_root
from backmail.article.html.units import Found, found_units
from backmail.article.html.walk import Run, walked
from backmail.article.language import language_of
from backmail.article.lexicon import base_language
from backmail.model.article import Source, Unit, UnitKind

__all__ = ["WebPage", "web_page"]

_FEWEST = 40  # words of an article
_AROUND = 8  # units above and below the title in which a page says when it was published
_LINE_WORDS = 25
_CLEARLY = 60  # words of prose that tell a page's language better than its <html lang>
_COPY = "open the page in a browser, and copy the article's text into a .txt file"
_SPOKEN = (UnitKind.PARAGRAPH, UnitKind.ITEM, UnitKind.QUOTE)


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page that was read.

    `units` are all of the page's; those with a `region` are not the article, for the reason that `reasons` has under
    their number. `title_unit` is the number of the unit that is the title, 0 where none is.
    """

    units: tuple[Unit, ...]
    reasons: Mapping[int, str]
    title: str
    title_unit: int
    language: str
    published: str

    @property
    def article(self) -> tuple[Unit, ...]:
        """The units of the article, without its title."""
        return tuple(unit for unit in self.units if not unit.region and unit.start != self.title_unit)


@lru_cache(maxsize=2)  # reading checks what understanding then uses
def web_page(source: Source, own: tuple[str, ...] = ()) -> WebPage:
    """Return the page that a source holds.

    Args:
        source: as it was read.
        own: the keys of the project's own word lists, `Lexicons.keys`.

    Raises:
        ArticleError: when it holds no article (a login wall, a shell for scripts), or is nested too deep.
    """
    tree = parsed(source.text, source.name)
    dom = Dom(tree)
    said = embedded(tree)
    every = list(walked(dom.body, address_of(tree, source.address)))
    runs = [run for run in every if not run.icon]
    whole = source.format == "docx" or is_document(tree)
    if whole:  # all of a document is the article
        heading = title_element(dom, dom.body, names_of(tree, said))
        found = found_units(runs, dom, {}, said, {})
    else:
        root = article_root(dom, runs)
        heading = title_element(dom, root, names_of(tree, said))
        labels = regions(dom, root, heading)
        found = found_units(_shown(every, labels), dom, labels, said, grids(dom, runs, root), cards(dom, runs, root))
    title = title_of(tree, dom, heading, said)
    languages = {base_language(key): key for key in own}
    language = _language(found, declared_language(tree, said, languages), own)
    known = languages.get(language, language)
    if not whole:
        found = with_slides(sorted_out(found, title, known))
    if source.format != "docx":
        _refuse_thin(found, dom, source.name)
    units = tuple(each.unit for each in found)
    reasons = {each.unit.start: each.reason for each in found if each.reason}
    number = _title_unit(units, title)
    day = published(tree, dom, said) or _told_day(found, number, language)
    return WebPage(units, reasons, title, number, language, day)


def _shown(runs: Sequence[Run], labels: Mapping[HtmlElement, Label]) -> list[Run]:
    """Return the runs that make units: icons alone say something in menus, where they are links, and in no article."""
    return [run for run in runs if not run.icon or labels[run.element].region]


def _told_day(found: Sequence[Found], title: int, language: str) -> str:
    """Return the earliest day that the lines around the title name, "" where these name none.

    The later ones say when the article was changed.
    """
    near = found[max(title - 1 - _AROUND, 0) : title + _AROUND] if title else []
    days = [
        day_in(each.unit.text, language)
        for each in near
        if each.unit.region == "chrome" and len(each.unit.text.split()) <= _LINE_WORDS
    ]
    return min((day for day in days if day), default="")


def _title_unit(units: Sequence[Unit], title: str) -> int:
    """Return the number of the unit that is the title: the first of the article that says it."""
    wanted = key(title)
    for unit in units:
        if not unit.region and wanted and key(unit.text) == wanted:
            return unit.start
    return 0


def _language(found: Sequence[Found], declared: str, own: Sequence[str]) -> str:
    """Return the language of the article's words; where these are few, the one that the page declares."""
    texts = [each.unit.text for each in found if not each.unit.region and each.unit.kind in _SPOKEN]
    if declared and sum(len(text.split()) for text in texts) < _CLEARLY:
        return declared
    return language_of(texts, own)


def _refuse_thin(found: Sequence[Found], dom: Dom, name: str) -> None:
    """Refuse a page without an article in it, and say what it is instead.

    Raises:
        ArticleError: when the article has hardly any words.
    """
    words = sum(len(each.unit.text.split()) for each in found if not each.unit.region)
    if words >= _FEWEST:
        return
    if any(each.get("type") == "password" for each in dom.elements if each.tag == "input"):
        raise refused(name, "this page asks to log in, and holds no article", _COPY)
    if any(True for _ in dom.tree.iter("script")) and dom.words(dom.body) < 2 * _FEWEST:
        raise refused(name, "this page is empty until its scripts run, which they do not here", _COPY)
    raise refused(name, f"no article was found on this page: {words} words of text beside its menus", _COPY)
