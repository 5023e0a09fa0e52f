"""Serves pages beside other work: in a thread with a loop of its own, so that neither waits for the other."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from backmail.errors import BackmailError, InputError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HOST = "127.0.0.1"  # the proxy that speaks https stands in front
_GRACE = 10  # seconds that requests get to end
_TRIED = 20
_HEADERS = 16_384  # bytes of a request's head


@contextmanager
def listening(port: int, *, verb: str = "run") -> Iterator[socket.socket]:
    """Open a port of this machine for connections, which wait there until somebody serves them.

    Args:
        port: 0 for any that is free.
        verb: what to type after `backmail` to get another port.

    Raises:
        InputError: another program has it, or this user may not.
    """
    try:
        opened = socket.create_server((HOST, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        what = "is taken by another program" if taken else f"cannot be opened: {(error.strerror or '').lower()}"
        raise InputError(f"port {port} {what}", next_command=f"backmail {verb} --port {_another(port)}") from error
    with opened:
        # asyncio sets it where a socket names its protocol, which this one does not; without it each answer on a
        # connection that is kept waits for the client's delayed acknowledgement, 40 ms.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield opened


class Pages:
    """A server of pages in its thread."""

    def __init__(self, app: ASGIApp, listener: socket.socket, *, grace: int = _GRACE) -> None:
        """Serve `app` to whoever comes to `listener`; at the end requests get `grace` seconds to end."""
        import uvicorn

        self._grace = grace

        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="error",
            access_log=False,  # paths hold tokens
            server_header=False,
            proxy_headers=False,
            http="h11",
            lifespan="off",
            ws="none",
            h11_max_incomplete_event_size=_HEADERS,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=grace,
        )
        self._server = uvicorn.Server(config)
        # A daemon: what hangs here must not keep the process from ending.
        self._thread = threading.Thread(target=self._serve, args=(listener,), name="pages", daemon=True)
        self._ended = threading.Event()
        self._thread.start()

    def check(self) -> None:
        """See that pages are served: mails whose links lead nowhere must not go out.

        Raises:
            BackmailError: they are not.
        """
        if not self._thread.is_alive():
            raise BackmailError("the pages are no longer served, so nothing is sent", next_command="backmail run")

    def wait(self) -> None:
        """Wait until pages are no longer served, which nobody but `close` asks for; a signal is heard meanwhile."""
        self._ended.wait()  # not join(): a Ctrl-C there makes Python 3.11 take the thread for ended

    def close(self) -> None:
        """Let requests end, and stop."""
        self._server.should_exit = True
        self._thread.join(2 * self._grace)

    def _serve(self, listener: socket.socket) -> None:
        try:
            self._server.run(sockets=[listener])
        finally:
            self._ended.set()


@contextmanager
def serving(app: ASGIApp, listener: socket.socket, *, grace: int = _GRACE) -> Iterator[Pages]:
    """Serve an application to whoever comes to `listener`, for as long as the context lasts."""
    pages = Pages(app, listener, grace=grace)
    try:
        yield pages
    finally:
        pages.close()


def first_free(port: int) -> int:
    """Return `port`, or the next one that nobody has; 0, for any, where many in a row are taken."""
    for each in range(port, port + _TRIED):
        try:
            socket.create_server((HOST, each)).close()
        except OSError:
            continue
        return each
    return 0


def _another(port: int) -> int:
    return port + 1 if 1024 <= port < 65_535 else 8000
