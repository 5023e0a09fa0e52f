"""A connection to exactly one judged address, on which nothing is waited for beyond a deadline."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable
from typing import IO, Any

from backmail.desk.fetch.public import Address

__all__ = ["Deadline", "Wire", "connected"]


class Deadline:
    """The moment at which all waiting ends, by a clock that counts microseconds."""

    def __init__(self, seconds: float, ticks: Callable[[], int]) -> None:
        """Take how long from now, and the clock."""
        self._ticks = ticks
        self._end = ticks() + int(seconds * 1_000_000)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left = (self._end - self._ticks()) / 1_000_000
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class Wire:
    """A socket as http.client uses one. Each read waits for what is left, so that no drip of bytes lasts longer."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        """Take a connected socket."""
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._sock.settimeout(self._deadline.left())
        self._sock.sendall(data)

    def makefile(self, mode: str) -> IO[bytes]:
        """Return what comes, as a file."""
        return io.BufferedReader(_Incoming(self._sock, self._deadline))

    def close(self) -> None:
        """Do nothing: http.client lets go of a connection while what came over it is still to be read."""

    def end(self) -> None:
        """End the connection."""
        self._sock.close()


class _Incoming(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def connected(
    address: Address, port: int, *, wait: float, deadline: Deadline, tls: ssl.SSLContext | None, host: str
) -> Wire:
    """Return a connection to an address, with TLS where a context is given.

    Args:
        address: the very address: no name is asked for again, so that no other can take its place.
        port: its port.
        wait: seconds until it must have answered.
        deadline: until when everything must be done.
        tls: what it proves itself to as `host`; None for plain http.
        host: its name.

    Raises:
        OSError: it does not answer, or its certificate is not its own.
    """
    sock = socket.create_connection((str(address), port), timeout=min(wait, deadline.left()))
    try:
        if tls is not None:
            sock.settimeout(min(wait, deadline.left()))
            sock = tls.wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise
    return Wire(sock, deadline)
