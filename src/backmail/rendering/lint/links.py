"""Rules on links: where they lead, and the one that every mail must have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from backmail.model.campaign import Finding
from backmail.remarks import target as remarks_on_target
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page, fold

_IN_HEADER = re.compile(r"<(https?://[^>]*)>")
# An error, since a mail with it must not reach anybody; in a rehearsal nobody is reached, and the desk says it softly.
NOT_PUBLIC = "img-not-public"
_TELL = "in the theme, put links.unsubscribe into the footer"


def scheme(page: Page) -> Iterator[Finding]:
    """link-scheme: links lead somewhere, over https, from everywhere; of the reader's own links, their site counts."""
    hrefs = (str(link.get("href")) for link in page.links)
    for url in dict.fromkeys(urljoin(href, "/") if href in page.readers else href for href in hrefs):
        for remark in remarks_on_target(url):
            yield page.finding(remark, needle=url)


def pictures(page: Page) -> Iterator[Finding]:
    """link-scheme, img-not-public: mail programs load pictures from the web alone."""
    for source in dict.fromkeys(str(image.get("src") or "").strip() for image in page.body.iter("img")):
        if not source:
            yield page.error("link-scheme", "a picture has no address", "give it one, or leave the picture out")
        elif source.startswith("http://"):
            message = f"the picture {shown(source)} is not loaded over https: mail programs may leave it out"
            yield page.warning("link-scheme", message, "use an https address", needle=source)
        elif not source.startswith("https://"):
            message = f"{shown(source)} has no public address yet: readers will not see the picture"
            hint = "put it on your website and write its https address, or take the picture out"
            yield page.error(NOT_PUBLIC, message, hint, needle=source)


def unsubscribe(page: Page) -> Iterator[Finding]:
    """link-unsub-missing: the link that the header offers can be seen in the HTML and stands in the text.

    Source: CAN-SPAM; Google's sender guidelines (answer 81126).
    """
    offered = _IN_HEADER.search(page.message.headers.get("List-Unsubscribe", ""))
    in_html = [str(link.get("href")) for link in page.links if fold("".join(page.texts(link)))]
    if not any(_is_unsubscribe(url, offered) for url in in_html):
        yield page.error("link-unsub-missing", "the mail has no unsubscribe link that a reader can see", _TELL)
    if not any(_is_unsubscribe(url, offered) for url in addresses(page.text)):
        yield page.error("link-unsub-missing", "the text part has no unsubscribe link", _TELL + " of mail.txt.jinja")


def _is_unsubscribe(url: str, offered: re.Match[str] | None) -> bool:
    """Whether `url` is the one that the header offers; without a header, one of our path /u/TOKEN."""
    return url == offered[1] if offered else re.fullmatch(r"https?://[^/]+/u/[^/?#]+", url) is not None


def addresses(text: str) -> list[str]:
    """Return the web addresses that stand in a plain text; signs that end a sentence do not belong to them."""
    found = re.findall(r"https?://[^\s<>\"“”«»]+", text)
    return [_trimmed(url) for url in found]


def _trimmed(url: str) -> str:
    while url and (url[-1] in ".,;:!?'’" or (url[-1] == ")" and url.count(")") > url.count("("))):
        url = url[:-1]
    return url


RULES = (scheme, pictures, unsubscribe)
