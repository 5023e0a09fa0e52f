"""Gets what stands at an address: judged after every name and redirect, no longer and no bigger than the limits."""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from importlib.metadata import version
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from backmail.desk.fetch.address import NotAnAddress, Target, target
from backmail.desk.fetch.inflate import PACKINGS, unpacked
from backmail.desk.fetch.public import Address, is_public
from backmail.desk.fetch.wire import Deadline, Wire, connected
from backmail.errors import ArticleError, Fault, Place

__all__ = ["Fetched", "Limits", "Resolve", "Web", "refused"]

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]

BY_HAND = "open it in a browser, save the page there, and name the file: backmail new saved-page.html"
_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 65_536
_TRIED = 4  # addresses of one name
_STATUS = {
    400: "the server does not understand the request",
    401: "the page wants a login",
    402: "the page wants to be paid for",
    403: "the page wants a login, or lets no programs in",
    404: "there is no such page",
    407: "a proxy in between wants a login",
    410: "the page is there no more",
    429: "the server was asked too often",
    451: "the page is kept back for legal reasons",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken and waited for: bytes when unpacked, seconds in all and for a connection, redirects."""

    size: int = 5_000_000
    seconds: float = 30
    connecting: float = 10
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stood at an address: where it was in the end, its media type and charset as the server said, its bytes."""

    address: str
    media_type: str
    charset: str
    data: bytes


def _resolved(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(each[4][0]) for each in found]


class Web:
    """The web, as far as backmail reads it."""

    def __init__(
        self,
        ticks: Callable[[], int],
        *,
        allowed: Callable[[Address], bool] = is_public,
        resolve: Resolve = _resolved,
        tls: ssl.SSLContext | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take what it goes by; nothing is opened.

        Args:
            ticks: a clock that counts microseconds.
            allowed: judges each address before anything is connected to it.
            resolve: gives the addresses of a name.
            tls: whom it believes; the system's own authorities when left out.
            limits: how much is taken and waited for.
        """
        self._ticks = ticks
        self._allowed = allowed
        self._resolve = resolve
        self._tls = tls
        self.limits = limits or Limits()

    def deadline(self, seconds: float) -> Deadline:
        """Return the end of so many seconds from now, for what is fetched together."""
        return Deadline(seconds, self._ticks)

    def get(self, url: str, accept: str, *, deadline: Deadline | None = None, size: int | None = None) -> Fetched:
        """Return what stands at an address.

        Args:
            url: the address.
            accept: the media types that are wanted, as the server is told.
            deadline: when to give up, earlier than by the limits.
            size: bytes that are taken, other than by the limits.

        Raises:
            ArticleError: it cannot be fetched, or must not be; says why, and what to do instead.
        """
        deadline = deadline or self.deadline(self.limits.seconds)
        at = _target(url, url)
        try:
            for _ in range(self.limits.redirects + 1):
                gotten = self._once(at, accept, deadline, self.limits.size if size is None else size, url)
                if isinstance(gotten, Fetched):
                    return gotten
                at = _target(urljoin(at.url, gotten), url)
        except TimeoutError:
            raise refused(url, "the server took too long to answer") from None
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message.rstrip(".").casefold()
            raise refused(url, f"the server cannot prove that it is {at.host}: {why}") from None
        except (OSError, HTTPException, zlib.error) as error:
            raise refused(url, f"{at.host} does not answer as a web server: {_words(error)}") from None
        raise refused(url, f"the address leads on to others, more than {self.limits.redirects} times")

    def _once(self, at: Target, accept: str, deadline: Deadline, size: int, url: str) -> Fetched | str:
        """Ask once; return what came, or the address that the server names instead."""
        connection = HTTPConnection(at.host, at.port)
        wire = self._connected(at, deadline, url)
        connection.sock = wire  # it has what http.client uses of a socket
        try:
            connection.request("GET", at.path, headers=_headers(at, accept))
            with connection.getresponse() as answer:
                if answer.status in _REDIRECTS and (location := answer.getheader("Location")):
                    return location
                if answer.status != 200:
                    raise _unwilling(url, answer.status)
                data = _body(answer, size, url)
                said = Message()
                said["Content-Type"] = answer.getheader("Content-Type") or "application/octet-stream"
                charset = said.get_content_charset("")
                return Fetched(at.url, said.get_content_type(), charset, data)
        finally:
            wire.end()

    def _connected(self, at: Target, deadline: Deadline, url: str) -> Wire:
        """Connect to the first address of a host that answers; all of them must be allowed."""
        tls = None
        if at.scheme == "https":
            self._tls = tls = self._tls or ssl.create_default_context()
        last: OSError = OSError("it has no address")
        for address in self._judged(at, url)[:_TRIED]:
            try:
                return connected(
                    address, at.port, wait=self.limits.connecting, deadline=deadline, tls=tls, host=at.host
                )
            except ssl.SSLCertVerificationError:
                raise
            except OSError as error:
                last = error
        raise last

    def _judged(self, at: Target, url: str) -> list[Address]:
        """Return the addresses of a host.

        A name that has a private address beside a public one is not to be trusted with either.
        """
        try:
            found = [ip_address(each) for each in dict.fromkeys(self._resolve(at.host, at.port))]
        except (OSError, UnicodeError, ValueError):
            raise refused(url, f"there is no host {at.host}", "look at the address again") from None
        for address in found:
            if not self._allowed(address):
                what = f"{at.host} is {address}" if str(address) != at.host else str(address)
                message = f"{what}, an address of this machine or its network: only public pages are fetched"
                raise refused(url, message)
        return found


def refused(url: str, message: str, hint: str = BY_HAND) -> ArticleError:
    """Return the error that says why an address gives no article, and what to do instead."""
    return ArticleError(Fault(message, Place(url), hint))


def _target(url: str, asked: str) -> Target:
    try:
        return target(url)
    except NotAnAddress as error:
        where = "" if url == asked else f" (it leads on to {urlsplit(url).scheme}:)"
        raise refused(asked, f"{error}{where}") from None


def _headers(at: Target, accept: str) -> dict[str, str]:
    """Return what is said of who asks: the truth, and nothing of the person."""
    return {
        "Host": at.authority,
        "User-Agent": f"backmail/{version('backmail')} (one page, because a person asked for it)",
        "Accept": accept,
        "Accept-Encoding": "gzip, deflate",
        "Connection": "close",
    }


def _unwilling(url: str, status: int) -> ArticleError:
    """Say why there is no page."""
    if status in _STATUS:
        message = _STATUS[status]
    elif status >= 500:
        message = "the server is not well"
    else:
        message = "the server gives no page"
    if status in (404, 410):
        return refused(url, f"{message} ({status})", "look at the address again")
    if status == 429 or status >= 500:
        return refused(url, f"{message} ({status})", f"try again in a while; or {BY_HAND}")
    return refused(url, f"{message} ({status})")


def _body(answer: HTTPResponse, size: int, url: str) -> bytes:
    """Return what an answer holds."""
    packing = (answer.getheader("Content-Encoding") or "").strip().casefold()
    if packing not in PACKINGS:
        raise refused(url, f"the server packs the page in a way that nobody asked for ({packing})")
    data = bytearray()
    for piece in unpacked(_limited(answer, size, url), packing):
        data += piece
        if len(data) > size:
            raise _too_big(url, size)
    return bytes(data)


def _limited(answer: HTTPResponse, size: int, url: str) -> Iterable[bytes]:
    """Yield what comes over the wire, no more than `size` of it, and all of it that was promised."""
    promised = answer.length
    if promised is not None and promised > size:
        raise _too_big(url, size)
    return _counted(answer, size, url, promised)


def _counted(answer: HTTPResponse, size: int, url: str, promised: int | None) -> Iterator[bytes]:
    came = 0
    while piece := answer.read1(_PIECE):
        came += len(piece)
        if came > size:
            raise _too_big(url, size)
        yield piece
    if promised is not None and came < promised:
        raise refused(url, "the connection ended before the page did", "do the same again")


def _too_big(url: str, size: int) -> ArticleError:
    megabytes = max(1, size // 1_000_000)
    return refused(url, f"what stands there is bigger than {megabytes} MB, too big for an article")


def _words(error: Exception) -> str:
    """Return what the system says of a fault, in one line."""
    if isinstance(error, zlib.error):
        return "what it packed cannot be unpacked"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(error, OSError):
        return error.strerror or str(error) or "the connection broke"
    return f"its answer is no HTTP ({type(error).__name__})"
