"""Who may ask the studio for something: pages of its own on this machine, and nobody's page from elsewhere."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "TOKEN", "Gate", "fields"]

MOST_BYTES = 4_194_304  # of a form: a step with pictures in its text is still far below
TOKEN = "token"  # noqa: S105  # the name of the field, not a secret
_MOST_FIELDS = 50
_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-cache",  # not "no-store": going back keeps the place on the page
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",  # a page of others must not take a mail in as a picture or a script
    # Not "no-referrer": under that a browser sends "Origin: null" with our own forms (Fetch, "serialize request
    # origin").
    "Referrer-Policy": "same-origin",
}
_ELSEWHERE = "The preview is served to this machine only: open the address that backmail preview printed.\n"
_FOREIGN = "This was not sent by a page of the preview, so nothing was changed.\n"
_TOO_LONG = "This is longer than any mail can be, so nothing was changed.\n"

Stale = Callable[[Request], Awaitable[Response]]


class Gate:
    """Stands before the site: refuses whom it does not know, and puts its headers on every answer."""

    def __init__(self, app: ASGIApp, token: str, stale: Stale) -> None:
        """Stand before an application.

        Args:
            app: the application.
            token: what every form of this run holds in the field TOKEN.
            stale: the answer to a form of our own page that holds another one: that of an earlier run.
        """
        self._app = app
        self._token = token
        self._stale = stale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope, receive)
        refused = _refused(request)
        if refused is None and request.method == "POST":
            body = await _body(request)
            receive = _again(body or b"", receive)
            if body is None:
                refused = PlainTextResponse(_TOO_LONG, 413)
            elif not hmac.compare_digest(_fields(body).get(TOKEN, "").encode(), self._token.encode()):
                refused = await self._stale(Request(scope, receive))
        await (refused or self._app)(scope, receive, headed)


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that came through the gate; of a name that comes twice, the last."""
    return _fields(await request.body())


def _refused(request: Request) -> Response | None:
    """Refuse who asks under a name that is not this machine's, or posts from another page.

    A name of somebody else's may be made to lead here (DNS rebinding); the browser then takes our pages for his.
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    hosts = request.headers.getlist("host")
    if len(hosts) != 1 or _name(hosts[0]) not in _HOSTS:
        return PlainTextResponse(_ELSEWHERE, 403)
    if request.method in ("GET", "HEAD"):
        return None
    if request.method != "POST":
        return PlainTextResponse("The preview takes GET and POST.\n", 405, {"Allow": "GET, HEAD, POST"})
    origin, site = request.headers.get("origin", "null"), request.headers.get("sec-fetch-site")
    own = origin == f"http://{hosts[0]}"  # "null" says nothing: a page may ask its browser for it
    ours = own if site is None else site == "same-origin" and (own or origin == "null")
    return None if ours else PlainTextResponse(_FOREIGN, 403)


def _name(host: str) -> str:
    """Return the name of a Host header without its port; "" where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  # raises
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.netloc == host and "@" not in host else ""


async def _body(request: Request) -> bytes | None:
    """Return what was posted; None where it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a way to read what has been read already."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}
