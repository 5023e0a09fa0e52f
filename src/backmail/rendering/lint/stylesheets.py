"""Rules on styles: what makes Gmail drop a whole block or style, what would have to be fetched, what falls apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.css import at_rules, inline
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import INFO, E, Rule, W

_ELSEWHERE = re.compile(r"url\([^)]*\)|/\*.*?\*/", re.DOTALL | re.IGNORECASE)
_DECLARED = re.compile(r"(--[\w-]+|[\w-]+)\s*:\s*([^;{}]+)(?=[;}]|$)")
_VARIABLE = re.compile(r"\bvar\(")
_MODERN = re.compile(
    r"#(?:[0-9a-f]{8}|[0-9a-f]{4})(?![\w-])|\brgba?\(\s*[\d.%]+\s+[^)]*\)|\b(?:hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)\(",
    re.IGNORECASE,
)
_HSL = re.compile(r"\bhsla?\(", re.IGNORECASE)
_SHORT = re.compile(r"#[0-9a-f]{3}(?![\w-])", re.IGNORECASE)
_LAID_OUT = frozenset({"flex", "inline-flex", "grid", "inline-grid"})


def nested(page: Page) -> Iterator[Finding]:
    """css-nested-at: Gmail drops a style block in which an @ stands within an @. Source: email-bugs 21."""
    for sheet in page.sheets:
        for keyword, inside in at_rules(sheet):
            if inside:
                within = f"@{keyword}" if keyword else "a rule"
                message = f"@{inside[0]} stands within {within}: Gmail drops the whole style block"
                yield page.error("css-nested-at", message, "in the theme, put it beside the other, not inside")
                return


def remote(page: Page) -> Iterator[Finding]:
    """css-import-remote: Gmail and Yahoo load no styles from elsewhere, and rendering fetches nothing."""
    imported = any(keyword == "import" for sheet in page.sheets for keyword, _ in at_rules(sheet))
    linked = any("stylesheet" in (link.get("rel") or "").lower() for link in page.root.iter("link"))
    if imported or linked:
        what = "@import" if imported else "<link rel=stylesheet>"
        yield page.error(
            "css-import-remote",
            f"the mail loads styles from elsewhere ({what}): Gmail and Yahoo do not",
            "copy them into the theme",
        )


def variables(page: Page) -> Iterator[Finding]:
    """css-var: Gmail, Outlook and Yahoo do not know variables."""
    if hit := _first(page, lambda name, value: name.startswith("--") or _has(_VARIABLE, name, value)):
        yield page.error("css-var", f"a style goes by a variable: {hit}", word=hit.partition(":")[0])


def modern_colours(page: Page) -> Iterator[Finding]:
    """css-modern-color, css-hsl: Gmail drops the whole style of an element with such a colour."""
    for rule, pattern in (("css-modern-color", _MODERN), ("css-hsl", _HSL)):
        if hit := _first(page, partial(_has, pattern)):
            found = pattern.search(hit)
            yield page.error(rule, f"a colour is written in a new way: {hit}", word=found[0] if found else "")


def short_colours(page: Page) -> Iterator[Finding]:
    """css-hex6: some old programs know six digits only."""
    for style in page.styles:
        if found := _SHORT.search(_ELSEWHERE.sub("", style)):
            yield page.info("css-hex6", f"a colour has three digits: {found[0]}", word=found[0])
            return
    for element in page.elements:
        if (colour := element.get("bgcolor")) and _SHORT.fullmatch(colour):
            yield page.info("css-hex6", f"a colour has three digits: {colour}", word=colour)
            return


def layout(page: Page) -> Iterator[Finding]:
    """css-position, css-flex-grid-no-fallback: how Outlook and Gmail do not lay out."""
    told = set()
    for style in page.styles:
        said = inline(style)
        for rule, name, refused in (
            ("css-position", "position", lambda value: value != "static"),
            ("css-flex-grid-no-fallback", "display", lambda value: value in _LAID_OUT),
        ):
            if rule in told or name not in said or not refused(said[name].text):
                continue
            # What stands before it, an older program takes.
            if rule == "css-position" or len(re.findall(r"(?<![\w-])display\s*:", style)) == 1:
                told.add(rule)
                message = f"an element is laid out with {name}:{said[name].text}, which Outlook does not do"
                yield page.warning(rule, message, word=f"{name}: {said[name].text}")


def important(page: Page) -> Iterator[Finding]:
    """css-important-inline: nothing in a style block for dark mode or phones can change such a style."""
    for style in page.styles:
        for name, value in inline(style).items():
            if value.important:
                message = f"!important stands in the style of an element: {name}:{value.text}"
                yield page.warning("css-important-inline", message, word="!important")
                return


def _has(pattern: re.Pattern[str], _: str, value: str) -> bool:
    return pattern.search(value) is not None


def _first(page: Page, wanted: Callable[[str, str], bool]) -> str | None:
    """Return the first declaration of the mail for which that holds, as `name: value`, else None."""
    for style in page.styles:
        for name, value in inline(style).items():
            if wanted(name, _ELSEWHERE.sub("", value.text)):
                return shown(f"{name}: {value.text}")
    for sheet in page.sheets:
        for name, text in _declared(sheet):
            if wanted(name, text):
                return shown(f"{name}: {text}")
    return None


@lru_cache(maxsize=32)
def _declared(sheet: str) -> tuple[tuple[str, str], ...]:
    """Return name and value of each declaration of a style block, whatever it stands in."""
    return tuple(
        (found[1].lower(), found[2].strip().lower()) for found in _DECLARED.finditer(_ELSEWHERE.sub("", sheet))
    )


_KEPT = 'put it into a <style data-premailer="ignore"> of mail.html.jinja, which is kept as it is'
_REFUSED = "in inlined.css.jinja; no mail is made with it"

RULES = (
    Rule(
        "css-nested-at",
        E,
        "Gmail drops a whole style block, since an @ stands within an @ there.",
        "in the theme, put it beside the other, not inside",
        "email-bugs 21",
        nested,
        at="@media",
    ),
    Rule(
        "css-dropped",
        E,
        "A style rule would be lost when styles are put onto the elements.",
        _KEPT,
        f"premailer and cssutils, as they are today; {_REFUSED}",
    ),
    Rule(
        "css-fallback-lost",
        E,
        "Of two values for one thing, an older program would get neither.",
        "a fallback colour goes into background-color",
        f"premailer keeps the last alone; {_REFUSED}",
    ),
    Rule(
        "css-important-inline",
        W,
        "`!important` on an element wins over the colours for dark mode and the sizes for phones.",
        "in the theme, take it away; style blocks may have it",
        "CSS Cascade 6.4.1",
        important,
    ),
    Rule(
        "css-import-remote",
        E,
        "The mail would load styles from elsewhere.",
        "copy them into the theme",
        "Gmail and Yahoo load none; nothing is fetched when mails are made",
        remote,
        at="@import",
    ),
    Rule(
        "css-var",
        E,
        "Styles go by variables, which Gmail, Outlook and Yahoo do not know.",
        "in the theme, let jinja write the value: {{ light.text }}",
        "caniemail: css-variables",
        variables,
    ),
    Rule(
        "css-modern-color",
        E,
        "A colour is written in a way that makes Gmail drop the whole style.",
        "write it as #rrggbb",
        "caniemail: css-modern-color; cssutils 83",
        modern_colours,
    ),
    Rule(
        "css-hsl",
        E,
        "A colour is written as hsl(), which Outlook does not know.",
        "write it as #rrggbb",
        "react-email 2947",
        modern_colours,
    ),
    Rule("css-hex6", INFO, "A colour has three digits.", "write it as #rrggbb", "Cerberus", short_colours),
    Rule(
        "css-position",
        W,
        "An element is moved from its place, which Gmail and Outlook do not do.",
        "in the theme, lay out with tables and inline-block",
        "caniemail: css-position",
        layout,
    ),
    Rule(
        "css-flex-grid-no-fallback",
        W,
        "Elements are laid out in a way that Outlook does not know, with nothing for it to fall back to.",
        "in the theme, write display:block in front of it, or lay out with tables",
        "caniemail: css-display-flex, css-display-grid",
        layout,
    ),
)
