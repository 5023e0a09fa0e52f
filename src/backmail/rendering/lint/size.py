"""Rules on weight: what Gmail cuts off."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule


def clip(page: Page) -> Iterator[Finding]:
    """size-clip-gmail: Gmail cuts the HTML near 102,400 bytes, and the unsubscribe link with it.

    Whether it counts them encoded or decoded is disputed (email-bugs 41), so the larger number decides.
    """
    plain = page.html.encode("utf-8", "surrogatepass")
    weight = max(len(plain), len(binascii.b2a_qp(plain, istext=True)))
    if weight <= page.limits.html_warning:
        return
    cut = page.limits.html_error // 1024
    hint = "move an exercise or some questions into another mail"
    if weight > page.limits.html_error:
        message = f"the mail weighs {weight / 1024:.0f} KB: Gmail cuts it at {cut} KB, and the unsubscribe link with it"
        yield page.error("size-clip-gmail", message, hint)
    else:
        yield page.warning(
            "size-clip-gmail", f"the mail weighs {weight / 1024:.0f} KB: Gmail cuts mails at {cut} KB", hint
        )


def css(page: Page) -> Iterator[Finding]:
    """size-css-gmail: Gmail drops the style blocks that go beyond 16 KB in total. Source: email-bugs 90."""
    weight = sum(len(sheet.encode("utf-8", "surrogatepass")) for sheet in page.sheets)
    if weight <= page.limits.css_warning:
        return
    cut = page.limits.css_error // 1024
    message = f"the styles in the mail's head weigh {weight / 1024:.1f} KB: Gmail drops what goes beyond {cut} KB"
    hint = "in the theme, take out rules that no mail uses"
    yield (page.error if weight > page.limits.css_error else page.warning)("size-css-gmail", message, hint)


RULES = (
    Rule(
        "size-clip-gmail",
        E,
        "The mail is so heavy that Gmail cuts off its end, and the unsubscribe link with it.",
        "move an exercise or some questions into another mail",
        "email-bugs 41; counted after inlining and filling, encoded or not, whichever is more",
        clip,
    ),
    Rule(
        "size-css-gmail",
        E,
        "The style blocks are so heavy that Gmail drops some of them.",
        "in the theme, take out rules that no mail uses",
        "email-bugs 90",
        css,
        at="<style",
    ),
)
