"""The transport that posts nothing: every mail becomes a file in the outbox, and a page lists the newest."""

from __future__ import annotations

import asyncio
import heapq
import os
import re
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

from backmail.clock import Clock
from backmail.model.delivery import Accepted, NotSent, Receipt, Refused
from backmail.model.message import Message
from backmail.shipped import shipped
from backmail.transports.transport import LEASE_OVER, MayWrite, Takes, Wire, always, check_group, written

INDEX = "index.html"
_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([A-Za-z0-9_-]+)\.eml")
_SHOWN = 200  # mails on the page
_HEAD = 16_384  # bytes of a mail in which its headers are looked for


@dataclass(frozen=True, slots=True)
class _Row:
    """A mail as the page lists it."""

    name: str
    time: str
    to: str
    subject: str


class FolderTransport:
    """Writes mails as `<UTC yyyymmddThhmmssZ>-<delivery id>.eml`, each whole or not at all."""

    takes: Final[Takes] = "wire"

    def __init__(
        self, folder: Path, wire: Wire, clock: Clock, *, window: int = 100, may_write: MayWrite = always
    ) -> None:
        """Write into `folder`, which is made when the first mail comes.

        Args:
            folder: the outbox.
            wire: makes a message's bytes.
            clock: tells the time in the files' names.
            window: the most messages of one group.
            may_write: asked before each file is written.
        """
        self.window = window
        self._folder = folder
        self._wire = wire
        self._clock = clock
        self._may_write = may_write
        self._rows: Mapping[str, _Row] = {}

    async def send(self, group: Sequence[Message]) -> AsyncGenerator[tuple[str, Receipt], None]:
        """Write the group, in its order, and then the page."""
        check_group(group, self.window)
        new = False
        try:
            for message, data in written(self._wire, group):
                receipt = data if isinstance(data, Refused) else await asyncio.to_thread(self._carry, message, data)
                new |= isinstance(receipt, Accepted)
                yield message.delivery_id, receipt
        finally:
            if new:
                # The mails stand whether or not the page that lists them can be written.
                with suppress(OSError):
                    await asyncio.to_thread(self._list)

    def _carry(self, message: Message, data: bytes) -> Receipt:
        name = f"{self._clock.now():%Y%m%dT%H%M%SZ}-{message.delivery_id}.eml"
        if not _NAME.fullmatch(name):
            return Refused(554, "5.6.0", f"no file can be called {name!r}")
        if not self._may_write(message):
            return NotSent(LEASE_OVER)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / name, data)
        except OSError as error:
            return NotSent(f"{self._folder / name} could not be written: {error.strerror or error}")
        return Accepted(name)

    def _list(self) -> None:
        """Write the page of the newest mails, from what stands in the folder now."""
        names = [name for name in os.listdir(self._folder) if _NAME.fullmatch(name)]  # noqa: PTH208  # 100,000 names
        newest = heapq.nlargest(_SHOWN, names)
        self._rows = {name: self._rows.get(name) or _row(self._folder / name) for name in newest}
        _write(self._folder / INDEX, _page(list(self._rows.values()), len(names)).encode("utf-8"))


def _row(path: Path) -> _Row:
    """Return what the page says of a mail."""
    with path.open("rb") as file:
        headers = message_from_bytes(file.read(_HEAD).partition(b"\r\n\r\n")[0], policy=policy.default)
    found = _NAME.fullmatch(path.name)
    time = "{}-{}-{} {}:{}:{}".format(*found.groups()) if found else ""
    return _Row(path.name, time, str(headers["To"] or ""), str(headers["Subject"] or ""))


def _page(rows: Sequence[_Row], count: int) -> str:
    """Return the page as HTML: no script, nothing from elsewhere."""
    from jinja2 import Environment, StrictUndefined

    source = shipped("templates").joinpath("studio", "outbox.html.jinja").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(source).render(rows=rows, count=count)


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it stands whole or not at all, even when the power fails.

    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
