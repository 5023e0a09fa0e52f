"""The other end of the wire, in a process of its own: tells what it takes before it answers, and fails by address."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time

# How an address is served; what says "once" is served like any other when it comes again.
LATER, NEVER, FULL, POLICY, CLOSING = "later", "never", "full", "policy", "closing"  # 451 once, 550, 552, 550 once, 421
GONE, CUT, SLOW = (
    "gone",
    "cut",
    "slow",
)  # cut after the final dot once, cut before it once, answered once the gate is open
TAKEN = "taken"  # as any other address
OPEN, SHUT = "open", "shut"  # what it is told of the gate

_ALWAYS = {NEVER: "550 5.1.1 nobody here", FULL: "552 5.2.2 mailbox full"}
_ONCE = {LATER: "451 4.2.0 come again", CLOSING: "421 4.3.2 closing"}
_ANSWER_TO_DOT = "550 5.7.1 not from you"
_NAME = re.compile(rb"(?im)^message-id: *(<.*>)")
_TO = re.compile("<(.*)>")
_MOST = 2**20


class Talk:
    """One connection. Each line of the log: instant, who speaks, what was said, Message-ID, recipient."""

    def __init__(
        self, served: set[str], gate: asyncio.Event, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._served = served
        self._gate = gate
        self._reader = reader
        self._writer = writer
        self._who = "-"
        self._to = ""
        self._kind = TAKEN

    async def hold(self) -> None:
        """Talk until one of the two has enough."""
        try:
            await self._say("220 sink")
            while (line := await self._reader.readline()) and await self._answer(line.decode("ascii").rstrip()):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        self._writer.transport.abort()

    async def _answer(self, line: str) -> bool:
        """Answer one command, and return whether the line stays."""
        verb = line[:4].upper()
        match verb:
            case "EHLO":
                self._who = line[5:]
                self._tell(verb)
                return await self._say("250 sink")
            case "RCPT":
                return await self._recipient(line)
            case "DATA":
                return await self._mail()
            case "QUIT":
                await self._say("221 bye")
                return False
            case _:
                self._tell(verb)
                return await self._say("250 2.0.0 ok")

    async def _recipient(self, line: str) -> bool:
        found = _TO.search(line)
        self._to = found[1] if found else ""
        self._kind = self._to.partition("-")[0]
        self._tell("RCPT")
        if self._kind in _ALWAYS:
            return await self._say(_ALWAYS[self._kind])
        if self._kind in _ONCE and self._first():
            answer = _ONCE[self._kind]
            return await self._say(answer) and not answer.startswith("421")
        return await self._say("250 2.1.5 ok")

    async def _mail(self) -> bool:
        if self._kind == CUT and self._first():
            return False
        await self._say("354 go on")
        mail = await self._reader.readuntil(b"\r\n.\r\n")
        found = _NAME.search(mail)
        name = found[1].decode("ascii") if found else ""
        if self._kind == POLICY and self._first():
            return await self._say(_ANSWER_TO_DOT)
        if self._kind == GONE and self._first():
            self._tell("GONE", name)
            return False
        self._tell("TOOK", name)
        if self._kind == SLOW:
            await self._gate.wait()
        return await self._say("250 2.0.0 taken")

    def _first(self) -> bool:
        """Whether this is the first time that this address is served in its own way."""
        first = self._to not in self._served
        self._served.add(self._to)
        return first

    def _tell(self, what: str, name: str = "") -> None:
        told = "\t".join((str(time.monotonic_ns()), self._who, what, name, self._to))
        os.write(sys.stdout.fileno(), f"{told}\n".encode())  # it is out when this returns

    async def _say(self, text: str) -> bool:
        self._writer.write(text.encode("ascii") + b"\r\n")
        await self._writer.drain()
        return True


async def _main() -> None:
    served: set[str] = set()
    gate = asyncio.Event()
    gate.set()
    server = await asyncio.start_server(lambda r, w: Talk(served, gate, r, w).hold(), "127.0.0.1", 0, limit=_MOST)
    print(server.sockets[0].getsockname()[1], flush=True)
    while word := await asyncio.to_thread(sys.stdin.readline):  # until whoever started it has gone
        if word.strip() == OPEN:
            gate.set()
        else:
            gate.clear()


if __name__ == "__main__":
    asyncio.run(_main())
