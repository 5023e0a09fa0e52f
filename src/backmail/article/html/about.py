"""What a page is called, which language it says it is in, when it was published, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from backmail.article.html.dom import Dom
from backmail.article.html.embedded import Embedded, key
from backmail.article.lexicon import LANGUAGES, base_language
from backmail.markup import fold

__all__ = ["address_of", "declared_language", "is_document", "names_of", "published", "title_element", "title_of"]

_SITE = re.compile(r"\s+[|\-–—·•»:›~]+\s+|\s*[|»›]\s*")
_DATE = re.compile(r"((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_DATES = ("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
          "dcterms.created", "pubdate", "publish-date", "parsely-pub-date", "sailthru.date")  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
_TITLE_WORDS = 40
_MAKER = ("generator", "progid")
_PROCESSOR = re.compile(
    r"LibreOffice|OpenOffice|Microsoft Word|Word\.Document|Pages\b|AbiWord|Apple.Cocoa HTML", re.IGNORECASE
)
_OF_GOOGLE = "themes.googleusercontent.com/fonts/"  # the fonts that a Google document names when it is written as HTML
_STYLE = 200_000  # characters of a style sheet


def meta(tree: HtmlElement, *names: str) -> str:
    """Return the first <meta> with one of these names, in the order of the names; "" without one."""
    held: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (each.get("property") or each.get("name") or each.get("itemprop") or "").casefold()
        held.setdefault(name, fold(each.get("content") or ""))
    return next((held[name] for name in names if held.get(name)), "")


def is_document(tree: HtmlElement) -> bool:
    """Whether a page is a document that a word processor wrote as HTML: all of it is the article, nothing a menu."""
    if _PROCESSOR.match(meta(tree, *_MAKER)):
        return True
    body = tree.find("body")
    classes = "" if body is None else body.get("class") or ""
    styles = "".join((each.text or "")[:_STYLE] for each in tree.iter("style"))
    return "doc-content" in classes.split() or _OF_GOOGLE in styles


def address_of(tree: HtmlElement, given: str) -> str:
    """Return the address that links of the page are relative to: <base>, the canonical link, og:url, or `given`."""
    own = given or next(
        (each.get("href") or "" for each in tree.iter("link") if (each.get("rel") or "").casefold() == "canonical"), ""
    )
    own = own if _is_address(own) else meta(tree, "og:url")
    own = own if _is_address(own) else ""
    base = next((each.get("href") or "" for each in tree.iter("base") if each.get("href")), "")
    try:
        joined = urljoin(own, base.strip())
    except ValueError:
        joined = own
    return joined if _is_address(joined) else own


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def declared_language(tree: HtmlElement, found: Embedded, more: Container[str] = ()) -> str:
    """Return the language that the page says it is in, when it is one that ships or one of `more`; else ""."""
    root = tree.getroottree().getroot()
    for given in (root.get("lang"), root.get("xml:lang"), meta(tree, "og:locale", "content-language"), found.language):
        if given and (code := _LANGUAGE.match(given.strip())):
            language = base_language(code[0])
            return language if language in LANGUAGES or language in more else ""
    return ""


def published(tree: HtmlElement, dom: Dom, found: Embedded) -> str:
    """Return the day on which the page was published (ISO), "" when it does not say."""
    times = [each.get("datetime") or "" for each in dom.elements if each.tag == "time"]
    marked = [each.get("content") or each.get("datetime") or "" for each in dom.elements
              if each.get("itemprop") == "datePublished"]  # fmt: skip
    for given in (meta(tree, *_DATES[:3]), found.published, *marked[:1], meta(tree, *_DATES[3:]), *times[:1]):
        if date := _DATE.match(given.strip()):
            return date[0]
    return ""


def title_element(dom: Dom, inside: HtmlElement, names: list[str]) -> HtmlElement | None:
    """Return the heading that is the article's title: the <h1> that the page's own names agree with, or the nearest.

    Arguments:
        dom: of the page.
        inside: the element with the article.
        names: how the page is called, the most trusted first.
    """
    wanted = [key(name) for name in names if name]
    start = dom.place(inside)
    before: list[HtmlElement] = []
    within: list[HtmlElement] = []
    for each in dom.elements:
        titled = each.tag == "h1" or (each.tag == "p" and "title" in (each.get("class") or "").split())
        if titled and 0 < dom.words(each) <= _TITLE_WORDS:
            (within if dom.holds(inside, each) else before if dom.place(each) < start else []).append(each)
    for each in (*within, *reversed(before)):
        text = key(_text(dom, each))
        if text and any(text == name or (len(text) > 12 and text in name) for name in wanted):
            return each
    headed = [each for each in within if each.tag == "h1"]
    first = headed if len(headed) == 1 else within[:1]  # exported documents have a title of its own above many of these
    likely = [*first, *reversed(before)]
    return likely[0] if likely else _named(dom, inside, wanted)


def _named(dom: Dom, inside: HtmlElement, wanted: list[str]) -> HtmlElement | None:
    """Return a heading of another level above or in the article that says what the page is called."""
    for each in dom.elements[: dom.end(inside) + 1]:
        if each.tag in ("h2", "h3") and len(text := key(_text(dom, each))) > 8 and any(text in name for name in wanted):
            return each
    return None


def _text(dom: Dom, element: HtmlElement) -> str:
    return fold("".join(element.itertext()))


def title_of(tree: HtmlElement, dom: Dom, heading: HtmlElement | None, found: Embedded) -> str:
    """Return the article's title: its heading, og:title, the headline of its JSON-LD, or <title> without the site."""
    if heading is not None and (text := _text(dom, heading)):
        return text
    return next(iter(names_of(tree, found)), "")


def names_of(tree: HtmlElement, found: Embedded) -> list[str]:
    """Return how the page is called, each without the name of its site, the most trusted first."""
    site = key(meta(tree, "og:site_name", "application-name"))
    return list(dict.fromkeys(name for each in _names(tree, found) if (name := _without_site(each, site))))


def _names(tree: HtmlElement, found: Embedded) -> Iterator[str]:
    yield meta(tree, "og:title", "twitter:title")
    yield found.headline
    yield next((fold("".join(each.itertext())) for each in tree.iter("title")), "")


def _without_site(name: str, site: str) -> str:
    """Return a name without the site's, which stands before or behind a dash."""
    parts = [(found.start(), found.end()) for found in _SITE.finditer(name)]
    if not parts:
        return name
    first, last = name[: parts[0][0]], name[parts[-1][1] :]
    if site and key(last) == site:
        return name[: parts[-1][0]]
    if site and key(first) == site:
        return name[parts[0][1] :]
    # Without a known site: what stands behind the last dash, when that is short.
    return name[: parts[-1][0]] if len(last.split()) <= 3 < len(name[: parts[-1][0]].split()) else name
