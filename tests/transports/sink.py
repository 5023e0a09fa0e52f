"""An SMTP server of our own that does at each stage what it is told: answers, closes, falls silent, stops reading."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from types import TracebackType
from typing import Self


class Do(Enum):
    """What else it can do than answer."""

    CLOSE = auto()  # the connection, at once
    SILENCE = auto()  # stay open and say nothing until the other end goes
    HALF = auto()  # let a mail come, but say that nothing more will be answered
    DRIP = auto()  # say a line of an answer that never ends, again and again


Action = str | Do
SIZE = "250-sink\r\n250-SIZE 100000000\r\n250 HELP"
USUAL: dict[str, Action] = {
    "connect": "220 sink", "ehlo": SIZE, "mail": "250 2.1.0 ok", "rcpt": "250 2.1.5 ok", "data": "354 go on",
    "dot": "250 2.0.0 Ok: queued as 4F3C2", "rset": "250 2.0.0 ok", "quit": "221 2.0.0 bye", "starttls": "220 go on",
    "auth": "235 2.7.0 ok",
}  # fmt: skip


class Sink:
    """The server. A script says for a stage what to do: always, or the first times, after which it does as usual."""

    def __init__(
        self,
        script: Mapping[str, Action | Sequence[Action]] | None = None,
        *,
        reads: int | None = None,
        waits: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            script: stage -> what to do.
            reads: after how many bytes of a mail it reads no more, and closes; None for all.
            waits: stay open then instead.
            tls: what it does after STARTTLS with.
        """
        self.mails: list[tuple[str, bytes]] = []
        self.said: list[str] = []
        self.connections = 0
        self.open = 0
        self.half_closed = threading.Event()
        given = script or {}
        self._always = {stage: does for stage, does in given.items() if isinstance(does, str | Do)}
        self._next = {stage: list(does) for stage, does in given.items() if not isinstance(does, str | Do)}
        self._last = ""
        self._reads = reads
        self._waits = waits
        self._tls = tls
        self._over = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        listening = socket.socket()
        if self._reads is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listening.bind(("127.0.0.1", 0))
        self.port: int = listening.getsockname()[1]
        self._server = await asyncio.start_server(self._talk, sock=listening)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._over.set()
        for talk in self._talks if error else ():
            talk.cancel()  # a test that failed may have left its end open
        await asyncio.gather(*self._talks, return_exceptions=error is not None)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        self.connections += 1
        self.open += 1
        try:
            await self._session(reader, writer)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        going = await self._do("connect", reader, writer)
        while going and (line := (await reader.readline()).decode("ascii").rstrip("\r\n")):
            self.said.append(line)
            stage = line.partition(" ")[0].lower()
            if stage == "rcpt":
                recipient = line[len("RCPT TO:<") : -1]
            going = await self._do(stage if stage in USUAL else "auth", reader, writer)
            if going and stage == "starttls" and self._last.startswith("220"):
                assert self._tls is not None
                await writer.start_tls(self._tls)
            if going and stage == "data" and self._last.startswith("354"):
                data = await self._mail(reader, writer)
                going = data is not None and await self._do("dot", reader, writer)
                if data is not None and going and self._last.startswith("250"):
                    self.mails.append((recipient, data))
            going = going and stage != "quit"

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes | None:
        if self._reads is not None:
            await reader.readexactly(self._reads)
            if self._waits:
                await self._over.wait()
            writer.transport.abort()
            return None
        data = await reader.readuntil(b"\r\n.\r\n")
        return (b"\r\n" + data[:-3]).replace(b"\r\n..", b"\r\n.")[2:]

    async def _do(self, stage: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Do what the script says for a stage; return whether to go on."""
        waiting = self._next.get(stage)
        does = waiting.pop(0) if waiting else self._always.get(stage, USUAL[stage])
        self._last = does if isinstance(does, str) else ""
        if isinstance(does, str):
            writer.write(f"{does}\r\n".encode("utf-8", "surrogateescape"))
            await writer.drain()
            return not does.startswith("421")
        if does is Do.SILENCE:
            await reader.read()
        if does is Do.HALF:
            writer.write(b"354 go on\r\n")
            writer.write_eof()
            self.half_closed.set()
            self._last = "354"
            return True
        while does is Do.DRIP and not reader.at_eof():
            writer.write(b"250-and\r\n")
            await writer.drain()
            try:
                await asyncio.wait_for(reader.read(1), 0.02)
            except TimeoutError:
                continue
        return False
