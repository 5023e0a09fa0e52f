"""Rules on links: where they lead, and the one that every mail must have."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from backmail.model.campaign import Finding
from backmail.remarks import target as remarks_on_target
from backmail.remarks.remark import shown
from backmail.rendering.lint.page import Page
from backmail.rendering.lint.registry import E, Rule, W

_IN_HEADER = re.compile(r"<(https?://[^>]*)>")
# An error, since a mail with it must not reach anybody; in a rehearsal nobody is reached, and the desk says it softly.
NOT_PUBLIC = "img-not-public"
_PALEST = 3
_MOST = 40
_SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "rebrand.ly", "s.id", "shorturl.at", "t.co"}
    | {"t.ly", "tiny.cc", "tinyurl.com", "v.gd"}
)
_UNENCODED = re.compile(r"[^\x21-\x7e]|[<>\"{}|\\^`]")
# Words that name a website; bare names only under endings that are not those of files, such as setup.py.
_SHOWN_ADDRESS = re.compile(
    r"""https?://(?P<host>[\w.-]+)(?:[:/?\#]\S*)? | (?P<bare>(?:www\.[\w-]+|[\w-]+)(?:\.[\w-]+)*
      \.(?:com|org|net|edu|gov|info|biz|eu|uk|dk|de|se|no|fi|es|fr|nl|it|at|ch|be|ie|us|ca))(?:/\S*)?""",
    re.IGNORECASE | re.VERBOSE,
)
_TELL = "in the theme, put links.unsubscribe into the footer"


def scheme(page: Page) -> Iterator[Finding]:
    """link-scheme: links lead somewhere, over https, from everywhere; of the reader's own links, their site counts."""
    hrefs = (str(link.get("href")) for link in page.links)
    for url in dict.fromkeys(urljoin(href, "/") if href in page.readers else href for href in hrefs):
        for remark in remarks_on_target(url):
            yield page.finding(remark, needle=url)


def trust(page: Page) -> Iterator[Finding]:
    """link-shortener, link-ip, link-mismatch, link-unencoded: what makes filters and readers distrust a link."""
    for link in page.links:
        url = str(link.get("href")).strip()
        if url in page.readers or not url.lower().startswith(("http://", "https://", "mailto:", "tel:", "sms:")):
            continue
        if found := _UNENCODED.search(url):
            message = f"the address {shown(url)} holds {found[0]!r} as it is: mail programs break it there"
            yield page.warning("link-unencoded", message, needle=url)
        host = _host(url)
        if host in _SHORTENERS:
            yield page.warning("link-shortener", f"{shown(url)} hides where it leads", needle=url)
        if _is_number(host):
            yield page.warning("link-ip", f"{shown(url)} leads to a number instead of a name", needle=url)
        told, is_name = _told_host(page.words(link))
        if told and host and not _same_site(told, host):
            message = f"a link shows {told} and leads to {host}: filters take that for fraud"
            # A name such as Booking.com may be meant as one; an address is not.
            yield (page.warning if is_name else page.error)("link-mismatch", message, needle=url)


def count(page: Page) -> Iterator[Finding]:
    """link-count: more links than anybody follows look like an advertisement. Those that lead to one page are one."""
    number = len({link.get("href") for link in page.links})
    if number > _MOST:
        yield page.warning("link-count", f"the mail has links to {number} pages")


def _host(url: str) -> str:
    """Return the host of a web address in lower case without `www.`, "" where there is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www.") if parts.scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""


def _told_host(words: str) -> tuple[str, bool]:
    """Return the host that a link's words name, and whether as a bare name; "" where they are other words.

    What is written in capitals is a name of something else.
    """
    found = _SHOWN_ADDRESS.fullmatch(words)
    if not found or words.isupper():
        return "", False
    host = str(found["host"] or found["bare"]).lower()
    return host.removeprefix("www."), not found["host"] and not host.startswith("www.") and "/" not in words


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def pictures(page: Page) -> Iterator[Finding]:
    """link-scheme, img-not-public: mail programs load pictures from the web alone."""
    for source in dict.fromkeys(str(image.get("src") or "").strip() for image in page.body.iter("img")):
        if not source:
            yield page.error("link-scheme", "a picture has no address", "give it one, or leave the picture out")
        elif source.startswith("http://"):
            message = f"the picture {shown(source)} is not loaded over https: mail programs may leave it out"
            yield page.warning("link-scheme", message, "use an https address", needle=source)
        elif not source.startswith(("https://", "data:", "cid:")):  # what is amiss there has rules of its own
            message = f"{shown(source)} has no public address yet: readers will not see the picture"
            hint = "put the file into images/ of the campaign, or write its https address, or take the picture out"
            yield page.error(NOT_PUBLIC, message, hint, needle=source)


def unsubscribe(page: Page) -> Iterator[Finding]:
    """link-unsub-missing: the link that the header offers can be seen in the HTML and stands in the text.

    Source: CAN-SPAM; Google's sender guidelines (answer 81126).
    """
    offered = _IN_HEADER.search(page.message.headers.get("List-Unsubscribe", ""))
    in_html = [link for link in page.links if page.words(link) and _is_unsubscribe(str(link.get("href")), offered)]
    if not in_html:
        yield page.error("link-unsub-missing", "the mail has no unsubscribe link that a reader can see", _TELL)
    elif all(page.light[link].contrast < _PALEST for link in in_html):
        contrast = max(page.light[link].contrast for link in in_html)
        message = f"the unsubscribe link is too pale to be found: a contrast of {contrast:.1f}:1, not {_PALEST}:1"
        yield page.error("link-unsub-missing", message, "in the theme, give it the colour of other links")
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


_MAILPIT = "react-email, Mailpit, Maizzle"

RULES = (
    Rule(
        "link-scheme",
        E,
        "A link or a picture leads nowhere, or not over https, or only from this machine.",
        "write a whole https address",
        _MAILPIT,
        scheme,
    ),
    Rule(
        NOT_PUBLIC,
        E,
        "A picture has no public address, so that readers do not see it.",
        "put the file into images/ of the campaign, write an https address, or take the picture out",
        _MAILPIT,
        pictures,
    ),
    Rule(
        "link-shortener",
        W,
        "A link goes by way of an address shortener, as those in spam do.",
        "write where it leads in the end",
        "SpamAssassin URI_SHORTENER",
        trust,
    ),
    Rule(
        "link-ip", W, "A link leads to a number.", "write the website's name", "SpamAssassin NUMERIC_HTTP_ADDR", trust
    ),
    Rule(
        "link-mismatch",
        E,
        "A link shows one website and leads to another, as in phishing.",
        "write words instead of an address, or the address where it leads",
        "filters against phishing, Thunderbird's among them",
        trust,
    ),
    Rule(
        "link-unencoded",
        W,
        "An address holds blanks or letters that have to be encoded.",
        "copy it from the browser's address line, which encodes it",
        "RFC 3986 2",
        trust,
    ),
    Rule("link-count", W, "The mail has links to more than 40 pages.", "keep those that matter", "judgement", count),
    Rule(
        "link-unsub-missing",
        E,
        "Readers cannot find a link to unsubscribe.",
        _TELL,
        "CAN-SPAM; Google's sender guidelines (answer 81126)",
        unsubscribe,
        at="links.unsubscribe",
    ),
)
