"""Rules on what mail programs know: each feature of a mail that many readers' programs refuse, told once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from lxml.html import HtmlElement

from backmail.model.campaign import Finding
from backmail.rendering.lint.css import at_rules, inline, rules
from backmail.rendering.lint.images import ending_of
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import Rule, W

# How many of a hundred readers use the programs of each maker: an estimate of ours, of which the order alone matters.
_READERS = {"gmail": 35, "apple-mail": 40, "outlook": 15, "yahoo": 5, "samsung-email": 5}
_PLATFORMS = {"gmail": 4, "apple-mail": 2, "outlook": 6, "yahoo": 3, "samsung-email": 1}
_NAMES = {
    "gmail": "Gmail",
    "apple-mail": "Apple Mail",
    "outlook": "Outlook",
    "yahoo": "Yahoo",
    "samsung-email": "Samsung",
}
_MANY, _SOME = 25, 8  # of a hundred readers: from then on a warning, or worth knowing
# What only improves a mail: a program that does not know it shows the mail as it should be all the same.
ACCEPTED = {
    "css-at-media": "sizes for phones; the layout is fluid without them",
    "css-at-media-hover": "hover is a comfort",
    "css-at-media-prefers-color-scheme": "dark mode; without it the light colours stay",
    "css-at-media-prefers-reduced-motion": "takes motion away",
    "css-at-supports": "asks before it does",
    "css-border-radius": "corners that are not round",
    "css-box-shadow": "a shadow less",
    "css-color-scheme": "dark mode; without it the light colours stay",
    "css-max-height": "hides the preheader where display:none does not",
    "css-opacity": "hides the preheader where display:none does not",
    "css-overflow": "hides the preheader; a wide table scrolls",
    "css-overflow-wrap": "long words run over",
    "css-pseudo-class-active": "a comfort",
    "css-pseudo-class-focus": "the program's own ring stays",
    "css-pseudo-class-hover": "a comfort",
    "css-text-wrap": "other line breaks",
    "css-white-space": "code is wrapped",
    "css-word-break": "long words run over",
    "html-abbr": "the words stay",
    "html-aria-label": "the words themselves are read",
    "html-loading-attribute": "all pictures load at once",
    "html-role": "the words themselves are read",
    "html-semantics": "the words stay",
    "html-target": "mail programs open a window of their own",
    "html-wbr": "a long word breaks elsewhere",
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of caniemail.com that target clients refuse: `readers` of a hundred, in the programs of `makers`."""

    slug: str
    title: str
    readers: float
    makers: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """All features by what tells them; `values` are found in any declaration."""

    properties: Mapping[str, Feature]
    values: tuple[tuple[re.Pattern[str], Feature], ...]
    at: Mapping[str, Feature]
    pseudo: Mapping[str, Feature]
    elements: Mapping[str, Feature]
    attributes: Mapping[str, Feature]
    endings: Mapping[str, Feature]


@cache
def _data() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((files(__package__) / "caniemail/features.json").read_text(encoding="utf-8"))
    return data


def caniemail_date() -> str:
    """Return the date of the data, as YYYY-MM-DD."""
    return str(_data()["date"])


@cache
def known() -> Known:
    """Return the features that are not accepted and that enough readers' programs refuse; of pictures, any reader's."""
    found: dict[str, dict[str, Feature]] = {}
    for each in _data()["features"]:
        feature = _feature(each)
        if feature.slug in ACCEPTED:
            continue
        for way, names in each["finds"].items():
            if way != "endings" and feature.readers < _SOME:
                continue
            found.setdefault(way, {}).update(dict.fromkeys([names] if isinstance(names, str) else names, feature))
    ways = {way: found.get(way, {}) for way in ("properties", "at", "pseudo", "elements", "attributes", "endings")}
    return Known(values=tuple((re.compile(text), each) for text, each in found.get("values", {}).items()), **ways)


def _feature(each: Mapping[str, str | list[str]]) -> Feature:
    makers = [refused.partition(" ")[0] for refused in each["refused"]]
    readers = sum(_READERS[maker] / _PLATFORMS[maker] for maker in makers)
    notes = tuple(each.get("notes", ()))
    return Feature(str(each["slug"]), str(each["title"]), readers, tuple(dict.fromkeys(makers)), notes)


