"""Where links lead and how they are named: remarks about their addresses and their texts."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from backmail.remarks.remark import Remark, error, shown, warning
from backmail.remarks.words import vague_links

# Schemes that every mail program knows how to open.
_OPENED = frozenset({"https", "http", "mailto", "tel", "sms"})
_HERE_ONLY = (".localhost", ".local", ".internal")


def link(text: str, url: str, language: str) -> Iterator[Remark]:
    """Yield what is wrong with a link's text, which is all that a reader hears who goes from link to link.

    Source: the Email Markup Consortium's rules on empty and on non-descriptive links.
    """
    words = " ".join(text.split()).casefold().strip(" .,:;!?…→»›>()[]\"'“”")
    if not words:
        message = f"the link to {shown(url)} has no text" if url.strip() else "a link has neither a text nor an address"
        yield error("a11y-link-text", message, "write where it leads")
    elif words in vague_links(language):
        message = f"a link says only “{shown(text)}”: a reader who goes from link to link cannot tell where it leads"
        yield warning("a11y-link-text", message, "name what is behind it")


def target(url: str) -> Iterator[Remark]:
    """Yield what is wrong with the address that a link leads to."""
    url = url.strip()
    if url in ("", "#"):
        yield error("link-scheme", "a link leads nowhere", "give it an https address, or leave the link out")
        return
    if url.startswith("#"):
        yield warning("link-scheme", f"{shown(url)} leads to a place within the mail: many mail programs ignore that")
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        yield error("link-scheme", f"{shown(url)} is not an address", "copy it again from the browser")
        return
    yield from _scheme(url, parts.scheme)
    if parts.scheme in ("http", "https"):
        yield from _host(url, host)


def _scheme(url: str, scheme: str) -> Iterator[Remark]:
    if not scheme:
        message = f"{shown(url)} is only a part of an address: in a mail it leads nowhere"
        yield error("link-scheme", message, "write it in full, from https:// on")
    elif scheme not in _OPENED:
        yield error("link-scheme", f"{shown(url)}: mail programs block {scheme}: links", "use an https address")
    elif scheme == "http":
        yield warning(
            "link-scheme", f"{shown(url)} is not encrypted: browsers and mail programs warn of it", "use https"
        )
    elif scheme == "mailto" and "@" not in url:
        yield error("link-scheme", f"{shown(url)} is not a mail address", "write mailto:somebody@your.domain")


def _host(url: str, host: str) -> Iterator[Remark]:
    if not host:
        yield error("link-scheme", f"{shown(url)} names no website", "copy the address again from the browser")
    elif _private(host):
        yield error(
            "link-scheme", f"{shown(url)} can be reached from this machine or office only", "use the public address"
        )


def _private(host: str) -> bool:
    """Whether readers elsewhere cannot reach `host`."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_HERE_ONLY)
