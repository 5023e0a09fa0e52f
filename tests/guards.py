"""What holds for every test: no network, nothing of this machine's settings, the same examples in every run."""

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

# derandomize: a red run is red for everybody. No deadline: a shared machine may be slow at any moment.
settings.register_profile("backmail", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("backmail")


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("BACKMAIL_") and name != "BACKMAIL_BROWSER":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let sockets reach this machine only, and fail a test that tried more even where its error was caught."""
    tried: list[object] = []

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
                tried.append(address)
                raise OSError(f"a test may not reach the network: {address}")
            return real(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    yield
    assert not tried, f"reached for the network: {tried}"
