"""What holds for every request: headers that keep its page to itself, a limit on what is posted, faults kept inside."""

from __future__ import annotations

from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "Failed", "Guard", "fields"]

MOST_BYTES = 8_192
_MOST_FIELDS = 20
# https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html. The token is in the address of a page:
# no referrer may carry it on, no cache may keep the page, no search engine may show it.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


Failed = Callable[[Request, Exception], Response]


class Guard:
    """Puts the headers on every answer that does not have its own, and lets no fault of ours out to the server's log.

    A traceback there would say what the fault says, which may be somebody's address.
    """

    def __init__(self, app: ASGIApp, failed: Failed) -> None:
        """Stand before an application.

        Args:
            app: the application.
            failed: tells whom it concerns that something failed, and returns the page that says so.
        """
        self._app = app
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, guarded)
        except ClientDisconnect:
            return  # nobody is there to be answered, and nothing was done
        except Exception as error:  # whatever it is, the reader hears that nothing was recorded
            page = self._failed(Request(scope), error)
            if not begun:
                await page(scope, receive, guarded)


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form that was posted, form-urlencoded or multipart (RFC 8058, 3.2, allows both).

    A body that is neither has no fields: what was meant is then the endpoint's to say.

    Raises:
        HTTPException: 413, when there is more of it than any of our forms has.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() == "multipart/form-data":
        return _multipart(kind, body)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def _multipart(kind: str, body: bytes) -> dict[str, str]:
    """Return the fields of a multipart form (RFC 7578), which is built as a mail is."""
    head = b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n"
    found: dict[str, str] = {}
    for part in BytesParser(policy=policy.compat32).parsebytes(head + body).walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            found[name] = value.decode("utf-8", "replace").strip()
    return found
