"""What a page says of itself for search engines: JSON-LD about questions, recipes, steps, products, the article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import ParserError, XMLSyntaxError
from lxml.html import HtmlElement, fromstring

from backmail.markup import fold

__all__ = ["Embedded", "embedded", "key"]

_ARTICLES = frozenset(
    {
        "article",
        "newsarticle",
        "blogposting",
        "socialmediaposting",
        "report",
        "techarticle",
        "medicalwebpage",
        "recipe",
        "howto",
    }
)
_DEEPEST = 12
_MOST = 20_000  # values looked at
_NO_SIGN = re.compile(r"[\W_]+")
_COMMENT = re.compile(
    r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*\Z"
)


def key(text: str) -> str:
    """Return what two spellings of one text have in common: its letters and digits."""
    return _NO_SIGN.sub("", text).casefold()


@dataclass(slots=True)
class Embedded:
    """What was found: the texts as keys (`key`), each for the hint that it gives to the unit with that text."""

    questions: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    ingredients: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    products: set[str] = field(default_factory=set)
    headline: str = ""
    language: str = ""
    published: str = ""


def embedded(tree: HtmlElement) -> Embedded:
    """Return what the JSON-LD of a page says; broken JSON says nothing."""
    found = Embedded()
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").casefold():
            continue
        try:
            data = json.loads(_COMMENT.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            _note(thing, found)
    return found


def _things(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object in the data, those inside others too."""
    waiting: list[tuple[object, int]] = [(data, 0)]
    looked = 0
    while waiting and looked < _MOST:
        value, depth = waiting.pop()
        looked += 1
        if isinstance(value, dict):
            yield value
        if depth < _DEEPEST and isinstance(value, dict | list):
            inner = list(value.values()) if isinstance(value, dict) else value
            waiting.extend((each, depth + 1) for each in reversed(inner) if isinstance(each, dict | list))


def _types(thing: Mapping[str, Any]) -> set[str]:
    given = thing.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rpartition("/")[2].casefold() for name in names if isinstance(name, str)}


def _note(thing: Mapping[str, Any], found: Embedded) -> None:
    """Keep what one object says."""
    types = _types(thing)
    if "question" in types and (question := key(_text(thing.get("name")))):
        found.questions.add(question)
        found.answers += [answer for answer in map(key, _answers(thing)) if answer]
    if "recipe" in types:
        listed = thing.get("recipeIngredient", thing.get("ingredients"))
        found.ingredients |= {each for each in map(key, _texts(listed)) if each}
        found.steps += [each for each in map(key, _texts(thing.get("recipeInstructions"))) if each]
    if "howtostep" in types or "howtodirection" in types:
        found.steps += [each for each in (key(_text(thing.get("text"))),) if each]
    if "product" in types and (name := key(_text(thing.get("name")))):
        found.products.add(name)
    if types & _ARTICLES:
        found.headline = found.headline or fold(_text(thing.get("headline")))
        found.language = found.language or _text(thing.get("inLanguage"))
        found.published = found.published or _text(thing.get("datePublished"))


def _answers(question: Mapping[str, Any]) -> Iterator[str]:
    for name in ("acceptedAnswer", "suggestedAnswer"):
        given = question.get(name)
        for answer in given if isinstance(given, list) else [given]:
            if isinstance(answer, dict):
                yield _text(answer.get("text"))


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a list that may hold strings or objects with a text."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from (_text(line) for line in each.splitlines())
        elif isinstance(each, dict) and "text" in each:
            yield _text(each["text"])


def _text(value: object) -> str:
    """Return a value that should be a text as one, without the tags that some pages put in."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or ""
    if not isinstance(value, str):
        return ""
    if "<" not in value and "&" not in value:
        return value
    try:
        return fold(" ".join(fromstring(f"<div>{value}</div>").itertext()))
    except (ParserError, XMLSyntaxError, ValueError):
        return fold(value)
