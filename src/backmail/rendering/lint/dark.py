"""Rules on dark mode: the page asks for it in each way that a mail program listens to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from backmail.model.campaign import Finding
from backmail.rendering.lint.css import rules
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import INFO, Rule, W

_METAS = ("color-scheme", "supported-color-schemes")
_TWIN = re.compile(r"\[data-ogs[cb]\]\s*")
_NAMED = 3


def metas(page: Page) -> Iterator[Finding]:
    """dark-meta: both metas and `:root` name the same schemes where there are rules for dark mode."""
    if not any(_dark(sheet) for sheet in page.sheets):
        return
    said = {f'<meta name="{name}">': _meta(page, name) for name in _METAS}
    said[":root { color-scheme }"] = _root(page)
    missing = [name for name, schemes in said.items() if not schemes]
    if missing:
        message = f"there are colours for dark mode, but {' and '.join(missing)} does not ask for it"
        yield page.warning("dark-meta", message)
    elif len(set(said.values())) > 1:
        listed = ", ".join(f"{name} says {' '.join(sorted(schemes))}" for name, schemes in said.items())
        yield page.warning("dark-meta", f"the colour schemes disagree: {listed}")


def twins(page: Page) -> Iterator[Finding]:
    """dark-ogs: each dark colour is said once more for Outlook.com and its apps, which mark what they changed."""
    dark = dict.fromkeys(selector for sheet in page.sheets for selector in _dark(sheet))
    for_outlook = {selector for sheet in page.sheets for selector in _outlook(sheet)}
    lone = [selector for selector in dark if selector not in for_outlook]
    if lone:
        listed = ", ".join(lone[:_NAMED]) + (" ..." if len(lone) > _NAMED else "")
        yield page.info("dark-ogs", f"Outlook.com does not get the dark colours of {listed}")


@lru_cache(maxsize=32)
def _dark(sheet: str) -> tuple[str, ...]:
    """Return the selectors of a style block that set a colour under `prefers-color-scheme: dark`."""
    return tuple(
        selector.strip()
        for rule in rules(sheet)
        if rule.dark and any("color" in name or name == "background" for name in rule.declarations)
        for selector in rule.selector.split(",")
    )


@lru_cache(maxsize=32)
def _outlook(sheet: str) -> frozenset[str]:
    """Return the selectors of a style block for what Outlook changed, without its mark."""
    selectors = (selector.strip() for rule in rules(sheet) for selector in rule.selector.split(","))
    return frozenset(_TWIN.sub("", selector) for selector in selectors if _TWIN.search(selector))


def _meta(page: Page, name: str) -> frozenset[str]:
    for meta in page.root.iter("meta"):
        if str(meta.get("name") or "").lower() == name:
            return frozenset(str(meta.get("content") or "").lower().split())
    return frozenset()


def _root(page: Page) -> frozenset[str]:
    for sheet in page.sheets:
        for rule in rules(sheet):
            if rule.selector == ":root" and "color-scheme" in rule.declarations:
                return frozenset(rule.declarations["color-scheme"].text.split())
    return frozenset()


RULES = (
    Rule(
        "dark-meta",
        W,
        "The mail has colours for dark mode, but does not ask for it in each way that is listened to.",
        'in the theme, write both metas and :root with "light dark"',
        "good-email-code, dark mode",
        metas,
        at="color-scheme",
    ),
    Rule(
        "dark-ogs",
        INFO,
        "Outlook.com and its apps do not get the theme's dark colours.",
        "in the theme, write each rule once more behind [data-ogsc] (text) or [data-ogsb] (ground)",
        "hteumeuleu.com 2021 on Outlook.com; caniemail",
        twins,
        at="prefers-color-scheme",
    ),
)
