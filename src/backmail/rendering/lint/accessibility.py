"""Rules on structure that screen readers depend on, after the Email Markup Consortium's reports of 2025 and 2026."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks import link as remarks_on_link
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page, fold, language_at
from backmail.rendering.lint.registry import E, Emc, Rule, W

# BCP 47 in its common form: a language, then script, region or variants.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|avif|bmp)", re.IGNORECASE)
_LONGEST_ALT = 150
_THEME = "mend it in the theme's mail.html.jinja"


def lang_html(page: Page) -> Iterator[Finding]:
    """a11y-lang-html: the page names its language."""
    if not _LANGUAGE.fullmatch(page.root.get("lang") or ""):
        yield page.error("a11y-lang-html", "the mail does not name its language: `<html>` lacks a valid `lang`", _THEME)


def lang_body(page: Page) -> Iterator[Finding]:
    """a11y-lang-body: so does the body's content, since mail programs drop `<html>`; and each `lang` is a language."""
    if any(not _LANGUAGE.fullmatch(part.get("lang") or "") for part in page.parts):
        yield page.error(
            "a11y-lang-body",
            "the first element inside `<body>` lacks a valid `lang`; mail programs drop that of `<html>`",
            _THEME,
        )
    for lang in dict.fromkeys(
        str(each.get("lang")) for each in page.body.iterdescendants() if each.get("lang") is not None
    ):
        if not _LANGUAGE.fullmatch(lang):
            yield page.error(
                "a11y-lang-body",
                f"{lang!r} is not a language: screen readers go by it",
                "write it like en, da or pt-BR",
            )


def dir_body(page: Page) -> Iterator[Finding]:
    """a11y-dir-body: the body's content says in which direction it is read."""
    if any((part.get("dir") or "").lower() not in ("ltr", "rtl", "auto") for part in page.parts):
        yield page.error(
            "a11y-dir-body", "the first element inside `<body>` lacks `dir`, the direction of reading", _THEME
        )


def table_role(page: Page) -> Iterator[Finding]:
    """a11y-table-role: tables that only lay out say so; tables of data have headings that say what they head."""
    for table in page.body.iter("table"):
        heads = [cell for cell in table.iter("th") if next(cell.iterancestors("table")) is table]
        lays_out = (table.get("role") or "") in ("presentation", "none")
        if not heads and not lays_out:
            hint = f"it begins with “{shown(page.words(table), 40)}”; {_THEME}"
            yield page.error("a11y-table-role", 'a table has neither headings nor role="presentation"', hint)
        elif heads:
            words = page.words(heads[0])
            if lays_out:
                message = f"the table with the heading “{shown(words, 40)}” says that it is only layout"
                yield page.error("a11y-table-role", message, _THEME, needle=words)
            elif any(not cell.get("scope") for cell in heads):
                message = f"the headings of the table with “{shown(words, 40)}” do not say what they head (`scope`)"
                yield page.error("a11y-table-role", message, _THEME, needle=words)


def title(page: Page) -> Iterator[Finding]:
    """a11y-title: the page has a title, which screen readers and browser tabs read out."""
    if not fold(str(page.root.findtext(".//title") or "")):
        yield page.error(
            "a11y-title",
            "the mail's page has no title",
            "put the subject into `<title>` in the theme's mail.html.jinja",
        )


def one_h1(page: Page) -> Iterator[Finding]:
    """a11y-h1: exactly one main heading."""
    count = sum(not page.hidden(each) for each in page.body.iter("h1"))
    if count != 1:
        message = f"the mail has {count} main headings" if count else "the mail has no main heading"
        yield page.warning("a11y-h1", message, "the subject is the one `<h1>`; headings in a step begin with ##")


def heading_order(page: Page) -> Iterator[Finding]:
    """a11y-heading-order: no level of heading is left out on the way down."""
    before = 0
    for heading in page.body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if page.hidden(heading):
            continue
        level = int(str(heading.tag)[1])
        if before and level > before + 1:
            words = page.words(heading)
            message = f"the heading “{shown(words, 40)}” is of level {level} right below level {before}"
            yield page.warning("a11y-heading-order", message, f"make it level {before + 1}", needle=words)
        before = level


