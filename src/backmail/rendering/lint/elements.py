"""Rules on HTML that mail programs refuse or stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.rendering.lint.page import Page

_REFUSED = {
    "html-script": ("script",),
    "html-form": ("form", "input", "select", "textarea", "button"),
    "html-iframe": ("iframe", "frame"),
    "html-object": ("object", "embed", "applet"),
}
# Controls, the sign for bytes that could not be read, lone surrogates. A stray U+0092 makes Gmail cut (email-bugs 41).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
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
        "the subject": page.subject,
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


RULES = (active, control, twin_ids)