def css(page: Page) -> Iterator[Finding]:
    """cie-css: properties and values on elements; at-rules and states in style blocks."""
    found: dict[Feature, str] = {}
    for style in page.styles:
        for feature, name in _of_style(style):
            found.setdefault(feature, name)
    for sheet in page.sheets:
        for feature, name in _of_sheet(sheet):
            found.setdefault(feature, name)
    for feature, name in found.items():
        yield _told(page, "cie-css", feature, name)


def html(page: Page) -> Iterator[Finding]:
    """cie-html: elements and attributes."""
    features = known()
    found: dict[Feature, tuple[str, HtmlElement]] = {}
    for element in page.elements:
        if feature := features.elements.get(str(element.tag)):
            found.setdefault(feature, (f"<{element.tag!s}", element))
        for name in element.keys() & features.attributes.keys():
            found.setdefault(features.attributes[name], (f"{name}=", element))
    for feature, (word, _) in found.items():
        yield _told(page, "cie-html", feature, word)


def images(page: Page) -> Iterator[Finding]:
    """cie-image: formats, told by the ending of a picture's address."""
    features = known()
    told = set()
    for image in page.body.iter("img"):
        source = str(image.get("src") or "")
        feature = features.endings.get(ending_of(source)) if not source.startswith("data:") else None
        if feature and feature not in told:
            told.add(feature)
            yield _told(page, "cie-image", feature, "", source)


def _told(page: Page, rule: str, feature: Feature, word: str, needle: str = "") -> Finding:
    """Return the finding about a feature: a warning when many readers miss it."""
    makers = [_NAMES[maker] for maker in feature.makers]
    listed = " and ".join(filter(None, (", ".join(makers[:-1]), makers[-1])))
    missed = f"about {max(1, round(feature.readers))} of 100 readers"
    message = f"{feature.title} does not work in {listed}, at least on some devices: {missed} go without it"
    note = f"; {feature.notes[0]}" if feature.notes else ""
    hint = f"do without it, or let nothing depend on it: caniemail.com/features/{feature.slug}{note}"
    much = feature.readers >= _MANY or rule == "cie-image"  # a picture that is not shown is missed by everybody
    return (page.warning if much else page.info)(rule, message, hint, needle, word)


@lru_cache(maxsize=2048)  # a mail repeats a few dozen styles many times
def _of_style(style: str) -> tuple[tuple[Feature, str], ...]:
    """Return the features of an inline style, each with a word of it."""
    features = known()
    found: dict[Feature, str] = {}
    for name, value in inline(style).items():
        if feature := features.properties.get(name):
            found.setdefault(feature, name)
        for pattern, of_value in features.values:
            if hit := pattern.search(value.text):
                found.setdefault(of_value, hit[0])
    return tuple(found.items())


@lru_cache(maxsize=32)
def _of_sheet(sheet: str) -> tuple[tuple[Feature, str], ...]:
    """Return the features of a style block's at-rules and selectors, each with a word of it."""
    features = known()
    found: dict[Feature, str] = {}
    for keyword, _ in at_rules(sheet):
        if feature := features.at.get(keyword):
            found.setdefault(feature, f"@{keyword}")
    for query in re.findall(r"@media\b([^{]*)", sheet):
        for name, feature in features.at.items():
            if name.startswith("media ") and name.removeprefix("media ") in query:
                found.setdefault(feature, name.removeprefix("media "))
    for rule in rules(sheet):
        for state in re.findall(r":([a-z-]+)", rule.selector):
            if feature := features.pseudo.get(state):
                found.setdefault(feature, f":{state}")
    return tuple(found.items())


_CANIEMAIL = "caniemail.com, as of the date in lint/caniemail/features.json; latest versions, weighted by readers"

RULES = (
    Rule(
        "cie-css",
        W,
        "A style does nothing, or spoils the mail, in the programs of many readers.",
        "do without it, or let nothing depend on it",
        _CANIEMAIL,
        css,
    ),
    Rule(
        "cie-html",
        W,
        "An element or attribute is not known to the programs of many readers.",
        "do without it, or let nothing depend on it",
        _CANIEMAIL,
        html,
    ),
    Rule(
        "cie-image",
        W,
        "A picture's format is not shown by the programs of many readers.",
        "save it as PNG or JPEG",
        _CANIEMAIL,
        images,
    ),
)