def img_alt(page: Page) -> Iterator[Finding]:
    """a11y-img-alt: each picture has a text for those who do not see it; an empty one calls it decoration."""
    for image in page.body.iter("img"):
        alt, source = image.get("alt"), str(image.get("src") or "")
        name = shown(source.rpartition("/")[2] or source)
        if alt is None:
            hint = "say in a few words what it shows: ![words](image)"
            yield page.error(
                "a11y-img-alt", f"the picture {name} has no text for those who do not see it", hint, needle=source
            )
        elif _FILE_NAME.fullmatch(alt.strip()):
            yield page.warning(
                "a11y-img-alt", f"the text of the picture {name} is a file name", "say what it shows", needle=source
            )
        elif len(alt) > _LONGEST_ALT:
            message = f"the text of the picture {name} has {len(alt)} characters: nobody can skim it by ear"
            yield page.warning(
                "a11y-img-alt", message, f"say it in {_LONGEST_ALT}, the rest belongs into the mail", needle=source
            )


def link_text(page: Page) -> Iterator[Finding]:
    """a11y-link-text: each link says where it leads. A picture without a text is told by a11y-img-alt."""
    for link in page.links:
        images = list(link.iter("img"))
        if any(image.get("alt") is None for image in images):
            continue
        spoken = [str(link.get("aria-label") or "") or page.words(link)]
        spoken += [str(image.get("alt") or "") for image in images]
        url = str(link.get("href"))
        for remark in remarks_on_link(" ".join(spoken), url, language_at(link, page.language)):
            yield page.finding(remark, needle=url)


_REPORT = "Email Markup Consortium, accessibility reports 2025 and 2026"

RULES = (
    Rule(
        "a11y-lang-html",
        E,
        "The page does not name its language, so that a screen reader guesses how to speak it.",
        _THEME,
        _REPORT,
        lang_html,
        at="<html",
        emc=(Emc.LANG_HTML,),
    ),
    Rule(
        "a11y-lang-body",
        E,
        "The content does not name its language, and mail programs drop what stands on `<html>`.",
        _THEME,
        _REPORT,
        lang_body,
        at='role="article"',
        emc=(Emc.LANG_BODY,),
    ),
    Rule(
        "a11y-dir-body",
        E,
        "The content does not say in which direction it is read.",
        _THEME,
        _REPORT,
        dir_body,
        at='role="article"',
        emc=(Emc.DIR,),
    ),
    Rule(
        "a11y-table-role",
        E,
        "A table that only lays out is read aloud as data, or one of data as layout.",
        _THEME,
        f"{_REPORT}; WCAG 1.3.1",
        table_role,
        at="<table",
        emc=(Emc.TABLE_ROLE,),
    ),
    Rule(
        "a11y-title",
        E,
        "The mail's page has no title.",
        "put the subject into `<title>` in the theme's mail.html.jinja",
        f"{_REPORT}; WCAG 2.4.2",
        title,
        at="<head",
        emc=(Emc.TITLE,),
    ),
    Rule(
        "a11y-h1",
        W,
        "The mail has no main heading, or several.",
        "the subject is the one `<h1>`; headings in a step begin with ##",
        _REPORT,
        one_h1,
        at="<h1",
        emc=(Emc.H1,),
    ),
    Rule(
        "a11y-heading-order",
        W,
        "A level of heading is left out, so that the outline has a hole.",
        "make it one level lower than the heading above",
        "WCAG 1.3.1",
        heading_order,
    ),
    Rule(
        "a11y-img-alt",
        E,
        "A picture has no text for those who do not see it, or one that says nothing.",
        "say in a few words what it shows, in the square brackets in front of its address",
        f"{_REPORT}; WCAG 1.1.1",
        img_alt,
        emc=(Emc.ALT,),
    ),
    Rule(
        "a11y-link-text",
        E,
        "A link has no text, or one such as “read more” that does not say where it leads.",
        "name what is behind it",
        f"{_REPORT}; WCAG 2.4.4",
        link_text,
        emc=(Emc.LINK_NAME, Emc.LINK_TEXT),
    ),
)
