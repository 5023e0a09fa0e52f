"""Finds the element of a page that holds the article: where an extractor sees text, and where the page says so."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from backmail.article.html.dom import Dom
from backmail.article.html.embedded import key
from backmail.article.html.regions import regions
from backmail.article.html.walk import Run

__all__ = ["article_root"]

_MOSTLY = 0.93  # of the extracted words: the others may be a footer that looked like prose
_LINE_KEY = 60  # letters at the start of a line by which it is found again
_HALF = 0.5  # of the page's prose: an extractor that sees less has taken a part for the whole
_SENTENCE = 8  # words
_TELLING = 25  # letters: what is shorter stands on a page twice
# An extractor would take minutes on more elements, or on such that stand deeper in each other.
_BIG = 60_000
_DEEP = 100
_DENSE = 0.4  # share of words that are links: with more it is a list of links


def article_root(dom: Dom, runs: Sequence[Run]) -> HtmlElement:
    """Return the smallest element that holds the article; the page's body when there is no telling.

    An extractor's text is only used to see where the article is: what it leaves out (tables, cards, questions of a
    FAQ) stands among what it takes. Where it sees a small part of the page's prose, the prose itself tells; and the
    elements by which a page marks its article correct both.
    """
    seen = _matched(dom, runs, _extracted(dom))
    prose = _prose(dom, runs)
    total = prose.get(dom.body, 0)
    root = _holding(dom, seen) if seen else None
    if root is None or (total and prose.get(root, 0) < _HALF * total):
        root = _holding(dom, prose) if total else dom.body
    return _widened(dom, root)


def _extracted(dom: Dom) -> str:
    """Return the text that trafilatura takes for the article, "" when it finds none."""
    if len(dom.elements) > _BIG or dom.depth > _DEEP:
        return ""
    from trafilatura import bare_extraction

    # It tells its log what it does not like about a page; that is not for the person at the command line.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = bare_extraction(
            copy.deepcopy(dom.tree), favor_recall=True, include_comments=False, with_metadata=False, fast=True
        )
    except Exception:
        return ""
    return (getattr(found, "text", "") or "") if found is not None else ""


def _matched(dom: Dom, runs: Iterable[Run], text: str) -> dict[HtmlElement, int]:
    """Return, for each element, how many words of the extracted text stand in it."""
    lines = {key(line)[:_LINE_KEY] for line in text.split("\n")}
    words: dict[HtmlElement, int] = {}
    for run in runs:
        start = key(run.text)[:_LINE_KEY]
        if len(start) >= _TELLING and start in lines:
            words[run.element] = words.get(run.element, 0) + len(run.text.split())
    return _summed(dom, words)


def _summed(dom: Dom, words: dict[HtmlElement, int]) -> dict[HtmlElement, int]:
    """Return the sums of the elements' own words over all that stands in them."""
    done = dict(words)
    for element in reversed(dom.elements):
        parent = element.getparent()
        if parent is not None and done.get(element):
            done[parent] = done.get(parent, 0) + done[element]
    return done


def _holding(dom: Dom, words: dict[HtmlElement, int]) -> HtmlElement:
    """Return the smallest element that holds most of these words."""
    total = words.get(dom.body, 0)
    root = dom.body
    while inner := [each for each in root if words.get(each, 0) >= _MOSTLY * total]:
        if inner[0].tag in ("p", "h1", "h2", "h3", "li", "td", "table", "ul", "ol"):
            break
        root = inner[0]
    return root


def _prose(dom: Dom, runs: Iterable[Run]) -> dict[HtmlElement, int]:
    """Return, for each element, how many words of prose stand in it: lines of a sentence or more, hardly any links."""
    labels = regions(dom, dom.body, None)
    words: dict[HtmlElement, int] = {}
    for run in runs:
        count = len(run.text.split())
        if count >= _SENTENCE and dom.linked(run.element) < _DENSE and not labels[run.element].region:
            words[run.element] = words.get(run.element, 0) + count
    return _summed(dom, words)


def _widened(dom: Dom, root: HtmlElement) -> HtmlElement:
    """Return the element by which the page itself marks the article around the root, when there is one."""
    body: HtmlElement | None = None
    around: HtmlElement | None = root
    while around is not None and around is not dom.body:
        prop = (around.get("itemprop") or "").casefold().split()
        if "articlebody" in prop:
            body = body if body is not None else around
        # An <article> inside the article's element would be a card; the first one around the root is meant.
        if around.tag in ("article", "main") or around.get("role") in ("main", "article"):
            return around
        around = around.getparent()
    return body if body is not None else root
