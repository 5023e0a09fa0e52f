"""Rules on headers: one-click unsubscribe, and a sender that can be answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.remarks import sender as remarks_on_sender
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule, W

# RFC 5322 2.1.1: no line of a message is longer.
_LONGEST_LINE = 998


def one_click(page: Page) -> Iterator[Finding]:
    """header-list-unsubscribe: one https link on one line, not encoded (Gmail ignores that), and RFC 8058's answer."""
    value = page.message.headers.get("List-Unsubscribe", "")
    hint = "set site.public_url in config.yaml to an https address" if value.startswith("<http:") else ""
    if not value:
        yield page.error(
            "header-list-unsubscribe", "the mail has no one-click unsubscribe header: Gmail and Yahoo want it", hint
        )
        return
    if not re.fullmatch(r"<https://[!-;=?-~]+>", value) or len("List-Unsubscribe: " + value) > _LONGEST_LINE:
        yield page.error(
            "header-list-unsubscribe",
            "the unsubscribe header is not one https link on one line: mailbox providers ignore it",
            hint,
        )
    if page.message.headers.get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click":
        yield page.error(
            "header-list-unsubscribe",
            "the header List-Unsubscribe-Post is missing: without it there is no one-click button",
        )


def deaf_sender(page: Page) -> Iterator[Finding]:
    """from-noreply: readers can answer."""
    composed = page.message.composed
    for email in dict.fromkeys((composed.sender.email, composed.reply_to)):
        for remark in remarks_on_sender(email):
            yield page.finding(remark)


RULES = (
    Rule(
        "header-list-unsubscribe",
        E,
        "Mail programs cannot show their own unsubscribe button.",
        "set site.public_url in config.yaml to an https address",
        "RFC 8058; Google's sender guidelines (answer 81126)",
        one_click,
    ),
    Rule(
        "from-noreply",
        W,
        "The sender's address tells readers that nobody reads their answers.",
        "use an address that somebody reads",
        "judgement; mailbox providers count answers",
        deaf_sender,
    ),
)
