"""Pages in a thread of their own: served beside the engine, ended with it, missed when they are gone."""

import asyncio
import signal
import socket
import threading
import urllib.error
import urllib.request
from types import FrameType

import pytest
from starlette.types import Receive, Scope, Send

from backmail.cli.serving import Pages, listening, serving
from backmail.errors import BackmailError, InputError


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer everything with a word."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def get(listener: socket.socket) -> bytes:
    """Ask for a page."""
    with urllib.request.urlopen(f"http://127.0.0.1:{listener.getsockname()[1]}/") as answer:
        return bytes(answer.read())


def test_pages_are_served_while_this_thread_does_something_else() -> None:
    with listening(0) as listener, serving(hello, listener) as pages:
        assert get(listener) == b"hello"
        pages.check()


def test_whoever_comes_before_anybody_serves_waits() -> None:
    with listening(0) as listener, socket.create_connection(listener.getsockname()) as early:
        early.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        with serving(hello, listener), early.makefile("rb") as answer:
            assert answer.read().endswith(b"hello\r\n0\r\n\r\n")


def test_a_request_that_is_being_answered_ends_first() -> None:
    came, go = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        came.set()
        await asyncio.to_thread(go.wait)
        await hello(scope, receive, send)

    heard: list[bytes] = []
    with listening(0) as listener:
        pages = Pages(slow, listener)
        asking = threading.Thread(target=lambda: heard.append(get(listener)))
        asking.start()
        came.wait()
        closing = threading.Thread(target=pages.close)
        closing.start()
        go.set()
        closing.join()
        asking.join()
    assert heard == [b"hello"]


def test_pages_that_are_gone_are_missed() -> None:
    with listening(0) as listener:
        pages = Pages(hello, listener)
        pages.close()
        with pytest.raises(BackmailError, match="no longer served"):
            pages.check()


def test_who_is_interrupted_while_he_waits_may_still_end_them() -> None:
    def interrupted(number: int, frame: FrameType | None) -> None:
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, interrupted)
    try:
        with listening(0) as listener, serving(hello, listener) as pages:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with pytest.raises(InterruptedError):
                pages.wait()
            pages.check()
            assert get(listener) == b"hello"
            pages.close()
            pages.wait()
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_fault_of_a_page_is_no_fault_of_the_server(capfd: pytest.CaptureFixture[str]) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a mistake")

    with listening(0) as listener, serving(broken, listener) as pages:
        with pytest.raises(urllib.error.HTTPError) as error:
            get(listener)
        error.value.close()
        assert error.value.code == 500
        pages.check()


def test_it_listens_to_this_machine_only() -> None:
    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_told_with_another() -> None:
    with listening(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is taken by another program") as taken, listening(port):
            pass
        assert taken.value.next_command == f"backmail run --port {port + 1 if port < 65_535 else 8000}"
