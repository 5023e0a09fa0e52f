"""Tells open pages, as server-sent events, that a draft is another now, or that it has been checked.

An event's name is `changed` or `checked`, its data `{"campaign": slug, "version": number}`; version 0 says that the
campaign is gone. The first event of a connection is `now`, with `{"campaigns": {slug: version}, "run": "..."}`: a page
that shows another version, or comes from another run of the studio, is out of date.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

__all__ = ["Events", "Listener", "Stream"]

_HEARTBEAT = 15.0  # seconds; proxies and browsers give up on a connection on which nothing comes
_RETRY = 500  # milliseconds until a browser asks again


class Listener:
    """One open page. What it has not been told yet is kept once per campaign, so that a slow one costs nothing."""

    def __init__(self, first: str, heartbeat: float) -> None:
        """Begin in the loop that sends.

        Args:
            first: what it is told first.
            heartbeat: seconds without an event after which a comment shows that the connection stands.
        """
        self._first = first
        self._heartbeat = heartbeat
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], str] = {}
        self._ended = False

    def tell(self, name: str, campaign: str, text: str) -> None:
        """Take an event; from any thread."""
        with self._lock:
            self._waiting.pop((name, campaign), None)  # the newest comes last
            self._waiting[name, campaign] = text
        self._wake()

    def end(self) -> None:
        """Let the stream end; from any thread."""
        self._ended = True
        self._wake()

    async def lines(self) -> AsyncIterator[str]:
        """Yield what is to be sent."""
        yield self._first
        while not self._ended:
            try:
                async with asyncio.timeout(self._heartbeat):
                    await self._woken.wait()
            except TimeoutError:
                yield ": nothing new\n\n"
            self._woken.clear()
            with self._lock:
                texts, self._waiting = list(self._waiting.values()), {}
            for text in texts:
                yield text

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)


class Events:
    """All open pages. May be used from any thread."""

    def __init__(self, *, heartbeat: float = _HEARTBEAT) -> None:
        """Begin with nobody listening.

        Args:
            heartbeat: seconds without an event after which a comment is sent.
        """
        self.run = secrets.token_hex(4)
        self._heartbeat = heartbeat
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._versions: dict[str, int] = {}
        self._closed = False

    def stand(self, versions: dict[str, int]) -> None:
        """Take the versions of all drafts, and tell of those that are others than before, or gone: version 0."""
        with self._lock:
            before, self._versions = self._versions, dict(versions)
        for campaign in {**before, **versions}:
            if before.get(campaign) != versions.get(campaign):
                self.tell("changed", campaign, versions.get(campaign, 0))

    def tell(self, name: str, campaign: str, version: int) -> None:
        """Tell all open pages."""
        text = _event(name, {"campaign": campaign, "version": version})
        with self._lock:
            for listener in self._listeners:
                listener.tell(name, campaign, text)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Open a page, in the loop that sends to it, for as long as the context lasts."""
        with self._lock:
            now = _event("now", {"campaigns": self._versions, "run": self.run})
            listener = Listener(f"retry: {_RETRY}\n\n{now}", self._heartbeat)
            self._listeners.add(listener)
            if self._closed:
                listener.end()
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
            listener.end()

    def close(self) -> None:
        """End all streams, so that whoever serves them may end."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.end()


class Stream(Response):
    """The answer that goes on until the page is closed, or the studio."""

    def __init__(self, events: Events) -> None:
        """Take what is listened to."""
        super().__init__(media_type="text/event-stream", headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events; to somebody who asks for the head alone, that."""
        if scope["method"] == "HEAD":
            await super().__call__(scope, receive, send)
            return
        with self._events.listening() as listener:
            lines = StreamingResponse(listener.lines(), headers=dict(self.headers))
            await lines(scope, receive, send)


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
