"""A web server on 127.0.0.1 that says byte for byte what a test tells it to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeAlias

Reply: TypeAlias = bytes | Callable[[], Iterator[bytes]]


def answer(body: bytes | str = b"", kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> bytes:
    """Return a whole answer; headers with _ for -."""
    data = body.encode() if isinstance(body, str) else body
    said = {"Content-Type": kind, "Content-Length": str(len(data)), "Connection": "close"}
    said |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items() if value)
    return f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + data


class Site:
    """The server. `asked` has each request as it came; a path that nobody named is not found."""

    def __init__(self, pages: Mapping[str, Reply] | None = None, *, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Reply] = dict(pages or {})
        self.asked: list[str] = []
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        try:
            with caller, self._tls.wrap_socket(caller, server_side=True) if self._tls else caller as line:
                request = b""
                while b"\r\n\r\n" not in request:
                    more = line.recv(65_536)
                    if not more:
                        return
                    request += more
                self.asked.append(request.decode())
                reply = self.pages.get(request.split()[1].decode(), answer("no", status=404))
                for piece in (reply,) if isinstance(reply, bytes) else reply():
                    line.sendall(piece)
        except OSError:  # who asked went away, which is what some tests are about
            return
