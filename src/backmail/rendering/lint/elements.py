"""Rules on HTML that mail programs refuse, mend or stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import INFO, E, Rule, W
from backmail.rendering.nesting import misfits

_REFUSED = {
    "html-script": ("script",),
    "html-form": ("form", "input", "select", "textarea", "button"),
    "html-iframe": ("iframe", "frame"),
    "html-object": ("object", "embed", "applet"),
}
# Controls, the sign for bytes that could not be read, lone surrogates. A stray U+0092 makes Gmail cut (email-bugs 41).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_LINE_ENDS = {0x0A: " ", 0x0D: " "}
_REVEALED = re.compile(r"(?<!--)<!\[if\b[^>]*>|<!--\[if[^\]>]*\]-->|<!--\[endif\]-->", re.IGNORECASE)
_CONDITION = re.compile(r"<!--\[if[^\]>]*\]>(?:<!-->|-->)?|(?:<!--)?<!\[endif\]-->", re.IGNORECASE)
_UTF8 = re.compile(r"utf-?8", re.IGNORECASE)
_ZOOM = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale\s*=\s*(?:0|1)(?:\.0+)?(?![.\d])", re.IGNORECASE)
# A charset is looked for in so many bytes. Source: HTML standard, 4.2.5.4.
_SNIFFED = 1024
_REFERENCE = re.compile(r"&#(?:1(?:2[7-9]|[345]\d)|x(?:7f|[89][0-9a-f]));", re.IGNORECASE)


def active(page: Page) -> Iterator[Finding]:
    """html-script, -form, -iframe, -object: mail programs remove what acts by itself, or refuse the mail."""
    for rule, tags in _REFUSED.items():
        if (found := next(page.root.iter(*tags), None)) is not None:
            message = f"the mail holds <{found.tag!s}>: mail programs remove it, or refuse the mail"
            yield page.error(rule, message, "take it out; a link to a web page can do the same")
    for element in page.root.iter():
        if handler := next((name for name in element.attrib if str(name).lower().startswith("on")), None):
            yield page.error(
                "html-script",
                f"the mail holds a script in {handler!s}=: mail programs remove it",
                "take it out of the theme",
            )
            break


def control(page: Page) -> Iterator[Finding]:
    """html-control-char: signs that no reader sees, and that make Gmail cut the mail or servers refuse it."""
    parts = {
        "the HTML": page.html,
        "the text part": page.text,
        "the subject": page.subject.translate(_LINE_ENDS),  # that is subj-newline's
        "the preheader": page.preheader,
    }
    parts |= {f"the header {name}": value for name, value in page.message.headers.items()}
    for where, text in parts.items():
        found = _CONTROL.search(text) or (_REFERENCE.search(text) if where == "the HTML" else None)
        if found is None and not where.startswith(("the HTML", "the text")):
            found = re.search(r"[\r\n]", text)
        if found:
            sign = f"U+{ord(found[0]):04X}" if len(found[0]) == 1 else found[0]
            near = re.split(r"[<>\n]", text[max(0, found.start() - 30) : found.start()])[-1]
            message = f"{where} holds a control character ({sign}) after “{near.strip()}”"
            yield page.error("html-control-char", message, "delete it and type the sign again", needle=near)


def twin_ids(page: Page) -> Iterator[Finding]:
    """html-dup-id: an id names one element."""
    seen, told = set(), set()
    for element in page.root.iter():
        name = element.get("id")
        if name is not None and name in seen and name not in told:
            told.add(name)
            yield page.info(
                "html-dup-id", f"two elements have the id {name!r}", "give one of them another in the theme"
            )
        seen.add(name)


def parse(page: Page) -> Iterator[Finding]:
    """html-parse: tags fit together, so that no parser mends them its own way."""
    if fault := next(misfits(page.html), None):
        at, _, message = fault
        near = shown(re.sub(r"\s+", " ", page.html[max(0, at - 40) : at + 20]).strip())
        yield page.error("html-parse", f"tags do not fit together: {message}", f"it is near “{near}”; {_MEND}")


def conditions(page: Page) -> Iterator[Finding]:
    """html-cond-revealed: comments for Outlook are written so that all parsers keep them, and each is closed."""
    if found := _REVEALED.search(page.html):
        message = f"a condition for Outlook is written as {found[0]}, which parsers drop or change"
        yield page.error("html-cond-revealed", message)
    depth = 0
    for found in _CONDITION.finditer(page.html):
        depth += 1 if "[if" in found[0].lower() else -1
        if depth not in (0, 1):
            break
    if depth:
        yield page.error("html-cond-revealed", "a condition for Outlook is not closed, or closed twice")


def doctype(page: Page) -> Iterator[Finding]:
    """html-doctype: without one, mail programs fall back to the layout rules of the nineties."""
    if page.html.strip() and page.html.lstrip()[:14].lower() != "<!doctype html":
        yield page.warning("html-doctype", "the mail does not begin with <!DOCTYPE html>")


def charset(page: Page) -> Iterator[Finding]:
    """html-charset, html-non-ascii-charset: UTF-8, told before the first letter that needs it."""
    declared = _charset(page)
    if not _UTF8.fullmatch(declared):
        message = f"the mail says that its letters are {declared}" if declared else "the mail does not name its charset"
        yield page.error("html-charset", f"{message}: they must be utf-8")
    head = page.html.encode("utf-8", "surrogatepass")[:_SNIFFED].lower()
    if not page.html.isascii() and b"charset" not in head:
        message = f"the mail has letters beyond ASCII, but its first {_SNIFFED} bytes name no charset"
        yield page.warning("html-non-ascii-charset", message)


def _charset(page: Page) -> str:
    """Return the charset that the page declares, "" for none."""
    for meta in page.root.iter("meta"):
        if meta.get("charset"):
            return str(meta.get("charset"))
        if str(meta.get("http-equiv") or "").lower() == "content-type":
            return str(meta.get("content") or "").lower().partition("charset=")[2].strip()
    return ""


def zoom(page: Page) -> Iterator[Finding]:
    """html-viewport-zoom: readers who need larger letters may zoom."""
    for meta in page.root.iter("meta"):
        content = str(meta.get("content") or "")
        if str(meta.get("name") or "").lower() == "viewport" and _ZOOM.search(content):
            yield page.error("html-viewport-zoom", f"the mail forbids to zoom: {shown(content)}")


_MEND = "mend it in the theme's mail.html.jinja, or in its parts/"
_ACTIVE = "take it out; a link to a web page can do the same"
_PARCEL = "Email Markup Consortium; checked by Mailpit and Parcel as well"

RULES = (
    Rule("html-script", E, "The mail holds a script: mail programs remove it.", _ACTIVE, "Mailpit", active),
    Rule("html-form", E, "The mail holds a form: mail programs remove it, or warn of it.", _ACTIVE, "Mailpit", active),
    Rule("html-iframe", E, "The mail shows another page within itself: none is loaded.", _ACTIVE, "Mailpit", active),
    Rule("html-object", E, "The mail embeds a program or a document: it is removed.", _ACTIVE, "Mailpit", active),
    Rule(
        "html-parse",
        E,
        "Tags do not fit together, and each mail program mends that in its own way.",
        _MEND,
        "HTML standard 13.2; seen with libxml2, which empties a link around a table",
        parse,
    ),
    Rule(
        "html-cond-revealed",
        E,
        "A comment for Outlook is written so that other programs show what is in it, or is not closed.",
        "write <!--[if mso]> ... <![endif]-->, and for all others <!--[if !mso]><!--> ... <!--<![endif]-->",
        "seen with libxml2, which drops <![if !mso]>",
        conditions,
        at="<!--[if",
    ),
    Rule(
        "html-doctype",
        W,
        "The page does not begin as HTML does today.",
        "let the theme's mail.html.jinja begin with <!DOCTYPE html>",
        _PARCEL,
        doctype,
        at="<html",
    ),
    Rule(
        "html-charset",
        E,
        "The page does not say that its letters are UTF-8.",
        'put <meta charset="utf-8"> first into the <head> of mail.html.jinja',
        _PARCEL,
        charset,
        at="<head",
    ),
    Rule(
        "html-non-ascii-charset",
        W,
        "Letters such as é or 😀 come before the page says how to read them.",
        'put <meta charset="utf-8"> first into the <head> of mail.html.jinja',
        "HTML standard 4.2.5.4; sendgrid-nodejs 1231",
        charset,
        at="<head",
    ),
    Rule(
        "html-viewport-zoom",
        E,
        "Readers may not make the letters larger.",
        "take user-scalable and maximum-scale out of the viewport",
        f"{_PARCEL}; WCAG 1.4.4",
        zoom,
        at="viewport",
    ),
    Rule(
        "html-control-char",
        E,
        "Signs that nobody sees make Gmail cut the mail, or servers refuse it.",
        "delete it and type the sign again",
        "email-bugs 41; RFC 5322 2.3",
        control,
    ),
    Rule(
        "html-dup-id",
        INFO,
        "Two elements have the same id.",
        "give one of them another in the theme",
        "Email Markup Consortium",
        twin_ids,
    ),
)
