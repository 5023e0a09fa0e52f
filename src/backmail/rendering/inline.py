"""Premailer made safe: style rules go onto the elements, nothing is fetched, and what it would lose is an error."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from html import unescape
from threading import Lock
from typing import Any

from backmail.errors import Fault, Place, TemplateError
from backmail.rendering.refused import Refused

_DECLARATIONS = 8192  # texts such as "color:#111111; margin:0", by element
_SELECTORS = 1024  # a style sheet of ours has about seventy
_SHEETS = 16
_LOCK = Lock()
# cssutils would write to standard error by itself.
_LOG = logging.Logger("cssutils of backmail")
_AT = re.compile(r"\[(\d+):(\d+): .*\]|\('\w+', '.*', (\d+), (\d+)\)", re.DOTALL)
_STYLE = re.compile(r"""<[^>]*?\sstyle=["']([^"'<>]*)["']""")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_KEPT_PSEUDO = re.compile(r":(?:first|last)-child$")
_RULE_HINT = 'put it into a <style data-premailer="ignore"> of mail.html.jinja, which is kept as it is'


def inlined(html: str) -> str:
    """Return a whole HTML document with the rules of its plain style blocks put onto its elements.

    Style blocks marked `data-premailer="ignore"` stay as they are. The result is ASCII, so no charset can break it.

    Raises:
        TemplateError: the document cannot be read.
    """
    premailer, parser = _premailer()
    with _LOCK:
        try:
            return str(_safe(premailer, parser)(html, **_SETTINGS).transform(pretty_print=False, encoding="us-ascii"))
        except TemplateError:
            raise
        except Exception as error:  # of whatever kind: it tells of faults by those of its parsers, too
            raise TemplateError(f"this mail's styles cannot be inlined: {error}") from error


@lru_cache(maxsize=16)
def check(css: str, file: str) -> None:
    """Look for what inlining would lose without a word in the style rules of `file`.

    Raises:
        TemplateError: all of it at once, with line and column.
    """
    lines = css.split("\n")
    kept, complaints = _read(css)
    faults = [
        Fault(message, Place(file, node.source_line, node.source_column), hint, lines[node.source_line - 1], rule)
        for node, message, hint, rule in _lost(css, kept)
    ]
    told = {None, *(fault.place.line for fault in faults if fault.place)}
    found = {_line(each): each for each in reversed(complaints)}  # the first of each line
    faults += [_complaint(each, file, lines) for line, each in found.items() if line not in told or not faults]
    if faults:
        raise TemplateError(faults)


def check_attributes(html: str) -> None:
    """Look for what inlining would lose in the style attributes of a document before it is inlined.

    Raises:
        Refused: the first that holds such a thing.
    """
    for style in dict.fromkeys(_STYLE.findall(_COMMENT.sub("", html))):
        lost = _lost_of_attribute(unescape(style))
        if lost:
            hint = "write colours as #rrggbb, lengths as numbers"
            raise Refused(f"the style {style!r} is not kept: {lost}", hint, "css-dropped")


_SETTINGS: dict[str, Any] = {
    "strip_important": False,  # True takes it from the blocks that are kept, and dark mode loses to inlined styles
    "disable_validation": True,
    "allow_network": False,
    "disable_link_rewrites": True,
    "base_url": None,
    "keep_style_tags": False,
    "include_star_selectors": False,
    "exclude_pseudoclasses": True,
    "remove_classes": False,  # the kept blocks need them
    "align_floating_images": False,
    # Else the authored pixel width of an image, which Outlook needs, is overwritten by the rule's percentage.
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "cache_css_parsing": True,
    "allow_loading_external_files": False,
}


@cache
def _premailer() -> tuple[Any, Any]:
    """Import premailer (a quarter of a second, so not before it is needed) and set what is global in it."""
    import cssutils
    import premailer

    cssutils.log.setLog(_LOG)
    cssutils.log.setLevel(logging.CRITICAL)
    cssutils.ser.prefs.minimizeColorHash = False  # #ffffff must not become #fff: old clients know six digits only
    _remember(premailer)
    # allow_network=False does not stop @import: cssutils fetches it by itself.
    return premailer, cssutils.CSSParser(fetcher=lambda _url: (None, b""), raiseExceptions=False)


def _remember(premailer: Any) -> None:
    """Let declarations and selectors that were read once stay read: the mails of a series have nearly all in common.

    Premailer has one cache for both, with keys that collide: a selector may be given what stands for a declaration.
    So each gets one of its own. To read declarations is two thirds of its work, to read selectors most of the rest.
    """
    from premailer import merge_style

    theirs = merge_style.csstext_to_pairs
    kept: Any = lru_cache(maxsize=_DECLARATIONS)(inspect.unwrap(theirs))
    kept._lock = theirs._lock  # it asks for that by its own name
    merge_style.csstext_to_pairs = premailer.premailer.csstext_to_pairs = kept
    selectors = inspect.unwrap(premailer.premailer._create_cssselector)
    premailer.premailer._create_cssselector = lru_cache(maxsize=_SELECTORS)(selectors)


@cache
def _safe(premailer: Any, parser: Any) -> Any:
    """Return premailer's class without its ways to the network, and with a memory for style sheets.

    All mails of a series have the same style sheet, and to read it takes nearly all of premailer's time.
    """
    read: dict[tuple[str, int], tuple[list[Any], list[Any]]] = {}

    class SafePremailer(premailer.Premailer):
        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
            known = read.get((css_body, ruleset_index))
            if known is None:
                if len(read) >= _SHEETS:
                    read.clear()
                known = read[css_body, ruleset_index] = super()._parse_style_rules(css_body, ruleset_index)
            rules, leftover = known
            return [*rules], [*leftover]

        def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:
            return parser.parseString(css_body, validate=validate)

        def _load_external(self, url: str) -> str:
            raise TemplateError(f"a mail cannot load a stylesheet: {url}")

    return SafePremailer


Loss = tuple[Any, str, str, str]  # the node of the style sheet, what is wrong with it, a hint, the rule it breaks
_DROPPED = "css-dropped"


def _lost(css: str, kept: Sequence[frozenset[str]]) -> Iterator[Loss]:
    """Give what premailer would drop, in the order of the file; `kept` are the properties it keeps of each rule."""
    import tinycss2

    number = 0
    for node in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if node.type == "error":
            yield node, f"cannot read this style rule: {node.message}", "", _DROPPED
        elif node.type == "at-rule":
            yield node, f"@{node.at_keyword} would be lost in inlining", _RULE_HINT, _DROPPED
        else:
            declared = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            selectors = tinycss2.serialize(node.prelude).strip()
            yield from _lost_of_selectors(node, selectors)
            yield from _lost_of_declarations(declared, kept[number] if number < len(kept) else frozenset())
            number += 1


def _lost_of_selectors(node: Any, selectors: str) -> Iterator[Loss]:
    """Give the selectors that premailer leaves out or moves to the head."""
    for selector in (each.strip() for each in selectors.split(",")):
        if "*" in selector or "[" in selector or ":" in _KEPT_PSEUDO.sub("", selector) or "\\" in selector:
            yield node, f"the selector {selector!r} would be lost in inlining", _RULE_HINT, _DROPPED


def _lost_of_declarations(declared: Sequence[Any], kept: frozenset[str]) -> Iterator[Loss]:
    """Give the declarations of one rule that cannot be read, mean nothing inline, or are not among those `kept`."""
    seen: set[str] = set()
    for each in declared:
        if each.type != "declaration":
            yield each, "cannot read this style declaration", "", _DROPPED
        elif each.important:
            yield each, f"!important on {each.name} means nothing once it is inlined", "", "css-important-inline"
        elif each.lower_name in seen:
            hint = "a fallback colour goes into background-color"
            yield each, f"of several {each.name} only the last is kept", hint, "css-fallback-lost"
        elif each.lower_name not in kept:
            hint = "write colours as #rrggbb, lengths as numbers"
            yield each, f"this {each.name} would be lost in inlining", hint, _DROPPED
        if each.type == "declaration":
            seen.add(each.lower_name)


@lru_cache(maxsize=_DECLARATIONS)
def _lost_of_attribute(style: str) -> str:
    """Return what is lost of a style attribute when a rule is put onto its element; "" for nothing."""
    import tinycss2

    declared = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    kept, _ = _read(f"p {{{style}}}")
    properties = kept[0] if kept else frozenset()
    bad = [each for each in declared if each.type != "declaration" or each.lower_name not in properties]
    return ", ".join(each.lower_name if each.type == "declaration" else each.message for each in bad)


def _read(css: str) -> tuple[list[frozenset[str]], list[str]]:
    """Return for each style rule the names of the properties that premailer's parser keeps, and what it complains of.

    It says the same fault several times, each deeper in its grammar.
    """
    _, parser = _premailer()
    with _LOCK, _listening() as complaints:
        sheet = parser.parseString(css, validate=False)
        rules = (rule for rule in sheet if rule.type == rule.STYLE_RULE)
        return [frozenset(each.name.lower() for each in rule.style.getProperties()) for rule in rules], complaints


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Give a list of what cssutils complains of inside the `with`."""
    import cssutils

    heard: list[str] = []
    handler = _Ear(heard)
    cssutils.log.setLevel(logging.ERROR)
    _LOG.addHandler(handler)
    try:
        yield heard
    finally:
        _LOG.removeHandler(handler)
        cssutils.log.setLevel(logging.CRITICAL)


class _Ear(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


def _line(complaint: str) -> int | None:
    found = _AT.search(complaint)
    return int(found[1] or found[3]) if found else None


def _complaint(complaint: str, file: str, lines: Sequence[str]) -> Fault:
    """Put one complaint of cssutils into words."""
    found = _AT.search(complaint)
    message = f"cannot read these style rules: {_AT.sub('', complaint).splitlines()[0].strip()}"
    if not found:
        return Fault(message, Place(file), rule=_DROPPED)
    line, column = int(found[1] or found[3]), int(found[2] or found[4])
    source = lines[line - 1] if line <= len(lines) else ""
    return Fault(message, Place(file, line, column), "", source, _DROPPED)
