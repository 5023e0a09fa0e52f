"""The site of the studio: which address shows what; only a form changes anything, and nobody is left without words.

Drafts wait for files and for a mail to be composed, so they are asked in threads.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backmail.desk.preview.drafts import Drafts
from backmail.desk.preview.mail import Mail
from backmail.errors import BackmailError, SafetyStop, UnknownName, UsageError
from backmail.web.guard import Guard
from backmail.web.studio import assets, raw
from backmail.web.studio.addresses import SHEET, Served, View
from backmail.web.studio.asking import Asked, asked
from backmail.web.studio.changing import Fields, typed
from backmail.web.studio.changing import routes as changing
from backmail.web.studio.events import Events, Stream
from backmail.web.studio.faults import told
from backmail.web.studio.guard import Gate, fields
from backmail.web.studio.pages import Pages

__all__ = ["site"]

_LOG = logging.getLogger("backmail.web.studio")
_THREADS = 4
_FOREVER = "public, max-age=31536000, immutable"
_FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
_FAILED = "Something in backmail failed, and nothing was changed; what, is said where backmail preview runs.\n"

Result = TypeVar("Result")
Looking = Callable[[str], AbstractContextManager[None]]


def site(drafts: Drafts, *, events: Events | None = None, looking: Looking | None = None) -> Starlette:
    """Return the site, to be served to this machine alone.

    Args:
        drafts: what is shown.
        events: what open pages hear; whoever serves the site closes it before the server ends.
        looking: told the slug of a campaign that somebody looks at; its context lasts while a page is made.
    """
    token = secrets.token_urlsafe(16)
    served = _Site(drafts, token, events or Events(), looking or (lambda campaign: nullcontext()))
    campaign = "/studio/c/{campaign}"
    routes: list[BaseRoute] = [
        Route("/", served.home),
        Route("/healthz", served.health),
        Route("/studio", served.campaigns),
        Route("/studio/", served.home),
        Route("/studio/link", served.link),
        Route("/studio/events", served.stream),
        Route("/studio/static/{name:path}", served.asset),
        Route("/studio/raw/{campaign}/{file}", served.raw),
        *changing(drafts, served.pages),
        Route(campaign, partial(served.page, "sequence"), methods=["GET"]),
        Route(campaign + "/e/{step}", partial(served.page, "email"), methods=["GET"]),
        *(
            Route(f"{campaign}/{screen}", partial(served.page, screen), methods=["GET"])
            for screen in ("inbox", "checks", "outline")
        ),
    ]
    guards = [
        Middleware(Guard, failed=served.failed),
        Middleware(Gate, token=token, stale=served.stale),
    ]
    handlers = {HTTPException: served.refused}
    return Starlette(routes=routes, middleware=guards, exception_handlers=handlers)  # type: ignore[arg-type]


class _Site:
    """What each address shows."""

    def __init__(self, drafts: Drafts, token: str, events: Events, looking: Looking) -> None:
        self.pages = Pages(drafts, Served(), token)
        self._drafts = drafts
        self._events = events
        self._looking = looking
        self._limiter = CapacityLimiter(_THREADS)

    async def home(self, request: Request) -> Response:
        """Lead to the studio."""
        return RedirectResponse("/studio", 307)

    async def health(self, request: Request) -> Response:
        """Answer that the site stands."""
        return JSONResponse({"ok": True})

    async def campaigns(self, request: Request) -> Response:
        """Show the campaigns; where there is just one, that."""
        wanted = await self._asked(request, "campaigns")
        slugs = self._drafts.slugs
        if len(slugs) == 1 and wanted.problem is None:
            only = View("sequence", slugs[0], person=wanted.view.person)
            return RedirectResponse(Served().page(only), 307)
        return await self._page(wanted)

    async def page(self, screen: str, request: Request) -> Response:
        """Show one screen of a campaign."""
        wanted = await self._asked(request, screen)
        with self._looking(wanted.view.campaign):
            return await self._page(wanted)

    async def raw(self, request: Request) -> Response:
        """Give a mail alone."""
        file = request.path_params["file"]
        ending = SHEET if file.endswith(f".{SHEET}") else file.rpartition(".")[2]
        step, dot = file.removesuffix(ending).removesuffix("."), "." in file
        if not dot or ending not in (*raw.ENDINGS, SHEET):
            return _plain(UnknownName(f"a mail is there as {', '.join(raw.ENDINGS)}, and not as {ending!r}"))
        path = {"campaign": request.path_params["campaign"], "step": step}
        wanted = await self._asked(request, "email", path)
        if wanted.problem:
            return _plain(wanted.problem)
        with self._looking(wanted.view.campaign):
            return await self._ask(self._raw, wanted.view, ending, request)

    async def link(self, request: Request) -> Response:
        """Tell what a link of a mail leads to; it is not followed."""
        query = request.query_params
        path = {"campaign": query.get("c", ""), "step": query.get("e", "")}
        wanted = await self._asked(request, "email", path)
        page = await self._ask(self._link, wanted, query.get("to", ""))
        return HTMLResponse(page, headers=_FRAMED)

    async def stream(self, request: Request) -> Response:
        """Tell what happens."""
        return Stream(self._events)

    async def asset(self, request: Request) -> Response:
        """Give a style sheet or a script."""
        asset = assets.found(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"ETag": f'"{asset.digest}"'}
        if request.query_params.get("v") == asset.digest:
            headers["Cache-Control"] = _FOREVER
        if headers["ETag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(asset.data, headers=headers, media_type=asset.kind)

    async def refused(self, request: Request, error: HTTPException) -> Response:
        """Help whoever asks for an address that is none."""
        if error.status_code != 404:
            return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)
        nowhere = UnknownName("there is no such page in the studio")
        return await self._page(Asked(View(), nowhere))

    async def stale(self, request: Request) -> Response:
        """Say that a form comes from an earlier run; what was typed beside a mail stands there again, to be saved."""
        return await self._ask(self._stale, request, await fields(request))

    def failed(self, request: Request, error: Exception) -> Response:
        """Say that something of ours failed; its kind and place are logged."""
        _LOG.error("a page of the studio failed: %s", told(error))
        return PlainTextResponse(_FAILED, 500)

    async def _asked(self, request: Request, screen: str, path: dict[str, str] | None = None) -> Asked:
        params = request.path_params if path is None else path
        return await self._ask(asked, self._drafts, screen, params, request.query_params)

    async def _page(self, wanted: Asked) -> Response:
        return await self._ask(self._html, wanted)

    def _html(self, wanted: Asked) -> Response:
        """Write a page; what cannot be shown at all is told on one."""
        try:
            return HTMLResponse(self.pages.html(wanted.view, problem=wanted.problem), _status(wanted.problem))
        except BackmailError as error:
            return HTMLResponse(self.pages.html(wanted.view, problem=error), _status(error))

    def _stale(self, request: Request, form: Fields) -> Response:
        found = typed(self._drafts, request, form)
        then = "Look at what you wrote, and save again" if found else "Go back, reload that page, and do it again"
        problem = SafetyStop(f"nothing was saved: this form was opened before the preview was started anew. {then}")
        if found is None:
            return self._html(Asked(View(), problem))
        return HTMLResponse(self.pages.html(found[0], problem=problem, form=found[1]), _status(problem))

    def _raw(self, view: View, ending: str, request: Request) -> Response:
        try:
            if ending == SHEET:
                return raw.sheet(self._drafts.draft(view.campaign).sheet(self._drafts.person(view.person)))
            mail = self._mail(view)
        except BackmailError as error:
            return _plain(error)
        query = request.query_params
        return raw.answer(
            mail,
            view,
            ending,
            run=self._events.run,
            known=request.headers.get("if-none-match", ""),
            looked_at="look" in query and ending == "html",
            kept="download" in query,
        )

    def _link(self, wanted: Asked, target: str) -> str:
        """Write the page about a link; what it would do is known from the mail that it stands in."""
        does = ""
        if wanted.problem is None and wanted.view.step:
            with suppress(BackmailError):  # the mail is gone meanwhile: where the link leads is still known
                does = next((link.does for link in self._mail(wanted.view).links if link.target == target), "")
        return self.pages.link(target, does, wanted.view if wanted.view.step else None)

    def _mail(self, view: View) -> Mail:
        return self._drafts.draft(view.campaign).mail(view.step, self._drafts.person(view.person))

    async def _ask(self, what: Callable[..., Result], *arguments: object) -> Result:
        return await run_sync(partial(what, *arguments), limiter=self._limiter)


def _status(problem: BackmailError | None) -> int:
    """Return the status that says the same as a problem does."""
    if problem is None:
        return 200
    return 404 if isinstance(problem, UnknownName) else 400 if isinstance(problem, UsageError) else 422


def _plain(problem: BackmailError) -> Response:
    """Tell a problem where no page is wanted, in a frame or to a program."""
    headers = {"X-Frame-Options": "SAMEORIGIN", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'"}
    return PlainTextResponse(f"{problem}\n", _status(problem), headers)
