"""Rules on style blocks: what makes Gmail drop a whole block, and what would have to be fetched."""

from __future__ import annotations

from collections.abc import Iterator

from backmail.model.campaign import Finding
from backmail.rendering.lint.css import at_rules
from backmail.rendering.lint.page import Page


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


RULES = (nested, remote)
