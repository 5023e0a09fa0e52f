"""What links to the sender's own sites tell these: utm_source, utm_medium, utm_campaign and utm_content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import quote_plus, unquote_plus, urlsplit

from backmail.model.campaign import Utm

__all__ = ["in_html", "in_text", "tagged"]

Tag = Callable[[str], str]

_HREF = re.compile(r"""(<(?:a|area)\b(?:[^<>"']|"[^"]*"|'[^']*')*?\shref=)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BEFORE = r"(?<![\w/?=&#%+.,;:~@|-])"  # an address within another one is that one's
_BEHIND = r"""(?=[.,;:!?'’)]*(?:[\s<>"“”«»]|\Z))"""  # signs that end a sentence are no part of an address


def tagged(url: str, utm: Utm, campaign: str, step: str) -> str:
    """Return a link with the parameters that it lacks; one to anybody else's site stays as it is, letter for letter.

    Args:
        url: the link.
        utm: the source, and the domains that are the sender's own: each with all that stands below it.
        campaign: the campaign's slug.
        step: the step's id.
    """
    if not _is_own(url, utm.domains):
        return url
    address, hash_, fragment = url.partition("#")
    path, _, query = address.partition("?")
    has = {unquote_plus(part.partition("=")[0]).lower() for part in query.split("&")}
    ours = {"utm_source": utm.source, "utm_medium": "email", "utm_campaign": campaign, "utm_content": step}
    added = [f"{name}={quote_plus(value)}" for name, value in ours.items() if name not in has]
    whole = "&".join([*([query.rstrip("&")] if query.rstrip("&") else []), *added])
    return f"{path}?{whole}{hash_}{fragment}"


def in_html(html: str, tag: Tag) -> tuple[str, Mapping[str, str]]:
    """Return a mail whose links are tagged, and each of those by what it was."""
    done: dict[str, str] = {}

    def instead(found: re.Match[str]) -> str:
        before = unescape(found[2] or found[3] or "").strip()
        after = tag(before)
        if after == before:
            return found[0]
        done[before] = after
        return f'{found[1]}"{escape(after).encode("ascii", "xmlcharrefreplace").decode()}"'

    return _HREF.sub(instead, html), done


def in_text(text: str, links: Mapping[str, str]) -> str:
    """Return a text part with the links that the HTML part has: `links` gives them by what they were."""
    if not links:
        return text
    longest_first = sorted(links, key=len, reverse=True)
    return re.sub(
        rf"{_BEFORE}(?:{'|'.join(map(re.escape, longest_first))}){_BEHIND}", lambda found: links[found[0]], text
    )


def _is_own(url: str, domains: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        host = _plain(parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return False
    return any(host == own or host.endswith(f".{own}") for own in map(_plain, domains))


def _plain(domain: str) -> str:
    """Return a domain as name servers know it."""
    try:
        return domain.rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        return domain.rstrip(".").lower()
