"""The pages of these tests, read."""

from __future__ import annotations

from pathlib import Path

from backmail.article import read, understand
from backmail.article.html import WebPage, web_page
from backmail.model.article import Article, Block, Source, Unit

FOLDER = Path(__file__).parent
PROSE = "<p>" + "The bread rises slowly in a cold kitchen. " * 8 + "</p>"


def page(html: str, address: str = "") -> WebPage:
    """Return the page of some HTML below prose that makes it an article."""
    return web_page(Source("page.html", "html", f"<html><body><article>{html}{PROSE}</article></body></html>", address))


def fixture(name: str) -> WebPage:
    """Return the page of a file."""
    return web_page(read(FOLDER / name))


def article(name: str) -> Article:
    """Return the article of a file."""
    return understand(read(FOLDER / name))


def unit(page: WebPage, start: str) -> Unit:
    """Return the unit of which a text begins so."""
    return next(each for each in page.units if _begins(each, start))


def block(article: Article, start: str) -> Block:
    """Return the block that holds the unit of which a text begins so."""
    return next(each for each in article.blocks if any(_begins(unit, start) for unit in each.units))


def _begins(unit: Unit, start: str) -> bool:
    return any(text.startswith(start) for text in (unit.text, *unit.parts))
