"""Takes an address on the web apart, and says what is wrong with one that cannot be fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

__all__ = ["NotAnAddress", "Target", "target"]

_PORTS = {"http": 80, "https": 443}
_UNSEEN = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)
_PATH_SIGNS = "/%:@!$&'()*+,;=~-._"
_LONGEST = 2_000


class NotAnAddress(ValueError):  # noqa: N818  # it says what it is
    """An address that is not fetched; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in the parts that a request needs; `host` and `path` are in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The whole address, without what stands behind #."""
        return urlunsplit((self.scheme, self.authority, *self.path.partition("?")[::2], ""))

    @property
    def authority(self) -> str:
        """Host and port, as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str) -> Target:
    """Return an address in its parts.

    Raises:
        NotAnAddress: it is none of http or https, holds a name and password, or has no host.
    """
    url = url.strip()
    if len(url) > _LONGEST:
        raise NotAnAddress("this address is too long")
    if _UNSEEN.search(url):
        raise NotAnAddress("an address has no blanks, backslashes or control characters in it")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise NotAnAddress("this is no address on the web") from None
    if parts.scheme not in _PORTS:
        raise NotAnAddress(f"addresses begin with https:// or http://, not with {parts.scheme or 'nothing'}:")
    if "@" in parts.netloc:
        raise NotAnAddress("an address with a name and password in it is not fetched")
    if port == 0:
        raise NotAnAddress("there is no port 0")
    path = quote(parts.path or "/", safe=_PATH_SIGNS)
    query = quote(parts.query, safe=_PATH_SIGNS + "?")
    return Target(parts.scheme, _ascii(host), port or _PORTS[parts.scheme], f"{path}?{query}" if query else path)


def _ascii(host: str) -> str:
    """Return a host's name as name servers know it."""
    try:
        named = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        named = ""
    if not named or not _HOST.fullmatch(named):
        raise NotAnAddress("this address names no host")
    return named.rstrip(".") or named
