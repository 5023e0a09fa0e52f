"""Rules on the text part: there, long enough, with the same links, and free of what only HTML needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from backmail.model.campaign import Finding
from backmail.remarks.remark import shown
from backmail.rendering.lint.links import addresses
from backmail.rendering.lint.page import INKLESS, Page, fold
from backmail.rendering.lint.registry import E, Rule, W

_LEAST = 0.1
# A blank that does not break, and a joiner inside an emoji, are text like any other; and an article may have a few of
# these signs between its words. Padding is a row of them.
_PADDING = re.compile("(?:[" + INKLESS.translate({0xA0: None, 0x200D: None}) + r"]\s?){6}")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,6}|[a-z]{2,8});", re.IGNORECASE)
_CSS = re.compile(r"@(?:media|font-face|import)\b[^\n]*|[\w.#-]+\s*\{[^{}\n]*:[^{}\n]*\}")
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|h[1-6]|i|img|li|ol|p|span|strong|style|table|t[dhr]|ul)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


def missing(page: Page) -> Iterator[Finding]:
    """text-missing: HTML alone is a sign of spam (SpamAssassin: MIME_HTML_ONLY), and a watch cannot show it."""
    if not page.text.strip():
        yield page.error("text-missing", "the mail has no text part", "give the theme a mail.txt.jinja")


def ratio(page: Page) -> Iterator[Finding]:
    """text-ratio: the text part says what the HTML says."""
    share = len(fold(page.text)) / (len(page.visible) or 1)
    if page.text.strip() and share < _LEAST:
        message = f"the text part holds only {share:.0%} of what the mail shows"
        yield page.warning("text-ratio", message, "the theme's mail.txt.jinja leaves something out")


def links(page: Page) -> Iterator[Finding]:
    """text-links: HTML and text lead to the same places. An address that the HTML shows as words counts as there."""
    if not page.text.strip():
        return
    hrefs = dict.fromkeys(str(link.get("href")).strip() for link in page.links)
    in_text = addresses(page.text)
    for url in hrefs:
        if not _told(url, page.text, in_text):
            message = f"the text part lacks the link {page.called(url)}"
            yield page.error("text-links", message, "the theme's mail.txt.jinja leaves it out", needle=url)
    for url in dict.fromkeys(in_text):
        if url not in hrefs and url not in page.visible:
            message = f"only the text part has the link {page.called(url)}"
            yield page.error("text-links", message, "the theme's mail.html.jinja leaves it out", needle=url)


def _told(url: str, text: str, in_text: list[str]) -> bool:
    """Whether the text part offers what the link does; for a mail or phone link, its address or number is enough."""
    scheme, _, rest = url.partition(":")
    if scheme in ("mailto", "tel", "sms"):
        return unquote(rest.partition("?")[0]) in text
    return url.startswith("#") or not url or url in in_text or _trimmed_alike(url, in_text)


def _trimmed_alike(url: str, in_text: list[str]) -> bool:
    """Whether the text has `url` but for an end that looks like the end of a sentence."""
    return addresses(url)[:1] != [] and addresses(url)[0] in in_text


def leak(page: Page) -> Iterator[Finding]:
    """text-leak: padding, entities, styles and tags are for HTML. What the HTML shows as words is the article's own."""
    if _PADDING.search(page.text):
        hint = "keep the padding of the preheader out of mail.txt.jinja"
        yield page.warning("text-leak", "invisible signs that pad the preheader stand in the text part", hint)
    for pattern, what in ((_ENTITY, "an HTML entity"), (_CSS, "CSS"), (_TAG, "an HTML tag")):
        for piece in dict.fromkeys(found[0] for found in pattern.finditer(page.text)):
            if fold(piece) not in page.visible:
                yield page.warning(
                    "text-leak", f"{what} stands in the text part: {shown(piece)}", "mend mail.txt.jinja", needle=piece
                )
                break


_TELL = "mend the theme's mail.txt.jinja"

RULES = (
    Rule(
        "text-missing",
        E,
        "The mail has no text part, which spam filters hold against it and watches cannot show.",
        "give the theme a mail.txt.jinja",
        "SpamAssassin MIME_HTML_ONLY",
        missing,
    ),
    Rule(
        "text-ratio",
        W,
        "The text part leaves out most of what the mail shows.",
        _TELL,
        "SpamAssassin MIME_HTML_MOSTLY, MPART_ALT_DIFF",
        ratio,
    ),
    Rule(
        "text-links",
        E,
        "HTML and text do not lead to the same places.",
        _TELL,
        "SpamAssassin MPART_ALT_DIFF",
        links,
    ),
    Rule(
        "text-leak",
        W,
        "The text part shows what only HTML needs: entities, styles, tags, the padding of the preheader.",
        _TELL,
        "seen in other senders' mails",
        leak,
    ),
)
