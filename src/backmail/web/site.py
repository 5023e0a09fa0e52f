"""The site that readers' links lead to: which address does what, and that only a press of a button changes anything."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from backmail.app import Backmail, readers
from backmail.errors import LinkError, StoreError
from backmail.pixels import pixels
from backmail.web.guard import Guard, fields
from backmail.web.ics import MEDIA_TYPE, calendar_file
from backmail.web.pages import Page, Pages
from backmail.web.phrases import Phrases, accepted, phrases
from backmail.web.wording import SERIES, Wording

__all__ = ["site"]

_LOG = logging.getLogger("backmail.web")
# The store waits, so it is asked in threads; fewer of them than it has connections, for the engine needs some too.
_THREADS = 6
_RETRY = {"Retry-After": "60"}
# The mail is our own HTML with styles in it; its pictures come from here, or from where the sender keeps them.
# Nothing in it may run.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The address of a picture holds the hash of its bytes, so that they never change. Webmail shows it on pages of its own.
_OF_PICTURES = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ONE_CLICK = "List-Unsubscribe"  # RFC 8058, 3.1

Result = TypeVar("Result")


def site(backmail: Backmail, nonce: str) -> Starlette:
    """Return the site of an installation, to be served behind `site.public_url`.

    Whoever serves it keeps no access log: the addresses of pages hold readers' tokens.

    Args:
        backmail: the installation.
        nonce: what /healthz answers with, by which the installation knows itself behind its public address.
    """
    served = _Site(backmail, nonce)
    both = ["GET", "POST"]
    routes = [
        Route("/", served.home),
        Route("/healthz", served.health),
        Route("/confirm/{token}", served.confirm, methods=both),
        Route("/u/{token}", served.unsubscribe, methods=both),
        Route("/u/{token}/undo", served.undo, methods=both),
        Route("/v/{token}", served.view),
        Route("/cal/{token}.ics", served.calendar),
        Route("/sheet/{token}", served.sheet),
        Route("/media/{digest}/{name}", served.picture),
    ]
    guard = Middleware(Guard, failed=served.failed)
    made = Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: served.refused})
    made.router.redirect_slashes = False  # a no is answered, never sent elsewhere
    return made


class _Site:
    """What each address does."""

    def __init__(self, backmail: Backmail, nonce: str) -> None:
        config = backmail.config
        self._backmail = backmail
        self._nonce = nonce
        name = config.company.name or config.brand.name or (config.sender.name if config.sender else "")
        contact = (config.sender.reply_to or config.sender.email) if config.sender else ""
        self._pages = Pages(config.brand, name, backmail.project.templates)
        self._wording = Wording(name, contact)
        self._limiter = CapacityLimiter(_THREADS)

    async def home(self, request: Request) -> Response:
        """Say whose site this is."""
        return self._page(self._wording.home(_phrases(request)))

    async def health(self, _request: Request) -> Response:
        """Answer that the site stands, and whose it is; nothing else has to stand for that."""
        return JSONResponse({"ok": True, "nonce": self._nonce})

    async def unsubscribe(self, request: Request) -> Response:
        """Ask with a button, or take a no. Whatever is posted here is one: there is nothing else to say."""
        token = request.path_params["token"]
        if request.method != "POST":
            found = await self._ask(readers.leaving, token)
        else:
            posted = await fields(request)
            only_this = posted.get("what") == SERIES and _ONE_CLICK not in posted
            found = await self._ask(readers.unsubscribe, token, only_this=only_this)
        return self._page(self._wording.leaving(found, self._known(found.seen, request), token))

    async def undo(self, request: Request) -> Response:
        """Take a no back; who only looks is asked again."""
        token = request.path_params["token"]
        asked = request.method != "POST"
        if asked:
            found = await self._ask(readers.leaving, token)
        else:
            only_this = (await fields(request)).get("what") == SERIES
            found = await self._ask(readers.undo, token, only_this=only_this)
        words = self._known(found.seen, request)
        page = self._wording.leaving if asked else self._wording.undone
        return self._page(page(found, words, token, at_undo=True))

    async def confirm(self, request: Request) -> Response:
        """Ask with a button, or take a yes."""
        token = request.path_params["token"]
        found = await self._ask(readers.confirming, token)
        words = self._known(found.seen, request)
        if request.method == "POST":
            await fields(request)
            found = await self._ask(readers.confirm, token, self._wording.shown(found, words))
        return self._page(self._wording.joining(found, words))

    async def view(self, request: Request) -> Response:
        """Show a mail as it was sent."""
        found = await self._ask(readers.view, request.path_params["token"])
        if found is None:
            return self._page(self._wording.not_kept(_phrases(request)), 404)
        return HTMLResponse(found, headers={"Content-Security-Policy": _MAIL_POLICY})

    async def sheet(self, request: Request) -> Response:
        """Show all exercises that a reader got, to print."""
        found = await self._ask(readers.sheet, request.path_params["token"])
        if found is None:
            return self._page(self._wording.not_kept(_phrases(request)), 404)
        return HTMLResponse(found, headers={"Content-Security-Policy": _MAIL_POLICY})

    async def calendar(self, request: Request) -> Response:
        """Give a mail's exercises as a calendar's file."""
        found = await self._ask(readers.calendar, request.path_params["token"])
        if found is None:
            return self._page(self._wording.not_kept(_phrases(request)), 404)
        named = {"Content-Disposition": 'attachment; filename="practice.ics"'}
        return Response(calendar_file(found), media_type=MEDIA_TYPE, headers=named)

    async def picture(self, request: Request) -> Response:
        """Give a picture of a mail, by the hash of its bytes: none but those that mails show."""
        digest, name = request.path_params["digest"], request.path_params["name"]
        known = _DIGEST.fullmatch(digest) is not None
        headers = {**_OF_PICTURES, "ETag": f'"{digest}"'}
        data = await self._ask(readers.picture, digest, name) if known else None
        kind = pixels(data) if data is not None else None
        if data is None or kind is None:
            return self._page(self._wording.refused(_phrases(request), 404), 404)
        if _has(request, digest):
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=kind.media_type, headers=headers)

    async def refused(self, request: Request, error: Exception) -> Response:
        """Say in words that something could not be."""
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, _RETRY)
        return self._page(self._wording.refused(_phrases(request), status), status, headers)

    def failed(self, request: Request, error: Exception) -> Response:
        """Say that a fault of ours kept something from being recorded.

        It is logged by kind and place alone: its message may hold somebody's address, and the request her token.
        """
        place = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.error("a reader's page failed: %s at %s:%s", type(error).__name__, place.filename, place.lineno)
        return self._page(self._wording.refused(_phrases(request), 500), 500, _RETRY)

    async def _ask(self, what: Callable[..., Result], *arguments: object, **named: object) -> Result:
        """Ask something of the installation, in a thread.

        Raises:
            HTTPException: 404 for a link that is not ours, 503 when the database cannot answer now.
        """
        asked = partial(what, self._backmail, *arguments, **named)
        try:
            return await run_sync(asked, limiter=self._limiter)
        except LinkError:
            raise HTTPException(404) from None
        except StoreError as error:
            _LOG.warning("a reader's page could not be answered: %s", error)
            raise HTTPException(503, headers=_RETRY) from None

    def _known(self, seen: readers.Seen | None, request: Request) -> Phrases:
        """Return the phrases in a reader's own language; of somebody unknown we only know what her browser asks for."""
        return phrases(seen.languages) if seen and seen.languages else _phrases(request)

    def _page(self, page: Page, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        policy = {"Content-Security-Policy": self._pages.policy, "Content-Language": page.words.language}
        return HTMLResponse(self._pages.html(page), status, {**(headers or {}), **policy})


def _has(request: Request, digest: str) -> bool:
    """Whether who asks has the picture already (RFC 9110, 13.1.2; a weak comparison)."""
    said = (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(","))
    return any(each in ("*", f'"{digest}"') for each in said)


def _phrases(request: Request) -> Phrases:
    return phrases(accepted(request.headers.get("accept-language", "")))
