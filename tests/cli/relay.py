"""A relay on this machine that takes mails, and answers each when the test lets it."""

import re
import socketserver
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Relay(socketserver.ThreadingTCPServer):
    """Takes mails. `came` is released for each whose last byte arrived; `answer` lets the answers out.

    `asked` is released for each that somebody would write now; `go_ahead`, which is set to begin with, lets them.
    """

    daemon_threads = True
    request_queue_size = 64  # all connections of a worker come at once
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.port = self.server_address[1]
        self.came = threading.Semaphore(0)
        self.answer = threading.Event()
        self.asked = threading.Semaphore(0)
        self.go_ahead = threading.Event()
        self.go_ahead.set()
        self.mails: list[tuple[str, str]] = []  # recipient and Message-ID of what arrived, each copy of it
        self.recipients: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_ahead.set()
        self.answer.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Talk(socketserver.StreamRequestHandler):
    server: Relay

    def handle(self) -> None:
        with suppress(ConnectionError):  # the engine was killed
            self._talk()

    def _talk(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        to = ""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                self.server.recipients.append(to := line.decode("ascii").strip())
            if word == b"DATA":
                self.server.asked.release()
                self.server.go_ahead.wait()
                self.wfile.write(b"354 go on\r\n")
                mail = self._mail()
                if mail is None:
                    return
                self.server.mails.append((to, re.findall("(?im)^message-id: *(<.*>)", mail)[0]))
                self.server.came.release()
                self.server.answer.wait()
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 2.0.0 ok\r\n")
            if word == b"QUIT":
                return

    def _mail(self) -> str | None:
        """Read a mail, and return None where it does not come to its end."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line)
        return b"".join(lines).decode("ascii")
