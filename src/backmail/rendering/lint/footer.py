"""Rules on the footer: who stands behind the mail."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks import postal as remarks_on_postal
from backmail.rendering.lint.page import Page, fold
from backmail.rendering.lint.registry import E, Rule


def address(page: Page) -> Iterator[Finding]:
    """footer-address: the sender's postal address stands in the HTML and in the text."""
    for remark in remarks_on_postal(page.company.address):
        yield page.finding(remark)
    lines = [fold(line) for line in page.company.address if line.strip()]
    hint = "in the theme, put company.address into the footer"
    if any(line not in page.visible for line in lines):
        yield page.error("footer-address", "the mail does not show the sender's postal address", hint)
    if any(line not in fold(page.text) for line in lines):
        yield page.error(
            "footer-address", "the text part does not show the sender's postal address", f"{hint} of mail.txt.jinja"
        )


RULES = (
    Rule(
        "footer-address",
        E,
        "The sender's postal address is not there for readers to see.",
        "set sender.address in config.yaml",
        "CAN-SPAM; Danish markedsføringsloven § 10",
        address,
    ),
)
